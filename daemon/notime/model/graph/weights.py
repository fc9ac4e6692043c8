"""A GGUF file and a LoRA adapter as one set of float32 weights.

Comes in: paths. Goes out: arrays under the names that Hugging Face's Llama, Qwen and Gemma 3 use. Must not know: ONNX,
or how text becomes tokens (`tokenizer.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from notime.errors import Corrupt
from notime.model.graph.gguf_file import GgufFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

COMMON = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
}
NORMED_HEADS = {"attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm"}
LLAMA = COMMON | {"ffn_norm": "post_attention_layernorm"}
LAYER_NAMES = {
    "llama": LLAMA,
    "qwen2": LLAMA,
    "qwen3": LLAMA | NORMED_HEADS,
    "gemma3": COMMON
    | NORMED_HEADS
    | {
        "post_attention_norm": "post_attention_layernorm",
        "ffn_norm": "pre_feedforward_layernorm",
        "post_ffw_norm": "post_feedforward_layernorm",
    },
}
"""llama.cpp's tensor names within a block, and Hugging Face's, by architecture."""

EMBEDDING, HEAD, ROPE_FACTORS = "token_embd.weight", "output.weight", "rope_freqs.weight"

BIASED = ("attn_q", "attn_k", "attn_v")
"""Of which Qwen 2 has biases."""

ROPE_BASE = 10_000.0
"""Where a file tells none."""

WINDOW_PATTERN = 6
"""Of so many layers of Gemma 3 the last sees everything, the others a window."""


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """What the graph must know of the network."""

    architecture: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    ffn: int
    vocabulary: int
    context: int
    rope_base: float
    norm_epsilon: float
    window: int = 0
    """Tokens that most layers see, themselves included; 0: everything."""
    rope_factors: tuple[float, ...] = ()
    """By which the frequencies of layers that see everything are divided, [head_width / 2]; none: 1."""

    @property
    def gemma(self) -> bool:
        """Norms around both halves of a block, GELU, a scaled embedding."""
        return self.architecture == "gemma3"

    @property
    def norms_heads(self) -> bool:
        """Norms on each head's queries and keys."""
        return "attn_q_norm" in LAYER_NAMES[self.architecture]

    def sees(self, layer: int) -> int:
        """How many tokens a layer sees; 0: everything."""
        return self.window if self.window and (layer + 1) % WINDOW_PATTERN else 0


class DecoderWeights:
    """A Llama, Qwen 2 or 3, or Gemma 3 network read from a GGUF file, with a LoRA adapter added where one is given.

    Tensors are dequantised one at a time, the embedding and the head in parts: a build holds a layer, not the network.

    Args:
        gguf_path: the base weights, any quantisation that the `gguf` package reads.
        adapter: a folder with PEFT's `adapter_config.json` and `adapter_model.safetensors`.

    Raises:
        Corrupt: the file is not GGUF, of another kind, or the adapter does not fit it.
    """

    def __init__(self, gguf_path: Path, adapter: Path | None = None) -> None:
        self._file = GgufFile(gguf_path)
        if self.field("general.architecture") not in LAYER_NAMES:
            raise Corrupt(f"{gguf_path.name} is not a network of a kind that we build: {', '.join(LAYER_NAMES)}.")
        self.shape = _shape(self)
        self._adapter = _Adapter(adapter) if adapter else None

    def field(self, key: str, default: Any = None) -> Any:
        """The value of a metadata key.

        Raises:
            Corrupt: the key is absent, and there is no default.
        """
        found = self._file.fields.get(key, default)
        if found is None:
            raise Corrupt(f"The GGUF file lacks {key}.")
        return found

    def chat_template(self) -> str:
        """As Jinja; empty where the file has none."""
        return str(self.field("tokenizer.chat_template", ""))

    def embedding(self) -> Iterator[Floats]:
        """The token embedding, [vocabulary, width], so many rows at a time."""
        return self._file.parts(EMBEDDING)

    @property
    def tied(self) -> bool:
        """The output head is the token embedding."""
        return HEAD not in self._file.tensors

    def head(self) -> Iterator[Floats]:
        """The output head, [vocabulary, width], so many rows at a time."""
        return self._file.parts(EMBEDDING if self.tied else HEAD)

    def rope_factors(self) -> tuple[float, ...]:
        """As `DecoderShape` has them: Llama 3's are a tensor of the file."""
        if ROPE_FACTORS not in self._file.tensors:
            return ()
        return tuple(float(each) for each in self._file.tensor(ROPE_FACTORS))

    def final_norm(self) -> Floats:
        """The last RMSNorm's scale, [width]."""
        return self._file.tensor("output_norm.weight")

    def layer(self, index: int) -> dict[str, Floats]:
        """One block: Hugging Face's name within the layer → weight, [out, in] for projections."""
        return dict(self._layer(index))

    def _layer(self, index: int) -> Iterator[tuple[str, Floats]]:
        for ours, theirs in LAYER_NAMES[self.shape.architecture].items():
            weight = self._file.tensor(f"blk.{index}.{ours}.weight")
            heads = {"attn_q": self.shape.heads, "attn_k": self.shape.kv_heads}.get(ours)
            if heads and self.shape.architecture == "llama":  # of the others llama.cpp leaves rotary pairs in place
                weight = _unpermuted(weight, heads)
            if self._adapter is not None:
                weight = self._adapter.added_to(weight, f"model.layers.{index}.{theirs}")
            yield theirs, weight
            if self.shape.architecture == "qwen2" and ours in BIASED:
                yield f"{theirs}.bias", self._file.tensor(f"blk.{index}.{ours}.bias")


def _shape(weights: DecoderWeights) -> DecoderShape:
    architecture = weights.field("general.architecture")

    def field(key: str, default: Any = None) -> Any:
        return weights.field(f"{architecture}.{key}", default)

    if field("rope.scaling.type", "none") not in ("none", "linear"):
        raise Corrupt(f"Rotary positions scaled by {field('rope.scaling.type')} are not built.")
    width, heads = int(field("embedding_length")), int(field("attention.head_count"))
    head_width = int(field("attention.key_length", width // heads))
    scale = float(field("rope.scaling.factor", 1.0))
    return DecoderShape(
        architecture=architecture,
        layers=int(field("block_count")),
        width=width,
        heads=heads,
        kv_heads=int(field("attention.head_count_kv")),
        head_width=head_width,
        ffn=int(field("feed_forward_length")),
        vocabulary=len(weights.field("tokenizer.ggml.tokens")),
        context=int(field("context_length")),
        rope_base=float(field("rope.freq_base", ROPE_BASE)),
        norm_epsilon=float(field("attention.layer_norm_rms_epsilon")),
        window=int(field("attention.sliding_window")) if architecture == "gemma3" else 0,
        rope_factors=weights.rope_factors() or ((scale,) * (head_width // 2) if scale != 1 else ()),
    )


def _unpermuted(weight: Floats, heads: int) -> Floats:
    """Undo llama.cpp's reordering of rotary pairs, so that halves rotate against halves as the adapter has it."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


class _Adapter:
    """A LoRA adapter in PEFT's layout: W + (alpha / r) · B · A."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        if config.get("peft_type") != "LORA" or config.get("use_dora"):
            raise Corrupt(f"{folder.name} does not hold a plain LoRA adapter.")
        rank = config["r"]
        self._scale = np.float32(config["lora_alpha"] / (rank**0.5 if config.get("use_rslora") else rank))
        self._tensors = load_file(folder / "adapter_model.safetensors")

    def added_to(self, weight: Floats, name: str) -> Floats:
        down = self._tensors.get(f"base_model.model.{name}.lora_A.weight")
        up = self._tensors.get(f"base_model.model.{name}.lora_B.weight")
        if down is None or up is None:
            return weight
        if (up.shape[0], down.shape[1]) != weight.shape:
            raise Corrupt(f"The adapter's {name} does not fit the base weights.")
        merged: Floats = weight + self._scale * (up.astype(np.float32) @ down.astype(np.float32))
        return merged
