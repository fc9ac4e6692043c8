"""How much a summary of each length is, and whether one more sentence still fits.

Comes in: a length and an article's words. Goes out: bounds. Must not know: which sentences, or who says them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notime.types import Length

LARGEST_SHARE: dict[Length, float] = {"headline": 1 / 3, "brief": 1 / 3, "full": 1 / 2}
"""Of the article's words: what is longer saves too little reading; who asks for the full summary wants more than the
brief one's even where the article is short."""

WORDS_A_SENTENCE = 11
"""Kept free for each sentence that must still come: few have fewer words."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of a summary, in sentences and words."""

    fewest: int
    most: int
    least_words: int
    enough_words: int
    """Expected words from which on no further sentence is chosen."""
    most_words: int

    @property
    def candidates(self) -> Bounds:
        """Bounds of what is chosen: for a single sentence there are three to try, as its rewriting may not hold."""
        return Bounds(3, 3, 1, 75, 240) if self.most == 1 else self

    def fits(self, words: int, *, told: int, told_words: int) -> bool:
        """A sentence of so many words may follow what was told, and the sentences that must still come find room."""
        to_come = max(0, self.fewest - told - 1)
        return told_words + words + to_come * WORDS_A_SENTENCE <= self.most_words


_BOUNDS: dict[Length, Bounds] = {
    "headline": Bounds(1, 1, 1, 25, 25),
    "brief": Bounds(3, 4, 35, 45, 90),
    "full": Bounds(6, 9, 90, 115, 180),
}


def bounds_of(length: Length, *, words: int, sentences: int) -> Bounds:
    """What a summary of this length may be for an article of so many words and sentences.

    Never more than a third of its words, a full one half; nor half of its sentences.
    """
    full = _BOUNDS[length]
    most_words = min(full.most_words, int(words * LARGEST_SHARE[length]))
    most = min(full.most, max(1, sentences // 2))
    share = most_words / full.most_words
    return Bounds(
        fewest=min(most, max(1, int(full.fewest * share))),
        most=most,
        least_words=int(full.least_words * share),
        enough_words=int(full.enough_words * share),
        most_words=most_words,
    )
