"""The ranker's network: an encoder over a window of sentences, and a head that scores each.

`scripts/train ranker` trains it, `scripts/export-model` exports it; the daemon runs what was exported.

    input_ids       int64   [B, T]
    attention_mask  int64   [B, T]
    pooling         float32 [B, S, T]   1/n at each of a sentence's n tokens, rows of absent sentences all 0
    features        float32 [B, S, F]
    → scores        float32 [B, S]
    → vectors       float32 [B, S, width]   the mean of each sentence's last hidden states
"""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel, PreTrainedModel


class Ranker(PreTrainedModel):
    """The encoder and its head."""

    config_class = BertConfig
    _supports_sdpa = True

    def __init__(self, config: BertConfig, features: int, hidden: int) -> None:
        super().__init__(config)
        self.enc = BertModel(config, add_pooling_layer=False)
        width = 2 * config.hidden_size + features
        self.head = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.GELU(), torch.nn.Linear(hidden, 1))
        self.post_init()

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        pooling: torch.Tensor,
        features: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """See the module's docstring."""
        hidden = self.enc(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        vectors = pooling @ hidden
        present = (pooling.sum(2, keepdim=True) > 0).to(vectors.dtype)
        mean = vectors.sum(1, keepdim=True) / present.sum(1, keepdim=True).clamp_min(1)
        scores = self.head(torch.cat([vectors, mean.expand_as(vectors), features], 2))[:, :, 0]
        return {"scores": scores, "vectors": vectors}
