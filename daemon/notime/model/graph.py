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
    → logits                     float32 [1, K, vocabulary]  to be multiplied by the step of their place
    → logit_steps                float32 [1, K, 1]
    → lane.N.present.L.key|value float32, shaped like past; one buffer may be bound to both

Matrices are int8, one scale an output, and activations int8, one scale a token: integers are added up exactly, so that
what a token gets does not depend on the tokens beside it. For the same reason the few inputs that stay in float32 are
multiplied one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from notime.model.embedding import FILE, write_embedding
from notime.model.int8 import MICROSOFT, constants, product, product_in_steps, product_with_apart
from notime.model.nodes import Nodes
from notime.model.smooth import LARGEST, outliers, places, smoothed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.weights import LlamaShape, LlamaWeights

    Floats = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.uint8]

LANES = 3
"""Texts side by side: a short summary has three sentences, and a free lane costs a little."""

DATA = "model.onnx.data"
"""The file of the weights."""

OPSET = 21
IR_VERSION = 10


def write_llama(
    weights: LlamaWeights, folder: Path, progress: Callable[[float], None], smoothing: Path | None = None
) -> list[str]:
    """Write the graph and its weights into `folder`.

    Args:
        weights: the network.
        folder: an existing folder.
        progress: called with the share done, 0 to 1.
        smoothing: a file of `layers.N.*` and `norm`, how large activations are; see `smooth.py`.

    Returns:
        The names of the files written.
    """
    seen = {k: v.astype(np.float32) for k, v in load_file(smoothing).items()} if smoothing else {}
    write_embedding(weights.embedding(), folder / FILE)
    with (folder / DATA).open("wb") as data:
        graph = _Graph(weights.shape, Nodes(data, DATA))
        for index in range(weights.shape.layers):
            layer, head, apart = weights.layer(index), f"layers.{index}.", list[int]()
            if seen:
                here = {k.removeprefix(head): v for k, v in seen.items() if k.startswith(head)}
                apart = outliers(here[LARGEST])
                layer = smoothed(layer, here, apart)
            graph.block(index, layer, apart)
            progress((index + 1) / weights.shape.layers)
        graph.head(weights.final_norm(), weights.embedding(), places(seen["norm"]) if seen else None)
    onnx.save(graph.model(), folder / "model.onnx")
    return ["model.onnx", DATA, FILE]


class _Graph:
    """The network while it is written."""

    def __init__(self, shape: LlamaShape, made: Nodes) -> None:
        self._shape = shape
        self._made = made
        self._hidden = ""
        self._residual = "embedded"
        cos, sin = _rotary(shape)
        self._made.store("cos_cache", cos)
        self._made.store("sin_cache", sin)
        constants(made)

    def block(self, index: int, layer: dict[str, Floats], apart: Sequence[int]) -> None:
        """One transformer block; inputs of `down_proj` that are `apart` are not rounded."""
        shape, name = self._shape, f"layers.{index}"
        normed = self._norm(f"{name}.input_layernorm", layer["input_layernorm"])
        packed = np.concatenate([layer[f"self_attn.{p}_proj"] for p in "qkv"])
        qkv = product(self._made, f"{name}.qkv", normed, packed)
        lanes = [f"{qkv}.{lane}" for lane in range(LANES)]
        self._made.node("Split", [qkv, "lane_tokens"], lanes, axis=1)
        for lane, source in enumerate(lanes):
            past = [f"lane.{lane}.past.{index}.key", f"lane.{lane}.past.{index}.value"]
            present = [f"lane.{lane}.present.{index}.key", f"lane.{lane}.present.{index}.value"]
            lengths = [f"lane.{lane}.seqlens_k", f"lane.{lane}.total_sequence_length"]
            self._made.node(
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
        self._made.node("Concat", [f"{attention}.{lane}" for lane in range(LANES)], [attention], axis=1)
        self._hidden = product(self._made, f"{name}.o_proj", attention, layer["self_attn.o_proj"])
        normed = self._norm(f"{name}.post_attention_layernorm", layer["post_attention_layernorm"])
        both = product(
            self._made, f"{name}.gate_up", normed, np.concatenate([layer["mlp.gate_proj"], layer["mlp.up_proj"]])
        )
        gate, up = f"{name}.gate", f"{name}.up"
        self._made.node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        self._made.node("Sigmoid", [gate], [f"{name}.sigmoid"])
        self._made.node("Mul", [gate, f"{name}.sigmoid"], [f"{name}.silu"])
        self._made.node("Mul", [f"{name}.silu", up], [f"{name}.gated"])
        self._hidden = product_with_apart(
            self._made, f"{name}.down_proj", f"{name}.gated", layer["mlp.down_proj"], apart
        )

    def head(self, norm: Floats, embedding: Floats, spread: npt.NDArray[np.int64] | None) -> None:
        """The last norm and the logits, for the asked places only; inputs spread as `smooth.places` has it."""
        if spread is not None:
            norm = np.divide(norm, np.bincount(spread), dtype=np.float32)
        normed = self._norm("norm", norm)
        self._made.node("Unsqueeze", ["logit_positions", "axes.last"], ["logit_positions.column"])
        self._made.node("GatherND", [normed, "logit_positions.column"], ["head.asked"], batch_dims=1)
        source = "head.asked"
        if spread is not None:
            source, embedding = "head.spread", embedding[:, spread]
            self._made.constant("head.places", spread)
            self._made.node("Gather", ["head.asked", "head.places"], [source], axis=2)
        product_in_steps(self._made, "logits", "logit_steps", source, embedding, zeros="logit_positions.zeros")

    def model(self) -> onnx.ModelProto:
        """The finished model; its weights stay in the data file."""
        shape = self._shape
        info = helper.make_tensor_value_info
        inputs = [
            info("embedded", TensorProto.FLOAT, [1, "sequence", shape.width]),
            info("lane_tokens", TensorProto.INT64, [LANES]),
            info("logit_positions", TensorProto.INT64, [1, "positions"]),
        ]
        outputs = [
            info("logits", TensorProto.FLOAT, [1, "positions", shape.vocabulary]),
            info("logit_steps", TensorProto.FLOAT, [1, "positions", 1]),
        ]
        for lane in range(LANES):
            cache = [1, shape.kv_heads, f"capacity.{lane}", shape.head_width]
            inputs.append(info(f"lane.{lane}.seqlens_k", TensorProto.INT32, [1]))
            inputs.append(info(f"lane.{lane}.total_sequence_length", TensorProto.INT32, []))
            for index in range(shape.layers):
                for part in ("key", "value"):
                    inputs.append(info(f"lane.{lane}.past.{index}.{part}", TensorProto.FLOAT, cache))
                    outputs.append(info(f"lane.{lane}.present.{index}.{part}", TensorProto.FLOAT, cache))
        graph = helper.make_graph(self._made.nodes, "llama", inputs, outputs, self._made.initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="notime", producer_version="1"
        )

    def _norm(self, name: str, weight: Floats) -> str:
        """RMSNorm of the residual stream, into which what the last sub-layer wrote is added first."""
        self._made.store(f"{name}.weight", weight)
        epsilon = self._shape.norm_epsilon
        if not self._hidden:
            inputs = [self._residual, f"{name}.weight"]
            self._made.node("SimplifiedLayerNormalization", inputs, [name], epsilon=epsilon, axis=-1, stash_type=1)
            return name
        self._made.node(
            "SkipSimplifiedLayerNormalization",
            [self._residual, self._hidden, f"{name}.weight"],
            [name, "", "", f"{name}.residual"],
            domain=MICROSOFT,
            epsilon=epsilon,
        )
        self._residual = f"{name}.residual"
        return name


def _rotary(shape: LlamaShape) -> tuple[Floats, Floats]:
    """Cosines and sines for every position, [context, head_width / 2]."""
    half = np.arange(0, shape.head_width, 2, dtype=np.float64) / shape.head_width
    angles = np.arange(shape.context, dtype=np.float64)[:, None] * shape.rope_base**-half
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
