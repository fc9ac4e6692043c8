"""One sentence beside the sentence that is to bear it, word by word.

Comes in: both as text. Goes out: which words were taken from where, and the source's clauses. Must not know: which
differences matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from notime.summary.check.text import GRAMMAR, normal, words
from notime.summary.check.trace import Index, trace

if TYPE_CHECKING:
    from notime.summary.check.text import Word

_BREAK = re.compile(r"[,;:()\"—–]|--|[.!?]\s|\s-\s")
_JOINTS = frozenset("but while whereas although though which who whose because".split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's words and clauses."""

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

    @property
    def lower(self) -> list[str]:
        """The words, case folded."""
        return [word.lower for word in self.words]

    def after(self, place: int, limit: int = 3) -> list[int]:
        """Places of the first content words behind one, in its clause."""
        return [
            i for i in range(place + 1, len(self.words)) if self.clauses[i] == self.clauses[place] and self.content(i)
        ][:limit]

    def before(self, place: int, limit: int = 3) -> list[int]:
        """Places of the last content words before one, in its clause, nearest first."""
        return [i for i in range(place - 1, -1, -1) if self.clauses[i] == self.clauses[place] and self.content(i)][
            :limit
        ]

    def content(self, place: int) -> bool:
        """The word carries matter."""
        return self.words[place].stem not in GRAMMAR and self.words[place].lower not in GRAMMAR

    def quoted(self, place: int) -> bool:
        """The word stands between quotation marks."""
        return self.text.count('"', 0, self.words[place].start) % 2 == 1


@dataclass(frozen=True, slots=True)
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

    @property
    def taken(self) -> frozenset[int]:
        """Places of the source's words that were written."""
        return frozenset(place for place in self.places if place is not None)
