"""A GGUF file: what it says of itself, and its tensors.

Comes in: a path. Goes out: metadata, float32 arrays. Must not know: which networks there are.

Versions 2 and 3, little-endian, laid out as ggml's `docs/gguf.md` has it. The package `gguf`, which dequantises here,
can read it too, but makes arrays for each token of the vocabulary: of Gemma 3's 262,144 that took 700 MB and 40 s.
Nothing is mapped, so that a build holds what it works on and not the file.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SCALARS = dict(enumerate(("B", "b", "H", "h", "I", "i", "f", "?"))) | {10: "Q", 11: "q", 12: "d"}
"""By the format's numbers, as `struct` and NumPy write them."""

TEXT, ARRAY = 8, 9

VERSIONS = (2, 3)

ALIGNMENT = 32
"""Bytes; of the tensors, where the file tells no other."""

ROWS = 8192
"""Read at a time, where a tensor is read in parts."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies."""

    shape: tuple[int, ...]
    kind: int
    """`gguf.GGMLQuantizationType`"""
    offset: int
    """Bytes from the file's beginning."""


class GgufFile:
    """One file; it is opened anew for each read.

    Args:
        path: the file.

    Raises:
        Corrupt: it is not GGUF, or ends too early.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fields: dict[str, Any] = {}
        """Metadata by key: numbers, texts, lists of either."""
        self.tensors: dict[str, Tensor] = {}
        try:
            with path.open("rb") as file:
                self._read(_Reading(file))
        except (struct.error, ValueError, KeyError, TypeError) as error:
            raise Corrupt(f"{path.name} is not a GGUF file that can be read.") from error

    def parts(self, name: str, rows: int = ROWS) -> Iterator[Floats]:
        """A matrix of the file, so many rows at a time, each [rows, columns].

        Raises:
            Corrupt: there is none of that name, it is of an unknown kind, or the file ends within it.
        """
        from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
        from gguf.quants import dequantize

        tensor = self.tensors.get(name)
        if tensor is None or not prod(tensor.shape):
            raise Corrupt(f"The GGUF file lacks the tensor {name}.")
        try:
            *outer, columns = tensor.shape
            kind = GGMLQuantizationType(tensor.kind)
            block, size = GGML_QUANT_SIZES[kind]
            width = columns // block * size
            with self._path.open("rb") as file:
                file.seek(tensor.offset)
                for start, end in pairwise([*range(0, prod(outer), rows), prod(outer)]):
                    raw = np.fromfile(file, dtype=np.uint8, count=(end - start) * width).reshape(end - start, width)
                    yield dequantize(raw, kind).astype(np.float32, copy=False)
        except (ValueError, KeyError, NotImplementedError) as error:
            raise Corrupt(f"The tensor {name} of the GGUF file cannot be read.") from error

    def tensor(self, name: str) -> Floats:
        """A tensor of the file in its shape; raises what `parts` raises."""
        (found,) = self.parts(name, rows=2**62)
        return found.reshape(self.tensors[name].shape)

    def _read(self, reading: _Reading) -> None:
        magic, version, tensors, fields = reading.numbers("4sIQQ")
        if magic != b"GGUF" or version not in VERSIONS:
            raise ValueError(version)
        for _ in range(fields):
            key = reading.text()
            (kind,) = reading.numbers("I")
            self.fields[key] = reading.value(kind)
        found = {}
        for _ in range(tensors):
            name = reading.text()
            (axes,) = reading.numbers("I")
            *shape, kind, offset = reading.numbers(f"{axes}QIQ")
            found[name] = (tuple(shape[::-1]), kind, offset)
        alignment = max(1, self.fields.get("general.alignment", ALIGNMENT))
        begin = reading.place + -reading.place % alignment
        self.tensors = {name: Tensor(shape, kind, begin + offset) for name, (shape, kind, offset) in found.items()}


class _Reading:
    """Values of an open file, one after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    @property
    def place(self) -> int:
        return self._file.tell()

    def value(self, kind: int) -> Any:
        if kind == TEXT:
            return self.text()
        if kind != ARRAY:
            return self.numbers(SCALARS[kind])[0]
        kind, count = self.numbers("IQ")
        if kind == TEXT:
            return [self.text() for _ in range(count)]
        return list(self.numbers(f"{count}{SCALARS[kind]}"))

    def text(self) -> str:
        (length,) = self.numbers("Q")
        return self._bytes(length).decode()

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self._bytes(struct.calcsize(f"<{layout}")))

    def _bytes(self, count: int) -> bytes:
        if count > self._size:
            raise ValueError(count)
        return self._file.read(count)
