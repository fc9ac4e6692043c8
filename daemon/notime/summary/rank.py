"""Rank: how much each sentence of an article is worth telling.

Comes in: sentences. Goes out: salience and a vector for each. Must not know: how many will be chosen.

`rank_page` has a language model read the page, title and headings in place. Of a very long page it reads what a first,
cheaper ranking (`rank`) thinks most of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import numpy.typing as npt

    from notime.model.ranking.layout import Layout
    from notime.types import Sentence

    Floats = npt.NDArray[np.float32]

SENTENCES_READ = 4000
"""An article is read up to here: about 90,000 words, a book; what lies behind is told as coverage."""


PAGE_TOKENS = 4000
"""A page with more is cut down by the first ranking before the language model reads it: about 3,000 words."""

LONG_TOKENS, FIRST_COST = 6000, 0.06
"""For each token of a page beyond `LONG_TOKENS`, so much is taken off what the language model reads: then 20,000 words
take less than four times as long as 1,000 (`notime bench`, docs/performance.md)."""

LEAST_TOKENS = 2000
"""Which the language model reads of a page of any length."""


class Window(Protocol):
    """What the encoder says of one window; see `notime.model.ranking.encoder.Window`."""

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


class Read(Protocol):
    """What the language model says of one piece; see `notime.model.ranking.decoder.Read`."""

    @property
    def places(self) -> npt.NDArray[np.int64]: ...
    @property
    def scores(self) -> Floats: ...
    @property
    def vectors(self) -> Floats: ...
    @property
    def whole(self) -> npt.NDArray[np.bool_]: ...
    @property
    def tokens(self) -> int: ...
    @property
    def done(self) -> float: ...


class PageReader(Protocol):
    """Reads a page once, piece by piece."""

    def tokens(self, sentences: Sequence[str]) -> npt.NDArray[np.int64]: ...
    def read(self, page: Layout, kept: Sequence[int] | None = None) -> Iterator[Read]: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Salience of the first n sentences of an article."""

    salience: Floats
    """[n], higher is more worth telling; -inf in windows of a long article that promised less than others."""
    vectors: Floats
    """[n, width], close where sentences say the same; zeros where salience is -inf."""
    leaning: Floats
    """[n], 0 to 1, how likely a sentence needs the one before it; 0 until `standing.dependence` was asked."""
    read: int
    """How many sentences were read from beginning to end."""
    tokens: int


def room(tokens: int) -> int:
    """How many tokens of a page the language model reads."""
    off = round(FIRST_COST * max(0, tokens - LONG_TOKENS))
    return min(tokens, max(LEAST_TOKENS, PAGE_TOKENS - off))


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
    return Ranking(salience, placed, np.zeros_like(salience), read=int(whole.sum()), tokens=tokens)


def rank_page(
    page: Layout, reader: PageReader, first: Generator[float, None, Ranking], *, lead_weight: float = 0.0
) -> Generator[float, None, Ranking]:
    """Score a page's sentences by a language model that reads it once.

    Args:
        page: laid out, at most `SENTENCES_READ` sentences.
        reader: the language model.
        first: another ranking of the same sentences, begun only where the page is longer than `PAGE_TOKENS`.
        lead_weight: added to the first sentence's score, which is told before the network has read anything else.

    Yields:
        The share of the work done.

    Returns:
        The ranking; what the first one left out has a salience of -inf.
    """
    count = len(page.sentences)
    costs = reader.tokens(page.sentences)
    kept: list[int] | None = None
    whole = np.zeros(count, dtype=bool)
    read, tokens, begun = 0, 0, 0.0
    if costs.sum() > PAGE_TOKENS:
        cut = None
        while cut is None:
            try:
                yield next(first) / 2
            except StopIteration as end:
                cut = end.value
        best = np.argsort(-cut.salience, kind="stable")
        best = best[np.isfinite(cut.salience[best])]
        kept = sorted(best[np.cumsum(costs[best]) <= room(int(costs.sum()))].tolist())
        read, tokens, begun = cut.read, cut.tokens, 0.5
    salience = np.full(count, -np.inf, dtype=np.float32)
    vectors: Floats | None = None
    for piece in reader.read(page, kept):
        if vectors is None:
            vectors = np.zeros((count, piece.vectors.shape[1]), dtype=np.float32)
        salience[piece.places], vectors[piece.places] = piece.scores, piece.vectors
        whole[piece.places] = piece.whole
        tokens += piece.tokens
        yield begun + (1 - begun) * piece.done
    salience[0] += np.float32(lead_weight)
    if vectors is None:
        vectors = np.zeros((count, 1), dtype=np.float32)
    return Ranking(salience, vectors, np.zeros_like(salience), read=max(read, int(whole.sum())), tokens=tokens)
