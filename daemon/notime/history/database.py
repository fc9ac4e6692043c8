"""The file that the history is in: its owner's alone, brought up from older versions, set aside where it is damaged.

Comes in: a path and the tables that are to be in it. Goes out: a connection for one operation. Must not know: what a
summary is.

A connection lives as long as one operation, some 0.4 ms: so the daemon and `notime history` may use the file side by
side, and either finds out when the other has set it aside.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import stat
from typing import TYPE_CHECKING

from notime.errors import HistoryDamaged, HistoryFull, HistoryUnavailable
from notime.files import make_private_folder, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

BUSY_SECONDS = 3.0
"""For another process to be done: the longest of ours, clearing 5,000 summaries, takes 0.7 s."""

PRAGMAS = (
    "secure_delete = ON",  # what is deleted is overwritten
    "temp_store = MEMORY",  # nothing of it in the system's folder for temporary files
    "trusted_schema = OFF",
    "cell_size_check = ON",  # damage is found before it is read
)

REASONS = {
    "SQLITE_FULL": "The disk is full.",
    "SQLITE_READONLY": "Its file cannot be written.",
    "SQLITE_CANTOPEN": "Its file cannot be opened.",
    "SQLITE_PERM": "Its file cannot be opened.",
    "SQLITE_IOERR": "The disk fails.",
    "SQLITE_NOMEM": "Memory is short.",
    "SQLITE_BUSY": "Another program is using it; try again.",
    "SQLITE_LOCKED": "Another program is using it; try again.",
}
"""What is not the file's own fault. Everything else that SQLite says is, unless the file is sound after all."""


ERASED_AT_ONCE = 1 << 20


class Database:
    """One file of SQLite.

    Rollback journal, not write-ahead log: a log would hold what was read until it is next folded in, while a journal is
    gone when its transaction ends.

    Args:
        path: in a folder that is made where it is missing, for its owner alone.
        schema: the statements that make the tables.
        version: of that schema; a file with a higher one is left alone.
        steps: by version, the statements that make the next one of it.
    """

    def __init__(self, path: Path, schema: Sequence[str], version: int, steps: Mapping[int, Sequence[str]]) -> None:
        self.path = path
        self._schema = schema
        self._version = version
        self._steps = steps

    @property
    def exists(self) -> bool:
        """Something was ever written."""
        try:
            self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            pass  # there is no telling; opening it will say why
        return True

    @property
    def bytes(self) -> int:
        """On disk."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @contextlib.contextmanager
    def opened(self, *, without_room: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for one operation; the file is made where it is missing.

        Args:
            without_room: keep the journal in memory, for deleting where the disk is full.

        Raises:
            HistoryFull: the disk is full.
            HistoryUnavailable: the file cannot be used.
            HistoryDamaged: it is damaged, and now stands aside.
        """
        identity = None
        try:
            identity = self._private()
            with contextlib.closing(
                sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as connection:
                for pragma in PRAGMAS:
                    connection.execute(f"PRAGMA {pragma}")
                if without_room:
                    connection.execute("PRAGMA journal_mode = MEMORY")
                connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
                self._bring_up(connection)
                yield connection
        except UnicodeDecodeError as error:  # SQLite quotes a damaged schema in its message
            raise self._damaged(identity) from error
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            reason = next((text for code, text in REASONS.items() if name.startswith(code)), None)
            if reason is not None:
                kind = HistoryFull if name.startswith("SQLITE_FULL") else HistoryUnavailable
                raise kind(f"The history cannot be used. {reason}", hint=f"It is {self.path}.") from error
            if not name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) and self._is_sound():
                raise  # a bug of ours
            raise self._damaged(identity) from error
        except OSError as error:
            raise HistoryUnavailable(
                f"The history cannot be used: {error.strerror}.", hint=f"It is {self.path}."
            ) from error

    def make_schema(self, connection: sqlite3.Connection) -> None:
        """Empty tables; inside a transaction."""
        for statement in self._schema:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {self._version}")

    def erase(self) -> None:
        """Overwrite the file where it is and remove it, which takes no room."""
        try:
            with self.path.open("r+b") as file:
                for start in range(0, self.bytes, ERASED_AT_ONCE):
                    file.write(bytes(min(ERASED_AT_ONCE, self.bytes - start)))
                file.flush()
                os.fsync(file.fileno())
            self.path.unlink()
        except OSError as error:
            raise HistoryUnavailable(
                f"The history cannot be deleted: {error.strerror}.", hint=f"Delete {self.path}."
            ) from error

    def forget_damaged(self) -> None:
        """Delete what was set aside."""
        for path in self.path.parent.glob(f"{self.path.stem}-damaged-*"):
            path.unlink(missing_ok=True)

    def _private(self) -> tuple[int, int]:
        """The file, made or found, its owner's alone; which one it is.

        Raises:
            HistoryUnavailable: it is not a plain file, or another user's.
        """
        make_private_folder(self.path.parent)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        info, problem = self.path.lstat(), problem_of(self.path, secret=True)
        if problem == "kind" or stat.S_ISDIR(info.st_mode):
            raise HistoryUnavailable("The history is not a plain file.", hint=f"Move {self.path} away.")
        if problem == "owner":
            raise HistoryUnavailable("The history belongs to another user.", hint=f"Move {self.path} away.")
        if problem == "mode":
            self.path.chmod(0o600)
        return info.st_dev, info.st_ino

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == 0:
            with transaction(connection):
                if _version(connection) == 0:  # and no other process was faster
                    self.make_schema(connection)
        if _version(connection) > self._version:
            raise HistoryUnavailable(
                "The history was written by a newer version of notime.",
                hint=f"Update notime, or move {self.path} away.",
            )
        if _version(connection) < self._version:
            self._migrate(connection)
        self._backup.unlink(missing_ok=True)  # of a migration that was killed when all was done

    @property
    def _backup(self) -> Path:
        """The file as it was, while it is brought up."""
        return self.path.with_name(f"{self.path.stem}-before-{self._version}{self.path.suffix}")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring an older file up, all of it or nothing.

        Raises:
            HistoryUnavailable: it was not sound afterwards; the file is as it was.
        """
        self._backup.unlink(missing_ok=True)
        os.close(os.open(self._backup, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(self._backup)) as copy:
            connection.backup(copy)
        try:
            with transaction(connection):
                for version in range(_version(connection), self._version):
                    for statement in self._steps[version]:
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {self._version}")
            sound = self._is_sound()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith(tuple(REASONS)):
                raise
            sound = False
        if not sound:
            self._backup.replace(self.path)
            raise HistoryUnavailable(
                "The history of an earlier version could not be brought up, and is as it was.",
                hint=f"Report it, or move {self.path} away.",
            )

    def _is_sound(self) -> bool:
        """The tables are as they were made, and nothing in them contradicts itself; 0.1 s with 5,000 entries."""
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as connection:
                with contextlib.closing(sqlite3.connect(":memory:")) as ideal:
                    self.make_schema(ideal)
                    if not _columns(ideal) <= _columns(connection) or _version(connection) != self._version:
                        return False
                if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                    return False
                for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%USING fts5%'"):
                    connection.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
        except (sqlite3.Error, UnicodeDecodeError):
            return False
        return True

    def _damaged(self, identity: tuple[int, int] | None) -> HistoryUnavailable:
        """Put the file under another name, unless another process has."""
        aside = self.path.with_name(f"{self.path.stem}-damaged-{secrets.token_hex(4)}{self.path.suffix}")
        try:
            info = self.path.lstat()
            if (info.st_dev, info.st_ino) == identity:
                journal = self.path.with_name(f"{self.path.name}-journal")
                # First: beside a new file, it would be taken for that one's.
                with contextlib.suppress(FileNotFoundError):
                    journal.rename(aside.with_name(f"{aside.name}-journal"))
                self.path.rename(aside)
        except FileNotFoundError:
            pass  # another process has
        except OSError:
            return HistoryUnavailable("The history is damaged.", hint=f"Move {self.path} away.")
        return HistoryDamaged(f"The history was damaged, and is set aside as {aside.name}.")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    query = "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns"
    return set(connection.execute(query).fetchall())


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
