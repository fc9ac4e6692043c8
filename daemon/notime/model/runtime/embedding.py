"""A network's token embedding, read from disk row by row.

Comes in: token ids. Goes out: vectors. Must not know: the network.

A text needs some hundred of 30,000 or 50,000 rows: mapped into memory they take all 12 or 32 MB with them, where the
system maps large pages. The file holds one row after the other: `width` codes, unsigned, where `ZERO` is 0, then a
float32 scale for each block of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FILE = "embedding.bin"

BLOCK = 32
"""Weights a scale: the rewriter's embedding comes in such blocks (Q8_0) and goes through unchanged."""

ZERO = 128


class Embedding:
    """Rows of one file.

    Args:
        path: written by `write_embedding`.
        width: of a vector.
        block: weights a scale.
    """

    def __init__(self, path: Path, width: int, block: int = BLOCK) -> None:
        self._file = path.open("rb", buffering=0)
        self.width = width
        self._block = block
        self._row = width + width // block * 4
        self.count = path.stat().st_size // self._row
        """Of rows."""

    def rows(self, ids: Sequence[int]) -> Floats:
        """Vectors of these tokens, [n, width].

        Raises:
            Corrupt: the file was cut since it was opened.
        """
        read = {}
        for token in set(ids):
            self._file.seek(token * self._row)
            read[token] = self._file.read(self._row)
            if len(read[token]) < self._row:
                raise Corrupt(f"{Path(self._file.name).name} was cut while it was in use.")
        raw = np.frombuffer(b"".join(read[token] for token in ids), dtype=np.uint8).reshape(len(ids), self._row)
        codes = raw[:, : self.width].astype(np.float32).reshape(len(ids), -1, self._block) - ZERO
        scales = np.ascontiguousarray(raw[:, self.width :]).view(np.float32)
        vectors: Floats = (codes * scales[:, :, None]).reshape(len(ids), self.width)
        return vectors

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def quantized(weight: Floats, block: int = BLOCK) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Round to 8 bits, symmetric, in blocks along the width.

    Args:
        weight: [tokens, width], `width` a multiple of `block`.
        block: weights a scale.

    Returns:
        Codes [tokens, width / block, block], where `ZERO` is 0, and scales [tokens, width / block].
    """
    tokens, width = weight.shape
    blocks = weight.reshape(tokens, width // block, block)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    safe = np.where(scales == 0, np.float32(1), scales)
    codes = np.rint(blocks / safe[:, :, None]) + ZERO
    return codes.astype(np.uint8), scales.astype(np.float32)


def write_embedding(parts: Iterable[Floats], path: Path, block: int = BLOCK) -> None:
    """Write [tokens, width], which comes so many rows at a time, for `Embedding`."""
    with path.open("wb") as file:
        for weight in parts:
            codes, scales = quantized(weight, block)
            file.write(np.concatenate([codes.reshape(len(weight), -1), scales.view(np.uint8)], axis=1).data)
