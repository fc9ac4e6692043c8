"""The history's file where something is wrong with it, or with what it is in."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from notime.errors import HistoryDamaged, HistoryUnavailable, NotFound
from notime.history.store import Store
from support.http_entries import numbers, put


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
def test_case_34_its_owners_alone_whatever_the_umask(store: Store, folder: Path):
    before = os.umask(0)
    try:
        put(store, 1)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "history.db").stat().st_mode) == 0o600
    for made in (folder, folder.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    (folder / "history.db").chmod(0o644)
    put(store, 2)
    assert stat.S_IMODE((folder / "history.db").stat().st_mode) == 0o600


def test_not_a_plain_file(store: Store, folder: Path, tmp_path: Path):
    folder.mkdir(parents=True)
    (tmp_path / "other.db").touch()
    (folder / "history.db").symlink_to(tmp_path / "other.db")
    with pytest.raises(HistoryUnavailable, match="plain file"):
        put(store, 1)
    assert (tmp_path / "other.db").read_bytes() == b""


def damaged(path: Path) -> bytes:
    """A file whose first table is not readable any more."""
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    return bytes(content)


@pytest.fixture(params=["garbage", "pages"])
def broken(request: pytest.FixtureRequest, store: Store, folder: Path) -> Iterator[bytes]:
    put(store, 1)
    if request.param == "garbage":
        (folder / "history.db").write_bytes(b"not a database" * 1000)
        yield b"not a database" * 1000
    else:
        yield damaged(folder / "history.db")


def test_a_damaged_file_is_set_aside_whole(store: Store, folder: Path, broken: bytes):
    with pytest.raises(HistoryDamaged) as caught:
        store.search()
    (aside,) = folder.glob("history-damaged-*.db")
    assert aside.name in caught.value.message
    assert aside.read_bytes() == broken
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert numbers(store) == []
    put(store, 2)
    assert numbers(store) == [2]
    assert aside.exists()
    store.clear()
    assert [path.name for path in folder.iterdir()] == ["history.db"]


@pytest.mark.usefixtures("broken")
def test_a_damaged_file_that_cannot_be_set_aside(store: Store, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(HistoryUnavailable) as caught:
        store.search()
    assert not isinstance(caught.value, HistoryDamaged)
    assert "Move" in str(caught.value.hint)


def test_a_damaged_file_is_cleared(store: Store, folder: Path, broken: bytes):
    store.clear()
    assert list(folder.iterdir()) == []
    assert numbers(store) == []


def test_a_newer_file_is_left_alone(store: Store, folder: Path):
    put(store, 1)
    with closing(sqlite3.connect(folder / "history.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (folder / "history.db").read_bytes()
    for ask in (store.search, store.size, store.clear, lambda: put(store, 2), lambda: store.get("0" * 32)):
        with pytest.raises(HistoryUnavailable, match="newer version") as caught:
            ask()
        assert not isinstance(caught.value, HistoryDamaged)
    assert (folder / "history.db").read_bytes() == before


def test_one_damaged_entry_hides_no_other(store: Store, folder: Path):
    for number in (1, 2):
        put(store, number)
    with closing(sqlite3.connect(folder / "history.db", isolation_level=None)) as connection:
        connection.execute("UPDATE summaries SET body = x'7b00' WHERE number = 2")
    assert numbers(store) == [1]
    with pytest.raises(NotFound):
        store.get(f"{2:032x}")


def test_another_program_is_using_it(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(store, 1)
    monkeypatch.setattr("notime.history.database.BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(folder / "history.db", isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(HistoryUnavailable, match="try again"):
            put(store, 2)
    put(store, 2)
    assert numbers(store) == [2, 1]


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(HistoryUnavailable):
        put(Store(tmp_path / "file" / "data", days=0), 1)


def test_case_27_no_room(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(store, 1)
    pages = (folder / "history.db").stat().st_size // 4096
    pragmas = ("secure_delete = ON", f"max_page_count = {pages}")
    monkeypatch.setattr("notime.history.database.PRAGMAS", pragmas)
    with pytest.raises(HistoryUnavailable, match="disk is full"):
        put(store, 2, "More words. " * 5000)
    monkeypatch.undo()
    assert numbers(store) == [1]


def test_case_26_a_killed_process_leaves_an_entry_whole_or_absent(store: Store, folder: Path):
    put(store, 1)
    script = f"""
import os, signal, sqlite3
connection = sqlite3.connect({str(folder / "history.db")!r}, isolation_level=None)
connection.execute("PRAGMA cache_spill = 1")
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
for number in range(200):
    connection.execute("INSERT INTO summaries (id, place, length, created, body) VALUES (?, ?, '', 2e9, ?)",
        (str(number), str(number), bytes(4000)))
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -9
    assert (folder / "history.db-journal").exists()
    assert numbers(store) == [1]
    put(store, 2)
    assert numbers(store) == [2, 1]
    assert [path.name for path in folder.iterdir()] == ["history.db"]


def test_two_processes_write_side_by_side(store: Store, folder: Path):
    other = Store(folder, days=90)
    put(store, 1)
    put(other, 2)
    assert numbers(store) == numbers(other) == [2, 1]
    other.clear()
    assert numbers(store) == []
    put(store, 3)
    (folder / "history.db").unlink()
    put(store, 4)
    assert numbers(other) == [4]


def test_a_new_file_is_not_taken_for_the_damaged_one(store: Store, folder: Path):
    put(store, 1)
    damaged(folder / "history.db")

    def read_while_another_process_sets_it_aside() -> None:
        with store._database.opened() as connection:
            (folder / "history.db").rename(folder / "elsewhere.db")
            put(Store(folder, days=0), 2)
            connection.execute("SELECT body FROM summaries").fetchall()

    with pytest.raises(HistoryDamaged):
        read_while_another_process_sets_it_aside()
    assert numbers(Store(folder, days=0)) == [2]
    assert not list(folder.glob("history-damaged-*"))


def test_no_more_bytes_than_were_allowed(folder: Path):
    store = Store(folder, days=0, most_bytes=400_000)
    for number in range(1, 120):
        put(store, number, "Many words of a summary. " * 200)
    found = numbers(store)
    assert found[0] == 119
    assert len(found) < 119
    assert store.size()[1] <= 500_000  # its last transaction may have needed a little more
    tiny = Store(folder, days=0, most_bytes=1)
    put(tiny, 200)
    assert numbers(tiny) == [200]
