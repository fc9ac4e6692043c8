"""Choose: which sentences a summary of this length is made from.

Comes in: sentences and their salience. Goes out: places, in the article's order. Must not know: how salience was
found, or what becomes of the sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

    from notime.types import Length, Sentence

SENTENCES: dict[Length, int] = {"headline": 1, "brief": 3, "full": 6}

FEWEST_WORDS = 5
"""A shorter sentence is a fragment, a label or a cry."""

MOST_WORDS = 80
"""A longer one is a list or was split wrong."""

SHARED_TRIGRAMS = 0.25
"""Sentences that share more of the shorter one's word triples say the same again."""

ENDS_A_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"'”’»«“)\]]*$")


def choose(sentences: Sequence[Sentence], salience: npt.NDArray[np.float32], length: Length) -> tuple[int, ...]:
    """Take the most salient sentences, none of which repeats another.

    First those that share no three words in a row with one already taken (trigram blocking: Paulus et al. 2018) and
    read as whole sentences; where an article has too few of them, those that merely do not repeat one.

    Args:
        sentences: an article's, in order.
        salience: of its first n sentences; the others were not read and are not chosen.
        length: how much summary is wanted. Never more than half of the sentences are taken.

    Returns:
        Indices into `sentences`, ascending.
    """
    wanted = min(SENTENCES[length], max(1, len(sentences) // 2))
    order = sorted(range(len(salience)), key=lambda index: -float(salience[index]))
    taken: list[int] = []
    for strict in (True, False):
        for index in order:
            if len(taken) == wanted:
                break
            if index not in taken and _fits(sentences[index].text, strict=strict):
                others = [sentences[other].text for other in taken]
                if not repeats(sentences[index].text, others, 0.0 if strict else SHARED_TRIGRAMS):
                    taken.append(index)
    return tuple(sorted(taken))


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
