"""Measure and show the summaries of our own pages, of every kind and in every language.

    scripts/eval pages [--only NAME …] [--json] [--no-write]

Each page in `tests/pages` with a `reader.json` has what an expert would take of it and what no summary may be made
from. Prints points, good and junk by language beside the first three sentences, and what the default model says of the
pages beside the expert, and writes both into docs/quality.md; `--json` prints the figures of each page instead.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from notime import Summarizer
from notime.article import split
from notime.cli.commands.bench.points import Told
from notime.types import LENGTHS
from scripts.evaluation import experts
from scripts.evaluation.document import write
from scripts.evaluation.experts import SENTENCES
from scripts.evaluation.own_pages import own_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.types import Length, Summary
    from scripts.evaluation.own_pages import OwnPage

Figures = dict[str, dict[str, float]]
"""`summary` and `lead3`, each with its measures."""

LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "pl": "Polish", "uk": "Ukrainian", "nl": "Dutch", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "ar": "Arabic",
    "hi": "Hindi", "tr": "Turkish",
}  # fmt: skip


def measured(page: OwnPage, summary: Summary) -> Figures:
    """The brief of one page, beside its first three sentences."""
    scorer = experts.rouge_scorer()
    told = [Told(each.text, tuple(source.text for source in each.sources)) for each in summary.sentences]
    lead = experts.quoted(sentence.text for sentence in split(page.article)[:SENTENCES])
    return {name: experts.judged(page.row, made, scorer) for name, made in (("summary", told), ("lead3", lead))}


def table(pages: Sequence[OwnPage], figures: dict[str, Figures]) -> str:
    """A row a language."""
    by_language = defaultdict(list)
    for page in pages:
        by_language[page.language].append(figures[page.name])
    out = ["| language | pages | points | good | junk | lead-3: points | good | junk |", "|" + "---|" * 8]
    for code, name in LANGUAGES.items():
        if own := by_language[code]:
            means = (experts.means([one[system] for one in own]) for system in ("summary", "lead3"))
            cells = [f"{mean[measure]:.2f}" for mean in means for measure in ("points", "good", "junk")]
            out.append(f"| {name} | {len(own)} | {' | '.join(cells)} |")
    return "\n".join(out)


def samples(pages: Sequence[OwnPage], made: dict[str, dict[Length, Summary]]) -> str:
    """What is said of each page: in English all lengths, beside the expert; else the brief."""
    out = []
    for page in pages:
        if page.language == "en":
            out += [f"### {page.row['kind'].capitalize()}: {page.article.title}", "", "| | |", "|---|---|"]
            out.append("| the expert | " + "<br>".join(_cell(point["t"]) for point in page.row["brief"]) + " |")
            out += [f"| {length} | {_told(summary)} |" for length, summary in made[page.name].items()]
            out.append("")
    out += ["### In other languages", "", "| page | brief |", "|---|---|"]
    out += [
        f"| {LANGUAGES[page.language]}: {_cell(page.article.title)} | {_told(made[page.name]['brief'])} |"
        for page in sorted(pages, key=lambda page: list(LANGUAGES).index(page.language))
        if page.language != "en"
    ]
    return "\n".join(out)


def _told(summary: Summary) -> str:
    return "<br>".join(
        _cell(each.text) if each.method == "generated" else f"*{_cell(each.text)}*" for each in summary.sentences
    )


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pages"])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-write", action="store_true")
    args = parser.parse_args()
    pages = own_pages(args.only)
    made: dict[str, dict[Length, Summary]] = {}
    with Summarizer.load() as summarizer:
        for page in pages:
            lengths = ("brief",) if args.json or page.language != "en" else LENGTHS
            made[page.name] = {length: summarizer.summarize(page.article, length) for length in lengths}
    figures = {page.name: measured(page, made[page.name]["brief"]) for page in pages}
    if args.json:
        print(json.dumps(figures, indent=1))
        return
    shown, read = table(pages, figures), samples(pages, made)
    print(shown, read, sep="\n\n")
    if not args.no_write:
        write("own pages", "pages", shown)
        write("their summaries", "pages", read)


if __name__ == "__main__":
    main()
