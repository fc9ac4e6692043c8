"""A whole summary against a whole article, whoever wrote it.

Comes in: two texts. Goes out: a calibrated score, sentence by sentence and in all, with the article's sentences that
bear each and the rules' reasons. Must not know: how the summary came about.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.summary.check.faults.claims import OPPOSED, SWAPPED
from notime.summary.check.faults.modality import UNSAID
from notime.summary.check.pair import Pair
from notime.summary.check.rules import differences
from notime.summary.check.text import GRAMMAR, WORD, stems
from notime.summary.check.trace import Index, trace

if TYPE_CHECKING:
    from collections.abc import Sequence

REASON, OPPOSITE = 0.5, 1.0
"""Added to the logarithm of the mean cost a word for each reason a sentence, and where a word is turned into its
opposite. Chosen on the development sets of docs/check.md by AUC; half or double of each changes it
by less than 0.005."""

BORNE, BORNE_LOWER = -1.0, -2.5
"""Below, a summary is supported: in cased text, and in lower-cased text, which older systems write, whose every splice
is suspect. By balanced accuracy on the same sets."""

LEAST = 0.02
"""Added to the cost before its logarithm: a copied sentence costs nothing."""

SOURCES = 3
"""A summary sentence is held against at most so many sentences."""

_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")
_END = re.compile(
    r"(?<=[\w\"'’)”] [.!?])[\"”’')]*\s+|(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'`(A-Z0-9])|\n+"
    r"|(?<=[a-z]{3}[.!?])[\"”’')]*\s+(?=[a-z\"`'])"
)
"""Sentence ends in foreign summaries too: lower-cased, tokenised, or one a line."""


@dataclass(frozen=True, slots=True)
class SentenceJudgement:
    """What is said of one sentence of a summary."""

    text: str
    score: float
    supported: bool
    sources: tuple[str, ...]
    """The article's sentences that it was traced to, in the article's order."""
    reasons: tuple[str, ...]
    """Differences from those sentences, in words: to be looked at, where the score is doubtful."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a summary."""

    score: float
    """0 to 1: the higher, the better the article bears the summary."""
    supported: bool
    sentences: tuple[SentenceJudgement, ...]


def judge(article: str, summary: str) -> Judgement:
    """Hold a summary against its article.

    Args:
        article: plain text.
        summary: plain text of any number of sentences; without a word in it, it is not supported.
    """
    borne = split(article)
    index = Index(borne)
    limit = BORNE_LOWER if _lower_cased(article, summary) else BORNE
    found = [_trace(text, borne, index) for text in split(summary)]
    if not found:
        return Judgement(0.0, supported=False, sentences=())
    score = _probability(found, limit)
    return Judgement(score, score > 0.5, tuple(_judged(part, limit) for part in found))


@dataclass(frozen=True, slots=True)
class _Traced:
    text: str
    cost: float
    """A word."""
    sources: tuple[str, ...]
    reasons: tuple[str, ...]


def _trace(text: str, borne: Sequence[str], index: Index) -> _Traced:
    words = stems(text)
    found = trace(words, index)
    sources = tuple(borne[number] for number in sorted(_sources(found.places, words, index)))
    return _Traced(text, found.cost / len(words), sources, _reasons(text, sources))


def _judged(part: _Traced, limit: float) -> SentenceJudgement:
    score = _probability([part], limit)
    return SentenceJudgement(part.text, score, score > 0.5, part.sources, part.reasons)


def _probability(parts: Sequence[_Traced], limit: float) -> float:
    """0.5 at the limit, falling with what speaks against the parts."""
    against = (
        math.log(LEAST + sum(part.cost for part in parts) / len(parts))
        + REASON * sum(reason != UNSAID for part in parts for reason in part.reasons) / len(parts)
        + OPPOSITE * sum(any(OPPOSED in reason for reason in part.reasons) for part in parts) / len(parts)
    )
    return 1 / (1 + math.exp(against - limit))


def _lower_cased(article: str, summary: str) -> bool:
    """Names are written small: it has none with a capital within a sentence, and some of the article's without."""
    if _CAPITAL.search(summary):
        return False
    if summary.islower() or not _CAPITAL.search(article):
        return True
    words = [match.group() for match in WORD.finditer(article)]
    names = {word.lower() for word in words if word[0].isupper()} - {word for word in words if word.islower()}
    return any(word in names for word in WORD.findall(summary))


def split(text: str) -> list[str]:
    """Sentences of any text, lower-cased and tokenised ones included."""
    return [part.strip() for part in _END.split(text) if part and re.search(r"\w", part)]


def align(text: str, index: Index) -> list[int]:
    """Numbers of the sentences that bear a sentence of a summary, at most three, the one that bears most first."""
    words = stems(text)
    return _sources(trace(words, index).places, words, index)


def _sources(places: Sequence[int | None], words: Sequence[str], index: Index) -> list[int]:
    """The sentences that most of the content words were traced to, most of all first."""
    counts = Counter(
        index.owner[place]
        for place, word in zip(places, words, strict=True)
        if place is not None and word not in GRAMMAR
    )
    return [number for number, count in counts.most_common(SOURCES) if count > 1 or len(counts) == 1]


def _reasons(text: str, sources: Sequence[str]) -> tuple[str, ...]:
    if not sources:
        return ("no sentence of the article says it",)
    source = " ".join(sources)
    found = dict.fromkeys(differences(Pair.read(text, source, source)))
    if len(sources) > 1:
        found.pop(SWAPPED, None)  # what does what is told by one sentence
    return tuple(found)
