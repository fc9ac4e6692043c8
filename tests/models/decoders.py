"""Tiny real decoder-only networks as GGUF files: Llama 3, Qwen 2, Qwen 3 and Gemma 3, in each common quantisation.

Seeded noise; widths are those that a block of the K quantisations needs. `expected_decoders.py` writes what
transformers makes of the same files.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

FAMILIES = ("llama", "qwen2", "qwen3", "gemma3")
KINDS = ("Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "F16", "BF16")
WIDTH, FFN, VOCABULARY, CONTEXT = 256, 256, 300, 64
LAYERS = {"gemma3": 7}
"""Every sixth of Gemma 3's sees everything; the others have two."""
HEADS = {"llama": (4, 2, 64), "qwen2": (4, 2, 64), "qwen3": (4, 2, 128), "gemma3": (2, 1, 256)}
"""Heads, heads of keys and values, width."""
WINDOW = 6
ROPE = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
"""Llama 3's way of stretching positions, by transformers' names."""
ROPE_BASE = 500_000.0


def make(folder: Path, family: str, kind: str) -> Path:
    """Write `FAMILY-KIND.gguf`."""
    rng = np.random.default_rng(41)
    heads, kv_heads, head_width = HEADS[family]
    path = folder / f"{family}-{kind}.gguf"
    writer = gguf.GGUFWriter(path, family)
    writer.add_block_count(LAYERS.get(family, 2))
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(head_width)
    writer.add_value_length(head_width)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_vocab_size(VOCABULARY)
    if family == "gemma3":
        writer.add_sliding_window(WINDOW)
    _tokens(writer, family)

    def noise(*shape: int, scale: float = 0.1) -> np.ndarray:
        return rng.normal(0, scale, shape).astype(np.float32)

    def matrix(name: str, rows: int, columns: int, scale: float = 0.1) -> None:
        values = packed(noise(rows, columns, scale=scale), kind, rng)
        writer.add_tensor(f"{name}.weight", values, raw_dtype=gguf.GGMLQuantizationType[kind])

    queries, keys = heads * head_width, kv_heads * head_width
    # Gemma multiplies it by 16; what the blocks add must not be lost beside it.
    matrix("token_embd", VOCABULARY, WIDTH, 1 / 16 if family == "gemma3" else 1.0)
    if family == "llama":
        matrix("output", VOCABULARY, WIDTH, 1.0)
        writer.add_tensor("rope_freqs.weight", rope_factors(head_width))
    for layer in range(LAYERS.get(family, 2)):
        block = f"blk.{layer}"
        for name, rows, columns in (
            ("attn_q", queries, WIDTH),
            ("attn_k", keys, WIDTH),
            ("attn_v", keys, WIDTH),
            ("attn_output", WIDTH, queries),
            ("ffn_gate", FFN, WIDTH),
            ("ffn_up", FFN, WIDTH),
            ("ffn_down", WIDTH, FFN),
        ):
            matrix(f"{block}.{name}", rows, columns)
            if family == "qwen2" and name in ("attn_q", "attn_k", "attn_v"):
                writer.add_tensor(f"{block}.{name}.bias", noise(rows, scale=0.5))
        norms = {"attn_norm": WIDTH, "ffn_norm": WIDTH}
        if family in ("qwen3", "gemma3"):
            norms |= {"attn_q_norm": head_width, "attn_k_norm": head_width}
        if family == "gemma3":
            norms |= {"post_attention_norm": WIDTH, "post_ffw_norm": WIDTH}
        for name, size in norms.items():
            writer.add_tensor(f"{block}.{name}.weight", 1 + noise(size))
    writer.add_tensor("output_norm.weight", 1 + noise(WIDTH))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def packed(values: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    """In the quantisation's bytes; of the K quantisations, which `gguf` reads and does not write, noise like it."""
    if not kind.endswith("_K"):
        return gguf.quants.quantize(values, gguf.GGMLQuantizationType[kind])
    rows, blocks = values.shape[0], values.shape[1] // 256
    spread = float(values.std())

    def raw(size: int) -> np.ndarray:
        return rng.integers(0, 256, (rows, blocks, size), dtype=np.uint8)

    def half(value: float) -> np.ndarray:
        found = (value * rng.uniform(0.8, 1.2, (rows, blocks, 1))).astype(np.float16)
        return found.view(np.uint8)

    if kind == "Q6_K":  # low and high bits, a scale for each sixteen, the scale of scales
        parts = [raw(128), raw(64), raw(16), half(spread / 1400)]
    else:  # the scales of scales and of least values, these, and the codes
        levels = 15 if kind == "Q4_K" else 31
        step = spread / (12 * levels)
        parts = [half(step), half(step * levels / 2), raw(12), raw(128 if kind == "Q4_K" else 160)]
    return np.concatenate(parts, axis=2).reshape(rows, -1)


def rope_factors(width: int) -> np.ndarray:
    """What llama.cpp writes down of Llama 3's scaling: by what each frequency is divided."""
    factor, low, high, before = ROPE.values()
    found = []
    for place in range(0, width, 2):
        length = 2 * np.pi * ROPE_BASE ** (place / width)
        if length < before / high:
            found.append(1.0)
        elif length > before / low:
            found.append(factor)
        else:
            smooth = (before / length - low) / (high - low)
            found.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(found, dtype=np.float32)


def _tokens(writer: gguf.GGUFWriter, family: str) -> None:
    """Bytes, and names that stand for nothing."""
    if family == "gemma3":
        special = ["<pad>", "<eos>", "<bos>", "<unk>"]
        tokens = [*special, *(f"<0x{byte:02X}>" for byte in range(256)), "<start_of_turn>", "<end_of_turn>", "▁"]
        tokens += [f"▁word{number}" for number in range(VOCABULARY - len(tokens))]
        kinds = [3, 3, 3, 2] + [6] * 256 + [3, 3] + [1] * (VOCABULARY - 262)
        writer.add_tokenizer_model("llama")
        writer.add_tokenizer_pre("default")
        writer.add_token_scores([-float(place) for place in range(len(tokens))])
        for name, number in (("pad", 0), ("eos", 1), ("bos", 2), ("unk", 3)):
            getattr(writer, f"add_{name}_token_id")(number)
    else:
        special = ["<|end|>", "<|user|>"]
        printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
        others = [byte for byte in range(256) if byte not in printable]
        letters = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(others)}
        tokens = [*special, *(letters[byte] for byte in range(256)), "th", "the", "12"]
        tokens += [f"word{number}" for number in range(VOCABULARY - len(tokens))]
        kinds = [3, 3] + [1] * (VOCABULARY - 2)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("llama-bpe" if family == "llama" else "qwen2")
        writer.add_token_merges(["t h", "th e", "1 2"])
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
