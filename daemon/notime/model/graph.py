"""Llama weights as an ONNX graph that ONNX Runtime runs well on a CPU.

Comes in: `LlamaWeights`. Goes out: `model.onnx` with its weights beside it in `model.onnx.data`.
Must not know: where the weights came from, how the graph is run.

The operators are ONNX Runtime's own (domain com.microsoft): `MatMulNBits` for weights in 8-bit blocks of 32,
`GroupQueryAttention` with packed QKV, rotary embedding inside and a cache that is written in place where past and
present are bound to one buffer. B prompts run side by side, padded on the right:

    input_ids              int64   [B, S]
    seqlens_k              int32   [B]       tokens of each row in the cache after this pass, less one
    total_sequence_length  int32   []        the longest row's tokens after this pass
    logit_positions        int64   [B, K]    which of the S places to compute logits for
    past_key_values.L.key|value  float32 [B, kv_heads, capacity, head_width]
    → logits               float32 [B, K, vocabulary]
    → present.L.key|value  float32, shaped like past
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.weights import LlamaShape, LlamaWeights

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.uint8]

BLOCK = 32
"""Weights a scale. 8-bit blocks of 32 keep the fp32 network's text almost to the word, where rounding Q4_1
weights to 4 bits a second time does not (docs/model.md)."""

ZERO = 128
"""The code of 0: `MatMulNBits` takes 2^(bits-1) where no zero points are given."""

ACCURACY_LEVEL = 4
"""Activations as int8 blocks within the kernel: the only level with a fast 8-bit kernel (docs/model.md)."""

MICROSOFT = "com.microsoft"
OPSET = 21
IR_VERSION = 10


def quantized(weight: Floats) -> tuple[Bytes, Floats]:
    """Round to 8 bits, symmetric, in blocks along the input.

    Args:
        weight: [out, in], `in` a multiple of `BLOCK`.

    Returns:
        Codes [out, in / BLOCK, BLOCK], where `ZERO` is 0, and scales [out, in / BLOCK].
    """
    out, width = weight.shape
    blocks = weight.reshape(out, width // BLOCK, BLOCK)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    safe = np.where(scales == 0, np.float32(1), scales)
    codes = np.rint(blocks / safe[:, :, None]) + ZERO
    return codes.astype(np.uint8), scales.astype(np.float32)


def dequantized(codes: Bytes, scales: Floats) -> Floats:
    """Inverse of `quantized`, up to its rounding."""
    values = (codes.astype(np.float32) - ZERO) * scales[:, :, None]
    flat: Floats = values.reshape(codes.shape[0], -1).astype(np.float32)
    return flat


def write_llama(weights: LlamaWeights, folder: Path, progress: Callable[[float], None]) -> list[str]:
    """Write the graph and its weights into `folder`.

    Args:
        weights: the network.
        folder: an existing folder.
        progress: called with the share done, 0 to 1.

    Returns:
        The names of the files written.
    """
    with (folder / "model.onnx.data").open("wb") as data:
        graph = _Graph(weights.shape, data)
        graph.embed(weights.embedding())
        for index in range(weights.shape.layers):
            graph.block(index, weights.layer(index))
            progress((index + 1) / weights.shape.layers)
        graph.head(weights.final_norm())
    onnx.save(graph.model(), folder / "model.onnx")
    return ["model.onnx", "model.onnx.data"]


class _Graph:
    """The graph while it is written: nodes in order, weights streamed to the data file."""

    def __init__(self, shape: LlamaShape, data: Any) -> None:
        self._shape = shape
        self._data = data
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._hidden = ""
        self._residual = ""
        cos, sin = _rotary(shape)
        self._store("cos_cache", cos)
        self._store("sin_cache", sin)
        self._constant("zero", np.array(ZERO, dtype=np.float32))

    def embed(self, embedding: Floats) -> None:
        """Rows of the 8-bit embedding, dequantised after they are gathered; the head reads the same bytes."""
        codes, scales = quantized(embedding)
        self._store("embedding.codes", codes)
        self._store("embedding.scales", scales)
        shape = self._shape
        self._constant("embedding.shape", np.array([0, 0, shape.width], dtype=np.int64))
        self._constant("axes.last", np.array([-1], dtype=np.int64))
        self._node("Gather", ["embedding.codes", "input_ids"], ["embed.codes"], axis=0)
        self._node("Gather", ["embedding.scales", "input_ids"], ["embed.scales"], axis=0)
        self._node("Cast", ["embed.codes"], ["embed.values"], to=TensorProto.FLOAT)
        self._node("Sub", ["embed.values", "zero"], ["embed.centred"])
        self._node("Unsqueeze", ["embed.scales", "axes.last"], ["embed.scales.column"])
        self._node("Mul", ["embed.centred", "embed.scales.column"], ["embed.blocks"])
        self._node("Reshape", ["embed.blocks", "embedding.shape"], ["embed.out"])
        self._residual = "embed.out"

    def block(self, index: int, layer: dict[str, Floats]) -> None:
        """One transformer block."""
        shape, name = self._shape, f"layers.{index}"
        normed = self._norm(f"{name}.input_layernorm", layer["input_layernorm"])
        packed = np.concatenate([layer[f"self_attn.{p}_proj"] for p in "qkv"])
        qkv = self._matmul(f"{name}.qkv", normed, packed)
        past = [f"past_key_values.{index}.key", f"past_key_values.{index}.value"]
        present = [f"present.{index}.key", f"present.{index}.value"]
        attention = f"{name}.attention"
        self._node(
            "GroupQueryAttention",
            [qkv, "", "", *past, "seqlens_k", "total_sequence_length", "cos_cache", "sin_cache"],
            [attention, *present],
            domain=MICROSOFT,
            num_heads=shape.heads,
            kv_num_heads=shape.kv_heads,
            scale=float(shape.head_width**-0.5),
            do_rotary=1,
            rotary_interleaved=0,
        )
        self._hidden = self._matmul(f"{name}.o_proj", attention, layer["self_attn.o_proj"])
        normed = self._norm(f"{name}.post_attention_layernorm", layer["post_attention_layernorm"])
        gate = self._matmul(f"{name}.gate_proj", normed, layer["mlp.gate_proj"])
        up = self._matmul(f"{name}.up_proj", normed, layer["mlp.up_proj"])
        self._node("Sigmoid", [gate], [f"{name}.sigmoid"])
        self._node("Mul", [gate, f"{name}.sigmoid"], [f"{name}.silu"])
        self._node("Mul", [f"{name}.silu", up], [f"{name}.gated"])
        self._hidden = self._matmul(f"{name}.down_proj", f"{name}.gated", layer["mlp.down_proj"])

    def head(self, norm: Floats) -> None:
        """The last norm and the logits, for the asked places only."""
        normed = self._norm("norm", norm)
        self._node("Unsqueeze", ["logit_positions", "axes.last"], ["logit_positions.column"])
        self._node("GatherND", [normed, "logit_positions.column"], ["head.in"], batch_dims=1)
        self._nbits("head.in", "embedding.codes", "embedding.scales", "logits", self._shape.vocabulary)

    def model(self) -> onnx.ModelProto:
        """The finished model; its weights stay in the data file."""
        shape = self._shape
        cache = ["batch", shape.kv_heads, "capacity", shape.head_width]
        info = helper.make_tensor_value_info
        inputs = [
            info("input_ids", TensorProto.INT64, ["batch", "sequence"]),
            info("seqlens_k", TensorProto.INT32, ["batch"]),
            info("total_sequence_length", TensorProto.INT32, []),
            info("logit_positions", TensorProto.INT64, ["batch", "positions"]),
        ]
        outputs = [info("logits", TensorProto.FLOAT, ["batch", "positions", shape.vocabulary])]
        for index in range(shape.layers):
            for part in ("key", "value"):
                inputs.append(info(f"past_key_values.{index}.{part}", TensorProto.FLOAT, cache))
                outputs.append(info(f"present.{index}.{part}", TensorProto.FLOAT, cache))
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

    def _matmul(self, name: str, source: str, weight: Floats) -> str:
        codes, scales = quantized(weight)
        self._store(f"{name}.codes", codes)
        self._store(f"{name}.scales", scales)
        self._nbits(source, f"{name}.codes", f"{name}.scales", name, weight.shape[0], weight.shape[1])
        return name

    def _nbits(self, source: str, codes: str, scales: str, out: str, n: int, k: int | None = None) -> None:
        self._node(
            "MatMulNBits",
            [source, codes, scales],
            [out],
            domain=MICROSOFT,
            K=k or self._shape.width,
            N=n,
            bits=8,
            block_size=BLOCK,
            accuracy_level=ACCURACY_LEVEL,
        )

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
