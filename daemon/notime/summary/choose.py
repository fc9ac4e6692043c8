"""Choose: which sentences a summary of this length is made from.

Comes in: sentences and their salience. Goes out: places, in the article's order. Must not know: how salience was
found, or what becomes of the sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

    from notime.summary.extent import Extent
    from notime.types import Sentence

FEWEST_WORDS = 5
"""A shorter sentence is a fragment, a label or a cry."""

MOST_WORDS = 80
"""A longer one is a list or was split wrong."""

SHARED_TRIGRAMS = 0.25
"""Sentences that share more of the shorter one's word triples say the same again."""

ENDS_A_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"'”’»«“)\]]*$")

ASIDE = re.compile(
    r"[\"“‘«„].{0,400}[\"”’»“]$|.*\?[\"'”’»)]*$|(?:read|see|watch|click|related|photo|image|video)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
"""Speech and nothing else, a question, a line that points elsewhere: none of them tells what happened."""

LEANS = re.compile(
    r"[\"“]?(?:(?:but|and|however|also|instead|still|so|yet|then|meanwhile|that|this|these|those|he|she|it|they|his|her|"
    r"their|its)\b)",
    re.I,
)
"""An English opening that leans on the sentence before."""

ASIDE_COST, LEANING_COST = 1.0, 0.2
"""Taken off salience; a ranker's scores differ by about one between neighbours in rank. Chosen on the development set
(docs/quality.md)."""


def choose(
    sentences: Sequence[Sentence], salience: npt.NDArray[np.float32], wanted: Extent, expected: Callable[[int], float]
) -> tuple[int, ...]:
    """Take the most salient sentences, none of which repeats another, until they are enough.

    First those that share no three words in a row with one already taken (trigram blocking: Paulus et al. 2018) and
    read as whole sentences; where an article has too few of them, those that merely do not repeat one.

    Args:
        sentences: an article's, in order.
        salience: of its first n sentences; the others were not read and are not chosen.
        wanted: how much summary.
        expected: how many words a sentence of so many words will have in the summary.

    Returns:
        Indices into `sentences`, the most salient first.
    """
    value = {index: float(salience[index]) - _cost(sentences, index) for index in range(len(salience))}
    order = sorted(value, key=lambda index: -value[index])
    taken: list[int] = []
    words = 0.0
    for strict in (True, False):
        for index in order:
            if len(taken) == wanted.most or (
                len(taken) >= wanted.fewest and (words >= wanted.enough_words or not strict)
            ):
                break
            more = expected(len(sentences[index].text.split()))
            if index in taken or not _fits(sentences[index].text, strict=strict):
                continue
            if taken and words + more > wanted.most_words:
                continue
            others = [sentences[other].text for other in taken]
            if not repeats(sentences[index].text, others, 0.0 if strict else SHARED_TRIGRAMS):
                taken.append(index)
                words += more
    return tuple(taken)


def _cost(sentences: Sequence[Sentence], index: int) -> float:
    text = sentences[index].text
    return ASIDE_COST * bool(ASIDE.match(text)) + LEANING_COST * bool(LEANS.match(text))


def _fits(text: str, *, strict: bool) -> bool:
    words = len(text.split())
    # Scripts without spaces have few "words"; their length in characters says the same.
    if words < FEWEST_WORDS and len(text) < 5 * FEWEST_WORDS:
        return False
    return not strict or (words <= MOST_WORDS and ENDS_A_SENTENCE.search(text) is not None)


def repeats(text: str, others: Sequence[str], allowed: float = SHARED_TRIGRAMS) -> bool:
    """The text says again what one of the others says.

    Args:
        text: a sentence.
        others: sentences.
        allowed: share of the shorter one's word triples that they may have in common.
    """
    own = set(_trigrams(text))
    for other in others:
        theirs = set(_trigrams(other))
        if own and theirs and len(own & theirs) / min(len(own), len(theirs)) > allowed:
            return True
    return False


def _trigrams(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return zip(words, words[1:], words[2:], strict=False)
