"""Tell: in which words a chosen sentence stands in the summary, if it does.

Comes in: rewritings in the summary's order, each with its source. Goes out: summary sentences, together as long as was
wanted. Must not know: who wrote them, or how.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.harmless import harmless
from notime.summary.check import Verdict, check
from notime.summary.choose import repeats
from notime.summary.shorten import first_statement, shorten
from notime.summary.whole import closed, with_articles
from notime.types import Source, SummarySentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.summary.extent import Extent
    from notime.summary.rewrite import Task
    from notime.types import Sentence


UNSURE = "the model was not sure how to say it"


class Telling:
    """One summary while it is told: what was told is never taken back.

    Args:
        wanted: its bounds.
        candidates: how many rewritings will come.
    """

    def __init__(self, wanted: Extent, candidates: int) -> None:
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
        versions = list(self._versions(text, source, verdict))
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
        self.told.append(version)
        self._words += _words(version)
        return version

    def quote(self, source: Sentence) -> SummarySentence | None:
        """The sentence as it stands, if it finds room and says something new."""
        sources = (Source(source.index, source.text),)
        version = SummarySentence(len(self.told), closed(shorten(source.text)), sources, "extracted", supported=True)
        if self.full or not self._fits(version) or repeats(source.text, [sentence.text for sentence in self.told]):
            return None
        self.told.append(version)
        self._words += _words(version)
        return version

    def _versions(self, text: str, source: Sentence, verdict: Verdict) -> Iterator[SummarySentence]:
        reasons = verdict.reasons
        told = [sentence.text for sentence in self.told]
        sources = (Source(source.index, source.text),)
        if _same(text, source.text):
            reasons = ()  # there was nothing to leave out: the article's own words, and nothing to explain
        elif verdict.supported and repeats(text, told):
            reasons = ("it says again what another sentence says",)
        elif verdict.supported:
            yield SummarySentence(len(told), closed(text), sources, "generated", supported=True)
        if not repeats(source.text, told):
            short = shorten(source.text)
            for quoted in dict.fromkeys(map(closed, filter(None, (short, source.text, first_statement(short))))):
                yield SummarySentence(len(told), quoted, sources, "extracted", supported=True, reasons=reasons)

    def _fits(self, version: SummarySentence) -> bool:
        return self._wanted.fits(_words(version), told=len(self.told), told_words=self._words)


def _same(one: str, other: str) -> bool:
    return re.findall(r"\w+", one.lower()) == re.findall(r"\w+", other.lower())


def _words(sentence: SummarySentence) -> int:
    return len(sentence.text.split())
