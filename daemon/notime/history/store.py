"""The history on disk: summaries that were asked for, and a full-text index over them.

Comes in: summaries, and what to look for. Goes out: entries. Must not know: HTTP, and the articles: an entry is the
answer as it was sent, with the sentences that the summary was made from and no other. Blocks: not for the event loop.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from typing import TYPE_CHECKING

import msgspec

from notime import shapes
from notime.errors import HistoryDamaged, HistoryFull, NotFound
from notime.history.clock import DAY_SECONDS, believed
from notime.history.database import Database, transaction
from notime.history.entry import Entry
from notime.history.query import expression, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from notime.settings import Settings
    from notime.types import Summary

FILE = "history.db"

MOST = 5000
"""Entries, some 6 KB each with the index: 30 MB. The oldest go first."""

MOST_BYTES = 100_000_000
"""What `MOST` entries take thrice over."""

SCHEMA_VERSION = 1
SCHEMA = (
    "CREATE TABLE summaries ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"  # goes up with time, whatever the clock does, and never comes again
    " id TEXT NOT NULL UNIQUE,"
    " place TEXT NOT NULL UNIQUE,"
    " length TEXT NOT NULL,"
    " created REAL NOT NULL,"  # seconds since 1970, UTC
    " body BLOB NOT NULL)",
    "CREATE INDEX by_created ON summaries (created)",
    "CREATE VIRTUAL TABLE words USING fts5( title, site, url, text, tokenize = 'unicode61 remove_diacritics 2')",
)
STEPS: dict[int, tuple[str, ...]] = {}
"""By version, the statements that make the next one of it; all of them are kept, for whoever comes from long ago."""


class Store:
    """The history of this user.

    Every method but the constructor raises HistoryUnavailable where the file cannot be used, and HistoryDamaged where
    it was found damaged and set aside; the next call then begins a new one. There is no file before there is something
    to write.

    Args:
        folder: holds `history.db`.
        days: until an entry is forgotten; 0 for never.
        most_bytes: of the file; the oldest entries go first, and the newest one stays whatever it takes.
        now: seconds since 1970.
    """

    def __init__(
        self, folder: Path, *, days: int, most_bytes: int = MOST_BYTES, now: Callable[[], float] = time.time
    ) -> None:
        self._database = Database(folder / FILE, SCHEMA, SCHEMA_VERSION, STEPS)
        self._days = days
        self._most_bytes = most_bytes
        self._now = now

    @classmethod
    def of(cls, settings: Settings) -> Store:
        """Where the settings say."""
        return cls(settings.data_dir, days=settings.history_days, most_bytes=int(settings.history_mb * 1e6))

    def put(self, summary: Summary, *, place: str, length: str) -> None:
        """Write a summary down, instead of the one that was at its place."""
        body = shapes.encode(shapes.summary(summary))
        article = msgspec.json.decode(body)["article"]  # as it is stored: without what no text can carry
        title, site, url = (spaced(article[name] or "") for name in ("title", "site_name", "url"))
        text = spaced(summary.text.encode("utf-8", "replace").decode("utf-8"))
        with self._database.opened() as connection, transaction(connection):
            _delete(connection, _numbers(connection, "place = ?", place))
            number = connection.execute(
                "INSERT INTO summaries (id, place, length, created, body) VALUES (?, ?, ?, ?, ?)",
                (summary.id, place, length, self._now(), body),
            ).lastrowid
            connection.execute(
                "INSERT INTO words (rowid, title, site, url, text) VALUES (?, ?, ?, ?, ?)",
                (number, title, site, url, text),
            )
            old = _numbers(connection, "TRUE ORDER BY number DESC LIMIT -1 OFFSET ?", MOST)
            _erase(connection, [*old, *self._expired(connection)])
            while _used(connection) > self._most_bytes:
                oldest = _numbers(connection, "number < ? ORDER BY number LIMIT 50", number or 0)
                if not oldest:
                    break
                _erase(connection, oldest)

    def search(self, query: str = "", *, before: str | None = None, limit: int = 50) -> tuple[list[Entry], str | None]:
        """Entries, newest first, and where the next ones begin.

        Args:
            query: words that title, site, address or summary hold; of the last one a beginning will do.
            before: what an earlier call gave; None begins with the newest.
            limit: how many.

        Raises:
            BadRequest: the query is too long.
        """
        match = expression(query)
        if not self._database.exists:
            return [], None
        where: dict[str, str | int] = {}
        if before:
            where["number < ?"] = int(before)
        if match:
            where["number IN (SELECT rowid FROM words WHERE words MATCH ?)"] = match
        with self._database.opened() as connection:
            self._expire(connection)
            rows = connection.execute(
                "SELECT number, created, length, body FROM summaries"
                f" WHERE {' AND '.join(where) or 'TRUE'} ORDER BY number DESC LIMIT ?",
                (*where.values(), limit + 1),
            ).fetchall()
        following = str(rows[limit - 1][0]) if len(rows) > limit else None
        return list(_entries(rows[:limit])), following

    def get(self, summary_id: str) -> Entry:
        """One entry.

        Raises:
            NotFound: there is none of that id.
        """
        if self._database.exists:
            with self._database.opened() as connection:
                self._expire(connection)
                rows = connection.execute(
                    "SELECT number, created, length, body FROM summaries WHERE id = ?", (summary_id,)
                ).fetchall()
            for entry in _entries(rows):
                return entry
        raise NotFound("There is no such summary.")

    def holds(self, place: str) -> bool:
        """There is an entry at that place."""
        if not self._database.exists:
            return False
        with self._database.opened() as connection:
            self._expire(connection)
            return bool(_numbers(connection, "place = ?", place))

    def beginning(self, start: str) -> list[str]:
        """Ids that begin so, two at most."""
        if not self._database.exists:
            return []
        with self._database.opened() as connection:
            rows = connection.execute(
                "SELECT id FROM summaries WHERE substr(id, 1, ?) = ? LIMIT 2", (len(start), start)
            ).fetchall()
        return [name for (name,) in rows]

    def delete(self, summary_id: str) -> str:
        """Delete one entry; nothing of it stays in the file.

        Returns:
            Its place.

        Raises:
            NotFound: there is none of that id.
        """
        if self._database.exists:
            try:
                place = self._deleted(summary_id, without_room=False)
            except HistoryFull:
                place = self._deleted(summary_id, without_room=True)
            if place is not None:
                return place
        raise NotFound("There is no such summary.")

    def clear(self) -> None:
        """Delete everything, what was set aside as damaged included."""
        try:
            if self._database.exists:
                with self._database.opened() as connection:
                    with transaction(connection):
                        connection.execute("DROP TABLE words")
                        connection.execute("DROP TABLE summaries")
                        self._database.make_schema(connection)
                    connection.execute("VACUUM")
        except HistoryDamaged:
            pass  # set aside, and so deleted below
        except HistoryFull:
            self._database.erase()
        self._database.forget_damaged()

    def size(self) -> tuple[int, int]:
        """Entries, and bytes on disk."""
        if not self._database.exists:
            return 0, 0
        with self._database.opened() as connection:
            self._expire(connection)
            (count,) = connection.execute("SELECT count(*) FROM summaries").fetchone()
        return int(count), self._database.bytes

    def _deleted(self, summary_id: str, *, without_room: bool) -> str | None:
        """The place of the entry that was deleted; None where there is none of that id."""
        with self._database.opened(without_room=without_room) as connection:
            row = connection.execute("SELECT number, place FROM summaries WHERE id = ?", (summary_id,)).fetchone()
            if row is None:
                return None
            with transaction(connection):
                _delete(connection, [row[0]])
                if not without_room:
                    _tidy(connection)
            if without_room:  # the pages that are free now take the index made anew
                connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
            return str(row[1])

    def _expire(self, connection: sqlite3.Connection) -> None:
        """Forget what is too old; where nothing can be written, reading goes on."""
        with contextlib.suppress(sqlite3.OperationalError), transaction(connection):
            _erase(connection, self._expired(connection))

    def _expired(self, connection: sqlite3.Connection) -> list[int]:
        if not self._days:
            return []
        oldest = believed(connection, self._now()) - self._days * DAY_SECONDS
        return _numbers(connection, "created < ?", oldest)


def _used(connection: sqlite3.Connection) -> int:
    """Bytes of the file that hold something; the rest is written to before it grows."""
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _numbers(connection: sqlite3.Connection, where: str, value: str | float) -> list[int]:
    return [number for (number,) in connection.execute(f"SELECT number FROM summaries WHERE {where}", (value,))]


def _delete(connection: sqlite3.Connection, numbers: list[int]) -> None:
    for table, key in (("summaries", "number"), ("words", "rowid")):
        connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(number,) for number in numbers])


def _erase(connection: sqlite3.Connection, numbers: list[int]) -> None:
    """Delete, and out of the index too."""
    if numbers:
        _delete(connection, numbers)
        _tidy(connection)


def _tidy(connection: sqlite3.Connection) -> None:
    """The index keeps a word until it next tidies up: now, 0.1 s with 5,000 entries."""
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def _entries(rows: Iterable[tuple[int, float, str, bytes]]) -> Iterable[Entry]:
    for number, created, length, body in rows:
        try:
            entry = Entry(number, created, length, msgspec.json.decode(body))
            _ = entry.listed, entry.whole  # whatever is missing in it is found out here
        except (msgspec.DecodeError, LookupError, TypeError, ValueError, ArithmeticError, OSError):
            continue  # a damaged one hides no other
        yield entry
