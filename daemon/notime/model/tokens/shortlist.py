"""The words that a text may be written with, where a network's vocabulary is too large to multiply by all of it.

Comes in: the embedding, a list of common tokens, the prompts. Goes out: the rows of the head for both. Must not know:
what the prompts say.

A rewriting copies, and what it does not copy is common: of the tokens of experts' summary sentences 99.4 of 100 stand
in what they were written from or among the 12,000 most frequent ones of other pages. So a pass multiplies by some
thousand rows of the head instead of 262,144 (a shortlist, as machine translation has; Jean et al. 2015), and a name
that nothing given has cannot be written at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from notime.model.graph.int8 import by_output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.runtime.embedding import Embedding

    Floats = npt.NDArray[np.float32]
    Ids = npt.NDArray[np.int64]

FILE = "words.bin"
"""Token ids, uint32, ascending."""

ROWS = 1024
"""Of the embedding, read at a time."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The words of one call."""

    ids: Ids
    """[K], which token each logit is of."""
    codes: npt.NDArray[np.int8]
    """[width, K]"""
    scales: Floats
    """[K]"""
    allowed: tuple[Ids, ...]
    """For each prompt the places in `ids` that its own answer may be written with."""


class Words:
    """Rows of the head.

    Args:
        embedding: the head is the same matrix.
        path: the common tokens.
    """

    def __init__(self, embedding: Embedding, path: Path) -> None:
        self._embedding = embedding
        self._common: Ids = np.fromfile(path, dtype="<u4").astype(np.int64)
        some = np.array_split(self._common, len(self._common) // ROWS + 1)  # in float32 all would take 31 MB four times
        parts = [by_output(embedding.rows(ids.tolist())) for ids in some]
        self._codes = np.ascontiguousarray(np.concatenate([codes for codes, _ in parts]).T)
        self._scales = np.concatenate([scales for _, scales in parts])

    def shortlist(self, prompts: Sequence[Sequence[int]], also: Sequence[int] = ()) -> Shortlist:
        """The common words and those of each prompt; `also`: for all of them."""
        own = [np.setdiff1d(np.array([*prompt, *also], dtype=np.int64), self._common) for prompt in prompts]
        more = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *own]))
        common = np.arange(len(self._common))
        allowed = tuple(np.concatenate([common, len(common) + np.searchsorted(more, each)]) for each in own)
        if not len(more):
            return Shortlist(self._common, self._codes, self._scales, allowed)
        codes, scales = by_output(self._embedding.rows(more.tolist()))
        return Shortlist(
            np.concatenate([self._common, more]),
            np.concatenate([self._codes, codes.T], axis=1),
            np.concatenate([self._scales, scales]),
            allowed,
        )
