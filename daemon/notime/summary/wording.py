"""Tell: in which words a chosen sentence stands in the summary, if it does.

Comes in: rewritings in the summary's order, each with its source. Goes out: summary sentences, together as long as was
wanted. Must not know: who wrote them, or how.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.harmless import harmless
from notime.summary.check import Verdict, check
from notime.summary.choose import ENDS_A_SENTENCE, repeats
from notime.summary.sentence.mending import closed, with_articles
from notime.summary.sentence.shorten import first_statement, shorten
from notime.types import Source, SummarySentence
from notime.words import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.summary.lengths import Bounds
    from notime.summary.rewrite import Task
    from notime.types import Sentence


UNSURE = "the model was not sure how to say it"


class Wording:
    """One summary while it is told: what was told is never taken back.

    Args:
        wanted: its bounds.
        candidates: how many sentences will come.
    """

    def __init__(self, wanted: Bounds, candidates: int) -> None:
        self.told: list[SummarySentence] = []
        self._wanted = wanted
        self._to_come = candidates
        self._words = 0
        self._spare: SummarySentence | None = None
        """The shortest so far: rather too long than nothing."""

    @property
    def short(self) -> bool:
        """Less was told than was wanted."""
        return len(self.told) < self._wanted.fewest or self._words < self._wanted.least_words

    @property
    def full(self) -> bool:
        """No further sentence is wanted."""
        return len(self.told) == self._wanted.most

    def next(
        self, text: str, asked: Task, source: Sentence, *, complete: bool, doubt: str = ""
    ) -> SummarySentence | None:
        """The rewriting where it holds, else its source; None where neither finds room.

        Args:
            text: the rewriting.
            asked: what it was written from.
            source: the sentence that it says shortly.
            complete: the model ended it by itself.
            doubt: what speaks against it beside the rules, in words; empty where nothing does.
        """
        self._to_come -= 1
        text = with_articles(harmless(text), source.text)
        verdict = check(text, source=source.text, given=asked.given, complete=complete)
        if verdict.supported and doubt:
            verdict = Verdict(supported=False, reasons=(doubt,))
        return self._take(list(self._versions(text, (source,), verdict)))

    def borne(
        self, text: str, sources: Sequence[Sentence], title: str, *, english: bool = True
    ) -> SummarySentence | None:
        """A sentence that a model wrote by itself, where it holds, else the article's that bears most of it.

        Args:
            text: the sentence.
            sources: what it was traced to, the one that bears most first; at least one.
            title: the page's, which the model may have named things from.
            english: as for `quote`.
        """
        text = harmless(text)
        source = " ".join(each.text for each in sorted(sources, key=lambda each: each.index))
        complete = ENDS_A_SENTENCE.search(text) is not None
        verdict = check(text, source=source, given=f"{title} {source}", complete=complete)
        return self._take(list(self._versions(text, sources, verdict, english=english)))

    def quote(self, source: Sentence, *, english: bool = True, reasons: tuple[str, ...] = ()) -> SummarySentence | None:
        """The next sentence in the article's own words; None where it finds no room, or says something again.

        Args:
            source: the sentence.
            english: what can safely be left out of it may be, by rules that know English alone.
            reasons: why it is quoted, in words.
        """
        self._to_come -= 1
        return self._take(list(self._quotations(source, reasons, english=english)))

    def fill(self, source: Sentence, *, english: bool = True) -> SummarySentence | None:
        """One sentence more than was chosen, if there is room for it and it says something new."""
        versions = () if self.full else self._quotations(source, (), english=english)
        version = next(iter(versions), None)
        return self._told(version) if version and self._fits(version) else None

    def _take(self, versions: list[SummarySentence]) -> SummarySentence | None:
        self._spare = min([*versions, *([self._spare] if self._spare else [])], key=_words, default=None)
        fitting = [each for each in versions if self._fits(each)]
        if not fitting and not self._to_come and not self.told and self._spare:
            fitting = [self._spare]
        if not fitting:
            return None
        # The last one may make up for rewritings that turned out very short.
        version = fitting[0]
        if self._to_come == 0 and self._words + _words(version) < self._wanted.least_words:
            version = max(fitting, key=_words)
        return self._told(version)

    def _told(self, version: SummarySentence) -> SummarySentence:
        self.told.append(version)
        self._words += _words(version)
        return version

    def _versions(
        self, text: str, sources: Sequence[Sentence], verdict: Verdict, *, english: bool = True
    ) -> Iterator[SummarySentence]:
        """In the model's words where they hold, then in those of the first source."""
        reasons = verdict.reasons
        told = [sentence.text for sentence in self.told]
        if _same(text, sources[0].text):
            reasons = ()  # there was nothing to leave out: the article's own words, and nothing to explain
        elif verdict.supported and repeats(text, told):
            reasons = ("it says again what another sentence says",)
        elif verdict.supported:
            borne = tuple(Source(each.index, each.text) for each in sources)
            yield SummarySentence(len(told), closed(text), borne, "generated", supported=True)
        yield from self._quotations(sources[0], reasons, english=english)

    def _quotations(
        self, source: Sentence, reasons: tuple[str, ...], *, english: bool = True
    ) -> Iterator[SummarySentence]:
        """In the article's own words, what is best first."""
        if repeats(source.text, [sentence.text for sentence in self.told]):
            return
        texts = [source.text]
        if english:
            short = shorten(source.text)
            texts = [closed(text) for text in (short, source.text, first_statement(short)) if text]
        sources = (Source(source.index, source.text),)
        for text in dict.fromkeys(texts):
            yield SummarySentence(len(self.told), text, sources, "extracted", supported=True, reasons=reasons)

    def _fits(self, version: SummarySentence) -> bool:
        return self._wanted.fits(_words(version), told=len(self.told), told_words=self._words)


def _same(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())


def _words(sentence: SummarySentence) -> int:
    return count_words(sentence.text)
