"""Teach the reader which sentences of a page an expert keeps, on a CPU or a GPU, over as many sittings as it takes.

    scripts/train pages OUT [--start FOLDER] [--sets DIR] --seconds N [--rate R] [--part K/N] [--threads N]

Pages of DIR/train.jsonl.xz (by default ../shared/readers), each with what an expert kept of it and what no summary may
be made from, are laid out as the daemon lays them out, a piece at a time. OUT gets a log, a checkpoint every ten
minutes, and at the end what `models/gemma3-270m-reader` takes: adapter and head. `--start` goes on from such a folder;
without it the adapter begins at nothing. A run stops after N seconds of the processor's time, its learning rate spent;
one that was interrupted goes on from its checkpoint. `--part 0/2` and `1/2`, run side by side on two cores, each read
every second page; `--mean FOLDER …` writes the mean of what several wrote to OUT. `--measure` tells what OUT reaches on
DIR/dev.jsonl: loss, and points, good and junk of the three best sentences. Seeded.

Loss of a piece: 2 × binary cross-entropy (1 for the first sentence of a brief point, .6 for its others, .45 and .25 for
further points'; junk weighs double) + .3 × cross-entropy over the piece's sentences.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from notime.model import DEFAULT_MODEL, Catalog
from notime.model.graph.weights import DecoderWeights
from notime.model.ranking.layout import Layout
from notime.model.ranking.pieces import Pieces
from notime.model.source.fetch import fetch
from notime.model.tokens.tokenizer import open_vocabulary, write_vocabulary
from notime.settings import Settings
from scripts.training.reader.network import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.model.ranking.pieces import Piece

    Row = dict[str, Any]

RANK = 16
BATCH = 4
WARM_UP = 25
"""Steps."""
HEAD_RATE = 3.3
"""The head's learning rate, beside the adapter's."""
KEPT = {"more": (0.45, 0.25), "brief": (1.0, 0.6)}
JUNK_WEIGHT = 2.0
BINARY, LISTWISE = 2.0, 0.3
CHECKPOINT_SECONDS = 600
CHOSEN = 3


def laid_out(row: Row) -> Layout:
    """A page of the set as the network is shown it."""
    headings = tuple((n, text) for n, (kind, text) in enumerate(row["blocks"]) if kind == "heading")
    return Layout(row["title"] or "", headings, tuple(row["sentences"]), tuple(row["places"]))


def targets(row: Row) -> tuple[torch.Tensor, torch.Tensor]:
    """What each sentence's score is to say, 0 to 1, and what it weighs: [n], [n]."""
    count = len(row["sentences"])
    wanted, weight = np.zeros(count, np.float32), np.ones(count, np.float32)
    for points, (first, others) in KEPT.items():
        for point in row[points]:
            for rank, place in enumerate(point["s"]):
                wanted[place] = max(wanted[place], others if rank else first)
    weight[row["junk"]] = JUNK_WEIGHT
    return torch.from_numpy(wanted), torch.from_numpy(weight)


def scores(reader: Reader, piece: Piece) -> torch.Tensor:
    """One a sentence, [n]."""
    states = reader(torch.tensor([piece.ids]))[0].float()
    first, last = (torch.tensor(each, device=states.device) for each in (piece.firsts, piece.lasts))
    sums = torch.cat([states.new_zeros(1, states.shape[1]), states.cumsum(0)])
    mean = (sums[last + 1] - sums[first]) / (last + 1 - first)[:, None]
    out: torch.Tensor = reader.head(
        torch.cat([states[last], mean], 1), torch.from_numpy(piece.features).to(states.device)
    )
    return out.cpu()


def loss_of(told: torch.Tensor, wanted: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Of one piece."""
    loss = BINARY * functional.binary_cross_entropy_with_logits(told, wanted, weight=weight)
    if wanted.sum() > 0:
        loss = loss - LISTWISE * (wanted / wanted.sum() * torch.log_softmax(told, 0)).sum()
    return loss


def best(row: Row, told: np.ndarray) -> list[int]:
    """The best sentences that are whole, of 5 to 60 words, and share no three words in a row."""
    taken: list[int] = []
    seen: set[tuple[str, ...]] = set()
    for place in np.argsort(-told):
        text = row["sentences"][place].strip()
        words = re.findall(r"\w+", text.lower())
        mine = set(zip(words, words[1:], words[2:], strict=False))
        if 5 <= len(text.split()) <= 60 and re.search(r"[.!…\"”’)]$", text) and not mine & seen:
            taken.append(int(place))
            seen |= mine
        if len(taken) == CHOSEN:
            break
    return taken


@torch.inference_mode()
def measured(reader: Reader, pieces: Pieces, rows: list[Row]) -> Iterator[tuple[float, float, float, float]]:
    """Loss, points, good and junk of each page."""
    for row in rows:
        told = torch.zeros(len(row["sentences"]))
        for piece in pieces.of(laid_out(row)):
            told[list(piece.places)] = scores(reader, piece)
        taken = best(row, told.numpy())
        points = [point["s"] for point in row["brief"]]
        kept = {place for point in [*row["brief"], *row["more"]] for place in point["s"]}
        yield (
            float(loss_of(told, *targets(row))),
            float(np.mean([any(place in point for place in taken) for point in points])),
            sum(place in kept for place in taken) / CHOSEN,
            sum(place in row["junk"] for place in taken) / CHOSEN,
        )


def mean_of(folders: list[Path], out: Path) -> None:
    """The mean of several runs' weights that went on from the same ones."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("adapter_model.safetensors", "head.safetensors"):
        all_ = [load_file(folder / name) for folder in folders]
        mean = {key: torch.stack([one[key].float() for one in all_]).mean(0).half() for key in all_[0]}
        save_file(mean, out / name)
    (out / "adapter_config.json").write_bytes((folders[0] / "adapter_config.json").read_bytes())


def train(reader: Reader, pieces: Pieces, rows: list[Row], args: argparse.Namespace) -> None:
    """Until the time is spent."""
    groups = [
        {"params": list(reader.adapted.parameters()), "top": args.rate},
        {"params": list(reader.head.parameters()), "top": HEAD_RATE * args.rate},
    ]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, weight_decay=0.01)
    parameters = [parameter for group in groups for parameter in group["params"]]
    state = {"spent": 0.0, "steps": 0, "loss": 0.0}
    checkpoint = args.out / "checkpoint.pt"
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        reader.load_state_dict(kept["reader"])
        optimizer.load_state_dict(kept["optimizer"])
        state = kept["state"]
    chance = random.Random(f"{args.part} {state['steps']}")
    order: list[Row] = []
    last, saved = time.process_time(), time.monotonic()
    while state["spent"] < args.seconds:
        for _ in range(BATCH):
            order = order or chance.sample(rows, len(rows))
            row = order.pop()
            piece = chance.choice(pieces.of(laid_out(row)))
            wanted, weight = (each[list(piece.places)] for each in targets(row))
            loss = loss_of(scores(reader, piece), wanted, weight)
            (loss / BATCH).backward()
            state["loss"] = 0.99 * state["loss"] + 0.01 * loss.item() if state["loss"] else loss.item()
        state["steps"] += 1
        now = time.process_time()
        state["spent"] += now - last
        last = now
        done = min(1.0, state["spent"] / args.seconds)
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(1.0, state["steps"] / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if time.monotonic() - saved > CHECKPOINT_SECONDS or done == 1.0:
            saved = time.monotonic()
            torch.save({"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "state": state},
                       checkpoint.with_suffix(".new"))  # fmt: skip
            checkpoint.with_suffix(".new").replace(checkpoint)
            reader.save(args.out)
            line = json.dumps(state | {"epochs": round(BATCH * state["steps"] / len(rows), 2)})
            print(line, flush=True)
            with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(line + "\n")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="folder of an adapter and head to go on from")
    parser.add_argument("--sets", type=Path, default=Path("../shared/readers"))
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=3e-4, help="highest learning rate of the adapter")
    parser.add_argument("--part", default="0/1", help="K/N: every Nth page, from the Kth")
    parser.add_argument("--mean", type=Path, nargs="+", help="folders to write the mean of, instead of training")
    parser.add_argument("--measure", action="store_true", help="tell what OUT reaches on dev.jsonl")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(17)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.mean:
        mean_of(args.mean, args.out)
    if not (args.seconds or args.measure):
        return
    weights = DecoderWeights(fetch(Catalog().get(DEFAULT_MODEL), Settings.load().cache_dir, lambda _what, _share: None))
    write_vocabulary(weights, args.out)
    pieces = Pieces(open_vocabulary(args.out))
    reader = Reader(weights, "cuda" if torch.cuda.is_available() else "cpu", RANK)
    if args.start:
        reader.load(args.start)
    if args.seconds:
        part, parts = map(int, args.part.split("/"))
        with lzma.open(args.sets / "train.jsonl.xz", "rt", encoding="utf-8") as stream:
            rows = [row for row in map(json.loads, stream) if row["brief"]]
        train(reader, pieces, rows[part::parts], args)
    if args.measure:
        reader.load(args.out)
        with (args.sets / "dev.jsonl").open(encoding="utf-8") as stream:
            rows = [row for row in map(json.loads, stream) if row["brief"]]
        found = np.array(list(measured(reader, pieces, rows)))
        print(
            dict(
                zip(
                    ("pages", "loss", "points", "good", "junk"),
                    (len(rows), *found.mean(0).round(4).tolist()),
                    strict=True,
                )
            )
        )


if __name__ == "__main__":
    main()
