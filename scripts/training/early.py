"""Train the ranker's early head: what the whole network will say of a sentence, told after its first layers.

    python -m scripts.training.early WEIGHTS --data FILE … [--layers N] [--articles N]

WEIGHTS is what `ranker.py` wrote; `early.safetensors` is written beside it, for `scripts/export-model`. The
network stays as it is: the head is taught to say what the last layer's head says (Hinton et al. 2015), so that a long
article need not go through all layers everywhere (early exits: Teerapittayanon et al. 2016, Xin et al. 2020). Articles
are read at places up to `FARTHEST`: the features are all that knows of them.

Told at the end, of articles that training never sees: the correlation with the last layer's scores, and how many of a
window's three best are among the early head's three and six best.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from notime.model.ranking.encoder import sentence_features
from scripts.training.corpus import rows
from scripts.training.ranker import FEATURES, FEWEST_SENTENCES, Windows, build, entered, sentences_of, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.training.network import Ranker

HIDDEN = 64
FARTHEST = 1000
"""Sentences that may stand before a window."""
SIDE_BY_SIDE = 4
EPOCHS, BATCH, RATE = 24, 32, 2e-3
BEST = 3


class Read:
    """One window as both heads see it."""

    def __init__(self, early: torch.Tensor, late: torch.Tensor, lengths: Sequence[int]) -> None:
        self.early, self.late, self.lengths = with_mean(early), with_mean(late), lengths

    def features(self, start: int) -> torch.Tensor:
        """As if that many sentences stood before."""
        return torch.from_numpy(sentence_features(start + len(self.lengths), start, self.lengths))


def with_mean(vectors: torch.Tensor) -> torch.Tensor:
    """Sentence vectors [S, width] and beside each the window's mean."""
    return torch.cat([vectors, vectors.mean(0, keepdim=True).expand_as(vectors)], 1)


@torch.inference_mode()
def read(ranker: Ranker, windows: Windows, articles: Sequence[list[str]], layers: int) -> Iterator[Read]:
    """One window of each article."""
    for place in range(0, len(articles), SIDE_BY_SIDE):
        group = articles[place : place + SIDE_BY_SIDE]
        found = []
        for index, sentences in enumerate(group, place):
            start = entered({"sentences": sentences}, random.Random(index))
            inputs, count = windows.window(sentences, start)
            found.append((inputs, [len(text.split()) for text in sentences[start : start + count]]))
        inputs = side_by_side([each[0] for each in found])
        with torch.autocast("cpu", torch.bfloat16):
            hidden = ranker.enc(inputs["input_ids"], inputs["attention_mask"], output_hidden_states=True).hidden_states
        early, late = (inputs["pooling"] @ hidden[layer].float() for layer in (layers, -1))
        for row, (_, lengths) in enumerate(found):
            yield Read(early[row, : len(lengths)].clone(), late[row, : len(lengths)].clone(), lengths)


def trained(ranker: Ranker, seen: Sequence[Read]) -> torch.nn.Sequential:
    """The early head."""
    width = seen[0].early.shape[1] + FEATURES
    head = torch.nn.Sequential(torch.nn.Linear(width, HIDDEN), torch.nn.GELU(), torch.nn.Linear(HIDDEN, 1))
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.01)
    steps = EPOCHS * (len(seen) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    chance = random.Random(17)
    for step in range(steps):
        chosen = [(each, placed(chance)) for each in chance.sample(seen, BATCH)]
        said = torch.cat([head(torch.cat([each.early, each.features(at)], 1))[:, 0] for each, at in chosen])
        with torch.no_grad():
            late = [torch.cat([each.late, each.features(at)], 1) for each, at in chosen]
            wanted = ranker.head(torch.cat(late))[:, 0]
        loss = torch.nn.functional.huber_loss(said, wanted)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 500 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.4f}", flush=True)
    return head


def placed(chance: random.Random) -> int:
    """How many sentences stand before a window: none for a third of them, else near as often as far."""
    return 0 if chance.random() < 1 / 3 else int(FARTHEST ** chance.random())


@torch.inference_mode()
def told(ranker: Ranker, head: torch.nn.Sequential, unseen: Sequence[Read]) -> str:
    """How well the early head knows what the late one says."""
    pairs, found = [], {BEST: 0.0, 2 * BEST: 0.0}
    for each in unseen:
        features = each.features(50)
        said = head(torch.cat([each.early, features], 1))[:, 0]
        wanted = ranker.head(torch.cat([each.late, features], 1))[:, 0]
        pairs.append(torch.stack([said, wanted]))
        best = set(wanted.topk(min(BEST, len(wanted))).indices.tolist())
        for among in found:
            found[among] += len(best & set(said.topk(min(among, len(said))).indices.tolist())) / len(best)
    correlation = torch.corrcoef(torch.cat(pairs, 1))[0, 1].item()
    shares = ", ".join(f"{share / len(unseen):.2f} of {BEST} among {among}" for among, share in found.items())
    return f"correlation {correlation:.3f}; {shares}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--without", nargs="*", default=["xsum"], help="data sets left out")
    parser.add_argument("--layers", type=int, default=2, help="of the network, before the head")
    parser.add_argument("--articles", type=int, default=6000, help="read at most")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(17)
    tokenizer = Tokenizer.from_file(str(args.weights / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ranker, windows = build(args.weights).eval(), Windows(tokenizer)

    def articles(most: int, *, held: bool) -> list[list[str]]:
        found = list(rows(args.data, args.without, held=held))
        random.Random(17).shuffle(found)
        split = (sentences_of(row) for row in found[:most])
        return [sentences for sentences in split if len(sentences) >= FEWEST_SENTENCES]

    seen = list(read(ranker, windows, articles(args.articles, held=False), args.layers))
    unseen = list(read(ranker, windows, articles(args.articles // 10, held=True), args.layers))
    print(f"{len(seen)} windows read, {len(unseen)} that training does not see", flush=True)
    head = trained(ranker, seen)
    print(told(ranker, head, unseen), flush=True)
    tensors = {f"early.{name}": tensor.half().contiguous() for name, tensor in head.state_dict().items()}
    save_file(tensors, args.weights / "early.safetensors", metadata={"layers": str(args.layers)})


if __name__ == "__main__":
    main()
