"""`scripts/placement`: where the panel lands on the extraction sets' pages, and which sentences are found again."""

from __future__ import annotations

import argparse
import html
import json
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from support.browsers.placement import SETS, Gold, Judge, Verdict, read_set

TILES = 12
"""Pictures a sheet: what an eye can take in."""

SHEET = {"width": 1640, "height": 1040}

FOUND = ("exact", "nearly")


def main() -> None:
    """Judge, print, draw."""
    arguments = _arguments()
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as folder:
        images = Path(folder)
        options = {"extension": str(arguments.source.resolve()) + "/"} if arguments.source else {}
        judge = Judge(arguments.browser, **options)
        try:
            for gold in _pages(arguments):
                image = images / f"{len(verdicts):03}.png" if arguments.sheet else None
                verdict = judge.judge(gold, image)
                verdicts.append(verdict)
                _progress(verdict)
            if arguments.sheet:
                _draw(judge, verdicts, images, arguments.sheet)
        finally:
            judge.__exit__(None, None, None)
    _report(verdicts, as_json=arguments.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", choices=("chromium", "firefox"), default="chromium")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--limit", type=int, help="pages a set")
    parser.add_argument("--only", nargs="+", help="pages whose name has one of these in it")
    parser.add_argument("--sheet", type=Path, help="an empty or new folder for sheets of pictures")
    parser.add_argument("--json", action="store_true", help="one object a page instead of the table")
    parser.add_argument("--source", type=Path, help="the extension, where it is not this checkout's")
    return parser.parse_args()


def _pages(arguments: argparse.Namespace) -> list[Gold]:
    chosen: list[Gold] = []
    for name in arguments.sets:
        pages = read_set(name)
        if arguments.only:
            pages = [each for each in pages if any(part in each.name for part in arguments.only)]
        chosen += pages[: arguments.limit]
    return chosen


def _progress(verdict: Verdict) -> None:
    state = verdict.apart or ", ".join(verdict.wrong) or "good"
    missed = Counter(each for each in verdict.sources if each not in FOUND)
    still = "" if verdict.scripts else " (without its scripts)"
    print(f"{verdict.name}{still}: {state} {dict(missed) or ''}", file=sys.stderr, flush=True)


def _report(verdicts: list[Verdict], *, as_json: bool) -> None:
    if as_json:
        for verdict in verdicts:
            print(json.dumps(asdict(verdict), ensure_ascii=False))
        return
    print("| set | pages | apart | judged | good | | sentences | exact | nearly | neither |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    names = [name for name in SETS if any(each.name.startswith(f"{name}/") for each in verdicts)]
    for name in [*names, ""]:
        print(_row(name or "all", [each for each in verdicts if each.name.startswith(name)]))
    for title, reasons in (
        ("apart", Counter(each.apart for each in verdicts if each.apart)),
        ("wrong", Counter(_kind(reason) for each in verdicts for reason in each.wrong)),
        ("sources", Counter(kind for each in verdicts for kind in each.sources)),
    ):
        print(f"\n{title}: " + ("; ".join(f"{count} × {reason}" for reason, count in reasons.most_common()) or "none"))
    print(f"\nwithout their scripts: {sum(not each.scripts for each in verdicts)}")
    for verdict in verdicts:
        if verdict.apart or verdict.wrong:
            print(f"- {verdict.name}: {verdict.apart or ', '.join(verdict.wrong)}")


def _row(name: str, verdicts: list[Verdict]) -> str:
    judged = [each for each in verdicts if not each.apart]
    good = sum(each.good for each in judged)
    kinds = Counter(kind for each in verdicts for kind in each.sources)
    total = sum(kinds.values())
    neither = total - kinds["exact"] - kinds["nearly"]
    shares = " | ".join(f"{count / max(1, total):.1%}" for count in (kinds["exact"], kinds["nearly"], neither))
    apart = len(verdicts) - len(judged)
    share = f"{good / max(1, len(judged)):.1%}"
    return f"| {name} | {len(verdicts)} | {apart} | {len(judged)} | {good} | {share} | {total} | {shares} |"


def _kind(reason: str) -> str:
    """Without its numbers and names."""
    return reason.split(" by ", 1)[0]


def _draw(judge: Judge, verdicts: list[Verdict], images: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tiles = [
        f'<figure class="{"good" if verdict.good else "bad"}"><img src="{image.as_uri()}"><figcaption>'
        f"{html.escape(verdict.name[:40])} {html.escape(', '.join(verdict.wrong))}</figcaption></figure>"
        for verdict, image in ((each, images / f"{place:03}.png") for place, each in enumerate(verdicts))
        if image.exists()
    ]
    for start in range(0, len(tiles), TILES):
        page = images / "sheet.html"
        page.write_text(f"<!doctype html><meta charset=utf-8>{STYLE}{''.join(tiles[start : start + TILES])}")
        judge.browser.open(url=page.as_uri())
        judge.browser.resize(**SHEET)
        judge.browser.screenshot(path=str(folder / f"sheet-{start // TILES + 1:02}.png"))


STYLE = """<style>
body { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; margin: 8px }
body { background: #888; font: 12px sans-serif }
figure { margin: 0; background: #cfc; border: 4px solid #3a3 } figure.bad { background: #fcc; border-color: #d22 }
figure { height: 330px; overflow: hidden } img { width: 100% } figcaption { padding: 4px }
</style>"""


if __name__ == "__main__":
    main()
