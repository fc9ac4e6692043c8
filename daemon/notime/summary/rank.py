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
    def start(self) -> int: ...
    @property
    def vectors(self) -> Floats | None: ...
    @property
    def whole(self) -> npt.NDArray[np.bool_]: ...
    @property
    def tokens(self) -> int: ...
    @property
    def done(self) -> float: ...


class Encoder(Protocol):
    """Reads sentences window by window; one that comes again says it better."""

    def windows(self, sentences: Sequence[str], prior: Floats) -> Iterator[Window]: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Salience of the first n sentences of an article."""

    salience: Floats
    """[n], higher is more worth telling; -inf in windows of a long article that promised less than others."""
    vectors: Floats
    """[n, width], close where sentences say the same; zeros where salience is -inf."""
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
        The share of the work done, after each window.

    Returns:
        The ranking, of at most `SENTENCES_READ` sentences.
    """
    texts = [sentence.text for sentence in sentences[:SENTENCES_READ]]
    prior = np.float32(-place_weight) * np.log1p(np.arange(len(texts), dtype=np.float32))
    prior[0] += np.float32(lead_weight)
    salience = np.full(len(texts), -np.inf, dtype=np.float32)
    whole = np.zeros(len(texts), dtype=bool)
    vectors: dict[int, Floats] = {}
    tokens = 0
    for window in encoder.windows(texts, prior):
        places = slice(window.start, window.start + len(window.scores))
        whole[places] = window.whole
        tokens += window.tokens
        if window.vectors is not None:
            salience[places] = window.scores + prior[places]
            vectors[window.start] = window.vectors
        yield window.done
    placed = np.zeros((len(texts), next(iter(vectors.values())).shape[1]), dtype=np.float32)
    for start, found in vectors.items():
        placed[start : start + len(found)] = found
    return Ranking(salience=salience, vectors=placed, read=int(whole.sum()), tokens=tokens)
