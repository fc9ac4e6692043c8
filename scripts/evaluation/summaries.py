"""Measure summaries on the development sets, beside the first three sentences, LexRank and TextRank.

    scripts/eval summaries [--sets DIR] [--limit N] [--no-write]

Runs `score_summaries.py` of DIR (by default ../shared/eval) over the default model, over the ranker alone, and over
sumy's LexRank and TextRank, three sentences each, on the development sets and on articles of the training files that
training never sees (`scripts/training/corpus.py`); then says what the default model makes of each page in `tests/pages`
beside that page's first three sentences. Writes both into docs/quality.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notime import Summarizer, extract
from notime.article import split
from notime.types import LENGTHS
from scripts.evaluation.document import write
from scripts.evaluation.summarizers import PEERS, picked
from scripts.training.corpus import body, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notime.types import Summary

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "pages"
NOTIME = [str(Path(sys.executable).with_name("notime")), "summarize", "--jsonl"]
RUNS = {
    "default model": NOTIME,
    "ranker alone, quoted": [*NOTIME, "--model", "minilm-l6-ranker"],
}
SETS = {"summaries-dev.jsonl": "english", "summaries-fr-dev.jsonl": "french"}
TRAINING = ("summaries-train.jsonl", "summaries-train-more.jsonl.xz")
HELD_OUT = {"CNN": ("cnn", None), "Daily Mail": ("dailymail",), "Inshorts": ("inshorts",)}
"""Data sets of the training files by their names there; those whose case is the publisher's."""
MOST_HELD_OUT = 100


def peer(name: str, language: str, articles: list[dict[str, Any]], out: Path) -> None:
    """Three sentences of each article, by one of sumy's rankers."""
    with out.open("w", encoding="utf-8") as file:
        for row in articles:
            file.write(json.dumps({"id": row["id"], "summary": "\n".join(picked(name, language, body(row)))}) + "\n")


def score(scorer: Path, data: Path, *arguments: str) -> dict[str, Any]:
    """What `score_summaries.py` prints."""
    done = subprocess.run([sys.executable, scorer, data, *arguments], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def sets(folder: Path, scratch: Path) -> Iterator[tuple[str, str, Path]]:
    """Name, language and file of each set."""
    for file, language in SETS.items():
        yield file.removesuffix(".jsonl"), language, folder / file
    held = list(rows([folder / file for file in TRAINING], held=True))
    for name, datasets in HELD_OUT.items():
        path = scratch / f"{name}.jsonl"
        chosen = [row for row in held if row.get("dataset") in datasets][:MOST_HELD_OUT]
        path.write_text("".join(json.dumps(row) + "\n" for row in chosen), encoding="utf-8")
        yield f"{name}, held out", "english", path


def table(folder: Path, limit: int | None) -> str:
    """One row a set and summarizer."""
    out = [
        "| set | | ROUGE-1 / 2 / Lsum | × lead-3 | words | novelty | generated | with a name or number not found |",
        "|" + "---|" * 8,
    ]
    scorer = folder / "score_summaries.py"
    cut = ["--limit", str(limit)] if limit else []
    with tempfile.TemporaryDirectory() as scratch:
        for name, language, data in sets(folder, Path(scratch)):
            articles = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()][:limit]
            results = {}
            for run, command in RUNS.items():
                kept = Path(scratch) / "kept.jsonl"
                results[run] = score(scorer, data, *cut, "--save", str(kept), "--", *command)
                results[run]["generated"] = generated(kept)
            for one in PEERS:
                path = Path(scratch) / one
                peer(one, language, articles, path)
                results[one] = score(scorer, data, *cut, "--predictions", str(path))
            lead = " / ".join(f"{value:.1f}" for value in next(iter(results.values()))["lead3"].values())
            out.append(f"| {name} ({len(articles)}) | lead-3 | {lead} | 1 | | | | |")
            for run, found in results.items():
                rouge = " / ".join(f"{value:.1f}" for value in found["summary"].values())
                ratio = " / ".join(f"{value:.3f}" for value in found["ratio_to_lead3"].values())
                unfound = f"{found['summaries_with_unsupported']:.0%}"
                wrote = f"{found['generated']:.0%}" if "generated" in found else ""
                rest = f"{found['words']:.0f} | {found['novelty']:.3f} | {wrote} | {unfound}"
                out.append(f"| | {run} | {rouge} | {ratio} | {rest} |")
                print(out[-1], flush=True)
    return "\n".join(out)


def generated(kept: Path) -> float:
    """Share of the sentences that the model wrote."""
    answers = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    methods = [each["method"] for answer in answers if "summary" in answer for each in answer["summary"]["sentences"]]
    return methods.count("generated") / max(1, len(methods))


def samples() -> str:
    """Each page of ours, in three lengths, beside its first three sentences."""
    out = []
    with Summarizer.load() as summarizer:
        for path in sorted(PAGES.glob("*.html")):
            article = extract(path.read_bytes())
            out += [f"### {article.title}", "", "| | |", "|---|---|"]
            out.append("| first three sentences | " + " ".join(each.text for each in split(article)[:3]) + " |")
            out += [f"| {length} | {_told(summarizer.summarize(article, length))} |" for length in LENGTHS]
            out.append("")
    return "\n".join(out).rstrip()


def _told(summary: Summary) -> str:
    texts = [each.text if each.method == "generated" else f"*{each.text}*" for each in summary.sentences]
    return "<br>".join(texts).replace("|", r"\|")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["summaries"])
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--no-write", action="store_true")
    args = parser.parse_args()
    figures, read = table(args.sets, args.limit), samples()
    if args.no_write:
        print(figures, read, sep="\n\n")
        return
    write("figures", "summaries", figures)
    write("samples", "summaries", read)


if __name__ == "__main__":
    main()
