"""Several readers at once: what each of them waits, and what the daemon gets done.

    scripts/bench --load N [--rounds N] [--json] [--no-write]

N different pages of tests/pages go to a real daemon over HTTP: one after the other, then all at once, each posted as
soon as the one before was accepted; the rounds alternate. Then a short article is posted behind one of 20,000 words.
Writes its table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from notime import __version__
from notime.cli.commands.bench import machine
from notime.cli.commands.bench.articles import page
from notime.settings import Settings
from scripts.benchmarks.daemon import Daemon
from scripts.benchmarks.document import write
from scripts.benchmarks.pairs import median, spread
from scripts.benchmarks.prepare import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = "<!-- load: written by scripts/bench --load -->"
PAGES = ROOT / "tests" / "pages"
ROUNDS = 5
LONG, SHORT = 20_000, 200
"""Words."""


@dataclasses.dataclass
class Answer:
    """One request: seconds from its own posting on."""

    event: float = 0.0
    """Until the first event."""
    first: float = 0.0
    """Until the first checked sentence."""
    total: float = 0.0
    """Until the whole summary."""
    ended: float = 0.0
    """On the clock of all."""
    words: int = 0


def ask(daemon: Daemon, html: str, accepted: threading.Event | None = None) -> Answer:
    """Post one page and read its events."""
    found = Answer()
    for spent, event in daemon.events(html):
        if not found.event:
            found.event = spent
            if accepted is not None:
                accepted.set()
        if event["type"] == "sentence":
            found.first = found.first or spent
        elif event["type"] == "done":
            found.total, found.ended = spent, time.perf_counter()
            found.words = event["summary"]["article"]["words"]
    return found


def at_once(daemon: Daemon, pages: Sequence[str]) -> tuple[list[Answer], float]:
    """All of them, in the order of their arrival; and seconds until the last is answered."""
    found: list[Answer | Exception] = [Answer() for _ in pages]

    def run(place: int, accepted: threading.Event) -> None:
        try:
            found[place] = ask(daemon, pages[place], accepted)
        except Exception as error:  # told by the thread that waits
            found[place] = error
        finally:
            accepted.set()

    clock = time.perf_counter()
    threads = []
    for place in range(len(pages)):
        accepted = threading.Event()
        threads.append(threading.Thread(target=run, args=(place, accepted)))
        threads[-1].start()
        accepted.wait()
    for thread in threads:
        thread.join()
    answers = []
    for each in found:
        if isinstance(each, Exception):
            raise SystemExit(f"a request failed: {each}")
        answers.append(each)
    return answers, time.perf_counter() - clock


def measure(count: int, rounds: int) -> dict[str, Any]:
    """The whole report."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.html"))[:count]]
    if len(pages) < count:
        raise SystemExit(f"there are {len(pages)} pages")
    here = machine.this_one()
    loads, ratios, alone = [], [], []
    with Daemon(Settings.load()) as daemon:
        at_once(daemon, pages)  # which warms up and does not count
        for _ in range(rounds):
            clock = time.perf_counter()
            alone.append([ask(daemon, html) for html in pages])
            apart = time.perf_counter() - clock
            answers, together = at_once(daemon, pages)
            loads.append(answers)
            ratios.append(together / apart)
        behind = [_behind(daemon) for _ in range(rounds)]
        return {
            "version": __version__,
            "machine": dataclasses.asdict(here),
            "requests": count,
            "rounds": rounds,
            "alone": _requests(alone),
            "at_once": _requests(loads),
            "time_at_once_over_one_after_the_other": spread(ratios),
            "longest_wait_over_shortest": median([_unfair(answers) for answers in loads]),
            "answered_in_order": all(_in_order(answers) for answers in loads),
            "behind_a_long_one": {key: median([each[key] for each in behind]) for key in behind[0]},
            "memory": daemon.memory(),
        }


def _behind(daemon: Daemon) -> dict[str, float]:
    """A short article alone, then behind a long one: seconds."""
    seed = time.time_ns() % 1_000_000
    alone = ask(daemon, page(SHORT, seed))
    (long, short), _ = at_once(daemon, [page(LONG, seed), page(SHORT, seed + 1)])
    return {
        "long_total": long.total,
        "short_event": short.event,
        "short_first": short.first,
        "short_total": short.total,
        "short_alone_total": alone.total,
    }


def _requests(rounds: Sequence[Sequence[Answer]]) -> list[dict[str, float]]:
    """Medians over the rounds, request by request in the order of arrival."""
    return [
        {"words": each[0].words} | {key: median([getattr(a, key) for a in each]) for key in ("event", "first", "total")}
        for each in zip(*rounds, strict=True)
    ]


def _unfair(answers: Sequence[Answer]) -> float:
    totals = [each.total for each in answers]
    return max(totals) / min(totals)


def _in_order(answers: Sequence[Answer]) -> bool:
    ends = [each.ended for each in answers]
    return ends == sorted(ends)


def table(report: dict[str, Any]) -> str:
    """Markdown for docs/performance.md."""
    here, behind = report["machine"], report["behind_a_long_one"]
    ratio = report["time_at_once_over_one_after_the_other"]
    lines = [
        f"{here['processor']}, {here['cores']} cores, load {here['load']} before; notime {report['version']}, "
        f"{report['requests']} pages, medians of {report['rounds']} rounds, milliseconds.",
        "",
        "| arrived | words | first event | first sentence | summary | alone: first sentence | summary |",
        "|---|---|---|---|---|---|---|",
    ]
    for place, (load, alone) in enumerate(zip(report["at_once"], report["alone"], strict=True), start=1):
        times = [load["event"], load["first"], load["total"], alone["first"], alone["total"]]
        lines.append(f"| {place} | {load['words']:.0f} | {' | '.join(f'{each * 1000:.0f}' for each in times)} |")
    told = (
        f"All at once take **{ratio['median']:.2f}** (quartiles {ratio['q1']:.2f}–{ratio['q3']:.2f}) of the time of "
        f"one after the other. Longest wait ÷ shortest: {report['longest_wait_over_shortest']:.1f}. Answered in order "
        f"of arrival: {'yes' if report['answered_in_order'] else 'no'}. {SHORT} words behind {LONG:,}: first event "
        f"{behind['short_event'] * 1000:.0f} ms, first sentence {behind['short_first'] * 1000:.0f}, summary "
        f"{behind['short_total'] * 1000:.0f} (alone {behind['short_alone_total'] * 1000:.0f}; the long one "
        f"{behind['long_total'] * 1000:.0f})."
    )
    return "\n".join([*lines, "", told])


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=int, nargs="?", default=8, help="at once; default 8")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--no-write", action="store_true", help="leave docs/performance.md alone")
    args = parser.parse_args()
    report = measure(args.requests, args.rounds)
    print(json.dumps(report, ensure_ascii=False, indent=2) if args.json else table(report))
    if not args.no_write:
        write(MARK, table(report))


if __name__ == "__main__":
    main()
