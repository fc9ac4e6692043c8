"""Summarise many pages into one Parquet table: a row a page, failures included.

    scripts/batch PAGES… --out summaries.parquet [--length L] [--model ID] [--workers N] [--threads N]
                         [--address ADDRESS] [--plain]

PAGES are HTML or .txt files, or folders of them. Ray Data hands blocks of pages to workers; each loads its own
`Summarizer` once and computes on one thread. Without --address Ray runs on this machine alone, on 127.0.0.1. A worker
that dies is started again and its block is done again (`cluster.py`); a run that is stopped goes on where it was
(`table.py`). --plain does the same in this process, without Ray, as the yardstick. docs/batch.md tells more.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from notime import Summarizer
from notime.article import Reader, ReaderLimits, from_text
from notime.errors import BadRequest, InternalError, NotimeError
from notime.model import Catalog, ModelStore
from notime.settings import Settings
from notime.types import LENGTHS, Article, Page
from scripts.batching.table import SCHEMA, Output, OutputRefused, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notime.types import Length

SUFFIXES = (".html", ".htm", ".xhtml", ".txt")
MOST_IN_BLOCK = 32
"""Pages of a block: as much work as a worker that dies loses, and half a minute of it at one page a second."""
BLOCKS_A_WORKER = 8
"""At least so many where there are pages enough: the last block, for which the others wait, is then short."""


class Worker:
    """Blocks of pages in, blocks of rows out; an actor of Ray, or called as it is.

    Args:
        summarizer: not loaded yet; it is loaded here.
        length: of the summaries.

    Raises:
        ModelUnavailable: the model is not built where this worker runs.
    """

    def __init__(self, summarizer: Summarizer, length: Length) -> None:
        self._summarizer = summarizer.open()
        self._length = length
        settings = summarizer.settings
        self._reader = Reader(ReaderLimits(settings.read_seconds, max_html_bytes=int(settings.max_body_mb * 1e6)))

    def __call__(self, pages: pa.Table) -> pa.Table:
        """A row for each page: `file` and `path` in, `SCHEMA` out."""
        return pa.Table.from_pylist([self._row(page["file"], Path(page["path"])) for page in pages.to_pylist()], SCHEMA)

    def _row(self, file: str, path: Path) -> dict[str, Any]:
        clock = time.perf_counter()
        row: dict[str, Any] = {"file": file, "model": self._summarizer.model}
        try:
            article = self._article(path)
            row |= {"title": article.title, "language": article.language, "words": article.words}
            summary = self._summarizer.summarize(article, self._length)
            row |= {
                "text": summary.text,
                "coverage": summary.coverage.fraction,
                "sentences": [
                    {"text": said.text, "sources": [source.index for source in said.sources], "method": said.method}
                    for said in summary.sentences
                ],
            }
        except NotimeError as error:
            row |= self._failed(error)
        except Exception as error:  # a bug that one page finds must not stop the other pages
            row |= self._failed(InternalError(f"{type(error).__name__} while this page was summarised."))
        return row | {"seconds": time.perf_counter() - clock}

    @staticmethod  # in the class: Ray takes it to other machines by value, and nothing of the modules beside it
    def _failed(error: NotimeError) -> dict[str, str]:
        return {"error_code": error.code, "error_message": error.message}

    def _article(self, path: Path) -> Article:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadRequest(f"The file cannot be read: {error.strerror}.") from error
        if path.suffix != ".txt":
            return self._reader.read(Page(content))
        try:
            return from_text(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BadRequest("The file is not UTF-8 text.") from error


def find(given: Iterable[str]) -> list[Path]:
    """The pages that were asked for, each once, those of a folder by name.

    Raises:
        BadRequest: there is no such file, or no page at all.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, given):
        if not path.exists():
            raise BadRequest(f"{path} does not exist.")
        inside = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES) if path.is_dir() else [path]
        for file in inside:
            found.setdefault(file.resolve(), file)
    if not found:
        raise BadRequest(f"There are no pages ({', '.join(SUFFIXES)}).")
    return list(found.values())


def block_size(pages: int, workers: int) -> int:
    """Pages of a block."""
    return max(1, min(MOST_IN_BLOCK, pages // (workers * BLOCKS_A_WORKER)))


def plain(summarizer: Summarizer, length: Length, pages: Sequence[Path], size: int) -> Iterator[pa.Table]:
    """All in this process, one after another."""
    worker = Worker(summarizer, length)
    yield from map(worker, blocks(pages, size))


def run(options: argparse.Namespace) -> None:
    """Do what is not done yet, with a progress bar, and say how fast it went."""
    settings = Settings.load(model=options.model, length=options.length, threads=options.threads)
    length: Length = settings.length  # type: ignore[assignment] # Settings validates it
    pages = find(options.pages)
    store = ModelStore(settings.models, settings.cache_dir)
    for spec in Catalog().with_parts(settings.model):
        store.locate(spec)
    summarizer = Summarizer(settings.model, settings=settings)
    with Output(options.out, {"model": settings.model, "length": length}) as output:
        done = output.done()
        new = [page for page in pages if str(page) not in done]
        print(f"{len(new)} pages to summarise, {len(pages) - len(new)} done before.", file=sys.stderr)
        if new:
            clock = time.perf_counter()
            _follow(_rows(summarizer, length, new, options), output, len(new), clock)
        output.merge([str(page) for page in pages])


def _rows(
    summarizer: Summarizer, length: Length, pages: Sequence[Path], options: argparse.Namespace
) -> Iterator[pa.Table]:
    if options.plain:
        return plain(summarizer, length, pages, block_size(len(pages), 1))
    from scripts.batching import (
        cluster,  # Ray takes a second to import, which a run that has nothing to do need not spend
    )

    workers = cluster.start(options.address, options.workers)
    return cluster.rows(Worker, (summarizer, length), pages, block_size(len(pages), workers), workers)


def _follow(results: Iterator[pa.Table], output: Output, count: int, clock: float) -> None:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("pages"), TimeElapsedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    codes: Counter[str | None] = Counter()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=count)
        first = next(results)
        started = time.perf_counter() - (pc.sum(first["seconds"]).as_py() or 0.0)
        for rows in itertools.chain([first], results):
            output.add(rows)
            codes.update(rows["error_code"].to_pylist())
            bar.advance(task, rows.num_rows)
    ended = time.perf_counter()
    failed = ", ".join(f"{number} {code}" for code, number in sorted(codes.items(), key=str) if code)
    print(
        f"{count} pages in {ended - clock:.1f} s, of which {started - clock:.1f} s to start: "
        f"{count / (ended - started) * 60:.0f} pages a minute. Failed: {failed or 'none'}."
    )


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError("less than one")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """0 every page has its row, failures too; 1 it could not be done; 130 stopped, to be gone on with."""
    parser = argparse.ArgumentParser(prog="scripts/batch", description="Summarise many pages into one Parquet table.")
    parser.add_argument("pages", nargs="+", metavar="PAGES", help=f"files or folders ({', '.join(SUFFIXES)})")
    parser.add_argument("--out", type=Path, required=True, help="the Parquet file; what is in it is not done again")
    parser.add_argument("--length", choices=LENGTHS, help="how much; by default brief")
    parser.add_argument("--model", metavar="ID", help="see `notime models list`")
    parser.add_argument("--workers", type=_count, metavar="N", help="processes; by default one a core")
    parser.add_argument("--threads", type=_count, metavar="N", help="of one process; by default 1, with --plain all")
    parser.add_argument("--address", help="of a Ray cluster; by default this machine alone")
    parser.add_argument("--plain", action="store_true", help="in this process, without Ray")
    options = parser.parse_args(arguments)
    if options.threads is None and not options.plain:
        options.threads = 1
    try:
        run(options)
    except (NotimeError, OutputRefused) as error:
        print(f"scripts/batch: {error}", getattr(error, "hint", None) or "", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("scripts/batch: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
