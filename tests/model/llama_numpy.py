"""A Llama forward pass in plain numpy, from the GGUF's own bytes: what the graph is held against.

Written without a look at `notime.model`: it unpacks Q4_1 and Q8_0 itself, keeps llama.cpp's order of rotary pairs
where `weights.py` undoes it, and computes in float64.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from safetensors.numpy import load_file

LORA_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


class NumpyLlama:
    def __init__(self, path: Path, adapter: Path) -> None:
        reader = GGUFReader(path)
        self.tensors = {t.name: t for t in reader.tensors}

        def field(key: str) -> float:
            return reader.fields[f"llama.{key}"].contents()

        self.layers, self.heads = int(field("block_count")), int(field("attention.head_count"))
        self.kv_heads, self.base = int(field("attention.head_count_kv")), field("rope.freq_base")
        self.epsilon = field("attention.layer_norm_rms_epsilon")
        self.lora = load_file(adapter / "adapter_model.safetensors")
        config = json.loads((adapter / "adapter_config.json").read_text())
        self.lora_scale = config["lora_alpha"] / config["r"]

    def weight(self, name: str) -> np.ndarray:
        tensor = self.tensors[name]
        shape = [int(n) for n in reversed(tensor.shape)]
        raw = np.asarray(tensor.data).reshape(-1).view(np.uint8)
        kind = tensor.tensor_type.name
        if kind == "F32":
            return raw.view(np.float32).astype(np.float64).reshape(shape)
        if kind == "Q8_0":
            blocks = raw.reshape(-1, 34)
            return (_half(blocks[:, :2]) * blocks[:, 2:].view(np.int8)).reshape(shape)
        assert kind == "Q4_1"
        blocks = raw.reshape(-1, 20)
        nibbles = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)
        return (nibbles * _half(blocks[:, :2]) + _half(blocks[:, 2:4])).reshape(shape)

    def projection(self, layer: int, name: str) -> np.ndarray:
        weight = self.weight(f"blk.{layer}.{name}.weight")
        prefix = f"base_model.model.model.layers.{layer}.{LORA_NAMES[name]}"
        if f"{prefix}.lora_A.weight" not in self.lora:
            return weight
        a, b = (self.lora[f"{prefix}.lora_{part}.weight"].astype(np.float64) for part in "AB")
        delta = self.lora_scale * (b @ a)
        heads = {"attn_q": self.heads, "attn_k": self.kv_heads}.get(name)
        if heads:  # from halves, as trained, to neighbouring pairs, as llama.cpp rotates
            rows, columns = delta.shape
            delta = delta.reshape(heads, 2, rows // heads // 2, columns).transpose(0, 2, 1, 3).reshape(rows, columns)
        return weight + delta

    def logits(self, ids: list[int]) -> np.ndarray:
        """After the last token, [vocabulary]."""
        return self.hidden([ids])[0][-1] @ self.weight("token_embd.weight").T

    def losses(self, texts: list[list[int]]) -> list[np.ndarray]:
        """Of each text minus the logarithm of the probability of each token but the first."""
        embedding = self.weight("token_embd.weight").T
        found = []
        for ids, hidden in zip(texts, self.hidden(texts), strict=True):
            logits = hidden[:-1] @ embedding
            most = logits.max(1)
            right = logits[np.arange(len(logits)), ids[1:]]
            found.append(np.log(np.exp(logits - most[:, None]).sum(1)) + most - right)
        return found

    def hidden(self, texts: list[list[int]]) -> list[np.ndarray]:
        """What the head reads, [n, width] a text."""
        embedding = self.weight("token_embd.weight")
        states = [embedding[ids] for ids in texts]
        for layer in range(self.layers):
            norms = [self.weight(f"blk.{layer}.{name}.weight") for name in ("attn_norm", "ffn_norm")]
            names = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
            matrices = [self.projection(layer, name).T for name in names]
            states = [self.block(x, *norms, *matrices) for x in states]
        norm = self.weight("output_norm.weight")
        return [self.norm(x, norm) for x in states]

    def block(self, x: np.ndarray, first: np.ndarray, second: np.ndarray, *matrices: np.ndarray) -> np.ndarray:
        query, key, value, output, gate, up, down = matrices
        mask = np.triu(np.full((len(x), len(x)), -np.inf), 1)
        h = self.norm(x, first)
        q, k = self.rotated(h @ query, self.heads), self.rotated(h @ key, self.kv_heads)
        v = (h @ value).reshape(len(x), self.kv_heads, -1)
        group = self.heads // self.kv_heads
        parts = []
        for head in range(self.heads):
            scores = q[:, head] @ k[:, head // group].T / np.sqrt(q.shape[2]) + mask
            shares = np.exp(scores - scores.max(1, keepdims=True))
            parts.append(shares / shares.sum(1, keepdims=True) @ v[:, head // group])
        x = x + np.concatenate(parts, axis=1) @ output
        h = self.norm(x, second)
        gated = h @ gate
        return x + (gated / (1 + np.exp(-gated)) * (h @ up)) @ down

    def norm(self, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x**2).mean(1, keepdims=True) + self.epsilon) * weight

    def rotated(self, x: np.ndarray, heads: int) -> np.ndarray:
        x = x.reshape(len(x), heads, -1)
        width = x.shape[2]
        angles = np.arange(len(x))[:, None] * self.base ** (-np.arange(0, width, 2) / width)
        cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
        even, odd = x[..., 0::2], x[..., 1::2]
        return np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


def _half(raw: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(raw).view(np.float16).astype(np.float64)
