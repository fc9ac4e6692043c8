"""One sentence beside the sentence that is to bear it, word by word.

Comes in: both as text. Goes out: which words were taken from where, and the source's clauses. Must not know: which
differences matter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Self

from notime.summary.check.text import GRAMMAR, normal, words
from notime.summary.check.trace import Index, trace

if TYPE_CHECKING:
    from notime.summary.check.text import Word

_BREAK = re.compile(r"[,;:()\"—–]|--|[.!?]\s|\s-\s")
_JOINTS = frozenset("but while whereas although though which who whose because".split())


@dataclass(frozen=True)
class Sentence:
    """A sentence's words and clauses.

    What is asked of its words again and again is found out once for all of them: a sentence may be long, and every word
    of it a *not*.
    """

    text: str
    words: tuple[Word, ...]
    clauses: tuple[int, ...]
    """The clause that each word belongs to, counted from 0: cut at punctuation and at *but*, *while*, *who* …"""

    @classmethod
    def read(cls, text: str) -> Self:
        """Take a sentence to pieces."""
        text = normal(text)
        found = tuple(words(text))
        clause, clauses, end = 0, [], 0
        for word in found:
            if end and (_BREAK.search(text, end, word.start) or word.lower in _JOINTS):
                clause += 1
            clauses.append(clause)
            end = word.end
        return cls(text, found, tuple(clauses))

    @cached_property
    def lower(self) -> list[str]:
        """The words, case folded."""
        return [word.lower for word in self.words]

    @cached_property
    def stems(self) -> list[str]:
        """The words without their inflection."""
        return [word.stem for word in self.words]

    @cached_property
    def first_of_stem(self) -> dict[str, int]:
        """Where each stem stands first."""
        return {stem: place for place, stem in reversed(list(enumerate(self.stems)))}

    @cached_property
    def contents(self) -> list[bool]:
        """Which words carry matter."""
        return [stem not in GRAMMAR and low not in GRAMMAR for stem, low in zip(self.stems, self.lower, strict=True)]

    @cached_property
    def by_clause(self) -> list[tuple[range, list[int]]]:
        """Of each clause its words, which stand together, and the places of its content words."""
        found: list[tuple[range, list[int]]] = []
        for _, group in groupby(range(len(self.words)), key=self.clauses.__getitem__):
            places = list(group)
            found.append((range(places[0], places[-1] + 1), [i for i in places if self.contents[i]]))
        return found

    def clause(self, place: int) -> range:
        """The words of the clause that a word belongs to."""
        return self.by_clause[self.clauses[place]][0]

    def of_clause(self, number: int) -> list[int]:
        """The content words of a clause; none where there is no such clause."""
        return self.by_clause[number][1] if 0 <= number < len(self.by_clause) else []

    def after(self, place: int, limit: int = 3) -> list[int]:
        """Places of the first content words behind one, in its clause."""
        content = self.of_clause(self.clauses[place])
        start = bisect_right(content, place)
        return content[start : start + limit]

    def before(self, place: int, limit: int = 3) -> list[int]:
        """Places of the last content words before one, in its clause, nearest first."""
        content = self.of_clause(self.clauses[place])
        end = bisect_left(content, place)
        return content[max(0, end - limit) : end][::-1]

    def content(self, place: int) -> bool:
        """The word carries matter."""
        return self.contents[place]

    @cached_property
    def last_by(self) -> int:
        """Where the last *by* stands; -1 where there is none."""
        return max((place for place, word in enumerate(self.lower) if word == "by"), default=-1)

    @cached_property
    def _marks(self) -> list[int]:
        starts = [0, *(word.start for word in self.words)]
        return list(accumulate(self.text.count('"', one, two) for one, two in pairwise(starts)))

    def quoted(self, place: int) -> bool:
        """The word stands between quotation marks."""
        return self._marks[place] % 2 == 1


@dataclass(frozen=True)
class Pair:
    """What was written, its source, and what the writer saw."""

    written: Sentence
    source: Sentence
    given: Sentence
    places: tuple[int | None, ...]
    """One a written word: the source word that it was taken from."""

    @classmethod
    def read(cls, written: str, source: str, given: str) -> Self:
        """Lay them side by side."""
        left, right = Sentence.read(written), Sentence.read(source)
        places = trace([word.stem for word in left.words], Index([right.text])).places
        return cls(left, right, Sentence.read(given), places)

    @cached_property
    def taken(self) -> frozenset[int]:
        """Places of the source's words that were written."""
        return frozenset(place for place in self.places if place is not None)

    @cached_property
    def _counts(self) -> tuple[list[int], list[int], list[int]]:
        places = range(len(self.source.words))
        return (
            list(accumulate((place in self.taken for place in places), initial=0)),
            list(accumulate(self.source.contents, initial=0)),
            list(accumulate((place in self.taken and self.source.content(place) for place in places), initial=0)),
        )

    def count(self, places: range) -> tuple[int, int, int]:
        """Of those words of the source: how many were written, carry matter, and both."""
        if not places:
            return 0, 0, 0
        taken, content, both = (counts[places.stop] - counts[places.start] for counts in self._counts)
        return taken, content, both
