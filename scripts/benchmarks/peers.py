"""Our speed beside llama.cpp's, onnxruntime-genai's and transformers', on this machine, with the same base weights.

    scripts/bench --peers [--pairs N] [--only NAME…] [--page FILE] [--json] [--no-write]

Two yardsticks. *reader*: an article of some 500 words goes to a real daemon over HTTP, and the time to the first
checked sentence and to the whole summary is taken; the peer is asked to summarise the same whole article, and the time
to its first token and to 96 of them is taken. *engine*: the same prompt tokens and 96 new ones through our engine,
without our adapter, and through the peer, two threads each.

Ours and the peer's alternate, A B A B …; a ratio is ours divided by the peer's right after it. Each peer has a process
of its own that is idle while ours runs. A peer that can't be had, or that breaks, is listed with the reason. Writes its
table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from notime import __version__, extract
from notime.cli.commands.bench import machine
from notime.model import Catalog, ModelStore
from notime.settings import Settings
from scripts.benchmarks.daemon import Daemon
from scripts.benchmarks.document import write
from scripts.benchmarks.pairs import Pair, Timed, equal_lead, interleaved, median, ratios, spread
from scripts.benchmarks.prepare import ROOT
from scripts.benchmarks.process import THREADS, TOKENS, Failed, Process
from scripts.benchmarks.table import table
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MARK = "<!-- peers: written by scripts/bench --peers -->"
PAGE = ROOT / "tests" / "pages" / "alliance-in-asia.html"
ASKED = "Summarize the following article in three sentences.\n\n{}"
LEAST_PAIRS = 7

PEERS = {
    "xllamacpp": ("llama.cpp", "gguf"),
    "llama-cpp-python": ("llama.cpp (llama-cpp-python)", "gguf"),
    "onnxruntime-genai": ("onnxruntime-genai", "onnxruntime-genai"),
    "transformers": ("transformers", "transformers"),
}
"""Runner → name in the report, weights it takes."""


@dataclasses.dataclass(frozen=True)
class Task:
    """What is asked of both sides."""

    html: str
    prompt: str
    ids: list[int]


def task(page: Path, encode: Callable[[str], list[int]], template: str) -> Task:
    """The page, and the peers' prompt: its whole article in the model's own chat template."""
    html = page.read_text(encoding="utf-8")
    message = {"role": "user", "content": ASKED.format(extract(html).text)}
    compiled = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(template)
    prompt = compiled.render(messages=[message], add_generation_prompt=True)
    return Task(html, prompt, encode(prompt))


def compare(name: str, asked: Task, daemon: Daemon, ours: Process, pairs: int, times: dict[str, list[Pair]]) -> Any:
    """One peer's part of the report; its pairs are added to `times`."""
    title, weights = PEERS[name]
    try:
        with Process(name, weights) as peer:
            print(f"{title}: {peer.settings}", file=sys.stderr)
            # These warm up as well, and do not count.
            lead = equal_lead(ours.ask(asked.ids)["ids"], peer.ask(asked.ids, ids=True)["ids"])
            daemon.summarize(asked.html)
            found = {
                "reader": interleaved(lambda: daemon.summarize(asked.html)[0], lambda: peer.time(asked.prompt), pairs),
                "engine": interleaved(lambda: ours.time(asked.ids), lambda: peer.time(asked.ids), pairs),
            }
            version, settings = peer.version, peer.settings
    except Failed as error:
        print(f"{title}: {error}", file=sys.stderr)
        nothing = dict.fromkeys(("version", "reader", "engine", "spread"))
        return {"name": title, **nothing, "settings": f"left out: {error}", "error": str(error)}
    by_yardstick = {yardstick: ratios(each) for yardstick, each in found.items()}
    for yardstick, each in found.items():
        times[yardstick] += each
    engine = by_yardstick["engine"]
    return {
        "name": title,
        "version": version,
        "settings": settings,
        "reader": {key: median(values) for key, values in by_yardstick["reader"].items()},
        "engine": {"first_token": median(engine["first"]), "total": median(engine["total"])},
        "spread": {
            yardstick: {key: spread(values) for key, values in each.items()} for yardstick, each in by_yardstick.items()
        },
        "seconds": {yardstick: _seconds([theirs for _, theirs in each]) for yardstick, each in found.items()},
        "equal_leading_tokens": lead,
        "pairs": pairs,
    }


def _seconds(times: Sequence[Timed]) -> dict[str, float]:
    return {"first": median([each.first for each in times]), "total": median([each.total for each in times])}


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """The whole report."""
    settings = Settings.load()
    here = machine.this_one(THREADS)
    times: dict[str, list[Pair]] = {"reader": [], "engine": []}
    part = ModelStore(settings.models, settings.cache_dir).locate(Catalog().get(SMOLLM))
    template = (part.folder / "chat_template.jinja").read_text(encoding="utf-8")
    with Process("notime", "notime") as ours, Daemon(settings) as daemon:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(part.folder / "tokenizer.json"))
        asked = task(args.page, lambda text: tokenizer.encode(text, add_special_tokens=False).ids, template)
        peers = [compare(name, asked, daemon, ours, args.pairs, times) for name in args.only]
        summary = daemon.summarize(asked.html)[1]
        answer = ours.ask(asked.ids)
        return {
            "machine": dataclasses.asdict(here),
            "ours": {
                "version": __version__,
                "settings": ours.settings,
                "model": summary["model"],
                "article_words": summary["article"]["words"],
                "prompt_tokens": len(asked.ids),
                "new_tokens": TOKENS,
                "tokens_per_pass": round(len(answer["ids"]) / answer["passes"], 3),
                "reader": _seconds([mine for mine, _ in times["reader"]]) if times["reader"] else None,
                "engine": _seconds([mine for mine, _ in times["engine"]]) if times["engine"] else None,
                "memory": daemon.memory(),
            },
            "peers": peers,
        }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=LEAST_PAIRS)
    parser.add_argument("--only", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--page", type=Path, default=PAGE, help="an article of 450 to 550 words")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--no-write", action="store_true", help="leave docs/performance.md alone")
    args = parser.parse_args()
    report = measure(args)
    print(json.dumps(report, ensure_ascii=False, indent=2) if args.json else table(report))
    if not args.no_write:
        write(MARK, table(report))


if __name__ == "__main__":
    main()
