"""Llama weights as an ONNX graph that ONNX Runtime runs well on a CPU.

Comes in: `LlamaWeights`. Goes out: `model.onnx` with its weights beside it in `model.onnx.data`.
Must not know: where the weights came from, how the graph is run.

The operators are ONNX Runtime's own (domain com.microsoft). Up to `LANES` texts run side by side, one behind the other
in one sequence of S tokens, each with a cache of its own, so that nothing is padded:

    embedded                     float32 [1, S, width]  rows of the embedding (`embedding.py`)
    lane_tokens                  int64 [LANES]    how many of the S tokens are each lane's, in order; at least 1
    logit_positions              int64 [1, K]     which of the S places to compute logits for
    lane.N.seqlens_k             int32 [1]        tokens in the lane's cache after this pass, less one
    lane.N.total_sequence_length int32 []         the same, not less one
    lane.N.past.L.key|value      float32 [1, kv_heads, capacity, head_width]
    → logits                     float32 [1, K, vocabulary]
    → lane.N.present.L.key|value float32, shaped like past; one buffer may be bound to both

Matrices are int8, one scale an output, and activations int8, one scale a token: integers are added up exactly, so that
what a token gets does not depend on the tokens beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from notime.model.embedding import FILE, write_embedding
from notime.model.smooth import smoothed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.weights import LlamaShape, LlamaWeights

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.uint8]

LEVELS = 63
"""Largest code of a weight: with 7 bits the sums of two products that processors without VNNI make in 16 bits do not
overflow, so that a build is the same everywhere. Perplexity: docs/performance.md."""

LANES = 3
"""Texts side by side: a short summary has three sentences, and a free lane costs a little."""

ZERO = 128
"""The unsigned code of 0 of an activation."""

MICROSOFT = "com.microsoft"
OPSET = 21
IR_VERSION = 10


def by_output(weight: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round to `LEVELS`, symmetric, one scale an output.

    Args:
        weight: [out, in].

    Returns:
        Codes [out, in] and scales [out].
    """
    scales = np.abs(weight).max(axis=1) / np.float32(LEVELS)
    safe = np.where(scales == 0, np.float32(1), scales)
    return np.rint(weight / safe[:, None]).astype(np.int8), scales.astype(np.float32)


def write_llama(
    weights: LlamaWeights, folder: Path, progress: Callable[[float], None], smoothing: Path | None = None
) -> list[str]:
    """Write the graph and its weights into `folder`.

    Args:
        weights: the network.
        folder: an existing folder.
        progress: called with the share done, 0 to 1.
        smoothing: a file of `layers.N.*`, the largest activations; see `smooth.smoothed`.

    Returns:
        The names of the files written.
    """
    largest = {k: v.astype(np.float32) for k, v in load_file(smoothing).items()} if smoothing else {}
    write_embedding(weights.embedding(), folder / FILE)
    with (folder / "model.onnx.data").open("wb") as data:
        graph = _Graph(weights.shape, data)
        for index in range(weights.shape.layers):
            layer = weights.layer(index)
            if largest:
                head = f"layers.{index}."
                layer = smoothed(layer, {k.removeprefix(head): v for k, v in largest.items() if k.startswith(head)})
            graph.block(index, layer)
            progress((index + 1) / weights.shape.layers)
        graph.head(weights.final_norm(), weights.embedding())
    onnx.save(graph.model(), folder / "model.onnx")
    return ["model.onnx", "model.onnx.data", FILE]


class _Graph:
    """The graph while it is written: nodes in order, weights streamed to the data file."""

    def __init__(self, shape: LlamaShape, data: Any) -> None:
        self._shape = shape
        self._data = data
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._hidden = ""
        self._residual = "embedded"
        cos, sin = _rotary(shape)
        self._store("cos_cache", cos)
        self._store("sin_cache", sin)
        self._constant("zero.code", np.array(ZERO, dtype=np.uint8))
        self._constant("one", np.array(1, dtype=np.float32))
        self._constant("level", np.array(1 / 127, dtype=np.float32))
        self._constant("flat", np.array([-1], dtype=np.int64))
        self._constant("axes.last", np.array([-1], dtype=np.int64))
        for places in ("embedded", "logit_positions"):
            self._node("Shape", [places], [f"{places}.count"], start=1, end=2)
            self._node("Expand", ["zero.code", f"{places}.count"], [f"{places}.zeros"])

    def block(self, index: int, layer: dict[str, Floats]) -> None:
        """One transformer block."""
        shape, name = self._shape, f"layers.{index}"
        normed = self._norm(f"{name}.input_layernorm", layer["input_layernorm"])
        packed = np.concatenate([layer[f"self_attn.{p}_proj"] for p in "qkv"])
        qkv = self._matmul(f"{name}.qkv", normed, packed)
        lanes = [f"{qkv}.{lane}" for lane in range(LANES)]
        self._node("Split", [qkv, "lane_tokens"], lanes, axis=1)
        for lane, source in enumerate(lanes):
            past = [f"lane.{lane}.past.{index}.key", f"lane.{lane}.past.{index}.value"]
            present = [f"lane.{lane}.present.{index}.key", f"lane.{lane}.present.{index}.value"]
            lengths = [f"lane.{lane}.seqlens_k", f"lane.{lane}.total_sequence_length"]
            self._node(
                "GroupQueryAttention",
                [source, "", "", *past, *lengths, "cos_cache", "sin_cache"],
                [f"{name}.attention.{lane}", *present],
                domain=MICROSOFT,
                num_heads=shape.heads,
                kv_num_heads=shape.kv_heads,
                scale=float(shape.head_width**-0.5),
                do_rotary=1,
                rotary_interleaved=0,
            )
        attention = f"{name}.attention"
        self._node("Concat", [f"{attention}.{lane}" for lane in range(LANES)], [attention], axis=1)
        self._hidden = self._matmul(f"{name}.o_proj", attention, layer["self_attn.o_proj"])
        normed = self._norm(f"{name}.post_attention_layernorm", layer["post_attention_layernorm"])
        both = self._matmul(f"{name}.gate_up", normed, np.concatenate([layer["mlp.gate_proj"], layer["mlp.up_proj"]]))
        gate, up = f"{name}.gate", f"{name}.up"
        self._node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        self._node("Sigmoid", [gate], [f"{name}.sigmoid"])
        self._node("Mul", [gate, f"{name}.sigmoid"], [f"{name}.silu"])
        self._node("Mul", [f"{name}.silu", up], [f"{name}.gated"])
        self._hidden = self._matmul(f"{name}.down_proj", f"{name}.gated", layer["mlp.down_proj"])

    def head(self, norm: Floats, embedding: Floats) -> None:
        """The last norm and the logits, for the asked places only."""
        normed = self._norm("norm", norm)
        self._node("Unsqueeze", ["logit_positions", "axes.last"], ["logit_positions.column"])
        self._node("GatherND", [normed, "logit_positions.column"], ["head.in"], batch_dims=1)
        self._matmul("logits", "head.in", embedding, zeros="logit_positions.zeros")

    def model(self) -> onnx.ModelProto:
        """The finished model; its weights stay in the data file."""
        shape = self._shape
        info = helper.make_tensor_value_info
        inputs = [
            info("embedded", TensorProto.FLOAT, [1, "sequence", shape.width]),
            info("lane_tokens", TensorProto.INT64, [LANES]),
            info("logit_positions", TensorProto.INT64, [1, "positions"]),
        ]
        outputs = [info("logits", TensorProto.FLOAT, [1, "positions", shape.vocabulary])]
        for lane in range(LANES):
            cache = [1, shape.kv_heads, f"capacity.{lane}", shape.head_width]
            inputs.append(info(f"lane.{lane}.seqlens_k", TensorProto.INT32, [1]))
            inputs.append(info(f"lane.{lane}.total_sequence_length", TensorProto.INT32, []))
            for index in range(shape.layers):
                for part in ("key", "value"):
                    inputs.append(info(f"lane.{lane}.past.{index}.{part}", TensorProto.FLOAT, cache))
                    outputs.append(info(f"lane.{lane}.present.{index}.{part}", TensorProto.FLOAT, cache))
        graph = helper.make_graph(self._nodes, "llama", inputs, outputs, self._initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="notime", producer_version="1"
        )

    def _norm(self, name: str, weight: Floats) -> str:
        """RMSNorm of the residual stream, into which what the last sub-layer wrote is added first."""
        self._store(f"{name}.weight", weight)
        epsilon = self._shape.norm_epsilon
        if not self._hidden:
            inputs = [self._residual, f"{name}.weight"]
            self._node("SimplifiedLayerNormalization", inputs, [name], epsilon=epsilon, axis=-1, stash_type=1)
            return name
        self._node(
            "SkipSimplifiedLayerNormalization",
            [self._residual, self._hidden, f"{name}.weight"],
            [name, "", "", f"{name}.residual"],
            domain=MICROSOFT,
            epsilon=epsilon,
        )
        self._residual = f"{name}.residual"
        return name

    def _matmul(self, name: str, source: str, weight: Floats, *, zeros: str = "embedded.zeros") -> str:
        """Int8 by int8, added up in int32: a scale a token, a scale an output."""
        codes, scales = by_output(weight)
        self._store(f"{name}.codes", np.ascontiguousarray(codes.T))
        self._store(f"{name}.scales", scales)
        self._node("Abs", [source], [f"{name}.abs"])
        self._node("ReduceMax", [f"{name}.abs", "axes.last"], [f"{name}.max"], keepdims=1)
        self._node("Mul", [f"{name}.max", "level"], [f"{name}.step"])
        self._node("Reshape", [f"{name}.step", "flat"], [f"{name}.steps"])
        self._node("QuantizeLinear", [source, f"{name}.steps", zeros], [f"{name}.in"], axis=1)
        inputs = [f"{name}.in", f"{name}.codes", "one", f"{name}.scales", "zero.code"]
        self._node("MatMulIntegerToFloat", inputs, [f"{name}.sum"], domain=MICROSOFT)
        self._node("Mul", [f"{name}.sum", f"{name}.step"], [name])
        return name

    def _node(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        self._nodes.append(helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}/{kind}", **attributes))

    def _constant(self, name: str, values: npt.NDArray[Any]) -> None:
        self._initializers.append(onnx.numpy_helper.from_array(values, name))

    def _store(self, name: str, values: npt.NDArray[Any]) -> None:
        """An initializer whose bytes go to the data file, aligned to a page so that they can be mapped."""
        padding = -self._data.tell() % 4096
        self._data.write(b"\0" * padding)
        tensor = TensorProto(name=name, dims=values.shape, data_location=TensorProto.EXTERNAL)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(values.dtype)
        entries = {"location": "model.onnx.data", "offset": self._data.tell(), "length": values.nbytes}
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=str(value))
        self._data.write(np.ascontiguousarray(values).tobytes())
        self._initializers.append(tensor)


def _rotary(shape: LlamaShape) -> tuple[Floats, Floats]:
    """Cosines and sines for every position, [context, head_width / 2]."""
    half = np.arange(0, shape.head_width, 2, dtype=np.float64) / shape.head_width
    angles = np.arange(shape.context, dtype=np.float64)[:, None] * shape.rope_base**-half
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
