"""The reader's network in torch: Gemma 3's blocks with low-rank adapters, and the head that scores sentences.

Comes in: a GGUF file's weights, as the daemon reads them. Goes out: a network to train, and the files that its build
takes (`models/gemma3-270m-reader`). Must not know: what it is taught.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from notime.model.graph.body import WINDOW_ROPE_BASE
from notime.model.graph.reader import FEATURES

if TYPE_CHECKING:
    from pathlib import Path

    from notime.model.graph.weights import DecoderWeights

ALPHA = 2
"""What the adapters' product is multiplied with: `lora_alpha` / `r` of adapter_config.json."""
HIDDEN = 256
PROJECTIONS = (
    *(f"self_attn.{name}_proj" for name in ("q", "k", "v", "o")),
    *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
)


class Adapted(nn.Module):
    """W x + ALPHA · B A x; W stays as it is."""

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        outputs, inputs = weight.shape
        self.down = nn.Parameter(torch.randn(rank, inputs, device=weight.device) / math.sqrt(inputs))
        self.up = nn.Parameter(torch.zeros(outputs, rank, device=weight.device))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """[…, inputs] → […, outputs]."""
        low = functional.linear(given, self.down.to(given.dtype))
        return functional.linear(given, self.get_buffer("weight")) + ALPHA * functional.linear(
            low, self.up.to(given.dtype)
        )


class Head(nn.Module):
    """A score of [state of a sentence's last token; mean of its states] and its features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(2 * width)
        self.layers = nn.Sequential(nn.Linear(2 * width + FEATURES, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 1))

    def forward(self, states: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """[n, 2 width], [n, FEATURES] → [n]."""
        scores: torch.Tensor = self.layers(torch.cat([self.norm(states), features], -1))[:, 0]
        return scores


class Reader(nn.Module):
    """The network; `model/graph/reader.py` writes the same one as a graph.

    Args:
        weights: a Gemma 3 network.
        device: where to compute; in bfloat16 on a GPU, else in float32.
        rank: of the adapters.
    """

    def __init__(self, weights: DecoderWeights, device: str, rank: int) -> None:
        super().__init__()
        self.shape, self._rank = weights.shape, rank
        self._precision = torch.bfloat16 if device == "cuda" else torch.float32
        # Stays in memory; rows go to the device.
        self.embedding = torch.from_numpy(np.concatenate(list(weights.embedding())))
        self.adapted = nn.ModuleDict()
        for index in range(self.shape.layers):
            for name, values in weights.layer(index).items():
                tensor = torch.from_numpy(values.copy()).to(device)
                if name in PROJECTIONS:
                    key = f"{index}.{name}".replace(".", "_")
                    self.adapted[key] = Adapted(tensor.to(self._precision), rank)
                else:
                    self.register_buffer(_norm(index, name), tensor, persistent=False)
        self.register_buffer("last_norm", torch.from_numpy(weights.final_norm().copy()).to(device), persistent=False)
        self.head = Head(self.shape.width).to(device)

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.get_buffer("last_norm").device

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """[B, S] → the last states [B, S, width], float32; padding stands behind, where no one sees it."""
        shape, device = self.shape, self.device
        stream = (self.embedding[ids] * shape.width**0.5).to(device)
        count = ids.shape[1]
        places = torch.arange(count, device=device)
        back = places[:, None] - places[None]
        tables = [self._rotary(places, base) for base in (shape.rope_base, WINDOW_ROPE_BASE)]
        for index in range(shape.layers):
            window = shape.sees(index)
            seen = (back >= 0) & (back < window) if window else back >= 0
            normed = self._normed(stream, index, "input_layernorm").to(self._precision)
            attention = self._attention(index, normed, seen, tables[1 if window else 0])
            stream = stream + self._normed(attention, index, "post_attention_layernorm")
            normed = self._normed(stream, index, "pre_feedforward_layernorm").to(self._precision)
            gate = functional.gelu(self._times(index, "mlp.gate_proj", normed), approximate="tanh")
            out = self._times(index, "mlp.down_proj", gate * self._times(index, "mlp.up_proj", normed))
            stream = stream + self._normed(out, index, "post_feedforward_layernorm")
        return functional.rms_norm(stream, (shape.width,), self.get_buffer("last_norm"), shape.norm_epsilon)

    def _attention(
        self, index: int, normed: torch.Tensor, seen: torch.Tensor, table: tuple[torch.Tensor, torch.Tensor]
    ) -> torch.Tensor:
        shape = self.shape
        batch, count, _ = normed.shape
        heads = {}
        for name, of in (("q", shape.heads), ("k", shape.kv_heads), ("v", shape.kv_heads)):
            made = self._times(index, f"self_attn.{name}_proj", normed).view(batch, count, of, shape.head_width)
            if name != "v":
                made = _turned(self._normed(made, index, f"self_attn.{name}_norm").transpose(1, 2), table)
            else:
                made = made.transpose(1, 2)
            heads[name] = made.to(self._precision).repeat_interleave(shape.heads // of, 1)
        said = functional.scaled_dot_product_attention(heads["q"], heads["k"], heads["v"], attn_mask=seen)
        return self._times(index, "self_attn.o_proj", said.transpose(1, 2).reshape(batch, count, -1))

    def _times(self, index: int, name: str, given: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.adapted[f"{index}.{name}".replace(".", "_")](given)
        return out

    def _normed(self, given: torch.Tensor, index: int, name: str) -> torch.Tensor:
        weight = self.get_buffer(_norm(index, name))
        return functional.rms_norm(given.float(), (given.shape[-1],), weight, self.shape.norm_epsilon)

    def _rotary(self, places: torch.Tensor, base: float) -> tuple[torch.Tensor, torch.Tensor]:
        half = torch.arange(0, self.shape.head_width, 2, device=places.device, dtype=torch.float64)
        angles = places[:, None] * base ** -(half / self.shape.head_width)
        return angles.cos().float().repeat(1, 2), angles.sin().float().repeat(1, 2)

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's form, and the head."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {}
        for theirs, one in self._named():
            tensors[f"{theirs}.lora_A.weight"] = one.down.detach().half().cpu().contiguous()
            tensors[f"{theirs}.lora_B.weight"] = one.up.detach().half().cpu().contiguous()
        save_file(tensors, folder / "adapter_model.safetensors")
        save_file({k: v.half().cpu() for k, v in self.head.state_dict().items()}, folder / "head.safetensors")
        config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": self._rank, "lora_alpha": ALPHA * self._rank}
        (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")

    @torch.no_grad()
    def load(self, folder: Path) -> None:
        """Go on from what `save` wrote."""
        tensors = load_file(folder / "adapter_model.safetensors")
        for theirs, one in self._named():
            one.down.copy_(tensors[f"{theirs}.lora_A.weight"])
            one.up.copy_(tensors[f"{theirs}.lora_B.weight"])
        self.head.load_state_dict({k: v.float() for k, v in load_file(folder / "head.safetensors").items()})

    def _named(self) -> list[tuple[str, Adapted]]:
        found = []
        for index in range(self.shape.layers):
            for name in PROJECTIONS:
                one = self.adapted[f"{index}.{name}".replace(".", "_")]
                assert isinstance(one, Adapted)
                found.append((f"base_model.model.model.layers.{index}.{name}", one))
        return found


def _norm(index: int, name: str) -> str:
    return f"norm_{index}_{name}".replace(".", "_")


def _turned(given: torch.Tensor, table: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotary positions, halves against halves."""
    half = given.shape[-1] // 2
    return given * table[0] + torch.cat([-given[..., half:], given[..., :half]], -1) * table[1]
