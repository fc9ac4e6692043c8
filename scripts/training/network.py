"""The ranker's network: an encoder over a window of sentences, and a head that scores each.

`scripts/train ranker` trains it, `scripts/export-model` exports it; the daemon runs what was exported.

    input_ids       int64   [B, T]
    attention_mask  int64   [B, T]
    pooling         float32 [B, S, T]   1/n at each of a sentence's n tokens, rows of absent sentences all 0
    features        float32 [B, S, F]
    → scores        float32 [B, S]
    → vectors       float32 [B, S, width]   the mean of each sentence's last hidden states
    → early         float32 [B, S]          where there is an early head: scores as it estimates them
"""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel, PreTrainedModel


class Ranker(PreTrainedModel):
    """The encoder and its head.

    Args:
        config: the encoder's.
        features: figures a sentence.
        hidden: width of the head.
        early: layers before the early head and its width (`early.py`); without, there is none.
    """

    config_class = BertConfig
    _supports_sdpa = True

    def __init__(self, config: BertConfig, features: int, hidden: int, early: tuple[int, int] | None = None) -> None:
        super().__init__(config)
        self.enc = BertModel(config, add_pooling_layer=False)
        width = 2 * config.hidden_size + features
        self.head = head(width, hidden)
        self.early_layers, early_hidden = early or (0, 0)
        if early:
            self.early = head(width, early_hidden)
        self.post_init()

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        pooling: torch.Tensor,
        features: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """See the module's docstring."""
        hidden = self.enc(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=self.early_layers > 0
        )
        vectors = pooling @ hidden.last_hidden_state
        found = {"scores": scored(self.head, vectors, pooling, features), "vectors": vectors}
        if self.early_layers:
            # pooling @ hidden; where a layer's output has a fourth product, the exporter's tools see no attention.
            early = (hidden.hidden_states[self.early_layers].transpose(1, 2) @ pooling.transpose(1, 2)).transpose(1, 2)
            found["early"] = scored(self.early, early, pooling, features)
        return found


def head(width: int, hidden: int) -> torch.nn.Sequential:
    """What says a score of a sentence."""
    return torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.GELU(), torch.nn.Linear(hidden, 1))


def scored(
    head: torch.nn.Sequential, vectors: torch.Tensor, pooling: torch.Tensor, features: torch.Tensor
) -> torch.Tensor:
    """A score for each sentence, [B, S]: of its vector, the mean of its window's and its features."""
    present = (pooling.sum(2, keepdim=True) > 0).to(vectors.dtype)
    mean = vectors.sum(1, keepdim=True) / present.sum(1, keepdim=True).clamp_min(1)
    return head(torch.cat([vectors, mean.expand_as(vectors), features], 2))[:, :, 0]
