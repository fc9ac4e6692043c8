"""A history that an older version wrote: brought up whole, or left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from notime.errors import HistoryUnavailable
from notime.history.database import Database, transaction
from notime.history.store import SCHEMA_VERSION, STEPS

ONE = ("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT)",)
THREE = ("CREATE TABLE notes (number INTEGER PRIMARY KEY, words TEXT, day TEXT)",)
STEPS_TO_THREE = {1: ("ALTER TABLE notes RENAME COLUMN text TO words",), 2: ("ALTER TABLE notes ADD COLUMN day TEXT",)}


@pytest.fixture
def path(folder: Path) -> Path:
    """One of version 1, with something in it."""
    database = Database(folder / "notes.db", ONE, 1, {})
    with database.opened() as connection, transaction(connection):
        connection.execute("INSERT INTO notes (text) VALUES ('kept')")
    return database.path


def test_an_older_file_is_brought_up_step_by_step(path: Path):
    (path.parent / "notes-before-3.db").write_bytes(b"of a migration that was killed")
    for _ in range(2):
        with Database(path, THREE, 3, STEPS_TO_THREE).opened() as connection:
            assert connection.execute("SELECT words, day FROM notes").fetchall() == [("kept", None)]
            assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    assert [each.name for each in path.parent.iterdir()] == ["notes.db"]
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "second", ["ALTER TABLE nothing ADD COLUMN day TEXT", "ALTER TABLE notes ADD COLUMN other TEXT"]
)
def test_one_that_cannot_be_brought_up_is_as_it_was(path: Path, second: str):
    database = Database(path, THREE, 3, STEPS_TO_THREE | {2: (second,)})
    for _ in range(2):
        with pytest.raises(HistoryUnavailable, match="as it was"), database.opened():
            pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT text FROM notes").fetchall() == [("kept",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert [each.name for each in path.parent.iterdir()] == ["notes.db"]


def test_every_version_has_its_step():
    assert set(STEPS) == set(range(1, SCHEMA_VERSION))
