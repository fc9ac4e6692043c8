"""A network that reads a page once and says how much each of its sentences matters, as an ONNX graph.

Comes in: `DecoderWeights` and a small head. Goes out: `model.onnx` with its weights in `model.onnx.data`, and the
embedding. Must not know: where the weights came from, how a page is laid out.

    embedded  float32 [1, S, width]   rows of the embedding
    lasts     int64 [1, n]            place of each sentence's last token
    pooling   float32 [1, n, S]       1/m at each of a sentence's m tokens
    features  float32 [1, n, FEATURES]
    → scores  float32 [1, n]          higher is more worth telling
    → vectors float32 [1, n, width]   the mean of a sentence's last states

The head: layer norm over [state of the last token; mean of the states], then two layers with GELU between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from notime.model.graph.body import Body
from notime.model.graph.int8 import MICROSOFT
from notime.model.graph.nodes import Nodes
from notime.model.graph.writer import DATA, IR_VERSION, OPSET, as_smoothed
from notime.model.runtime.embedding import FILE, write_embedding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.graph.weights import DecoderWeights

    Floats = npt.NDArray[np.float32]

FEATURES = 4

CONTEXT = 2048
"""Tokens that a piece of a page may have."""


def write_reader(
    weights: DecoderWeights, head: Path, folder: Path, progress: Callable[[float], None], smoothing: Path | None = None
) -> list[str]:
    """Write the graph and its weights into `folder`.

    Args:
        weights: the network, with its adapter.
        head: a file of `norm.weight|bias`, `layers.0.weight|bias`, `layers.2.weight|bias`.
        folder: an existing folder.
        progress: called with the share done, 0 to 1.
        smoothing: as for `graph.write_decoder`.

    Returns:
        The names of the files written.
    """
    shape = weights.shape
    seen = {k: v.astype(np.float32) for k, v in load_file(smoothing).items()} if smoothing else {}
    write_embedding(weights.embedding(), folder / FILE)
    with (folder / DATA).open("wb") as data:
        made = Nodes(data, DATA)
        made.node("Shape", ["embedded"], ["tokens.count"], start=1, end=2)
        made.node("Cast", ["tokens.count"], ["tokens.int"], to=TensorProto.INT32)
        made.constant("first.axis", np.array([0], dtype=np.int64))
        made.constant("one.int", np.array([1], dtype=np.int32))
        made.node("Sub", ["tokens.int", "one.int"], ["seqlens_k"])
        made.node("Squeeze", ["tokens.int", "first.axis"], ["total_sequence_length"])

        def attend(index: int, queries: str, keys: str, values: str) -> str:
            name = f"layers.{index}.attention"
            made.node(
                "GroupQueryAttention",
                [queries, keys, values, "", "", "seqlens_k", "total_sequence_length", *body.rotary(index)],
                [name, f"{name}.key", f"{name}.value"],
                domain=MICROSOFT,
                num_heads=shape.heads,
                kv_num_heads=shape.kv_heads,
                scale=float(shape.head_width**-0.5),
                do_rotary=1,
                rotary_interleaved=0,
                local_window_size=shape.sees(index) or -1,
            )
            return name

        body = Body(shape, made, attend, CONTEXT)
        for index in range(shape.layers):
            body.block(index, *as_smoothed(weights.layer(index), seen, index))
            progress((index + 1) / shape.layers)
        _head(made, body.norm("norm", weights.final_norm()), load_file(head))
    info = helper.make_tensor_value_info
    inputs = [
        info("embedded", TensorProto.FLOAT, [1, "sequence", shape.width]),
        info("lasts", TensorProto.INT64, [1, "sentences"]),
        info("pooling", TensorProto.FLOAT, [1, "sentences", "sequence"]),
        info("features", TensorProto.FLOAT, [1, "sentences", FEATURES]),
    ]
    outputs = [
        info("scores", TensorProto.FLOAT, [1, "sentences"]),
        info("vectors", TensorProto.FLOAT, [1, "sentences", shape.width]),
    ]
    graph = helper.make_graph(made.nodes, "reader", inputs, outputs, made.initializers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(
        helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="notime", producer_version="1"
        ),
        folder / "model.onnx",
    )
    return ["model.onnx", DATA, FILE]


def _head(made: Nodes, states: str, head: dict[str, Floats]) -> None:
    for name, values in head.items():
        values = values.astype(np.float32)
        made.constant(f"head.{name}", np.ascontiguousarray(values.T) if values.ndim == 2 else values)
    made.constant("axis.last", np.array([-1], dtype=np.int64))
    made.node("Unsqueeze", ["lasts", "axis.last"], ["lasts.column"])
    made.node("GatherND", [states, "lasts.column"], ["lasts.states"], batch_dims=1)
    made.node("MatMul", ["pooling", states], ["vectors"])
    made.node("Concat", ["lasts.states", "vectors"], ["head.in"], axis=-1)
    made.node("LayerNormalization", ["head.in", "head.norm.weight", "head.norm.bias"], ["head.normed"], axis=-1)
    made.node("Concat", ["head.normed", "features"], ["head.told"], axis=-1)
    for layer, source, out in (("layers.0", "head.told", "head.first"), ("layers.2", "head.active", "head.second")):
        made.node("MatMul", [source, f"head.{layer}.weight"], [f"{out}.product"])
        made.node("Add", [f"{out}.product", f"head.{layer}.bias"], [out])
        if layer == "layers.0":
            made.node("Gelu", ["head.first"], ["head.active"])
    made.node("Squeeze", ["head.second", "axis.last"], ["scores"])
