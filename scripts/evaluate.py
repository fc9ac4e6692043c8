"""Measure quality on the development sets.

    scripts/eval extraction [--peers] [--held-out] [--sets DIR] [--lower-floors]

Runs notime's extraction over the sets in DIR (by default ../shared/eval), prints a table and fails where a figure is
under its floor in tests/article/floors.json; `--lower-floors` writes the floors anew instead. `--peers` also runs the
extractors that people use (scripts/evaluate_peers.py) and writes the table into docs/extraction.md.
`--held-out` also trains five forests that each did not see a fifth of the sites and reports what those reach.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import evaluate_peers

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "tests" / "article" / "floors.json"
PAGE = ROOT / "docs" / "extraction.md"
SETS = ("scrapinghub", "wcxb", "readability")
MEASURES = ("word_f1", "shingle_f1", "titles", "failed")
SLACK = 0.001
"""How far a figure may fall under its floor: versions of lxml differ by less (measured)."""


def score(command: list[str], archive: Path, scorer: Path) -> dict[str, Any]:
    """What the scorer says, with median and 95th percentile of CPU milliseconds a page."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "answers"
        tee = [sys.executable, str(Path(__file__).resolve()), "--tee", str(log), *command]
        done = subprocess.run(
            [sys.executable, str(scorer), str(archive), "--", *tee], stdout=subprocess.PIPE, text=True, check=True
        )
        times = sorted(json.loads(line)["ms"] for line in log.read_text(encoding="utf-8").splitlines())
    result: dict[str, Any] = json.loads(done.stdout)
    return {**result, "median_ms": round(times[len(times) // 2], 1), "p95_ms": round(times[int(len(times) * 0.95)], 1)}


def tee(log: str, command: list[str]) -> None:
    """Run a command, and keep what it prints beside printing it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with Path(log).open("a", encoding="utf-8") as stream:
        stream.write(done.stdout)
    sys.stdout.write(done.stdout)


def held_out(archives: list[Path]) -> dict[str, dict[str, float]]:
    """Word F1 and 4-gram F1 a set, each page judged by a forest that did not see its site."""
    command = [str(evaluate_peers.environment()), str(ROOT / "scripts" / "train-reader"), "--folds-only"]
    done = subprocess.run([*command, *map(str, archives)], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)["held_out"]
    return {name: found[name] for name in SETS}


def _cell(result: dict[str, Any]) -> str:
    titles = f", {result['titles']:.2f}" if result.get("titles") is not None else ""
    return f"{result['word_f1']:.3f} / {result['shingle_f1']:.3f}{titles}"


def table(results: dict[str, dict[str, dict[str, Any]]], folds: dict[str, dict[str, float]] | None) -> str:
    """The figures as Markdown."""
    heads = " | ".join(f"{name} ({results['notime'][name]['pages']})" for name in SETS)
    lines = [f"| | {heads} | failed | CPU ms a page, median / p95 |", "|---|" + "---|" * (len(SETS) + 2)]
    for name, sets in results.items():
        cells = " | ".join(_cell(sets[one]) for one in SETS)
        failed = sum(sets[one]["failed"] for one in SETS)
        medians = " ".join(f"{sets[one]['median_ms']:.0f}" for one in SETS)
        tails = " ".join(f"{sets[one]['p95_ms']:.0f}" for one in SETS)
        lines.append(f"| {name} | {cells} | {failed} | {medians} / {tails} |")
    if folds:
        lines.append(f"| notime, held-out folds | {' | '.join(_cell(folds[name]) for name in SETS)} | | |")
    return "\n".join(lines)


def check(ours: dict[str, dict[str, Any]], *, lower: bool) -> list[str]:
    """The figures under their floor; with `lower`, the floors are set to the figures and none is."""
    if lower or not FLOORS.exists():
        if not lower:
            sys.exit(f"{FLOORS.name} is missing; --lower-floors writes it.")
        floors = {name: {measure: ours[name][measure] for measure in MEASURES} for name in SETS}
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
        return []
    faults = []
    for name, floor in json.loads(FLOORS.read_text(encoding="utf-8")).items():
        for measure, least in floor.items():
            got = ours[name][measure]
            if least is not None and (got > least if measure == "failed" else got < least - SLACK):
                faults.append(f"{name}: {measure} is {got}, its floor is {least}")
    return faults


def main() -> None:
    """Run from the command line."""
    if sys.argv[1:2] == ["--tee"]:
        return tee(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["extraction"])
    parser.add_argument("--peers", action="store_true", help="compare with others and write docs/extraction.md")
    parser.add_argument("--held-out", action="store_true", help="also train on folds and judge the pages left out")
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "eval", help="where the sets are")
    parser.add_argument("--lower-floors", action="store_true", help="set the floors to what is reached now")
    args = parser.parse_args()
    archives = [args.sets / f"extraction-{name}-dev.tar.xz" for name in SETS]
    if not all(archive.exists() for archive in archives):
        sys.exit(f"The development sets are not in {args.sets}; --sets says where they are.")
    commands = evaluate_peers.commands(peers=args.peers)
    folds = held_out(archives) if args.held_out else None
    results = {
        name: {
            one: score(command, archive, args.sets / "score_extraction.py")
            for one, archive in zip(SETS, archives, strict=True)
        }
        for name, command in commands.items()
    }
    shown = table(results, folds)
    print("Word F1 / 4-gram F1, share of titles found.\n\n" + shown)
    if args.peers:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            re.sub(r"(<!-- table -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{shown}\n{m[2]}", text, flags=re.DOTALL),
            encoding="utf-8",
        )
    faults = check(results["notime"], lower=args.lower_floors)
    for fault in faults:
        print(f"UNDER ITS FLOOR  {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
