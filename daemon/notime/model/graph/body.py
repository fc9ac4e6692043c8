"""The blocks of a Llama, Qwen or Gemma 3 network as nodes of an ONNX graph that ONNX Runtime runs well on a CPU.

Comes in: weights, one layer at a time. Goes out: nodes, from the graph's input `embedded` to the last norm. Must not
know: what is made of the last states, or how attention gets its texts; whoever writes the graph gives `attend`.

The operators are ONNX Runtime's own (domain com.microsoft). Matrices are int8, one scale an output, and activations
int8, one scale a token: integers are added up exactly, so that what a token gets does not depend on the tokens beside
it. For the same reason the few inputs that stay in float32 are multiplied one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from notime.model.graph.int8 import MICROSOFT, constants, product, product_with_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from notime.model.graph.nodes import Nodes
    from notime.model.graph.weights import DecoderShape

    Floats = npt.NDArray[np.float32]
    Attend = Callable[[int, str, str, str], str]
    """A layer's number and its queries, keys and values, each [1, S, …] → what attention says, [1, S, …]."""

GLOBAL, LOCAL = "", "local."
"""Before the names of the rotary tables: of layers that see everything, and a window."""


class Body:
    """A network while it is written.

    Args:
        shape: its sizes.
        made: where nodes go.
        attend: writes the attention of one layer.
        context: most tokens that a text may have.
        sequences: the graph's inputs that hold a value a token; see `int8.constants`.
    """

    def __init__(
        self, shape: DecoderShape, made: Nodes, attend: Attend, context: int, sequences: Sequence[str] = ("embedded",)
    ) -> None:
        self._shape = shape
        self._made = made
        self._attend = attend
        self._hidden = ""
        self._residual = "embedded"
        if shape.gemma:
            made.constant("embedding.scale", np.array(shape.width**0.5, dtype=np.float32))
            made.node("Mul", ["embedded", "embedding.scale"], ["embedded.scaled"])
            self._residual = "embedded.scaled"
        tables = {GLOBAL: _rotary(shape.head_width, context, shape.rope_base, shape.rope_factors)}
        if shape.window:
            tables[LOCAL] = _rotary(shape.head_width, context, WINDOW_ROPE_BASE)
        for name, both in tables.items():
            for table, values in zip(("cos", "sin"), both, strict=True):
                made.store(f"{name}{table}_cache", values)
        if shape.norms_heads:
            made.constant("heads.shape", np.array([0, 0, -1, shape.head_width], dtype=np.int64))
            made.constant("heads.flat", np.array([0, 0, -1], dtype=np.int64))
        sizes = [shape.heads * shape.head_width, *[shape.kv_heads * shape.head_width] * 2]
        made.constant("qkv.sizes", np.array(sizes, dtype=np.int64))
        constants(made, sequences)

    def block(self, index: int, layer: dict[str, Floats], apart: Sequence[int] = ()) -> None:
        """One transformer block; inputs of `down_proj` that are `apart` are not rounded."""
        name = f"layers.{index}"
        normed = self.norm(f"{name}.input_layernorm", layer["input_layernorm"])
        packed = np.concatenate([layer[f"self_attn.{p}_proj"] for p in "qkv"])
        qkv = product(self._made, f"{name}.qkv", normed, packed)
        if "self_attn.q_proj.bias" in layer:
            self._made.store(f"{qkv}.bias", np.concatenate([layer[f"self_attn.{p}_proj.bias"] for p in "qkv"]))
            self._made.node("Add", [qkv, f"{qkv}.bias"], [f"{qkv}.biased"])
            qkv = f"{qkv}.biased"
        parts = [f"{name}.{part}" for part in ("queries", "keys", "values")]
        self._made.node("Split", [qkv, "qkv.sizes"], parts, axis=-1)
        queries, keys, values = parts
        if self._shape.norms_heads:
            queries = self._normed_heads(queries, layer["self_attn.q_norm"])
            keys = self._normed_heads(keys, layer["self_attn.k_norm"])
        attention = self._attend(index, queries, keys, values)
        self._hidden = product(self._made, f"{name}.o_proj", attention, layer["self_attn.o_proj"])
        after = "post_attention_layernorm"
        if self._shape.gemma:
            self._hidden = self._plain_norm(f"{name}.{after}", self._hidden, layer[after])
            after = "pre_feedforward_layernorm"
        normed = self.norm(f"{name}.{after}", layer[after])
        both = product(
            self._made, f"{name}.gate_up", normed, np.concatenate([layer["mlp.gate_proj"], layer["mlp.up_proj"]])
        )
        gate, up = f"{name}.gate", f"{name}.up"
        self._made.node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        self._made.node("Mul", [self._activated(name, gate), up], [f"{name}.gated"])
        self._hidden = product_with_apart(
            self._made, f"{name}.down_proj", f"{name}.gated", layer["mlp.down_proj"], apart
        )
        if self._shape.gemma:
            after = "post_feedforward_layernorm"
            self._hidden = self._plain_norm(f"{name}.{after}", self._hidden, layer[after])

    def norm(self, name: str, weight: Floats) -> str:
        """RMSNorm of the residual stream, into which what the last sub-layer wrote is added first."""
        if not self._hidden:
            return self._plain_norm(name, self._residual, weight)
        self._made.store(f"{name}.weight", weight)
        self._made.node(
            "SkipSimplifiedLayerNormalization",
            [self._residual, self._hidden, f"{name}.weight"],
            [name, "", "", f"{name}.residual"],
            domain=MICROSOFT,
            epsilon=self._shape.norm_epsilon,
        )
        self._residual = f"{name}.residual"
        return name

    def rotary(self, index: int) -> list[str]:
        """Names of a layer's tables of cosines and sines."""
        name = LOCAL if self._shape.sees(index) else GLOBAL
        return [f"{name}cos_cache", f"{name}sin_cache"]

    def _plain_norm(self, name: str, source: str, weight: Floats) -> str:
        self._made.store(f"{name}.weight", weight)
        self._made.node(
            "SimplifiedLayerNormalization",
            [source, f"{name}.weight"],
            [name],
            epsilon=self._shape.norm_epsilon,
            axis=-1,
            stash_type=1,
        )
        return name

    def _normed_heads(self, source: str, weight: Floats) -> str:
        """RMSNorm of each head by itself."""
        self._made.node("Reshape", [source, "heads.shape"], [f"{source}.heads"])
        normed = self._plain_norm(f"{source}.norm", f"{source}.heads", weight)
        self._made.node("Reshape", [normed, "heads.flat"], [f"{source}.flat"])
        return f"{source}.flat"

    def _activated(self, name: str, gate: str) -> str:
        out = f"{name}.activated"
        if self._shape.gemma:
            self._made.node("FastGelu", [gate], [out], domain=MICROSOFT)
        else:
            self._made.node("Sigmoid", [gate], [f"{name}.sigmoid"])
            self._made.node("Mul", [gate, f"{name}.sigmoid"], [out])
        return out


WINDOW_ROPE_BASE = 10_000.0
"""Of Gemma 3's layers that see a window; the GGUF file tells the others' alone (transformers' `Gemma3TextConfig`)."""


def _rotary(width: int, context: int, base: float, factors: Sequence[float] = ()) -> tuple[Floats, Floats]:
    """Cosines and sines for every position, [context, width / 2]; frequencies are divided by the factors."""
    half = np.arange(0, width, 2, dtype=np.float64) / width
    angles = np.arange(context, dtype=np.float64)[:, None] * (base**-half / (np.array(factors) if factors else 1))
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
