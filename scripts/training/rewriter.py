"""Train the rewriter's adapter on pairs taken from articles with reference summaries, on a plain CPU.

    python -m scripts.training.rewriter ADAPTER OUT --data FILE … --seconds N [--threads N]

ADAPTER is a folder in PEFT's format to go on from (models/smollm2-135m-rewriter); the base weights are the catalog's,
fetched and checked as `notime models build` does. OUT gets the pairs, checkpoints, a log, and at the end `adapter/`.
DATA as `corpus.py` reads them. A run stops after N seconds in all; one that was interrupted goes on
from its last checkpoint, minutes back at most. Seeded.

A pair is a highlight and the article's sentence that bears it (best ROUGE-1 + ROUGE-2). Kept are those whose highlight
would pass the daemon's own check, and that keep what makes a claim a claim: who says so, *may*, *if*. A pair that
drops these teaches to turn a claim into a fact. The prompt names the highlight's length, so that the daemon can ask for
more or for less. Loss on the answer and its end alone.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from notime.article import from_text, split
from notime.errors import NotimeError
from notime.model import Catalog
from notime.model.source.fetch import fetch
from notime.settings import Settings
from notime.summary.check import check
from notime.summary.rewrite import Task, prompt, rounded, task
from scripts.training.corpus import bigrams, body, f1, rows, words
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.model import ModelSpec

BATCH, SIDE_BY_SIDE = 16, 8
WARM_UP = 320
CHECKPOINT_SECONDS = 600
DEV_PAIRS = 160
MOST_TOKENS = 320
SHARED_BIGRAMS, SHARED_CONTENT = 0.2, 0.8
FEWEST_WORDS, MOST_WORDS = 8, 34
ARTICLES = frozenset(("a", "an", "the"))
SAYERS = frozenset(
    "said says say saying told tells according reported reports report claimed claims claim believes believe thinks "
    "think announced confirmed warned warns insisted insists argued argues added alleged allegedly accused suggests "
    "suggested shows showed study poll survey found predicts predicted denied denies".split()
)


class Truecaser:
    """The form in which a word mostly stands inside a sentence, from articles whose case is the publisher's."""

    def __init__(self) -> None:
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, sentence: str) -> None:
        """Count the words of one sentence, its first left out."""
        for word in re.findall(r"[^\W\d_][\w'’]*", sentence)[1:]:
            self._forms[word.lower()][word] += 1

    def mend(self, sentence: str) -> str:
        """The sentence with those words changed whose form is hardly in doubt."""
        first = True

        def form(found: re.Match[str]) -> str:
            nonlocal first
            word, at_start, first = found[0], first, False
            seen = self._forms.get(word.lower(), Counter())
            best, count = next(iter(seen.most_common(1)), (word, 0))
            if count < 3 or count < (0.95 if best.islower() else 0.75) * sum(seen.values()):
                best = word
            return best[0].upper() + best[1:] if at_start else best

        return re.sub(r"[^\W\d_][\w'’]*", form, sentence)


def clean(highlight: str) -> str:
    """A highlight as a sentence."""
    text = re.sub(r"\s+", " ", re.sub(r"\s+([.,!?;:%])", r"\1", highlight.strip()))
    return (text[0].upper() + text[1:] + ("" if text[-1] in ".!?\"'”’" else ".")) if text else text


def claim_kept(sentence: str, highlight: str) -> bool:
    """Who says so stays said."""
    return bool(SAYERS.isdisjoint(words(sentence)) or not SAYERS.isdisjoint(words(highlight)))


def headlinese(sentence: str, highlight: str) -> bool:
    """It leaves out the articles that its source has: *Driver hits house*."""
    theirs, ours = words(sentence), words(highlight)
    share = sum(word in ARTICLES for word in theirs) / len(theirs)
    return sum(word in ARTICLES for word in ours) < 0.4 * share * len(ours) and share * len(ours) > 1


def pairs_of(row: dict[str, Any], caser: Truecaser | None) -> Iterator[tuple[str, str, str, str]]:
    """(lead, before, sentence, highlight) of one article."""
    try:
        sentences = split(from_text(body(row)))[:60]
    except NotimeError:
        return
    tokens = [words(sentence.text) for sentence in sentences]
    grams = [(Counter(each), bigrams(each)) for each in tokens]
    for highlight in map(clean, filter(None, row["reference"].split("\n"))):
        wanted = words(highlight)
        if not FEWEST_WORDS <= len(wanted) <= MOST_WORDS:
            continue
        ones, twos = Counter(wanted), bigrams(wanted)
        best = max(range(len(grams)), key=lambda i: f1(grams[i][0], ones) + f1(grams[i][1], twos), default=None)
        if best is None or not 7 <= len(tokens[best]) <= 60 or len(wanted) > len(tokens[best]):
            continue
        asked = task(sentences, best)
        lead, before, sentence = asked.lead, asked.before, asked.sentence
        if caser:
            lead, before, sentence, highlight = map(caser.mend, (lead, before, sentence, highlight))
        given = " ".join((lead, before, sentence))
        content = [word for word in wanted if len(word) > 3]
        known = set(words(given))
        share = sum(word in known or word.rstrip("s") in known for word in content) / max(1, len(content))
        shared = sum((grams[best][1] & twos).values()) / max(1, sum(twos.values()))
        if shared < SHARED_BIGRAMS or share < SHARED_CONTENT or headlinese(sentence, highlight):
            continue
        if not claim_kept(sentence, highlight):
            continue
        if check(highlight, source=sentence, given=given).supported:
            yield lead, before, sentence, highlight


def pairs(files: Sequence[Path], without: Sequence[str], cache: Path, *, held: bool) -> list[tuple[str, ...]]:
    """All pairs, one copy in twenty at most. Computed once."""
    if cache.is_file():
        return [tuple(pair) for pair in json.loads(cache.read_text(encoding="utf-8"))]
    caser = Truecaser()
    for row in rows(files):
        if row.get("cased", True) is True:
            for sentence in re.split(r"(?<=[.!?])\s+", row["article"]):
                caser.learn(sentence)
    found: dict[bool, list[tuple[str, ...]]] = {True: [], False: []}
    for row in rows(files, without, held=held):
        cased = row.get("cased", True) is True
        found[cased] += pairs_of(row, None if cased else caser)
    chance, done = random.Random(7), list[tuple[str, ...]]()
    for group in (found[True], found[False]):
        copies = [pair for pair in group if words(pair[2]) == words(pair[3])]
        others = [pair for pair in group if words(pair[2]) != words(pair[3])]
        done += others + copies[: len(others) // 20]
    chance.shuffle(done)
    cache.write_text(json.dumps(done), encoding="utf-8")
    return done


def asked_for(template: str, pair: Sequence[str]) -> str:
    """The prompt for a pair."""
    lead, before, sentence, highlight = pair
    return prompt(template, Task(lead, before, sentence, rounded(len(highlight.split()))))


def base_model(spec: ModelSpec) -> tuple[Any, Any]:
    """The catalog's base weights in float32, and their tokenizer."""
    gguf = fetch(spec, Settings.load().cache_dir, lambda _what, _share: None)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    return AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32), tokenizer


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--without", nargs="*", default=["xsum"], help="data sets left out")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=2e-4, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(17)
    args.out.mkdir(parents=True, exist_ok=True)
    spec = Catalog().get(SMOLLM)
    if spec.prompt is None:
        raise SystemExit(f"{spec.id} has no prompt")
    template, stop = spec.prompt.template, spec.prompt.stops[0]
    data = pairs(args.data, args.without, args.out / "pairs.json", held=False)
    dev = pairs(args.data, args.without, args.out / "held-pairs.json", held=True)[:DEV_PAIRS]
    print(f"{len(data)} pairs, {sum(len(words(p[2])) for p in data) / len(data):.1f} words to "
          f"{sum(len(words(p[3])) for p in data) / len(data):.1f}; {len(dev)} held out", flush=True)  # fmt: skip
    base, tokenizer = base_model(spec)
    model = PeftModel.from_pretrained(base, args.adapter, is_trainable=True)
    inner = model.get_base_model()
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in parameters:
        parameter.data = parameter.data.float()
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, weight_decay=0.0, betas=(0.9, 0.98))
    state = {"spent": 0.0, "seen": 0, "loss": 0.0}
    checkpoint = args.out / "checkpoint.pt"
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        for parameter, value in zip(parameters, kept["parameters"], strict=True):
            parameter.data = value
        optimizer.load_state_dict(kept["optimizer"])
        state = kept["state"]

    def losses(chosen: Sequence[Sequence[str]]) -> torch.Tensor:
        """Mean cross-entropy a token of each pair, [n]; arithmetic in bfloat16 where the processor has it."""
        asked = [tokenizer(asked_for(template, pair), add_special_tokens=False)["input_ids"] for pair in chosen]
        answers = [tokenizer(pair[3] + stop, add_special_tokens=False)["input_ids"] for pair in chosen]
        longest = max(len(one) + len(two) for one, two in zip(asked, answers, strict=True))
        ids = torch.zeros((len(chosen), longest), dtype=torch.long)
        for row, (one, two) in enumerate(zip(asked, answers, strict=True)):
            ids[row, : len(one) + len(two)] = torch.tensor([*one, *two])
        with torch.autocast("cpu", torch.bfloat16):
            # Padded on the right and read from left to right: no row sees its padding.
            hidden = inner.model(input_ids=ids).last_hidden_state
            places = [hidden[row, len(one) - 1 : len(one) + len(answers[row]) - 1] for row, one in enumerate(asked)]
            logits = inner.lm_head(torch.cat(places)).float()
        wanted = torch.tensor([token for answer in answers for token in answer])
        each = torch.nn.functional.cross_entropy(logits, wanted, reduction="none")
        return torch.stack([part.mean() for part in each.split([len(answer) for answer in answers])])

    @torch.inference_mode()
    def dev_loss() -> float:
        parts = [losses(dev[place : place + SIDE_BY_SIDE]) for place in range(0, len(dev), SIDE_BY_SIDE)]
        return float(torch.cat(parts).mean())

    def say(**figures: float) -> None:
        line = json.dumps({"seen": state["seen"], "spent": round(state["spent"]), **figures})
        print(line, flush=True)
        with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    say(pairs=len(data), dev=round(dev_loss(), 4))
    last = saved = time.monotonic()
    while state["spent"] < args.seconds:
        chosen: list[tuple[str, ...]] = []
        while len(chosen) < BATCH:
            pair = data[int(state["seen"]) % len(data)]
            state["seen"] += 1
            if sum(map(len, pair)) / 3 <= MOST_TOKENS:
                chosen.append(pair)
        chosen.sort(key=lambda pair: sum(map(len, pair)))
        for place in range(0, BATCH, SIDE_BY_SIDE):
            loss = losses(chosen[place : place + SIDE_BY_SIDE]).mean()
            (loss * SIDE_BY_SIDE / BATCH).backward()
            state["loss"] = 0.99 * state["loss"] + 0.01 * loss.item() if state["loss"] else loss.item()
        now = time.monotonic()
        state["spent"] += now - last
        last = now
        done = min(1.0, state["spent"] / args.seconds)
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min(1.0, state["seen"] / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if now - saved > CHECKPOINT_SECONDS or done == 1.0:
            values = [parameter.data for parameter in parameters]
            torch.save({"parameters": values, "optimizer": optimizer.state_dict(), "state": state},
                       checkpoint.with_suffix(".new"))  # fmt: skip
            checkpoint.with_suffix(".new").replace(checkpoint)
            say(loss=round(state["loss"], 4), dev=round(dev_loss(), 4))
            model.save_pretrained(args.out / "adapter")
            last = saved = time.monotonic()
    model.half().save_pretrained(args.out / "adapter")


if __name__ == "__main__":
    main()
