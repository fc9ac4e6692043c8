"""Tiny real models: a GGUF network of two layers with a LoRA adapter, in a wheel as the package index has it.

    python tests/models/make.py FOLDER

writes them for a look; tests make them in a temporary folder. They are seeded noise: they run on the real ONNX
Runtime through the real build, and what they write means nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import save_file

LAYERS, WIDTH, HEADS, KV_HEADS, FFN, CONTEXT, RANK, ALPHA = 2, 64, 2, 1, 96, 128, 4, 8
HEAD_WIDTH = WIDTH // HEADS
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


@dataclass(frozen=True)
class TinyModel:
    """What was made, and what a catalog entry must say of it."""

    folder: Path
    wheel: Path
    wheel_sha256: str
    member: str
    member_sha256: str


def byte_letters() -> list[str]:
    """GPT-2's printable letter for each byte: printable bytes as they are, the others from U+0100 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    for place, byte in enumerate(b for b in range(256) if b not in letters):
        letters[byte] = chr(256 + place)
    return [letters[byte] for byte in range(256)]


def make(folder: Path) -> TinyModel:
    """Write `tiny.gguf`, the adapter and the wheel into `folder`."""
    rng = np.random.default_rng(11)
    path = folder / "tiny.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    tokens = SPECIAL + byte_letters() + ["th", "he", "the"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * len(SPECIAL) + [1] * (len(tokens) - len(SPECIAL)))
    writer.add_token_merges(["t h", "h e", "th e"])
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}")

    def noise(*shape: int, scale: float = 0.1) -> np.ndarray:
        return rng.normal(0, scale, shape).astype(np.float32)

    shapes = {
        "attn_q": (WIDTH, WIDTH),
        "attn_k": (KV_HEADS * HEAD_WIDTH, WIDTH),
        "attn_v": (KV_HEADS * HEAD_WIDTH, WIDTH),
        "attn_output": (WIDTH, WIDTH),
        "ffn_gate": (FFN, WIDTH),
        "ffn_up": (FFN, WIDTH),
        "ffn_down": (WIDTH, FFN),
    }
    quant = gguf.GGMLQuantizationType
    embedding = gguf.quants.quantize(noise(len(tokens), WIDTH, scale=1.0), quant.Q8_0)
    writer.add_tensor("token_embd.weight", embedding, raw_dtype=quant.Q8_0)
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            packed = gguf.quants.quantize(noise(*shape), quant.Q4_1)
            writer.add_tensor(f"blk.{layer}.{name}.weight", packed, raw_dtype=quant.Q4_1)
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", 1 + noise(WIDTH))
    writer.add_tensor("output_norm.weight", 1 + noise(WIDTH))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    adapter = {}
    for layer in range(LAYERS):
        for name, (out, width) in {"self_attn.q_proj": (WIDTH, WIDTH), "mlp.down_proj": (WIDTH, FFN)}.items():
            prefix = f"base_model.model.model.layers.{layer}.{name}"
            adapter[f"{prefix}.lora_A.weight"] = noise(RANK, width).astype(np.float16)
            adapter[f"{prefix}.lora_B.weight"] = noise(out, RANK).astype(np.float16)
    save_file(adapter, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")

    member = "tiny/tiny.gguf"
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, member)
    return TinyModel(folder, wheel, _sha256(wheel), member, _sha256(path))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    out = parser.parse_args().folder
    out.mkdir(parents=True, exist_ok=True)
    print(make(out))
