"""Salience without a network: how much of the whole article a sentence says. For languages the ranker cannot read.

Comes in: sentences as text, in any language. Goes out: what `rank` asks of an encoder. Must not know: the language.

A sentence is the vector of its words, each weighted by how few sentences have it; its score is the cosine with the sum
of all (centroid: Radev et al. 2004). Scripts without spaces are taken by pairs of characters. Words are hashed into a
fixed width, so that a book costs no more memory than its sentences.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

WIDTH = 1024
"""Of the vectors: an article has some 300 words that are not grammar, so that few share a place."""

WEIGHT = 2.0
"""Of centrality against place: chosen on the French development articles (docs/quality.md)."""

PLACE_WEIGHT = 1.0
"""Of ln(1 + place), beside the above."""

STEM = 6
"""Letters of a word that count: the rest is mostly inflection."""

SENTENCE_WORDS = 12
"""A shorter sentence says less than its cosine makes believe."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Window:
    """All sentences at once; see `notime.summary.rank.Window`."""

    scores: Floats
    vectors: Floats
    whole: npt.NDArray[np.bool_]
    start: int = 0
    tokens: int = 0
    done: float = 1.0


class Centrality:
    """Reads sentences without a network."""

    def windows(self, sentences: Sequence[str], _prior: Floats) -> Iterator[Window]:
        """One window that holds them all."""
        units = [_units(text) for text in sentences]
        vectors = np.zeros((len(units), WIDTH), dtype=np.float32)
        for row, words in enumerate(units):
            for word in words:
                vectors[row, zlib.crc32(word.encode()) % WIDTH] += 1
        vectors = np.log1p(vectors)
        vectors *= np.log1p(len(units) / (vectors > 0).sum(axis=0).clip(min=1))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True).clip(min=1e-6)
        centroid = vectors.sum(axis=0)
        cosine = vectors @ centroid / max(float(np.linalg.norm(centroid)), 1e-6)
        length = np.array([min(1.0, len(words) / SENTENCE_WORDS) for words in units], dtype=np.float32)
        yield Window(WEIGHT * cosine * length, vectors, np.ones(len(units), dtype=bool))


def _units(text: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(_UNSPACED.findall(text)) * 2 < len(text):
        return [word[:STEM] for word in words]
    letters = "".join(words)
    return [one + two for one, two in pairwise(letters)] or [letters]
