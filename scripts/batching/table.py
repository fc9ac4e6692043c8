"""The table that scripts/batch writes, the parts it has while it grows, and the blocks of pages it is made from.

Comes in: pages, then blocks of rows. Goes out: one Parquet file with a row a page. Must not know: Ray, how a page is
summarised.

A block that is finished is a file in `OUT.parts/`, written under another name and renamed, so that it is there whole or
not at all. At the end the parts become `OUT`, by a rename too, and go. Whoever is stopped on the way starts again from
`OUT` and the parts.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SCHEMA = pa.schema(
    {
        "file": pa.string(),  # the path as it was given; a page is known by it
        "title": pa.string(),
        "language": pa.string(),  # ISO 639-1
        "sentences": pa.list_(pa.struct({"text": pa.string(), "sources": pa.list_(pa.int32()), "method": pa.string()})),
        "text": pa.string(),  # the sentences, one a line; null where the page failed
        "words": pa.int32(),  # of the article
        "coverage": pa.float64(),  # share of the article's sentences that were read, 0 to 1
        "model": pa.string(),
        "seconds": pa.float64(),  # spent on the page
        "error_code": pa.string(),  # null where there is a summary
        "error_message": pa.string(),
    }
)
"""`sources` are indices of sentences of the article, from 0, as `notime.article.split` counts them."""


def blocks(pages: Sequence[Path], size: int) -> Iterator[pa.Table]:
    """Tables of at most `size` pages, as a worker takes them: `file` as it was given, and its absolute `path`."""
    for start in range(0, len(pages), size):
        part = pages[start : start + size]
        yield pa.table({"file": [str(page) for page in part], "path": [str(page.absolute()) for page in part]})


class OutputRefused(Exception):
    """The output is another run's."""


class Output:
    """One table, open for one run at a time; a context manager.

    Args:
        path: where it is to be.
        made_with: what all its rows are made with (model, length); kept in the file.

    Raises:
        OutputRefused: on entering: another run has it open, or its rows were made with something else.
    """

    def __init__(self, path: Path, made_with: Mapping[str, str]) -> None:
        self._path = path
        self._parts = path.with_name(path.name + ".parts")
        self._made_with = made_with
        self._schema = SCHEMA.with_metadata({f"notime.{name}": value for name, value in made_with.items()})
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        if self._path.exists():
            self._check(self._path)
        self._parts.mkdir(parents=True, exist_ok=True)
        self._lock = (self._parts / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputRefused(f"Another run writes {self._path}.") from error
        for file in self._files():
            self._check(file)
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock:
            self._lock.close()

    def done(self) -> set[str]:
        """The pages that have their row."""
        return {name for file in self._files() for name in pq.read_table(file, columns=["file"])["file"].to_pylist()}

    def add(self, rows: pa.Table) -> None:
        """Keep a finished block: once this returns, no crash loses it."""
        count = sum(1 for _ in self._parts.glob("*.parquet"))
        self._write(rows, self._parts / f"{count + 1:08}.parquet")

    def merge(self, order: Sequence[str]) -> None:
        """Make one table of all there is, in the order of the pages; what other runs had comes first."""
        if not any(self._parts.glob("*.parquet")):
            self._clear()
            return
        rows = pa.concat_tables(pq.read_table(file, schema=SCHEMA) for file in self._files())
        row_of: dict[str, int] = {}
        for index, name in enumerate(rows["file"].to_pylist()):
            row_of.setdefault(name, index)  # who is killed between the rename and the clearing leaves parts behind
        asked = set(order)
        others = [index for name, index in row_of.items() if name not in asked]
        self._write(rows.take(others + [row_of[name] for name in order]), self._path)
        self._clear()

    def _clear(self) -> None:
        shutil.rmtree(self._parts)

    def _files(self) -> Iterator[Path]:
        if self._path.exists():
            yield self._path
        yield from sorted(self._parts.glob("*.parquet"))

    def _check(self, file: Path) -> None:
        try:
            kept = pq.read_schema(file).metadata or {}
        except pa.ArrowInvalid as error:
            raise OutputRefused(f"{file} is no Parquet file.") from error
        for name, value in self._made_with.items():
            if (there := kept.get(f"notime.{name}".encode(), b"").decode()) != value:
                raise OutputRefused(
                    f"{file} was made with {name} {there or 'unknown'}, not {value}: take another --out."
                )

    def _write(self, rows: pa.Table, path: Path) -> None:
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            with unfinished.open("wb") as file:
                pq.write_table(rows.cast(self._schema), file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            with suppress(FileNotFoundError):
                unfinished.unlink()
