"""The rewriter's token embedding, read from disk row by row.

Comes in: token ids. Goes out: vectors. Must not know: the network.

A text needs some hundred of 49,152 rows: mapped into memory they take all 32 MB with them, where the system maps large
pages. The file holds one row after the other: `width` codes, unsigned, where `ZERO` is 0, then a float32 scale for each
block of `BLOCK` of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FILE = "embedding.bin"

BLOCK = 32
"""Weights a scale: the embedding comes in such blocks (Q8_0) and goes through unchanged."""

ZERO = 128


class Embedding:
    """Rows of one file.

    Args:
        path: written by `write_embedding`.
        width: of a vector.
    """

    def __init__(self, path: Path, width: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._width = width
        self._row = width + width // BLOCK * 4

    def rows(self, ids: Sequence[int]) -> Floats:
        """Vectors of these tokens, [n, width]."""
        read = {}
        for token in set(ids):
            self._file.seek(token * self._row)
            read[token] = self._file.read(self._row)
        raw = np.frombuffer(b"".join(read[token] for token in ids), dtype=np.uint8).reshape(len(ids), self._row)
        codes = raw[:, : self._width].astype(np.float32).reshape(len(ids), -1, BLOCK) - ZERO
        scales = np.ascontiguousarray(raw[:, self._width :]).view(np.float32)
        vectors: Floats = (codes * scales[:, :, None]).reshape(len(ids), self._width)
        return vectors

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def quantized(weight: Floats) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Round to 8 bits, symmetric, in blocks along the width.

    Args:
        weight: [tokens, width], `width` a multiple of `BLOCK`.

    Returns:
        Codes [tokens, width / BLOCK, BLOCK], where `ZERO` is 0, and scales [tokens, width / BLOCK].
    """
    tokens, width = weight.shape
    blocks = weight.reshape(tokens, width // BLOCK, BLOCK)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    safe = np.where(scales == 0, np.float32(1), scales)
    codes = np.rint(blocks / safe[:, :, None]) + ZERO
    return codes.astype(np.uint8), scales.astype(np.float32)


def write_embedding(weight: Floats, path: Path) -> None:
    """Write [tokens, width] for `Embedding`."""
    codes, scales = quantized(weight)
    rows = np.concatenate([codes.reshape(len(weight), -1), scales.view(np.uint8)], axis=1)
    path.write_bytes(rows.tobytes())
