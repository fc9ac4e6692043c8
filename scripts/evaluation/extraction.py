"""Measure quality on the development sets.

    scripts/eval extraction [--peers] [--held-out] [--sets DIR] [--lower-floors]
    scripts/eval extraction --kinds [--every N] [--held-out] [--sets DIR]

Runs notime's extraction over the sets in DIR (by default ../shared/eval), prints a table and fails where a figure is
under its floor in tests/article/floors.json; `--lower-floors` writes the floors anew instead. `--peers` also runs the
extractors that people use (scripts/evaluation/extractors.py) and writes the table into docs/extraction.md.
`--held-out` also trains forests that each did not see a part of the sites and reports what those reach. `--kinds`
compares on
pages of seven kinds instead, every Nth of each, with readability-lxml and trafilatura; notime has been trained on
these, so that only its held-out figure says what to expect.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from scripts.evaluation import extractors

ROOT = Path(__file__).resolve().parents[2]
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
        tee = [sys.executable, "-m", "scripts.evaluation.extraction", "--tee", str(log), *command]
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


def held_out(archives: list[Path]) -> dict[str, dict[str, Any]]:
    """What is reached a set or kind, each page read with forests that did not see its site."""
    command = [str(extractors.environment()), str(ROOT / "scripts" / "train-reader"), "--folds-only"]
    done = subprocess.run([*command, *map(str, archives)], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)["held_out"]
    return found


def split_by_kind(archive: Path, folder: Path, every: int) -> dict[str, Path]:
    """A set in the scorer's form for each kind of page in a set, with every so many pages of it."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    root = next(folder.rglob("gold.json")).parent
    found: dict[str, dict[str, Any]] = {}
    for key, entry in json.loads((root / "gold.json").read_text(encoding="utf-8")).items():
        if entry.get("text"):
            found.setdefault(entry["kind"], {})[key] = entry
    made = {}
    for kind, entries in found.items():
        chosen = dict(list(entries.items())[::every])
        gold = folder / f"{kind}.json"
        gold.write_text(json.dumps(chosen), encoding="utf-8")
        made[kind] = folder / f"{kind}.tar"
        with tarfile.open(made[kind], "w") as packed:
            packed.add(gold, "set/gold.json")
            for entry in chosen.values():
                packed.add(root / "pages" / entry["file"], f"set/pages/{entry['file']}")
    return made


def kinds(sets: Path, every: int, *, held: bool) -> str:
    """What we and two others reach on each kind of page, as Markdown: word F1, and in brackets pages refused."""
    archive = sets / "extraction-wcxb-train.tar.xz"
    shown = [name for name in _BY_KIND if not (held and name == "notime")]
    commands = {name: run for name, run in extractors.commands(peers=True).items() if name in shown}
    with tempfile.TemporaryDirectory() as folder:
        parts = split_by_kind(archive, Path(folder), every)
        results = {
            name: {kind: score(run, part, sets / "score_extraction.py") for kind, part in parts.items()}
            for name, run in commands.items()
        }
        pages = {kind: results[shown[0]][kind]["pages"] for kind in parts}
    heads = " | ".join(f"{kind} ({count})" for kind, count in pages.items())
    lines = [f"| | {heads} | all |", "|---|" + "---|" * (len(parts) + 1)]
    for name, found in results.items():
        lines.append(_kinds_line(name, list(found.values()), "failed"))
    if held:
        archives = [sets / f"extraction-{name}-dev.tar.xz" for name in SETS]
        folds = held_out([*archives, archive])
        own = [folds[kind] for kind in parts]
        lines.append(_kinds_line("notime, held-out folds, all pages", own, "refused"))
        for name, measure in (("titles that are right", "titles"), ("kinds that are right", "kind")):
            cells = " | ".join(f"{one[measure]:.3f}" for one in own)
            lines.append(f"| {name} | {cells} | {_mean(own, measure):.3f} |")
    return "\n".join(lines)


def _kinds_line(name: str, figures: list[dict[str, Any]], refused: str) -> str:
    cells = [f"{one['word_f1']:.3f} ({one[refused]})" for one in figures]
    cells.append(f"{_mean(figures, 'word_f1'):.3f} ({sum(one[refused] for one in figures)})")
    return f"| {name} | {' | '.join(cells)} |"


def _mean(figures: list[dict[str, Any]], measure: str) -> float:
    """Of all pages together."""
    return float(sum(one[measure] * one["pages"] for one in figures) / sum(one["pages"] for one in figures))


_BY_KIND = ("notime", "readability-lxml", "trafilatura")


def _cell(result: dict[str, Any]) -> str:
    titles = f", {result['titles']:.2f}" if result.get("titles") is not None else ""
    return f"{result['word_f1']:.3f} / {result['shingle_f1']:.3f}{titles}"


def table(results: dict[str, dict[str, dict[str, Any]]], folds: dict[str, dict[str, Any]] | None) -> str:
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


def write(name: str, shown: str) -> None:
    """Put a table into docs/extraction.md, in its place."""
    print(shown)
    text, place = PAGE.read_text(encoding="utf-8"), re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    PAGE.write_text(place.sub(lambda found: f"{found[1]}{shown}\n{found[2]}", text), encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    if sys.argv[1:2] == ["--tee"]:
        return tee(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["extraction"])
    parser.add_argument("--peers", action="store_true", help="compare with others and write docs/extraction.md")
    parser.add_argument("--held-out", action="store_true", help="also train on folds and judge the pages left out")
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "eval", help="where the sets are")
    parser.add_argument("--kinds", action="store_true", help="compare by kind of page, and write docs/extraction.md")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="with --kinds: every Nth page of a kind")
    parser.add_argument("--lower-floors", action="store_true", help="set the floors to what is reached now")
    args = parser.parse_args()
    archives = [args.sets / f"extraction-{name}-dev.tar.xz" for name in SETS]
    if not all(archive.exists() for archive in archives):
        sys.exit(f"The development sets are not in {args.sets}; --sets says where they are.")
    if args.kinds:
        return write("kinds", kinds(args.sets, args.every, held=args.held_out))
    commands = extractors.commands(peers=args.peers)
    more = [path for path in [args.sets / "extraction-wcxb-train.tar.xz"] if path.exists()]
    folds = held_out([*archives, *more]) if args.held_out else None
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
        write("table", shown)
    faults = check(results["notime"], lower=args.lower_floors)
    for fault in faults:
        print(f"UNDER ITS FLOOR  {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
