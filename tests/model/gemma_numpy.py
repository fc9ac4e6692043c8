"""A Gemma 3 forward pass in plain numpy, from the GGUF's own bytes: what the graph is held against.

Written without a look at `notime.model`, in float64; transformers' `Gemma3ForCausalLM` is what it follows.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.numpy import load_file

LORA_NAMES = {"attn_q": "self_attn.q_proj", "ffn_down": "mlp.down_proj"}


class NumpyGemma:
    def __init__(self, path: Path, folder: Path) -> None:
        reader = GGUFReader(path)
        self.tensors = {t.name: t for t in reader.tensors}

        def field(key: str) -> float:
            return reader.fields[f"gemma3.{key}"].contents()

        self.layers, self.heads = int(field("block_count")), int(field("attention.head_count"))
        self.kv_heads, self.head_width = int(field("attention.head_count_kv")), int(field("attention.key_length"))
        self.window, self.base = int(field("attention.sliding_window")), field("rope.freq_base")
        self.epsilon = field("attention.layer_norm_rms_epsilon")
        self.lora = load_file(folder / "adapter_model.safetensors")
        config = json.loads((folder / "adapter_config.json").read_text())
        self.lora_scale = config["lora_alpha"] / config["r"]
        self.head = {name: values.astype(np.float64) for name, values in load_file(folder / "head.safetensors").items()}

    def weight(self, name: str) -> np.ndarray:
        tensor = self.tensors[name]
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float64)
        return values.reshape([int(n) for n in reversed(tensor.shape)])

    def matrix(self, layer: int, name: str) -> np.ndarray:
        weight = self.weight(f"blk.{layer}.{name}.weight")
        prefix = f"base_model.model.model.layers.{layer}.{LORA_NAMES.get(name)}"
        if f"{prefix}.lora_A.weight" not in self.lora:
            return weight
        a, b = (self.lora[f"{prefix}.lora_{part}.weight"].astype(np.float64) for part in "AB")
        return weight + self.lora_scale * (b @ a)

    def norm(self, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + self.epsilon) * weight

    def states(self, ids: list[int]) -> np.ndarray:
        """After the last norm, [n, width]."""
        x = self.weight("token_embd.weight")[ids]
        x = x * math.sqrt(x.shape[1])
        for layer in range(self.layers):
            norm = {
                name: self.weight(f"blk.{layer}.{name}.weight")
                for name in ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm")
            }
            x = x + self.norm(self.attention(layer, self.norm(x, norm["attn_norm"])), norm["post_attention_norm"])
            h = self.norm(x, norm["ffn_norm"])
            gate = h @ self.matrix(layer, "ffn_gate").T
            gelu = 0.5 * gate * (1 + np.tanh(math.sqrt(2 / math.pi) * (gate + 0.044715 * gate**3)))
            gated = gelu * (h @ self.matrix(layer, "ffn_up").T)
            x = x + self.norm(gated @ self.matrix(layer, "ffn_down").T, norm["post_ffw_norm"])
        return self.norm(x, self.weight("output_norm.weight"))

    def attention(self, layer: int, h: np.ndarray) -> np.ndarray:
        everything = (layer + 1) % 6 == 0
        base = self.base if everything else 10_000.0
        q = self.turned(h @ self.matrix(layer, "attn_q").T, self.heads, f"blk.{layer}.attn_q_norm.weight", base)
        k = self.turned(h @ self.matrix(layer, "attn_k").T, self.kv_heads, f"blk.{layer}.attn_k_norm.weight", base)
        v = (h @ self.matrix(layer, "attn_v").T).reshape(len(h), self.kv_heads, -1)
        place = np.arange(len(h))
        behind = place[:, None] - place[None]
        seen = (behind >= 0) & (everything | (behind < self.window))
        out = []
        for head in range(self.heads):
            other = head * self.kv_heads // self.heads
            scores = np.where(seen, q[:, head] @ k[:, other].T / math.sqrt(self.head_width), -np.inf)
            shares = np.exp(scores - scores.max(1, keepdims=True))
            out.append(shares / shares.sum(1, keepdims=True) @ v[:, other])
        return np.concatenate(out, axis=1) @ self.matrix(layer, "attn_output").T

    def turned(self, x: np.ndarray, heads: int, norm: str, base: float) -> np.ndarray:
        """Normed by head and rotated, halves against halves."""
        x = self.norm(x.reshape(len(x), heads, -1), self.weight(norm))
        half = x.shape[2] // 2
        angles = np.arange(len(x))[:, None] * base ** (-np.arange(half) / half)
        cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
        one, two = x[..., :half], x[..., half:]
        return np.concatenate([one * cos - two * sin, two * cos + one * sin], axis=-1)

    def logits(self, ids: list[int]) -> np.ndarray:
        """After each token, [n, vocabulary]."""
        return self.states(ids) @ self.weight("token_embd.weight").T

    def scores(self, ids: list[int], firsts: list[int], lasts: list[int], features: np.ndarray) -> np.ndarray:
        """The reader's, one a sentence."""
        states = self.states(ids)
        means = np.stack([states[a : b + 1].mean(0) for a, b in zip(firsts, lasts, strict=True)])
        x = np.concatenate([states[lasts], means], axis=1)
        x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
        x = np.concatenate([x * self.head["norm.weight"] + self.head["norm.bias"], features], axis=1)
        x = x @ self.head["layers.0.weight"].T + self.head["layers.0.bias"]
        x = 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))
        return (x @ self.head["layers.2.weight"].T + self.head["layers.2.bias"])[:, 0]
