"""Matrix products in int8, as nodes of a graph.

Comes in: float32 matrices. Goes out: nodes that multiply by them, rounded. Must not know: what the network is.

Matrices have one scale an output, activations one scale a token. `constants` comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from notime.model.graph.nodes import Nodes

    Floats = npt.NDArray[np.float32]

LEVELS = 63
"""Largest code of a weight: with 7 bits the sums of two products that processors without VNNI make in 16 bits do not
overflow, so that a build is the same everywhere. Perplexity: docs/model.md."""

ZERO = 128
"""The unsigned code of 0 of an activation."""

MICROSOFT = "com.microsoft"


def by_output(weight: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round to `LEVELS`, symmetric, one scale an output.

    Args:
        weight: [out, in].

    Returns:
        Codes [out, in] and scales [out].
    """
    scales: Floats = np.abs(weight).max(axis=1) / np.float32(LEVELS)
    safe = np.where(scales == 0, np.float32(1), scales)
    return np.rint(weight / safe[:, None]).astype(np.int8), scales


def constants(made: Nodes, sequences: Sequence[str]) -> None:
    """What all products share.

    Args:
        made: where nodes go.
        sequences: graph inputs whose second axis counts tokens; products take their `.zeros`.
    """
    made.constant("zero.code", np.array(ZERO, dtype=np.uint8))
    made.constant("one", np.array(1, dtype=np.float32))
    made.constant("level", np.array(1 / 127, dtype=np.float32))
    made.constant("flat", np.array([-1], dtype=np.int64))
    made.constant("axes.last", np.array([-1], dtype=np.int64))
    for places in sequences:
        made.node("Shape", [places], [f"{places}.count"], start=1, end=2)
        made.node("Expand", ["zero.code", f"{places}.count"], [f"{places}.zeros"])


def product(made: Nodes, name: str, source: str, weight: Floats) -> str:
    """Int8 by int8, added up in int32: a scale a token, a scale an output."""
    store(made, f"{name}.sum", [weight])
    products(made, f"{name}.sum", f"{name}.step", source, f"{name}.sum", zeros="embedded.zeros")
    made.node("Mul", [f"{name}.sum", f"{name}.step"], [name])
    return name


def store(made: Nodes, name: str, parts: Iterable[Floats]) -> None:
    """A matrix, rounded, as `products` takes it: [out, in], which comes so many rows at a time."""
    columns, scales = zip(*((codes.T, scales) for codes, scales in map(by_output, parts)), strict=True)
    made.store(f"{name}.codes", np.concatenate(columns, axis=1))
    made.store(f"{name}.scales", np.concatenate(scales))


def products(made: Nodes, name: str, step: str, source: str, matrix: str, *, zeros: str) -> None:
    """By a matrix whose `.codes`, [in, out], and `.scales`, [out], are stored, or given to a pass.

    What goes out is not yet multiplied by the tokens' scales: those are put out as `step`, [..., 1].
    """
    made.node("Abs", [source], [f"{name}.abs"])
    made.node("ReduceMax", [f"{name}.abs", "axes.last"], [f"{name}.max"], keepdims=1)
    made.node("Mul", [f"{name}.max", "level"], [step])
    made.node("Reshape", [step, "flat"], [f"{name}.steps"])
    made.node("QuantizeLinear", [source, f"{name}.steps", zeros], [f"{name}.in"], axis=1)
    inputs = [f"{name}.in", f"{matrix}.codes", "one", f"{matrix}.scales", "zero.code"]
    made.node("MatMulIntegerToFloat", inputs, [name], domain=MICROSOFT)


def product_with_apart(made: Nodes, name: str, source: str, weight: Floats, apart: Sequence[int]) -> str:
    """The same, but some inputs stay in float32: multiplied one by one, so that no other token has a part in a sum."""
    if not apart:
        return product(made, name, source, weight)
    within = np.ones(weight.shape[1], dtype=np.float32)
    within[list(apart)] = 0
    made.constant(f"{name}.within", within)
    made.node("Mul", [source, f"{name}.within"], [f"{name}.rounded"])
    total = product(made, f"{name}.int8", f"{name}.rounded", weight * within)
    for channel in apart:
        part = f"{name}.{channel}"
        made.constant(f"{part}.place", np.array([channel], dtype=np.int64))
        made.constant(f"{part}.column", np.ascontiguousarray(weight[:, channel]))
        made.node("Gather", [source, f"{part}.place"], [f"{part}.value"], axis=2)
        made.node("Mul", [f"{part}.value", f"{part}.column"], [f"{part}.product"])
        made.node("Add", [total, f"{part}.product"], [f"{part}.total"])
        total = f"{part}.total"
    return total
