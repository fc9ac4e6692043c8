"""The file that the history is in: its owner's alone, and set aside where it is damaged.

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

from notime.errors import HistoryDamaged, HistoryUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
    "SQLITE_BUSY": "Another program is using it; try again.",
}


class Database:
    """One file of SQLite.

    Rollback journal, not write-ahead log: a log would hold what was read until it is next folded in, while a journal is
    gone when its transaction ends.

    Args:
        path: in a folder that is made where it is missing, for its owner alone.
        schema: the statements that make the tables.
        version: of that schema; a file with a higher one is left alone.
    """

    def __init__(self, path: Path, schema: Sequence[str], version: int) -> None:
        self.path = path
        self._schema = schema
        self._version = version

    @property
    def exists(self) -> bool:
        """Something was ever written."""
        return self.path.exists()

    @property
    def bytes(self) -> int:
        """On disk."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one operation; the file is made where it is missing.

        Raises:
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
                self._bring_up(connection)
                yield connection
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", "")
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise self._damaged(identity) from error
            if isinstance(error, sqlite3.OperationalError):
                reason = next((text for code, text in REASONS.items() if name.startswith(code)), f"SQLite says {name}.")
                raise HistoryUnavailable(f"The history cannot be used. {reason}", hint=f"It is {self.path}.") from error
            raise  # a bug of ours
        except OSError as error:
            raise HistoryUnavailable(
                f"The history cannot be used: {error.strerror}.", hint=f"It is {self.path}."
            ) from error

    def make_schema(self, connection: sqlite3.Connection) -> None:
        """Empty tables; inside a transaction."""
        for statement in self._schema:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {self._version}")

    def forget_damaged(self) -> None:
        """Delete what was set aside."""
        for path in self.path.parent.glob(f"{self.path.stem}-damaged-*"):
            path.unlink(missing_ok=True)

    def _private(self) -> tuple[int, int]:
        """The file, made or found, its owner's alone; which one it is.

        Raises:
            HistoryUnavailable: it is not a plain file, or another user's.
        """
        _make_private_folder(self.path.parent)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        info = self.path.lstat()
        if not stat.S_ISREG(info.st_mode):
            raise HistoryUnavailable("The history is not a plain file.", hint=f"Move {self.path} away.")
        if os.name != "nt":  # access lists, not modes; the profile folder is the user's own
            if info.st_uid != os.getuid():
                raise HistoryUnavailable("The history belongs to another user.", hint=f"Move {self.path} away.")
            if info.st_mode & 0o077:
                self.path.chmod(0o600)
        return info.st_dev, info.st_ino

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == 0:
            with transaction(connection):
                if _version(connection) == 0:  # and no other process was faster
                    self.make_schema(connection)
        if _version(connection) != self._version:
            raise HistoryUnavailable(
                "The history was written by a newer version of notime.",
                hint=f"Update notime, or move {self.path} away.",
            )

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


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _make_private_folder(folder: Path) -> None:
    """With its parents, each for its owner alone, whatever the umask; what is there is left as it is."""
    if not folder.is_dir():
        _make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
