"""Salience of every sentence of a page, read once by a small language model, piece by piece.

Comes in: a page laid out. Goes out: a raw score and a vector for each sentence, a piece at a time. Must not know: how
many are chosen, or why.

A page is put to the network as its title, the list of its sections, then its headings and sentences, a line each. One
that is longer than `PIECE_TOKENS` is read in pieces of about equal length, each behind the title and the list. What a
sentence matters is told at its last token, where the network has read all of the piece up to there. The weights were
trained on pages that experts summarised, laid out token for token as here (docs/model.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from notime.model.ranking.probe import FILE as PROBE
from notime.model.ranking.probe import Probe
from notime.model.runtime.embedding import FILE, Embedding
from notime.model.runtime.session import SHRINKS, give_back, open_session
from notime.model.tokens.tokenizer import START, open_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.ranking.layout import Layout

    Floats = npt.NDArray[np.float32]

PIECE_TOKENS = 700
"""Of a piece, what stands before it included: attention's cost grows with its square."""

SENTENCE_TOKENS = 110
"""A longer sentence is read up to here."""

TITLE_CHARACTERS, SECTIONS, SECTION_CHARACTERS, SECTIONS_TOKENS = 200, 24, 60, 160
HEADING_CHARACTERS, HEADING_TOKENS = 60, 16
"""What of title, list of sections and headings the network is shown: what it was trained on."""

SLACK_TOKENS = 120
"""A page too long for one piece is cut so that each has this much room left: sentences are not cut."""


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
        self._start = [self.vocabulary.id(START)]
        self._newline = self.vocabulary.encode("\n")[-1]

    def tokens(self, sentences: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many tokens each sentence takes, [n]."""
        return np.array([len(self._sentence(text)) + 1 for text in sentences], dtype=np.int64)

    def read(self, page: Layout, kept: Sequence[int] | None = None) -> Iterator[Read]:
        """Score the sentences; closing the iterator stops before the next piece.

        Args:
            page: the page.
            kept: the sentences to read, in order; by default all.
        """
        places = list(range(len(page.sentences))) if kept is None else list(kept)
        sentences = {place: self._sentence(page.sentences[place]) for place in places}
        prefix = self._prefix(page)
        pieces = _pieces([len(sentences[place]) + 1 for place in places], PIECE_TOKENS - len(prefix))
        try:
            done = 0
            for piece in pieces:
                read = [places[i] for i in piece]
                done += len(read)
                yield self._pass(page, read, sentences, prefix, done / len(places))
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

    def _prefix(self, page: Layout) -> list[int]:
        encode = self.vocabulary.encode
        ids = [*self._start, *encode(f"Title: {page.title[:TITLE_CHARACTERS]}\n")]
        if page.headings:
            names = " | ".join(text[:SECTION_CHARACTERS] for _, text in page.headings[:SECTIONS])
            ids += [*encode(f"Sections: {names}")[:SECTIONS_TOKENS], self._newline]
        return ids

    def _sentence(self, text: str) -> list[int]:
        return self.vocabulary.encode(f" {text}")[:SENTENCE_TOKENS]

    def _pass(
        self, page: Layout, places: Sequence[int], sentences: dict[int, list[int]], prefix: list[int], done: float
    ) -> Read:
        ids, firsts, lasts = list(prefix), list[int](), list[int]()
        headings = [each for each in page.headings if page.blocks[places[0]] - 1 <= each[0] <= page.blocks[places[-1]]]
        for place in places:
            while headings and headings[0][0] <= page.blocks[place]:
                text = headings.pop(0)[1][:HEADING_CHARACTERS]
                ids += [*self.vocabulary.encode(f"# {text}")[:HEADING_TOKENS], self._newline]
            firsts.append(len(ids))
            ids += [*sentences[place], self._newline]
            lasts.append(len(ids) - 1)
        features = sentence_features(len(page.sentences), places, page.sentences)
        embedded = self._embedding.rows(ids)
        scores, vectors = self._session.run(
            ["scores", "vectors"], {"embedded": embedded[None], **_asked(firsts, lasts, features, len(ids))}
        )
        whole = np.array([len(sentences[place]) < SENTENCE_TOKENS for place in places])
        return Read(np.array(places), scores[0].copy(), vectors[0].copy(), whole, len(ids), done)


def sentence_features(total: int, places: Sequence[int], sentences: Sequence[str]) -> Floats:
    """Four figures a sentence, [n, 4]: its place twice, its length, whether it asks, cries or announces."""
    rows = [
        (
            place / max(1, total),
            math.log1p(place) / 4,
            math.log1p(len(sentences[place].split())) / 4,
            float(sentences[place].rstrip()[-1:] in "?!:"),
        )
        for place in places
    ]
    return np.array(rows, dtype=np.float32)


def _asked(
    firsts: Sequence[int], lasts: Sequence[int], features: Floats, tokens: int
) -> dict[str, npt.NDArray[np.generic]]:
    """What the graph takes beside the embedding."""
    pooling = np.zeros((1, len(lasts), tokens), dtype=np.float32)
    for row, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        pooling[0, row, first : last + 1] = 1 / (last + 1 - first)
    return {"lasts": np.array([lasts], dtype=np.int64), "pooling": pooling, "features": features[None]}


def _pieces(costs: Sequence[int], room: int) -> list[list[int]]:
    """Neighbours together, in pieces of about equal cost."""
    total = sum(costs)
    if total <= room:
        return [list(range(len(costs)))] if costs else []
    count = math.ceil(total / max(room - SLACK_TOKENS, 1))
    each, pieces, used = total / count, [list[int]()], 0.0
    for place, cost in enumerate(costs):
        if used + cost / 2 > each and len(pieces) < count:
            pieces.append([])
            used = 0.0
        pieces[-1].append(place)
        used += cost
    return [piece for piece in pieces if piece]
