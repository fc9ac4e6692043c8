"""A tiny real Gemma 3: a GGUF network of seven layers with a window of six tokens, an adapter and a reader's head.

Seeded noise, as `make.py`'s: what it says means nothing. Seven layers, since every sixth sees everything.
"""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import save_file

LAYERS, WIDTH, HEADS, KV_HEADS, HEAD_WIDTH, FFN, WINDOW, RANK, ALPHA = 7, 64, 2, 1, 16, 96, 6, 4, 8
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>"]


def make(folder: Path) -> Path:
    """Write `gemma.gguf`, the adapter and `head.safetensors` into `folder`; the GGUF's path."""
    rng = np.random.default_rng(13)
    path = folder / "gemma.gguf"
    writer = gguf.GGUFWriter(path, "gemma3")
    writer.add_block_count(LAYERS)
    writer.add_context_length(256)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD_WIDTH)
    writer.add_value_length(HEAD_WIDTH)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_sliding_window(WINDOW)
    words = ["▁the", "▁then", "▁other", "▁boat", "th", "he", "the", "▁t", "▁th", "\n"]
    letters = ["▁", *map(chr, range(33, 127))]
    tokens = SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)] + words + letters
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(place) for place in range(len(tokens))])
    writer.add_token_types([3, 3, 3, 2] + [6] * 256 + [1] * (len(tokens) - 260))
    for name, number in (("pad", 0), ("eos", 1), ("bos", 2), ("unk", 3)):
        getattr(writer, f"add_{name}_token_id")(number)

    def noise(*shape: int, scale: float = 0.1) -> np.ndarray:
        return rng.normal(0, scale, shape).astype(np.float32)

    heads, keys = HEADS * HEAD_WIDTH, KV_HEADS * HEAD_WIDTH
    shapes = {
        "attn_q": (heads, WIDTH), "attn_k": (keys, WIDTH), "attn_v": (keys, WIDTH), "attn_output": (WIDTH, heads),
        "ffn_gate": (FFN, WIDTH), "ffn_up": (FFN, WIDTH), "ffn_down": (WIDTH, FFN),
    }  # fmt: skip
    norms = {
        "attn_norm": WIDTH, "post_attention_norm": WIDTH, "ffn_norm": WIDTH, "post_ffw_norm": WIDTH,
        "attn_q_norm": HEAD_WIDTH, "attn_k_norm": HEAD_WIDTH,
    }  # fmt: skip
    quant = gguf.GGMLQuantizationType
    embedding = gguf.quants.quantize(noise(len(tokens), WIDTH, scale=1.0), quant.Q8_0)
    writer.add_tensor("token_embd.weight", embedding, raw_dtype=quant.Q8_0)
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            packed = gguf.quants.quantize(noise(*shape, scale=0.2), quant.Q8_0)
            writer.add_tensor(f"blk.{layer}.{name}.weight", packed, raw_dtype=quant.Q8_0)
        for name, size in norms.items():
            writer.add_tensor(f"blk.{layer}.{name}.weight", 1 + noise(size))
    writer.add_tensor("output_norm.weight", 1 + noise(WIDTH))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    adapter = {}
    for layer in range(LAYERS):
        for name, (out, width) in {"self_attn.q_proj": (heads, WIDTH), "mlp.down_proj": (WIDTH, FFN)}.items():
            prefix = f"base_model.model.model.layers.{layer}.{name}"
            adapter[f"{prefix}.lora_A.weight"] = noise(RANK, width).astype(np.float16)
            adapter[f"{prefix}.lora_B.weight"] = noise(out, RANK).astype(np.float16)
    save_file(adapter, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    head = {
        "norm.weight": 1 + noise(2 * WIDTH), "norm.bias": noise(2 * WIDTH),
        "layers.0.weight": noise(32, 2 * WIDTH + 4), "layers.0.bias": noise(32),
        "layers.2.weight": noise(1, 32), "layers.2.bias": noise(1),
    }  # fmt: skip
    save_file({name: values.astype(np.float16) for name, values in head.items()}, folder / "head.safetensors")
    return path
