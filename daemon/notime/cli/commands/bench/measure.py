"""Latency, throughput and memory of summaries on this machine.

Comes in: settings, a plan. Goes out: a `Report`. Times are milliseconds, memory is MB (10^6 bytes). Must not know: how
a report is shown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import notime
from notime.article import Reader, ReaderLimits
from notime.cli.commands.bench import machine, memory
from notime.cli.commands.bench.articles import page
from notime.cli.commands.bench.report import Memory, ModelReport, Report, Row, Spread
from notime.cli.commands.bench.tokens import networks_ms, throughput
from notime.model import OWN, Catalog
from notime.summary import Summarizer
from notime.types import Page, Progress, Summary, SummarySentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notime.settings import Settings
    from notime.types import Timings

LENGTHS = (200, 500, 1_000, 5_000, 20_000)
"""Words of an article."""
QUICK_LENGTHS = LENGTHS[:3]
COLD_STARTS = 3
WARM_UP_SEED = 1_000_003
"""An article that no repetition has."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how often."""

    lengths: Sequence[int]
    repetitions: int
    """At most so many of each, each with another article, after one to warm up."""
    seconds: float
    """Wall time for all of it; what is left is shared out, and each length is measured at least once."""


def measure(settings: Settings, plan: Plan, say: Callable[[str], None]) -> Report:
    """Measure the model of the settings, and its ranker alone.

    Args:
        settings: this machine's.
        plan: what, and how often.
        say: told what is going on.

    Raises:
        ModelUnavailable: the model is not built.
    """
    ends = time.perf_counter() + plan.seconds
    here = machine.this_one(settings.threads)
    ranker = Catalog(own=settings.config_dir / OWN).get(settings.model).ranker or settings.model
    starts = COLD_STARTS if plan.repetitions >= COLD_STARTS else 1
    with Reader(ReaderLimits(seconds=settings.read_seconds)) as reader:
        bench = _Bench(reader, settings, plan, say)
        # The ranker alone has a few percent of the work.
        loading, model, held = _default(bench, starts, ends if settings.model == ranker else _by(ends, 0.7))
        models = [model]
        if settings.model != ranker:
            with Summarizer.load(ranker, settings=settings) as alone:
                models.append(ModelReport(ranker, bench.rows(alone, _by(ends, 0.9))[0], None))
    say("Starting cold")
    cold = _spread([_cold_start(settings) for _ in range(starts)])
    return Report(
        version=notime.__version__,
        machine=here,
        length=settings.length,
        cold_start_ms=cold,
        load_ms=round(loading[0], 2),
        reload_ms=_spread(loading[1:]),
        models=tuple(models),
        memory=held,
        unavailable=_unavailable(held, model),
    )


def _default(bench: _Bench, starts: int, ends: float) -> tuple[list[float], ModelReport, Memory]:
    """The default model: its times to load, what it does, what memory it takes."""
    settings = bench.settings
    with memory.Timeline() as timeline:
        bench.say("Loading the model")
        timeline.mark("load")
        summarizer = Summarizer(settings.model, settings=settings)
        loading = [_opened(summarizer)]
        loaded = memory.resident_mb()
        rows, timings = bench.rows(summarizer, ends, timeline.mark)
        after, peak = memory.resident_mb(), memory.peak_mb()
        readers = [memory.resident_mb(child) for child in memory.children(os.getpid())]
        timeline.mark("unload")
        summarizer.close()
        unloaded = memory.resident_mb()
        timeline.mark("load again")
        for _ in range(starts):
            summarizer.close()
            loading.append(_opened(summarizer))
        summarizer.close()
    model = ModelReport(settings.model, rows, throughput(timings))
    in_reader = sum(each or 0 for each in readers) or None
    held = Memory(loaded, after, peak, unloaded, in_reader, tuple(timeline.samples), tuple(timeline.marks))
    return loading, model, held


@dataclass(frozen=True, slots=True)
class _Bench:
    reader: Reader
    settings: Settings
    plan: Plan
    say: Callable[[str], None]

    def rows(
        self,
        summarizer: Summarizer,
        ends: float,
        mark: Callable[[str], None] = lambda _: None,
    ) -> tuple[tuple[Row, ...], list[Timings]]:
        """One model at every length, until `ends` on the clock of `time.perf_counter`; and every summary's timings."""
        rows: list[Row] = []
        timings: list[Timings] = []
        self.once(summarizer, page(self.plan.lengths[0], WARM_UP_SEED))
        for place, words in enumerate(self.plan.lengths):
            self.say(f"{summarizer.model}: {words:,} words")
            mark(f"{words:,} words")
            # Longer articles take longer: the share of each grows with its place.
            shares = range(place + 1, len(self.plan.lengths) + 1)
            until = _by(ends, (place + 1) / sum(shares))
            self.once(summarizer, page(words, WARM_UP_SEED))
            found: list[tuple[float, ...]] = []
            while len(found) < self.plan.repetitions and (not found or time.perf_counter() < until):
                figures, spent = self.once(summarizer, page(words, len(found)))
                found.append(figures)
                timings.append(spent)
            rows.append(Row(words, *(_spread(values) for values in zip(*found, strict=True))))
        return tuple(rows), timings

    def once(self, summarizer: Summarizer, html: str) -> tuple[tuple[float, ...], Timings]:
        """One page: milliseconds to text, ranking, first sentence, summary, and outside the networks; its timings."""
        clock = time.perf_counter()
        article = self.reader.read(Page(html))
        extracted = ranked = _since(clock)
        first: float | None = None
        timings: Timings | None = None
        for event in summarizer.stream(article, self.settings.length):  # type: ignore[arg-type] # validated
            if isinstance(event, Progress) and event.stage == "ranking":
                ranked = _since(clock)
            elif isinstance(event, SummarySentence):
                first = first or _since(clock)
            elif isinstance(event, Summary):
                timings = event.timings
        total = _since(clock)
        if timings is None:
            raise AssertionError("a stream ends with its summary")
        return (extracted, ranked, first or total, total, total - networks_ms(timings)), timings


def _opened(summarizer: Summarizer) -> float:
    clock = time.perf_counter()
    summarizer.open()
    return _since(clock)


def _cold_start(settings: Settings) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(page(500), encoding="utf-8")
        command = [sys.executable, "-m", "notime", "summarize", str(path), "--json", "--model", settings.model]
        clock = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return _since(clock)


def _unavailable(held: Memory, model: ModelReport) -> tuple[str, ...]:
    found = []
    if held.loaded is None:
        found.append("resident memory: this platform has no /proc")
    if held.peak is None:
        found.append("peak memory: this platform does not tell it")
    if model.writing is None:
        found.append("tokens: nothing was rewritten")
    return tuple(found)


def _by(ends: float, share: float) -> float:
    """The time when a share of what is left until `ends` will be over."""
    now = time.perf_counter()
    return now + share * max(0.0, ends - now)


def _since(clock: float) -> float:
    return (time.perf_counter() - clock) * 1000


def _spread(values: Sequence[float]) -> Spread:
    middle, high = np.percentile(values, (50, 95))
    return Spread(round(float(middle), 2), round(float(high), 2), len(values))
