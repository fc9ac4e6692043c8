"""Rank: how much each sentence of an article is worth telling.

Comes in: sentences. Goes out: salience and a vector for each. Must not know: how many will be chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import numpy.typing as npt

    from notime.types import Sentence

    Floats = npt.NDArray[np.float32]

SENTENCES_READ = 4000
"""An article is read up to here: about 90,000 words, a book; what lies behind is told as coverage."""


class Window(Protocol):
    """What the encoder says of one window; see `notime.model.encoder.Window`."""

    @property
    def scores(self) -> Floats: ...
    @property
    def vectors(self) -> Floats: ...
    @property
    def whole(self) -> npt.NDArray[np.bool_]: ...
    @property
    def tokens(self) -> int: ...


class Encoder(Protocol):
    """Reads sentences window by window."""

    def windows(self, sentences: Sequence[str]) -> Iterator[Window]: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Salience of the first n sentences of an article."""

    salience: Floats
    """[n], higher is more worth telling."""
    vectors: Floats
    """[n, width], close where sentences say the same."""
    read: int
    """How many sentences were read from beginning to end."""
    tokens: int


def rank(
    sentences: Sequence[Sentence], encoder: Encoder, *, place_weight: float, lead_weight: float = 0.0
) -> Generator[float, None, Ranking]:
    """Score every sentence.

    Args:
        sentences: an article's, in order.
        encoder: the ranker's network.
        place_weight: how much of ln(1 + place) is taken off a score; the network alone trusts place too little.
        lead_weight: added to the first sentence's, which tells the news more often than the network believes.

    Yields:
        The share of the sentences read, after each window.

    Returns:
        The ranking, of at most `SENTENCES_READ` sentences.
    """
    texts = [sentence.text for sentence in sentences[:SENTENCES_READ]]
    windows = []
    done = 0
    for window in encoder.windows(texts):
        windows.append(window)
        done += len(window.scores)
        yield done / len(texts)
    scores = np.concatenate([window.scores for window in windows])
    place = np.log1p(np.arange(len(scores), dtype=np.float32))
    salience = scores - np.float32(place_weight) * place
    salience[0] += np.float32(lead_weight)
    return Ranking(
        salience=salience,
        vectors=np.concatenate([window.vectors for window in windows]),
        read=int(sum(window.whole.sum() for window in windows)),
        tokens=sum(window.tokens for window in windows),
    )
