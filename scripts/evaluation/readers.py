"""Measure summaries of web pages against what expert readers wrote of them.

    scripts/eval readers [--predictions FILE] [--model ID] [--save FILE] [--pages N] [--json] [--no-write] [--sets DIR]

Without a word more, runs the default model and the ranker alone on the blocks of the pages of DIR/dev.jsonl (by default
../shared/readers), sumy's LexRank and TextRank and the first three sentences beside them, and writes docs/quality.md.
`--predictions` measures summaries made elsewhere, one {"id", "summary": {"sentences": [{"text", "sources":
[{"text"}]}]}} a line; `--model` one model of the catalog; both print and write nothing. `--save` keeps what was made,
in that form, for `scripts/eval judge` and `scripts/eval rewritings`. `--pages N` takes N web and N news pages, always
the same ones. Settings are chosen on the even half of the pages and quoted on the odd one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notime import Summarizer, shapes
from notime.cli.commands.bench import points
from notime.errors import NotimeError
from notime.model import DEFAULT_MODEL
from scripts.evaluation import experts
from scripts.evaluation.document import write
from scripts.evaluation.experts import LEAD, SENTENCES, SETS, keep, saved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.cli.commands.bench.points import Told
    from scripts.evaluation.experts import Row

QUOTED = "minilm-l6-ranker"
DEFAULT = "default model"

System = dict[str, dict[str, float]]
"""The measures of each page's summary, by the page's id."""


def summaries(rows: Sequence[Row], model: str) -> Iterator[Row]:
    """What a model of the catalog makes of the pages; none where it refuses."""
    with Summarizer.load(model) as summarizer:
        for row in rows:
            try:
                summary = summarizer.summarize(points.article(row))
            except NotimeError as error:
                print(f"{row['id']}: {error.message}", file=sys.stderr)
                continue
            yield {
                "id": row["id"],
                "summary": {"sentences": [shapes.sentence(sentence) for sentence in summary.sentences]},
            }


def generated(predictions: Sequence[Row]) -> float | None:
    """Share of the sentences that a model wrote; None where nothing says who did."""
    methods = Counter(
        each.get("method") for row in predictions for each in (row.get("summary") or {}).get("sentences", ())
    )
    known = methods.total() - methods[None]
    return round(methods["generated"] / known, 3) if known else None


def measured(rows: Sequence[Row], made: dict[str, list[Told]]) -> System:
    """Every page's measures; of a page without a summary all are 0."""
    scorer = experts.rouge_scorer()
    return {row["id"]: experts.judged(row, made.get(row["id"], []), scorer) for row in rows}


def lead(rows: Sequence[Row]) -> dict[str, list[Told]]:
    """The first three sentences."""
    return {row["id"]: experts.quoted(row["sentences"][:SENTENCES]) for row in rows}


def groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """All pages; web and news; the halves of each."""
    found = {"all": list(rows)}
    for name, news in (("web", False), ("news", True)):
        found[name] = [row for row in rows if experts.is_news(row) == news]
        for half in ("odd", "even"):
            found[f"{name}, {half}"] = [row for row in found[name] if experts.half(row["id"]) == half]
    return {name: of for name, of in found.items() if of}


def by_kind(rows: Sequence[Row], system: System) -> dict[str, float]:
    """Points of each kind of page, the commonest first."""
    kinds = Counter(row["kind"] for row in rows)
    return {
        kind: experts.means([system[row["id"]] for row in rows if row["kind"] == kind])["points"]
        for kind, _ in kinds.most_common()
    }


def report(rows: Sequence[Row], predictions: Sequence[Row]) -> dict[str, Any]:
    """The figures of one system beside the first three sentences."""
    made = {row["id"]: experts.told(row) for row in predictions if row.get("summary")}
    ours, theirs = measured(rows, made), measured(rows, lead(rows))
    return {
        "pages": len(rows),
        "missing": sum(row["id"] not in made for row in rows),
        "generated": generated(predictions),
        "groups": {
            name: {"pages": len(of), **{
                label: experts.means([system[row["id"]] for row in of])
                for label, system in (("summary", ours), ("lead3", theirs))
            }}
            for name, of in groups(rows).items()
        },
        "by_kind": {
            name: {"summary": by_kind(of, ours), "lead3": by_kind(of, theirs)}
            for name, of in groups(rows).items() if name in ("web", "news")
        },
    }  # fmt: skip


def compared(rows: Sequence[Row], save: Path | None) -> str:
    """The tables of docs/quality.md."""
    from scripts.evaluation.summarizers import PEERS, picked  # only this needs sumy

    systems: dict[str, System] = {}
    made: dict[str, Sequence[Row]] = {}
    for name, model in ((DEFAULT, DEFAULT_MODEL), ("ranker alone, quoted", QUOTED)):
        predictions = list(summaries(rows, model))
        if save and name == DEFAULT:
            keep(save, predictions)
        systems[name] = measured(rows, {row["id"]: experts.told(row) for row in predictions})
        made[name] = predictions
    systems[LEAD] = measured(rows, lead(rows))
    for name in PEERS:
        texts = {row["id"]: experts.quoted(picked(name, "english", experts.prose(row))) for row in rows}
        systems[name] = measured(rows, texts)
    return "\n\n".join((table(rows, systems, made), kinds_table(rows, systems)))


def table(rows: Sequence[Row], systems: dict[str, System], made: dict[str, Sequence[Row]]) -> str:
    """One row a part of the pages and system; `made` has the summaries of those that may have written."""
    out = ["| pages | | points | good | junk | ROUGE-1 / 2 | words | generated |", "|" + "---|" * 8]
    for group, of in groups(rows).items():
        if group == "all":
            continue
        head, ids = f"{group} ({len(of)})", {row["id"] for row in of}
        for name, system in systems.items():
            mean = experts.means([system[row["id"]] for row in of])
            share = generated([one for one in made.get(name, ()) if one["id"] in ids])
            cells = [head, name, *(f"{mean[one]:.2f}" for one in ("points", "good", "junk"))]
            cells += [f"{mean['rouge1']:.1f} / {mean['rouge2']:.1f}", f"{mean['words']:.0f}"]
            cells.append("" if share is None else f"{share:.0%}")
            out.append(f"| {' | '.join(cells)} |")
            head = ""
    return "\n".join(out)


def kinds_table(rows: Sequence[Row], systems: dict[str, System]) -> str:
    """Points of each kind of page."""
    out = [f"| points by kind | pages | {' | '.join(systems)} |", "|" + "---|" * (len(systems) + 2)]
    for group in ("web", "news"):
        of = groups(rows).get(group, [])
        counts = Counter(row["kind"] for row in of)
        columns = [by_kind(of, system) for system in systems.values()]
        for kind, count in counts.most_common():
            out.append(f"| {group}: {kind} | {count} | {' | '.join(f'{column[kind]:.2f}' for column in columns)} |")
    return "\n".join(out)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["readers"])
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--sets", type=Path, default=SETS)
    args = parser.parse_args()
    data = args.sets / "dev.jsonl"
    if not data.exists():
        sys.exit(f"{data} is missing; --sets says where the pages are.")
    rows = experts.pages(data)
    if args.pages:
        rows = experts.subset(rows, args.pages)
    if not (args.predictions or args.model or args.json):
        shown = compared(rows, args.save)
        print(shown)
        if not args.no_write:
            write("readers", "readers", shown)
        return
    predictions = saved(args.predictions) if args.predictions else list(summaries(rows, args.model or DEFAULT_MODEL))
    if args.save:
        keep(args.save, predictions)
    found = report(rows, predictions)
    if args.json:
        print(json.dumps(found, indent=1))
        return
    made = {row["id"]: experts.told(row) for row in predictions if row.get("summary")}
    systems = {"summary": measured(rows, made), LEAD: measured(rows, lead(rows))}
    print(table(rows, systems, {"summary": predictions}), kinds_table(rows, systems), sep="\n\n")
    if found["missing"]:
        print(f"{found['missing']} of {found['pages']} pages have no summary and count as 0.", file=sys.stderr)


if __name__ == "__main__":
    main()
