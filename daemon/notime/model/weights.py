"""A GGUF file and a LoRA adapter as one set of float32 weights, and the tokenizer that goes with them.

Comes in: paths. Goes out: arrays under the names that Hugging Face's Llama uses, and a `tokenizers` file.
Must not know: ONNX.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from notime.errors import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt
    from gguf import GGUFReader

    Floats = npt.NDArray[np.float32]

LAYER_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
"""llama.cpp's tensor names within a block, and Hugging Face's."""

CONTROL_TOKEN = 3
"""`tokenizer.ggml.token_type` of a token that text never becomes."""


@dataclass(frozen=True, slots=True)
class LlamaShape:
    """What the graph must know of the network."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    ffn: int
    vocabulary: int
    context: int
    rope_base: float
    norm_epsilon: float

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


class LlamaWeights:
    """A Llama network read from a GGUF file, with a LoRA adapter added where one is given.

    Tensors are dequantised one at a time, so that reading costs one tensor's memory and not the network's.

    Args:
        gguf_path: the base weights, any quantisation that the `gguf` package reads.
        adapter: a folder with PEFT's `adapter_config.json` and `adapter_model.safetensors`.

    Raises:
        Corrupt: the file is not GGUF, not a Llama, or the adapter does not fit it.
    """

    def __init__(self, gguf_path: Path, adapter: Path | None = None) -> None:
        # Imported here: half a second that only a build has to spend.
        from gguf import GGUFReader

        try:
            self._reader = GGUFReader(gguf_path)
        except (ValueError, KeyError, IndexError) as error:
            raise Corrupt(f"{gguf_path.name} is not a GGUF file that can be read.") from error
        if self.field("general.architecture") != "llama":
            raise Corrupt(f"{gguf_path.name} is not a Llama network.")
        self.shape = _shape(self)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        self._adapter = _Adapter(adapter) if adapter else None

    @property
    def reader(self) -> GGUFReader:
        """The open GGUF file."""
        return self._reader

    def field(self, key: str) -> Any:
        """The value of a metadata key.

        Raises:
            Corrupt: the key is absent.
        """
        entry = self._reader.fields.get(key)
        if entry is None:
            raise Corrupt(f"The GGUF file lacks {key}.")
        return entry.contents()

    def embedding(self) -> Floats:
        """The token embedding, [vocabulary, width]; the output head is the same matrix."""
        return self._dequantised("token_embd.weight")

    def final_norm(self) -> Floats:
        """The last RMSNorm's scale, [width]."""
        return self._dequantised("output_norm.weight")

    def layer(self, index: int) -> dict[str, Floats]:
        """One block: Hugging Face's name within the layer → weight, [out, in] for projections."""
        return dict(self._layer(index))

    def _layer(self, index: int) -> Iterator[tuple[str, Floats]]:
        for ours, theirs in LAYER_NAMES.items():
            weight = self._dequantised(f"blk.{index}.{ours}.weight")
            if ours == "attn_q":
                weight = _unpermuted(weight, self.shape.heads)
            elif ours == "attn_k":
                weight = _unpermuted(weight, self.shape.kv_heads)
            if self._adapter is not None:
                weight = self._adapter.added_to(weight, f"model.layers.{index}.{theirs}")
            yield theirs, weight

    def _dequantised(self, name: str) -> Floats:
        from gguf.quants import dequantize

        tensor = self._tensors.get(name)
        if tensor is None:
            raise Corrupt(f"The GGUF file lacks the tensor {name}.")
        values: Floats = dequantize(tensor.data, tensor.tensor_type).astype(np.float32, copy=False)
        return values.reshape([int(n) for n in reversed(tensor.shape)])


def _shape(weights: LlamaWeights) -> LlamaShape:
    def field(key: str) -> Any:
        return weights.field(f"llama.{key}")

    return LlamaShape(
        layers=int(field("block_count")),
        width=int(field("embedding_length")),
        heads=int(field("attention.head_count")),
        kv_heads=int(field("attention.head_count_kv")),
        ffn=int(field("feed_forward_length")),
        vocabulary=len(weights.field("tokenizer.ggml.tokens")),
        context=int(field("context_length")),
        rope_base=float(field("rope.freq_base")),
        norm_epsilon=float(field("attention.layer_norm_rms_epsilon")),
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


def tokenizer_json(weights: LlamaWeights) -> str:
    """The byte-level BPE tokenizer that the GGUF file carries, as a `tokenizers` file.

    Raises:
        Corrupt: the file carries another kind of tokenizer.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    kind = (weights.field("tokenizer.ggml.model"), weights.field("tokenizer.ggml.pre"))
    if kind != ("gpt2", "smollm"):
        raise Corrupt(f"The GGUF file's tokenizer, {'/'.join(map(str, kind))}, is not one we build.")
    tokens = weights.field("tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ", 1)) for merge in weights.field("tokenizer.ggml.merges")]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    # llama.cpp's "smollm": each digit by itself, then GPT-2's split.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    types = weights.field("tokenizer.ggml.token_type")
    tokenizer.add_special_tokens(
        [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, types, strict=True)
            if kind == CONTROL_TOKEN
        ]
    )
    return str(tokenizer.to_str(pretty=False))
