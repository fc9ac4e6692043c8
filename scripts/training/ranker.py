"""Train the ranker on articles with reference summaries, on a plain CPU, over as many sittings as it takes.

    python -m scripts.training.ranker START OUT --data FILE … --dev FILE --seconds N [--threads N]

START holds `config.json`, `tokenizer.json` and either `ranker.safetensors` or a sentence-transformers model's
`model.safetensors`; OUT gets checkpoints, a log, and at the end what `scripts/export-model` takes. DATA as
`corpus.py` reads it. A run stops after N seconds of the processor's time in all, its learning rate
spent, whatever else runs beside it; a run that was interrupted goes on from its last checkpoint, minutes back at most.
Seeded. The log tells ROUGE-1 + ROUGE-2 of the three best sentences over the first three's, on the development articles
and on those of DATA that training never sees.

Targets: the greedy ROUGE oracle (at most four sentences; Nallapati et al. 2017, Liu and Lapata 2019) and each
sentence's own ROUGE. The loss is made of what inference ranks by, the score less `place_weight` · ln(1 + place), so
that the network need not learn what place alone says: binary cross-entropy against the oracle, which makes scores of
different windows comparable, and a listwise term within the window.

With `--layers` the network begins with these layers of START alone; with `--teacher` half of each target is what that
folder's network, which reads twice as far, says of the same sentences (Hinton et al. 2015).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig

from notime.article import from_text, split
from notime.errors import NotimeError
from notime.model.ranking.encoder import SENTENCE_TOKENS, WINDOW_TOKENS, sentence_features
from scripts.training.corpus import bigrams, body, f1, lines, rows, words
from scripts.training.network import Ranker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Inputs = dict[str, torch.Tensor]

PLACE_WEIGHT = 1.0
ORACLE_SENTENCES = 4
MOST_SENTENCES = 60
FEWEST_SENTENCES = 6
FEATURES, HIDDEN = 8, 192
TEMPERATURE = 0.12
"""Of the softmax over a sentence's own ROUGE-1 + ROUGE-2; spreads the target over some five sentences."""
OWN_SHARE = 0.5
LISTWISE = 0.3
"""Weight of the listwise term beside the binary one."""
BATCH, SIDE_BY_SIDE = 16, 4
WARM_UP = 480
LATER_WINDOW = 0.15
"""How often a long article is entered in the middle: otherwise the network sees beginnings alone."""
TEACHER_TOKENS = 510
"""A teacher's window: what the first weights of six layers were trained on."""
TEACHER_SHARE = 0.5
"""Of the target, where there is a teacher."""
CHECKPOINT_SECONDS = 600
HELD_OUT_ARTICLES = 400


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


def sentences_of(row: dict[str, Any]) -> list[str]:
    """What the daemon would rank; none where it would refuse."""
    try:
        return [sentence.text for sentence in split(from_text(body(row)))]
    except NotimeError:
        return []


def examples(files: Sequence[Path], without: Sequence[str], cache: Path) -> list[dict[str, Any]]:
    """Articles as sentences with their targets; computed once, in some minutes."""
    if cache.is_file():
        found: list[dict[str, Any]] = json.loads(cache.read_text(encoding="utf-8"))
        return found
    found = []
    for row in rows(files, without):
        sentences = sentences_of(row)[:MOST_SENTENCES]
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

    def __init__(self, tokenizer: Tokenizer, tokens: int = WINDOW_TOKENS) -> None:
        self._tokenizer = tokenizer
        self._tokens = tokens

    def window(self, sentences: Sequence[str], start: int) -> tuple[Inputs, int]:
        """The inputs of the window that begins at `start`, and how many sentences it holds."""
        ids, owner, count = [101], [-1], 0
        for text in sentences[start:]:
            own = [*self._tokenizer.encode(text, add_special_tokens=False).ids[:SENTENCE_TOKENS], 102]
            if len(ids) + len(own) > self._tokens and count:
                break
            ids += own
            owner += [count] * len(own)
            count += 1
        member = torch.tensor(owner)[None] == torch.arange(count)[:, None]
        lengths = [len(text.split()) for text in sentences[start : start + count]]
        features = sentence_features(len(sentences), start, lengths)
        return {
            "input_ids": torch.tensor(ids),
            "attention_mask": torch.ones(len(ids), dtype=torch.long),
            "pooling": (member / member.sum(1, keepdim=True)).float(),
            "features": torch.from_numpy(features),
        }, count


def side_by_side(windows: Sequence[Inputs]) -> Inputs:
    """Several windows padded to one size."""
    tokens = max(len(one["input_ids"]) for one in windows)
    sentences = max(len(one["features"]) for one in windows)

    def padded(tensor: torch.Tensor, *shape: int) -> torch.Tensor:
        out = tensor.new_zeros(shape)
        out[tuple(slice(size) for size in tensor.shape)] = tensor
        return out

    return {
        "input_ids": torch.stack([padded(one["input_ids"], tokens) for one in windows]),
        "attention_mask": torch.stack([padded(one["attention_mask"], tokens) for one in windows]),
        "pooling": torch.stack([padded(one["pooling"], sentences, tokens) for one in windows]),
        "features": torch.stack([padded(one["features"], sentences, FEATURES) for one in windows]),
    }


def salience(ranker: Ranker, inputs: Inputs, starts: Sequence[int]) -> torch.Tensor:
    """What inference ranks by, [B, S]; arithmetic in bfloat16 where the processor has it."""
    with torch.autocast("cpu", torch.bfloat16):
        scores = ranker(**inputs)["scores"].float()
    places = torch.tensor(starts)[:, None] + torch.arange(scores.shape[1])
    return scores - PLACE_WEIGHT * torch.log1p(places.float())


def loss_of(logits: torch.Tensor, row: dict[str, Any], start: int, taught: torch.Tensor | None = None) -> torch.Tensor:
    """Of one window's sentences, which begin at `start`; `taught`: a teacher's logits of at least these."""
    count = len(logits)
    oracle = torch.tensor([float(i in row["oracle"]) for i in range(start, start + count)])
    target = torch.softmax(torch.tensor(row["own"][start : start + count]) / TEMPERATURE, 0)
    if oracle.any():
        target = OWN_SHARE * target + (1 - OWN_SHARE) * oracle / oracle.sum()
    if taught is not None:
        taught = taught[:count]
        oracle = (1 - TEACHER_SHARE) * oracle + TEACHER_SHARE * torch.sigmoid(taught)
        target = (1 - TEACHER_SHARE) * target + TEACHER_SHARE * torch.softmax(taught, 0)
    listwise = -(target * torch.log_softmax(logits, 0)).sum()
    binary = torch.nn.functional.binary_cross_entropy_with_logits(logits, oracle)
    return binary + LISTWISE * listwise


@dataclass(frozen=True)
class Teacher:
    """A larger network, and the windows that it reads."""

    ranker: Ranker
    windows: Windows

    @torch.inference_mode()
    def logits(self, row: dict[str, Any], start: int) -> torch.Tensor:
        """What it ranks the sentences from `start` on by, as far as its window reaches."""
        inputs, _ = self.windows.window(row["sentences"], start)
        return salience(self.ranker, side_by_side([inputs]), [start])[0]


def batch_loss(
    ranker: Ranker, windows: Windows, chosen: Sequence[tuple[dict[str, Any], int]], teacher: Teacher | None = None
) -> float:
    """Adds one batch's gradients; its mean loss."""
    read = [(row, start, *windows.window(row["sentences"], start)) for row, start in chosen]
    read.sort(key=lambda each: len(each[2]["input_ids"]))
    total = 0.0
    for place in range(0, len(read), SIDE_BY_SIDE):
        group = read[place : place + SIDE_BY_SIDE]
        logits = salience(ranker, side_by_side([each[2] for each in group]), [each[1] for each in group])
        losses = [
            loss_of(logits[i, :count], row, start, teacher.logits(row, start).clone() if teacher else None)
            for i, (row, start, _, count) in enumerate(group)
        ]
        loss = torch.stack(losses).sum()
        (loss / len(read)).backward()
        total += loss.item()
    return total / len(read)


@torch.inference_mode()
def over_lead(ranker: Ranker, windows: Windows, articles: Sequence[dict[str, Any]]) -> float:
    """ROUGE-1 + ROUGE-2 of the three best sentences, over that of the first three."""
    ranker.eval()
    ours, lead = 0.0, 0.0
    for row in articles:
        scores: list[float] = []
        while len(scores) < len(row["sentences"]):
            inputs, _ = windows.window(row["sentences"], len(scores))
            scores += salience(ranker, side_by_side([inputs]), [len(scores)])[0].tolist()
        best = sorted(range(len(scores)), key=lambda i: -scores[i])[:3]
        grams = [(Counter(tokens), bigrams(tokens)) for tokens in map(words, row["sentences"])]
        ours += rouge([grams[i] for i in best], row["reference"])
        lead += rouge(grams[:3], row["reference"])
    ranker.train()
    return round(ours / lead, 4)


def measured(found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Articles to measure on, as sentences."""
    articles = [{"sentences": sentences_of(row), "reference": row["reference"]} for row in found]
    return [row for row in articles if len(row["sentences"]) >= FEWEST_SENTENCES]


def build(start: Path, layers: Sequence[int] | None = None) -> Ranker:
    """The network with its starting weights, embeddings frozen; with `layers`, these of the start's alone."""
    config = BertConfig(**json.loads((start / "config.json").read_text(encoding="utf-8")))
    config._attn_implementation = "sdpa"
    # Dropout would keep the attention from its fast path and double the time.
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    ranker = Ranker(config, FEATURES, HIDDEN)
    if (start / "ranker.safetensors").is_file():
        tensors = {k: v.float() for k, v in load_file(start / "ranker.safetensors").items() if "pooler" not in k}
        ranker.load_state_dict(tensors)
    else:
        tensors = {k: v.float() for k, v in load_file(start / "model.safetensors").items() if "pooler" not in k}
        ranker.enc.load_state_dict(tensors, strict=False)
    if layers:
        ranker.enc.encoder.layer = torch.nn.ModuleList(ranker.enc.encoder.layer[i] for i in layers)
        ranker.config.num_hidden_layers = len(layers)
    for parameter in ranker.enc.embeddings.parameters():
        parameter.requires_grad = False
    return ranker


def entered(row: dict[str, Any], chance: random.Random) -> int:
    """The sentence that a training window begins with."""
    count = len(row["sentences"])
    return chance.randrange(count - 12) if count > 22 and chance.random() < LATER_WINDOW else 0


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
    parser.add_argument("--layers", type=int, nargs="+", help="layers of START to begin with; default: all")
    parser.add_argument("--teacher", type=Path, help="folder like START whose network teaches")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(17)
    args.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(args.start / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    windows = Windows(tokenizer)
    dev = measured(lines(args.dev))
    held = measured(rows(args.data, args.without, held=True))[:HELD_OUT_ARTICLES]
    data = examples(args.data, args.without, args.out / "rows.json")
    ranker = build(args.start, args.layers)
    teacher = Teacher(build(args.teacher).eval(), Windows(tokenizer, TEACHER_TOKENS)) if args.teacher else None
    head = {"params": list(ranker.head.parameters()), "lr": 5 * args.rate, "top": 5 * args.rate}
    body_ = {"params": [p for p in ranker.enc.parameters() if p.requires_grad], "lr": args.rate, "top": args.rate}
    optimizer = torch.optim.AdamW([body_, head], weight_decay=0.01, betas=(0.9, 0.99))
    state = {"spent": 0.0, "seen": 0, "loss": 0.0}
    checkpoint = args.out / "checkpoint.pt"
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        ranker.load_state_dict(kept["ranker"])
        optimizer.load_state_dict(kept["optimizer"])
        state = kept["state"]

    def say(**figures: float) -> None:
        figures |= {"dev": over_lead(ranker, windows, dev), "held_out": over_lead(ranker, windows, held)}
        line = json.dumps({"seen": state["seen"], "spent": round(state["spent"]), **figures})
        print(line, flush=True)
        with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    say(articles=len(data))
    ranker.train()
    last = saved = time.process_time()
    while state["spent"] < args.seconds:
        chosen = []
        for _ in range(BATCH):
            row = data[int(state["seen"]) % len(data)]
            chosen.append((row, entered(row, random.Random(state["seen"]))))
            state["seen"] += 1
        loss = batch_loss(ranker, windows, chosen, teacher)
        state["loss"] = 0.98 * state["loss"] + 0.02 * loss if state["loss"] else loss
        now = time.process_time()
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
            say(loss=round(state["loss"], 4))
            last = saved = time.process_time()
    tensors = {name: tensor.half().contiguous() for name, tensor in ranker.state_dict().items()}
    save_file(tensors, args.out / "ranker.safetensors")
    config = json.loads((args.start / "config.json").read_text(encoding="utf-8"))
    config["num_hidden_layers"] = ranker.config.num_hidden_layers
    (args.out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(args.start / "tokenizer.json", args.out / "tokenizer.json")


if __name__ == "__main__":
    main()
