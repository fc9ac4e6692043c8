"""A page as the token ids that a language model is shown, piece by piece.

Comes in: a page laid out, a vocabulary. Goes out: pieces. Must not know: the network.

A page is put as its title, the list of its sections, then its headings and sentences, a line each. One that is longer
than `PIECE_TOKENS` is read in pieces of about equal length, each behind the title and the list.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from notime.model.tokens.tokenizer import START

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from notime.model.ranking.layout import Layout
    from notime.model.tokens.tokenizer import Vocabulary

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
class Piece:
    """Some neighbouring sentences of a page behind its title and list of sections."""

    places: tuple[int, ...]
    """[n], which of the page's sentences."""
    ids: tuple[int, ...]
    firsts: tuple[int, ...]
    """[n], place in `ids` of each sentence's first token."""
    lasts: tuple[int, ...]
    """[n], of the line's end behind it."""
    features: Floats
    """[n, 4], see `sentence_features`."""
    whole: npt.NDArray[np.bool_]
    """[n], which sentences are there to their end."""


class Pieces:
    """Lays pages out with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._encode = vocabulary.encode
        self._start = vocabulary.id(START)
        self._newline = vocabulary.encode("\n")[-1]

    def tokens(self, sentences: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many tokens each sentence takes, [n]."""
        return np.array([len(self._sentence(text)) + 1 for text in sentences], dtype=np.int64)

    def of(self, page: Layout, kept: Sequence[int] | None = None) -> list[Piece]:
        """The page in pieces; none of a page without sentences.

        Args:
            page: the page.
            kept: the sentences to lay out, in order; by default all.
        """
        places = list(range(len(page.sentences))) if kept is None else list(kept)
        sentences = {place: self._sentence(page.sentences[place]) for place in places}
        prefix = self._prefix(page)
        cut = _cut([len(sentences[place]) + 1 for place in places], PIECE_TOKENS - len(prefix))
        return [self._piece(page, [places[i] for i in each], sentences, prefix) for each in cut]

    def _prefix(self, page: Layout) -> list[int]:
        ids = [self._start, *self._encode(f"Title: {page.title[:TITLE_CHARACTERS]}\n")]
        if page.headings:
            names = " | ".join(text[:SECTION_CHARACTERS] for _, text in page.headings[:SECTIONS])
            ids += [*self._encode(f"Sections: {names}")[:SECTIONS_TOKENS], self._newline]
        return ids

    def _sentence(self, text: str) -> list[int]:
        return self._encode(f" {text}")[:SENTENCE_TOKENS]

    def _piece(
        self, page: Layout, places: Sequence[int], sentences: dict[int, list[int]], prefix: Sequence[int]
    ) -> Piece:
        ids, firsts, lasts = list(prefix), list[int](), list[int]()
        headings = [each for each in page.headings if page.blocks[places[0]] - 1 <= each[0] <= page.blocks[places[-1]]]
        for place in places:
            while headings and headings[0][0] <= page.blocks[place]:
                text = headings.pop(0)[1][:HEADING_CHARACTERS]
                ids += [*self._encode(f"# {text}")[:HEADING_TOKENS], self._newline]
            firsts.append(len(ids))
            ids += [*sentences[place], self._newline]
            lasts.append(len(ids) - 1)
        features = sentence_features(len(page.sentences), places, page.sentences)
        whole = np.array([len(sentences[place]) < SENTENCE_TOKENS for place in places])
        return Piece(tuple(places), tuple(ids), tuple(firsts), tuple(lasts), features, whole)


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


def _cut(costs: Sequence[int], room: int) -> list[list[int]]:
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
