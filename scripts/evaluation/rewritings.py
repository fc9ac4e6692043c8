"""Measure what is written: how much of it is shown, and whether the check tells right from wrong.

    scripts/eval rewritings [--predictions FILE] [--check MODULE:FUNCTION] [--json] [--no-write] [--sets DIR]

The share of sentences shown as `generated` on the pages of DIR/dev.jsonl (by default ../shared/readers; `--predictions`
takes the summaries that `scripts/eval readers --save` kept instead of making them), and on DIR/rewritings-dev.jsonl,
whose rewritings an editor labelled, how well each check tells bad ones (untrue, lossy, broken) and leaning ones from
right ones: the area under the ROC curve, on the even half of the pages, where settings are chosen, and on the odd one.
`--check` measures one more check: a function that takes a `Rewriting` of this file and returns an `Opinion`, or
anything with those three attributes.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from notime.model import DEFAULT_MODEL, Catalog
from notime.summary.check import check
from scripts.evaluation import experts
from scripts.evaluation.document import write
from scripts.evaluation.experts import LABELS, SETS, saved
from scripts.evaluation.readers import generated, summaries
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

BAD = ("untrue", "lossy", "broken")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A sentence said shortly, with what its writer saw, and how sure the writer was."""

    id: str
    title: str
    lead: str
    before: str
    source: str
    text: str
    sure: float
    """Mean probability of its tokens, 0 to 1."""
    label: str

    @property
    def page(self) -> str:
        """The id of its page."""
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a check says of a rewriting: two scores of any scale, the higher the better, and whether it may be shown."""

    sound: float
    """How surely it is neither untrue nor lossy nor broken."""
    standing: float
    """How surely it leans on nothing that a reader does not see."""
    shown: bool


def by_rules(one: Rewriting) -> Opinion:
    """The rules of `notime.summary.check`."""
    given = " ".join(part for part in (one.lead, one.before, one.source) if part)
    holds = check(one.text, source=one.source, given=given).supported
    return Opinion(float(holds), float(holds), holds)


def by_sureness(one: Rewriting) -> Opinion:
    """The writer's own certainty, with the limit of the default model."""
    return Opinion(one.sure, one.sure, one.sure >= LEAST_SURE)


def by_both(one: Rewriting) -> Opinion:
    """The rules; of what they let pass and of what they do not, the surer first. So the pipeline decides."""
    rules, sure = by_rules(one), by_sureness(one)
    score = rules.sound + sure.sound
    return Opinion(score, score, rules.shown and sure.shown)


LEAST_SURE = next(spec.writing.least_sureness for spec in Catalog().with_parts(SMOLLM) if spec.style == "rewrite")

CHECKS: dict[str, Callable[[Rewriting], Opinion]] = {
    "the writer's certainty": by_sureness,
    "the rules": by_rules,
    "both, as the pipeline does": by_both,
}
"""A check that was taught goes here beside them."""


def rewritings(path: Path) -> list[Rewriting]:
    """The labelled ones."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Rewriting(**{name: row[name] for name in Rewriting.__slots__}) for row in rows]


def area(right: Sequence[float], wrong: Sequence[float]) -> float | None:
    """Area under the ROC curve: how often a right one scores above a wrong one, ties as halves; None without pairs."""
    if not len(right) or not len(wrong):
        return None
    ours, theirs = np.asarray(right)[:, None], np.asarray(wrong)[None, :]
    return round(float(np.mean((ours > theirs) + 0.5 * (ours == theirs))), 3)


def measured(rows: Sequence[Rewriting], opinion: Callable[[Rewriting], Opinion]) -> dict[str, Any]:
    """How a check does on labelled rewritings."""
    opinions = [opinion(row) for row in rows]

    def scores(name: str, labels: Iterable[str]) -> list[float]:
        return [getattr(one, name) for row, one in zip(rows, opinions, strict=True) if row.label in labels]

    shown = Counter(row.label for row, one in zip(rows, opinions, strict=True) if one.shown)
    return {
        "rewritings": len(rows),
        "bad": area(scores("sound", ("ok",)), scores("sound", BAD)),
        "leaning": area(scores("standing", ("ok",)), scores("standing", ("dangling",))),
        "shown": round(shown.total() / len(rows), 3),
        "of_shown": {label: round(shown[label] / max(1, shown.total()), 3) for label in LABELS},
    }


def table(found: dict[str, dict[str, dict[str, Any]]]) -> str:
    """One row a check and half."""
    out = [f"| check | pages | bad | leaning | shown | of these {' / '.join(LABELS)} |", "|" + "---|" * 6]
    for name, halves in found.items():
        for half, one in halves.items():
            labels = " / ".join(f"{share:.0%}" for share in one["of_shown"].values())
            figures = f"{one['bad']:.2f} | {one['leaning']:.2f} | {one['shown']:.0%}"
            out.append(f"| {name} | {half} ({one['rewritings']}) | {figures} | {labels} |")
    return "\n".join(out)


def loaded(name: str) -> Callable[[Rewriting], Opinion]:
    """A check by the name of its module and function."""
    module, _, function = name.partition(":")
    found: Callable[[Rewriting], Opinion] = getattr(importlib.import_module(module), function)
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["rewritings"])
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--check", metavar="MODULE:FUNCTION")
    parser.add_argument("--json", action="store_true", help="print the checks' figures; write and summarise nothing")
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--sets", type=Path, default=SETS)
    args = parser.parse_args()
    data = args.sets / "rewritings-dev.jsonl"
    if not data.exists():
        sys.exit(f"{data} is missing; --sets says where the rewritings are.")
    labelled = rewritings(data)
    halves = {f"{half} half": [row for row in labelled if experts.half(row.page) == half] for half in ("odd", "even")}
    checks = {**CHECKS, **({args.check: loaded(args.check)} if args.check else {})}
    found = {name: {half: measured(rows, opinion) for half, rows in halves.items()} for name, opinion in checks.items()}
    if args.json:
        print(json.dumps(found, indent=1))
        return
    pages = experts.pages(args.sets / "dev.jsonl")
    predictions = saved(args.predictions) if args.predictions else list(summaries(pages, DEFAULT_MODEL))
    shares = {
        name: generated([row for row in predictions if row["id"] in {page["id"] for page in pages} and
                         row["id"].startswith(experts.NEWS) == news])
        for name, news in (("web", False), ("news", True))
    }  # fmt: skip
    told = ", ".join(f"{share or 0:.0%} of the sentences on {name} pages" for name, share in shares.items())
    shown = f"Shown as `generated`: {told}.\n\n{table(found)}"
    print(shown)
    if not args.no_write:
        write("rewritings", "rewritings", shown)


if __name__ == "__main__":
    main()
