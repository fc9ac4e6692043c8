"""Measure quality on the development sets.

    scripts/eval extraction [--peers] [--held-out] [--sets DIR] [--lower-floors]

Runs notime's extraction over the sets in DIR (by default ../shared/eval), prints a table and fails where a figure is
under its floor in tests/article/floors.json; `--lower-floors` writes the floors anew instead. `--peers` also runs the
extractors that people use, in an environment of its own under .cache/, and writes the table into docs/extraction.md.
`--held-out` also trains five forests that each did not see a fifth of the sites and reports what those reach.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".cache" / "eval-peers"
FLOORS = ROOT / "tests" / "article" / "floors.json"
PAGE = ROOT / "docs" / "extraction.md"
SETS = ("scrapinghub", "wcxb", "readability")
PEERS = {
    "readability-lxml": "python",
    "trafilatura": "python",
    "trafilatura, favor_precision": "python",
    "trafilatura, favor_recall": "python",
    "newspaper4k": "python",
    "@mozilla/readability": "node",
    "defuddle": "node",
}
PYTHON_PACKAGES = ("readability-lxml", "trafilatura", "lightgbm", "numpy", "sentencex", "lxml", "lxml_html_clean")
NEWSPAPER = ("newspaper4k",)  # without dependencies: it asks for an extra of lxml that no longer resolves
NEWSPAPER_NEEDS = (
    "w3lib",
    "nltk",
    "feedparser",
    "tldextract",
    "python-dateutil",
    "pyyaml",
    "pillow",
    "requests",
    "beautifulsoup4",
    "brotli",
    "typing_extensions",
)
NODE_PACKAGES = ("@mozilla/readability", "jsdom", "defuddle", "linkedom")
MEASURES = ("word_f1", "shingle_f1", "titles", "failed")
SLACK = 0.001
"""How far a figure may fall under its floor: versions of lxml differ by less (measured)."""

NODE_RUNNER = r"""
import fs from "node:fs";
import { JSDOM, VirtualConsole } from "jsdom";
import { parseHTML } from "linkedom";
const [peer, ...files] = process.argv.slice(2);
const { Defuddle } = peer === "defuddle" ? await import("defuddle/node") : {};
const { Readability } = peer === "defuddle" ? {} : await import("@mozilla/readability");
const url = "https://page.example/";
const load = (html) => new JSDOM(html, { url, virtualConsole: new VirtualConsole() });
for (const file of files) {
  const started = process.cpuUsage();
  let answer = { file, error: { code: "failed" } };
  try {
    const page = load(fs.readFileSync(file)); // finds out the encoding of bytes
    if (peer === "defuddle") {
      // In jsdom it takes seconds a page; linkedom is what its own command line uses.
      const found = await Defuddle(parseHTML(page.serialize()).document, url);
      answer = { file, title: found.title ?? "", text: load(found.content ?? "").window.document.body.textContent };
    } else {
      const found = new Readability(page.window.document).parse();
      answer = { file, title: found?.title ?? "", text: found?.textContent ?? "" };
    }
    page.window.close();
  } catch {}
  const used = process.cpuUsage(started);
  process.stdout.write(JSON.stringify({ ...answer, ms: (used.user + used.system) / 1000 }) + "\n");
}
"""


def run_one(name: str, files: list[str]) -> None:
    """Answer as `score_extraction.py` asks, in this process, with the CPU time of each page."""
    read = _reader(name)
    for file in files:
        html = Path(file).read_bytes()
        started = time.process_time()
        try:
            title, text = read(html)
            answer: dict[str, Any] = {"file": file, "title": title or "", "text": text or ""}
        except Exception as error:  # a peer's failure is a figure, not an end
            answer = {"file": file, "error": {"code": type(error).__name__}}
        print(json.dumps({**answer, "ms": (time.process_time() - started) * 1000}), flush=True)


def _reader(name: str) -> Any:
    if name == "notime":
        sys.path.insert(0, str(ROOT / "daemon"))
        from notime.article.page import PageReader
        from notime.types import Page

        reader = PageReader()

        def read(html: bytes) -> tuple[str, str]:
            article = reader.read(Page(html), short=True)
            return article.title, article.text

    elif name == "readability-lxml":
        import logging

        import lxml.html
        from readability import Document

        logging.disable(logging.CRITICAL)

        def read(html: bytes) -> tuple[str, str]:
            document = Document(html)
            return document.short_title(), lxml.html.fromstring(document.summary()).xpath("string()")

    elif name.startswith("trafilatura"):
        import trafilatura

        options = {option: True for option in ("favor_precision", "favor_recall") if option in name}

        def read(html: bytes) -> tuple[str, str]:
            text = trafilatura.extract(html, include_comments=False, **options)
            data = trafilatura.extract_metadata(html)
            return (data.title if data else ""), text or ""

    else:
        import newspaper
        import requests

        def offline(*_: object, **__: object) -> None:
            raise requests.ConnectionError

        requests.Session.send = offline  # it looks up images and lists of domains while it parses
        settings = newspaper.Config()
        settings.fetch_images = False

        def read(html: bytes) -> tuple[str, str]:
            article = newspaper.Article("https://page.example/", config=settings)
            article.download(input_html=html.decode("utf-8", "replace"))
            article.parse()
            return article.title, article.text

    return read


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


def environment() -> Path:
    """The python of an environment that has the peers; made when missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        print("Installing the peers …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--upgrade", "pip"], check=True)  # older ones do not resolve `lxml[html_clean]`
        subprocess.run([*pip, *PYTHON_PACKAGES, *NEWSPAPER_NEEDS], check=True)
        subprocess.run([*pip, "--no-deps", *NEWSPAPER], check=True)
        if shutil.which("npm"):
            subprocess.run(
                ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(ENVIRONMENT), *NODE_PACKAGES],
                check=True,
            )
            (ENVIRONMENT / "run.mjs").write_text(NODE_RUNNER, encoding="utf-8")
        (ENVIRONMENT / "ready").touch()
    return python


def held_out(archives: list[Path]) -> dict[str, float]:
    """Word F1 a set, each page judged by a forest that did not see its site."""
    done = subprocess.run(
        [str(environment()), str(ROOT / "scripts" / "train-reader"), "--folds-only", *map(str, archives)],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)["held_out_word_f1"]
    return {name: found[archive.name] for name, archive in zip(SETS, archives, strict=True)}


def _cell(result: dict[str, Any]) -> str:
    titles = f", {result['titles']:.2f}" if result.get("titles") is not None else ""
    return f"{result['word_f1']:.3f} / {result['shingle_f1']:.3f}{titles}"


def table(results: dict[str, dict[str, dict[str, Any]]], folds: dict[str, float] | None) -> str:
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
        lines.append(f"| notime, held-out folds | {' | '.join(f'{folds[name]:.3f}' for name in SETS)} | | |")
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
    if sys.argv[1:2] == ["--run"]:
        return run_one(sys.argv[2], sys.argv[3:])
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
    me = str(Path(__file__).resolve())
    commands = {"notime": [sys.executable, me, "--run", "notime"]}
    if args.peers:
        python = str(environment())
        for peer, kind in PEERS.items():
            if kind == "python":
                commands[peer] = [python, me, "--run", peer]
            elif (ENVIRONMENT / "run.mjs").exists():
                commands[peer] = [os.environ.get("NODE", "node"), str(ENVIRONMENT / "run.mjs"), peer]
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
