"""Blind judging: sheets for people who must not know who wrote what, and the table of their marks.

    scripts/eval judge summaries  --out DIR --system NAME=FILE … [--pages FILE] [--number N] [--seed N] [--plain]
    scripts/eval judge rewritings --out DIR --system NAME=FILE … [--pages FILE] [--number N] [--seed N]
    scripts/eval judge read --key FILE MARKS …

A system's FILE holds summaries as `scripts/eval readers --save` keeps them; --pages the pages (by default
../shared/readers/dev.jsonl). `summaries` puts the first three sentences and the expert's own summary beside the
systems, unless it is `--plain`. Both write DIR/sheet.jsonl, which the judges get, and DIR/key.jsonl, which they do not;
pages and, on each page, systems stand in an order drawn by chance. `read` prints the table. docs/quality.md tells what
the files hold and what the marks mean.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notime.cli.commands.bench import points
from scripts.evaluation import experts
from scripts.evaluation.experts import LABELS, LEAD, SENTENCES, SETS, keep, saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.evaluation.experts import Row

EXPERT = "the expert"
FAULTS = ("false", "broken", "leaning", "junk")
GOOD_MARK = 4
MARKS = range(1, 6)


def summary_sheets(
    pages: Sequence[Row], systems: dict[str, dict[str, Row]], chance: random.Random
) -> tuple[list[Row], list[Row]]:
    """Sheet and key: a page a line with its summaries under letters; who wrote each.

    Args:
        pages: those to be judged, in any order.
        systems: each one's summaries by the id of their page; a page that one of them lacks is left out.
        chance: who draws the order.
    """
    judged = [page for page in pages if all(page["id"] in made for made in systems.values())]
    chance.shuffle(judged)
    sheet, key = [], []
    for number, page in enumerate(judged, 1):
        names = list(systems)
        chance.shuffle(names)
        item = f"{number:03}"
        letters = dict(zip(string.ascii_uppercase, names, strict=False))
        sheet.append({
            "item": item,
            "title": page["title"],
            "text": "\n".join(text for _, text in page["blocks"]),
            "summaries": {letter: [each["text"] for each in _sentences(systems[name][page["id"]])]
                          for letter, name in letters.items()},
        })  # fmt: skip
        key += [
            {"item": item, "summary": letter, "system": name, "page": page["id"], "kind": page["kind"]}
            for letter, name in letters.items()
        ]
    return sheet, key


def rewriting_sheets(
    pages: Sequence[Row], systems: dict[str, dict[str, Row]], number: int, chance: random.Random
) -> tuple[list[Row], list[Row]]:
    """Sheet and key: a sentence that a system wrote a line, with what its writer saw; as many of each system."""
    drawn = []
    for name, made in systems.items():
        written = [
            (name, page, sentence)
            for page in pages
            for sentence in _sentences(made.get(page["id"], {}))
            if sentence.get("method") == "generated"
        ]
        drawn += chance.sample(written, min(number, len(written)))
    chance.shuffle(drawn)
    sheet, key = [], []
    for count, (name, page, sentence) in enumerate(drawn, 1):
        source, before = _source(page, sentence)
        seen = {"title": page["title"], "lead": page["sentences"][0], "before": before, "source": source}
        sheet.append({"item": f"{count:03}", **seen, "text": sentence["text"]})
        key.append({"item": f"{count:03}", "system": name, "page": page["id"], "kind": page["kind"]})
    return sheet, key


def expert(pages: Sequence[Row]) -> dict[str, Row]:
    """What the expert wrote of each page."""
    return {page["id"]: {"summary": {"sentences": [{"text": point["t"]} for point in page["brief"]]}} for page in pages}


def lead(pages: Sequence[Row]) -> dict[str, Row]:
    """The first three sentences of each page."""
    return {
        page["id"]: {"summary": {"sentences": [{"text": text} for text in page["sentences"][:SENTENCES]]}}
        for page in pages
    }


def summary_table(key: Sequence[Row], marks: Sequence[Row]) -> str:
    """Mean mark, share of 4 and 5, faults a summary: a row a system, the best first."""
    who = {(row["item"], row["summary"]): row["system"] for row in key}
    by_system: dict[str, list[Row]] = defaultdict(list)
    for mark in marks:
        by_system[who[mark["item"], mark["summary"]]].append(mark)
    means = {name: sum(mark["mark"] for mark in own) / len(own) for name, own in by_system.items()}
    out = [f"| system | marks | mean | 4 or 5 | {' | '.join(FAULTS)} |", "|" + "---|" * (4 + len(FAULTS))]
    for name in sorted(by_system, key=lambda name: -means[name]):
        own = by_system[name]
        good = sum(mark["mark"] >= GOOD_MARK for mark in own) / len(own)
        faults = [f"{sum(mark.get(fault, 0) for mark in own) / len(own):.2f}" for fault in FAULTS]
        out.append(f"| {name} | {len(own)} | {means[name]:.2f} | {good:.0%} | {' | '.join(faults)} |")
    return "\n".join(out)


def rewriting_table(key: Sequence[Row], marks: Sequence[Row]) -> str:
    """Share of each label: a row a system."""
    who = {row["item"]: row["system"] for row in key}
    by_system: dict[str, Counter[str]] = defaultdict(Counter)
    for mark in marks:
        by_system[who[mark["item"]]][mark["label"]] += 1
    out = [f"| system | labels | {' | '.join(LABELS)} |", "|" + "---|" * (2 + len(LABELS))]
    for name, counts in sorted(by_system.items(), key=lambda one: -one[1]["ok"] / one[1].total()):
        shares = " | ".join(f"{counts[label] / counts.total():.1%}" for label in LABELS)
        out.append(f"| {name} | {counts.total()} | {shares} |")
    return "\n".join(out)


def agreement(marks: Sequence[Row]) -> str:
    """How often two judges of the same item agree; empty where nobody shared one."""
    by_item: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for mark in marks:
        by_item[mark["item"], mark.get("summary", "")].append(mark)
    pairs = [pair for shared in by_item.values() for pair in combinations(shared, 2)]
    if not pairs:
        return ""
    if "label" in marks[0]:
        alike = sum((one["label"] == "ok") == (two["label"] == "ok") for one, two in pairs)
        return f"Two judges of one rewriting agree on *ok or not* {alike / len(pairs):.0%} of {len(pairs)} times."
    apart = sum(abs(one["mark"] - two["mark"]) for one, two in pairs) / len(pairs)
    return f"Two judges of one summary are {apart:.2f} marks apart in the mean ({len(pairs)} pairs)."


def fault(row: Row, known: set[tuple[str, str]]) -> str | None:
    """What is wrong with a judge's line; None where nothing is."""
    if (row.get("item"), row.get("summary", "")) not in known:
        return "the sheet has no such item"
    if "label" in row:
        return None if row["label"] in LABELS else f"a label is one of {', '.join(LABELS)}"
    if row.get("mark") not in MARKS:
        return "a mark is a whole number from 1 to 5"
    if any(not isinstance(row.get(name, 0), int) or row.get(name, 0) < 0 for name in FAULTS):
        return f"{', '.join(FAULTS)} are counts"
    return None


def read(key: Sequence[Row], files: Sequence[Path]) -> str:
    """The table of all judges' marks; stops at the first line that cannot be read."""
    known = {(row["item"], row.get("summary", "")) for row in key}
    marks = []
    for file in files:
        for number, row in enumerate(saved(file), 1):
            wrong = fault(row, known)
            if wrong:
                raise SystemExit(f"{file.name}, line {number}: {wrong}.")
            marks.append(row)
    if not marks:
        raise SystemExit("There are no marks.")
    of_rewritings = "summary" not in key[0]
    table = (rewriting_table if of_rewritings else summary_table)(key, marks)
    return f"{table}\n\n{agreement(marks)}".rstrip()


def _sentences(prediction: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (prediction.get("summary") or {}).get("sentences", [])
    return found


def _source(page: Row, sentence: Row) -> tuple[str, str]:
    """The sentences that a written one was made from, and the page's sentence before the first of them."""
    texts, of = [source["text"] for source in sentence["sources"]], page["sentences"]
    near = (at for at, text in enumerate(of) if points.same(text, texts[0]))
    place = of.index(texts[0]) if texts[0] in of else next(near, 0)
    return " ".join(texts), of[place - 1] if place else ""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["judge"])
    tasks = parser.add_subparsers(dest="task", required=True)
    for name, number in (("summaries", 48), ("rewritings", 150)):
        task = tasks.add_parser(name)
        task.add_argument("--system", metavar="NAME=FILE", action="append", default=[])
        task.add_argument("--pages", type=Path, default=SETS / "dev.jsonl")
        task.add_argument("--out", type=Path, required=True)
        task.add_argument("--number", type=int, default=number)
        task.add_argument("--seed", type=int, default=0)
        task.add_argument("--plain", action="store_true")
    reading = tasks.add_parser("read")
    reading.add_argument("--key", type=Path, required=True)
    reading.add_argument("marks", type=Path, nargs="+")
    args = parser.parse_args()
    if args.task == "read":
        print(read(saved(args.key), args.marks))
        return
    if not args.pages.exists():
        sys.exit(f"{args.pages} is missing; --pages says where the pages are.")
    pages, chance = experts.pages(args.pages), random.Random(args.seed)
    systems = {}
    for each in args.system:
        name, given, file = each.partition("=")
        if not given:
            sys.exit(f"{each} is not NAME=FILE.")
        systems[name] = {row["id"]: row for row in saved(Path(file)) if row.get("summary")}
    if args.task == "summaries":
        if not args.plain:
            systems |= {LEAD: lead(pages), EXPERT: expert(pages)}
        shared = [page for page in pages if all(page["id"] in made for made in systems.values())]
        chosen = chance.sample(shared, min(args.number, len(shared)))
        sheet, key = summary_sheets(chosen, systems, chance)
    else:
        sheet, key = rewriting_sheets(pages, systems, args.number, chance)
    args.out.mkdir(parents=True, exist_ok=True)
    keep(args.out / "sheet.jsonl", sheet)
    keep(args.out / "key.jsonl", key)
    print(f"{len(sheet)} items. sheet.jsonl is for the judges, key.jsonl is not.", file=sys.stderr)


if __name__ == "__main__":
    main()
