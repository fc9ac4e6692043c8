"""Models side by side on the same pages, each in a process of its own, so that its memory is its own.

Comes in: settings, ids, pages. Goes out: a `Side` for each model. Must not know: how they are shown.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from notime.article import Reader, ReaderLimits
from notime.cli.commands.bench import memory
from notime.cli.commands.bench.points import Row, article, share
from notime.errors import BadRequest, ModelUnavailable, NotimeError
from notime.summary import Summarizer
from notime.types import Article, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from notime.settings import Settings

HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class Read:
    """A page as it was read."""

    article: Article
    row: Row | None = None
    """Where somebody has summarised it: their points."""


@dataclass(frozen=True, slots=True)
class Side:
    """One model. Times in milliseconds, memory in MB (10^6 bytes)."""

    id: str
    pages: int = 0
    """That it summarised."""
    refused: int = 0
    """That are no article, or too short."""
    load_ms: float | None = None
    total_ms: float | None = None
    """A summary, from the page's text on; the median."""
    sentences_per_second: float | None = None
    tokens_per_second: float | None = None
    """Of the whole time; None where nothing was written."""
    peak_mb: float | None = None
    """Most that its process had; None where the platform does not tell."""
    points: float | None = None
    """Share of the points that somebody made of the pages, 0 to 1; None where nobody did."""
    problem: str | None = None
    """Why there are no figures."""


def read(paths: Sequence[Path], settings: Settings) -> list[Read]:
    """The pages of files and folders: HTML, and `.jsonl` with one page that somebody has summarised a line.

    Raises:
        BadRequest: a file cannot be read, or there is no article in any.
    """
    found: list[Read] = []
    with Reader(ReaderLimits(seconds=settings.read_seconds)) as reader:
        for path in _files(paths):
            try:
                if path.suffix == ".jsonl":
                    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
                    found += [Read(article(row), row) for row in rows if row["brief"]]
                else:
                    found.append(Read(reader.read(Page(path.read_bytes()))))
            except OSError as error:
                raise BadRequest(f"{path} cannot be read: {error.strerror}.") from error
            except (ValueError, KeyError, TypeError) as error:
                raise BadRequest(f"{path} does not hold pages that somebody has summarised.") from error
            except NotimeError:
                continue  # no article, whichever model
    if not found:
        raise BadRequest("There is no article in these files.")
    return found


def measure(
    settings: Settings, ids: Sequence[str], pages: Sequence[Read], say: Callable[[str], None]
) -> Iterator[Side]:
    """One model after the other."""
    for name in ids:
        say(name)
        # Spawned, not forked: what this process holds would count as the model's.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            try:
                yield pool.submit(_measured, settings, name, list(pages)).result()
            except BrokenProcessPool:
                yield Side(name, problem="Its process was ended; was there too little memory?")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.suffix.lower() in HTML)
        else:
            yield path


def _measured(settings: Settings, name: str, pages: Sequence[Read]) -> Side:
    """In the process of its own."""
    clock = time.perf_counter()
    try:
        summarizer = Summarizer.load(name, settings=settings)
    except ModelUnavailable as problem:
        return Side(name, problem=problem.message)
    load_ms = (time.perf_counter() - clock) * 1000
    summaries, refused = [], 0
    for number, page in enumerate([pages[0], *pages]):
        try:
            summary = summarizer.summarize(page.article, settings.length)  # type: ignore[arg-type] # validated
        except ModelUnavailable as problem:
            return Side(name, problem=problem.message)
        except NotimeError:
            refused += number > 0
            continue
        if number:  # the first one warms up
            summaries.append((page, summary))
    if not summaries:
        return Side(name, refused=refused, problem="It summarised none of the pages.")
    seconds = sum(summary.timings.total_ms for _, summary in summaries) / 1000
    tokens = sum(summary.timings.tokens_out for _, summary in summaries)
    points = [share(page.row, summary) for page, summary in summaries if page.row]
    return Side(
        name,
        pages=len(summaries),
        refused=refused,
        load_ms=round(load_ms, 1),
        total_ms=round(median(summary.timings.total_ms for _, summary in summaries), 1),
        sentences_per_second=round(sum(len(summary.sentences) for _, summary in summaries) / seconds, 2),
        tokens_per_second=round(tokens / seconds, 1) if tokens else None,
        peak_mb=memory.peak_mb(),
        points=round(sum(points) / len(points), 3) if points else None,
    )
