"""Train the ranker on articles with reference summaries, on a plain CPU, over as many sittings as it takes.

    train_ranker.py START OUT --data FILE … --dev FILE --seconds N [--threads N]

START holds `config.json`, `tokenizer.json` and either `ranker.safetensors` or a sentence-transformers model's
`model.safetensors`; OUT gets checkpoints, a log, and at the end what `scripts/export-model` takes. DATA has one JSON
object a line, {"article", "reference"}, plain or .xz. A run stops after N seconds in all, its learning rate spent; a
run that was interrupted goes on from its last checkpoint, three minutes back at most. Seeded.

Target of each sentence: half the greedy ROUGE oracle (at most four sentences; Nallapati et al. 2017, Liu and Lapata
2019), half the sentence's own ROUGE. The loss is listwise, on what inference ranks by: the score less
`place_weight` · ln(1 + place), so that the network need not learn what place alone says.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
import re
import shutil
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from export_ranker import Ranker
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig

from notime.article import from_text, split
from notime.errors import NotimeError
from notime.model.encoder import SENTENCE_TOKENS, WINDOW_TOKENS, sentence_features

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLACE_WEIGHT = 1.0
ORACLE_SENTENCES = 4
MOST_SENTENCES = 60
FEWEST_SENTENCES = 6
FEATURES, HIDDEN = 8, 192
TEMPERATURE = 0.12
"""Of the softmax over a sentence's own ROUGE-1 + ROUGE-2; spreads the target over some five sentences."""
OWN_SHARE = 0.5
BATCH = 16
WARM_UP = 480
LATER_WINDOW = 0.15
"""How often a long article is entered in the middle: otherwise the network sees beginnings alone."""
CHECKPOINT_SECONDS = 180
DEV_ARTICLES = 100


def words(text: str) -> list[str]:
    """Lower-case words and numbers, as ROUGE counts them."""
    return re.findall(r"[a-z0-9]+", text.lower())


def bigrams(tokens: Sequence[str]) -> Counter[tuple[str, str]]:
    """Pairs of neighbouring words."""
    return Counter(pairwise(tokens))


def f1(found: Counter[Any], wanted: Counter[Any]) -> float:
    """Harmonic mean of precision and recall over counted n-grams."""
    hit = sum((found & wanted).values())
    return 2 * hit / (sum(found.values()) + sum(wanted.values())) if hit else 0.0


def rouge(sentences: Sequence[tuple[Counter[str], Counter[Any]]], reference: str) -> float:
    """ROUGE-1 + ROUGE-2 F1 of some sentences taken together."""
    ones: Counter[str] = Counter()
    twos: Counter[Any] = Counter()
    for one, two in sentences:
        ones.update(one)
        twos.update(two)
    tokens = words(reference)
    return f1(ones, Counter(tokens)) + f1(twos, bigrams(tokens))


def targets(sentences: Sequence[str], reference: str) -> tuple[list[int], list[float]]:
    """The greedy oracle's choice, and each sentence's own value."""
    grams = [(Counter(tokens), bigrams(tokens)) for tokens in map(words, sentences)]
    own = [rouge([gram], reference) for gram in grams]
    candidates = sorted(range(len(own)), key=lambda i: -own[i])[:12]
    taken: list[int] = []
    best = 0.0
    while len(taken) < ORACLE_SENTENCES:
        values = {i: rouge([grams[j] for j in [*taken, i]], reference) for i in candidates if i not in taken}
        top = max(values, key=lambda i: values[i], default=None)
        if top is None or values[top] <= best + 1e-6:
            break
        taken.append(top)
        best = values[top]
    return taken, own


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one JSON object a line."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def rows(files: Sequence[Path], without: Sequence[str], cache: Path) -> list[dict[str, Any]]:
    """Articles as sentences with their targets; computed once, in some minutes."""
    if cache.is_file():
        found: list[dict[str, Any]] = json.loads(cache.read_text(encoding="utf-8"))
        return found
    found = []
    for path in files:
        for row in lines(path):
            if row.get("dataset") in without:
                continue
            try:
                article = from_text(re.sub(r"^\s*\(CNN\)\s*(--)?\s*", "", row["article"]))
            except NotimeError:
                continue
            sentences = [sentence.text for sentence in split(article)][:MOST_SENTENCES]
            if len(sentences) < FEWEST_SENTENCES or len(words(row["reference"])) < 10:
                continue
            oracle, own = targets(sentences, row["reference"])
            if oracle:
                found.append({"sentences": sentences, "oracle": oracle, "own": [round(v, 3) for v in own]})
    random.Random(17).shuffle(found)
    cache.write_text(json.dumps(found), encoding="utf-8")
    return found


class Windows:
    """Sentences as the graph's inputs."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def window(self, sentences: Sequence[str], start: int) -> tuple[dict[str, torch.Tensor], int]:
        """The inputs of the window that begins at `start`, and how many sentences it holds."""
        ids, owner, count = [101], [-1], 0
        for text in sentences[start:]:
            own = [*self._tokenizer.encode(text, add_special_tokens=False).ids[:SENTENCE_TOKENS], 102]
            if len(ids) + len(own) > WINDOW_TOKENS and count:
                break
            ids += own
            owner += [count] * len(own)
            count += 1
        member = torch.tensor(owner)[None] == torch.arange(count)[:, None]
        lengths = [len(text.split()) for text in sentences[start : start + count]]
        features = sentence_features(len(sentences), start, lengths)
        return {
            "input_ids": torch.tensor([ids]),
            "attention_mask": torch.ones((1, len(ids)), dtype=torch.long),
            "pooling": (member / member.sum(1, keepdim=True)).float()[None],
            "features": torch.from_numpy(features)[None],
        }, count


def salience(ranker: Ranker, inputs: dict[str, torch.Tensor], start: int, count: int) -> torch.Tensor:
    """What inference ranks one window by, [count]."""
    place = torch.log1p(torch.arange(start, start + count, dtype=torch.float32))
    return ranker(**inputs)["scores"][0] - PLACE_WEIGHT * place


def loss_of(ranker: Ranker, windows: Windows, row: dict[str, Any], start: int) -> torch.Tensor:
    """Listwise cross-entropy of the window that begins at `start`."""
    inputs, count = windows.window(row["sentences"], start)
    logits = salience(ranker, inputs, start, count)
    own = torch.softmax(torch.tensor(row["own"][start : start + count]) / TEMPERATURE, 0)
    oracle = torch.zeros(count)
    inside = [i - start for i in row["oracle"] if start <= i < start + count]
    target = own
    if inside:
        oracle[inside] = 1 / len(inside)
        target = OWN_SHARE * own + (1 - OWN_SHARE) * oracle
    return -(target * torch.log_softmax(logits, 0)).sum()


@torch.inference_mode()
def dev_score(ranker: Ranker, windows: Windows, dev: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """ROUGE-1 + ROUGE-2 of the three best sentences, and of the first three."""
    ranker.eval()
    ours, lead = 0.0, 0.0
    for row in dev:
        scores: list[float] = []
        while len(scores) < len(row["sentences"]):
            inputs, count = windows.window(row["sentences"], len(scores))
            scores += salience(ranker, inputs, len(scores), count).tolist()
        best = sorted(range(len(scores)), key=lambda i: -scores[i])[:3]
        grams = [(Counter(tokens), bigrams(tokens)) for tokens in map(words, row["sentences"])]
        ours += rouge([grams[i] for i in best], row["reference"])
        lead += rouge(grams[:3], row["reference"])
    ranker.train()
    return ours / len(dev), lead / len(dev)


def dev_rows(path: Path) -> list[dict[str, Any]]:
    """The development articles as sentences."""
    found = []
    for row in list(lines(path))[:DEV_ARTICLES]:
        sentences = [sentence.text for sentence in split(from_text(row["article"]))]
        found.append({"sentences": sentences, "reference": row["reference"]})
    return found


def build(start: Path) -> Ranker:
    """The network with its starting weights, embeddings frozen."""
    config = BertConfig(**json.loads((start / "config.json").read_text(encoding="utf-8")))
    config._attn_implementation = "sdpa"
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.05
    ranker = Ranker(config, FEATURES, HIDDEN)
    if (start / "ranker.safetensors").is_file():
        tensors = {k: v.float() for k, v in load_file(start / "ranker.safetensors").items() if "pooler" not in k}
        ranker.load_state_dict(tensors)
    else:
        tensors = {k: v.float() for k, v in load_file(start / "model.safetensors").items() if "pooler" not in k}
        ranker.enc.load_state_dict(tensors, strict=False)
    for parameter in ranker.enc.embeddings.parameters():
        parameter.requires_grad = False
    return ranker


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("start", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument(
        "--without", nargs="*", default=["xsum"], help="data sets left out: whose reference is no summary"
    )
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument(
        "--rate", type=float, default=1e-4, help="learning rate of the encoder; the head's is five times it"
    )
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(17)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(args.start / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    windows, dev = Windows(tokenizer), dev_rows(args.dev)
    data = rows(args.data, args.without, args.out / "rows.json")
    ranker = build(args.start)
    head = {"params": list(ranker.head.parameters()), "lr": 5 * args.rate, "top": 5 * args.rate}
    body = {"params": [p for p in ranker.enc.parameters() if p.requires_grad], "lr": args.rate, "top": args.rate}
    optimizer = torch.optim.AdamW([body, head], weight_decay=0.01, betas=(0.9, 0.99))
    state = {"spent": 0.0, "seen": 0, "loss": 0.0}
    checkpoint = args.out / "checkpoint.pt"
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        ranker.load_state_dict(kept["ranker"])
        optimizer.load_state_dict(kept["optimizer"])
        state = kept["state"]

    def say(**figures: float) -> None:
        line = json.dumps({"seen": state["seen"], "spent": round(state["spent"]), **figures})
        print(line, flush=True)
        with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    ours, lead = dev_score(ranker, windows, dev)
    say(articles=len(data), dev=round(ours, 4), lead3=round(lead, 4))
    last = saved = time.monotonic()
    while state["spent"] < args.seconds:
        for _ in range(BATCH):
            row = data[state["seen"] % len(data)]
            chance = random.Random(state["seen"])
            count = len(row["sentences"])
            start = chance.randrange(count - 12) if count > 22 and chance.random() < LATER_WINDOW else 0
            loss = loss_of(ranker, windows, row, start)
            (loss / BATCH).backward()
            state["loss"] = 0.995 * state["loss"] + 0.005 * loss.item() if state["seen"] else loss.item()
            state["seen"] += 1
        now = time.monotonic()
        state["spent"] += now - last
        last = now
        done = min(1.0, state["spent"] / args.seconds)
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(1.0, state["seen"] / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
        torch.nn.utils.clip_grad_norm_(ranker.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if now - saved > CHECKPOINT_SECONDS or done == 1.0:
            kept = {"ranker": ranker.state_dict(), "optimizer": optimizer.state_dict(), "state": state}
            torch.save(kept, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            ours, _ = dev_score(ranker, windows, dev)
            say(loss=round(state["loss"], 4), dev=round(ours, 4))
            last = saved = time.monotonic()
    tensors = {name: tensor.half().contiguous() for name, tensor in ranker.state_dict().items()}
    save_file(tensors, args.out / "ranker.safetensors")
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(args.start / name, args.out / name)


if __name__ == "__main__":
    main()
