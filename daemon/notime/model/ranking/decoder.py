"""Salience of every sentence of a page, read once by a small language model, piece by piece.

Comes in: a page laid out. Goes out: a raw score and a vector for each sentence, a piece at a time. Must not know: how
many are chosen, or why.

What a sentence matters is told at its last token, where the network has read all of its piece up to there
(`pieces.py`). The weights were trained on pages that experts summarised, laid out token for token so (docs/model.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from notime.model.ranking.pieces import Pieces
from notime.model.ranking.probe import FILE as PROBE
from notime.model.ranking.probe import Probe
from notime.model.runtime.embedding import FILE, Embedding
from notime.model.runtime.session import SHRINKS, give_back, open_session
from notime.model.tokens.tokenizer import open_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.ranking.layout import Layout
    from notime.model.ranking.pieces import Piece

    Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Read:
    """What one piece's pass says of its sentences."""

    places: npt.NDArray[np.int64]
    """[n], which of the page's sentences."""
    scores: Floats
    """[n], higher is more worth telling; comparable within a page."""
    vectors: Floats
    """[n, width], the mean of what the network makes of a sentence."""
    whole: npt.NDArray[np.bool_]
    """[n], which sentences were read to their end."""
    tokens: int
    done: float
    """Share of the page."""


class PageModel:
    """The network and its tokenizer.

    Args:
        folder: what `reading.write_reader` wrote, and the tokenizer.
        threads: see `open_session`.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self.vocabulary = open_vocabulary(folder)
        """Which another network of the same base may share: it takes 48 MB."""
        self._session = open_session(folder / "model.onnx", threads=threads, arena=True)
        (width,) = (each.shape[2] for each in self._session.get_inputs() if each.name == "embedded")
        self._embedding = Embedding(folder / FILE, width)
        self._probe = Probe(folder / PROBE) if (folder / PROBE).exists() else None
        self._pieces = Pieces(self.vocabulary)

    def tokens(self, sentences: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many tokens each sentence takes, [n]."""
        return self._pieces.tokens(sentences)

    def read(self, page: Layout, kept: Sequence[int] | None = None) -> Iterator[Read]:
        """Score the sentences; closing the iterator stops before the next piece.

        Args:
            page: the page.
            kept: the sentences to read, in order; by default all.
        """
        pieces = self._pieces.of(page, kept)
        total = sum(len(piece.places) for piece in pieces)
        try:
            done = 0
            for piece in pieces:
                done += len(piece.places)
                yield self._pass(piece, done / total)
        finally:
            nothing = {
                "embedded": np.zeros((1, 1, self._embedding.width), np.float32),
                **_asked([0], [0], np.zeros((1, 4), np.float32), 1),
            }
            self._session.run(["scores"], nothing, SHRINKS)
            give_back()

    def leaning(self, vectors: Floats) -> Floats | None:
        """Log-odds, [n], that a sentence needs what stands before it; None where nothing was taught of that.

        Args:
            vectors: [n, width], as `Read` has them.
        """
        return None if self._probe is None else self._probe.odds(vectors)

    def _pass(self, piece: Piece, done: float) -> Read:
        embedded = self._embedding.rows(piece.ids)
        asked = _asked(piece.firsts, piece.lasts, piece.features, len(piece.ids))
        scores, vectors = self._session.run(["scores", "vectors"], {"embedded": embedded[None], **asked})
        return Read(np.array(piece.places), scores[0].copy(), vectors[0].copy(), piece.whole, len(piece.ids), done)


def _asked(
    firsts: Sequence[int], lasts: Sequence[int], features: Floats, tokens: int
) -> dict[str, npt.NDArray[np.generic]]:
    """What the graph takes beside the embedding."""
    pooling = np.zeros((1, len(lasts), tokens), dtype=np.float32)
    for row, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        pooling[0, row, first : last + 1] = 1 / (last + 1 - first)
    return {"lasts": np.array([lasts], dtype=np.int64), "pooling": pooling, "features": features[None]}
