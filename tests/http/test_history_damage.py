"""A history that bits have flipped in, a clock that is wrong, a disk that is full."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from notime.errors import HistoryDamaged, HistoryUnavailable, NotFound
from notime.history.store import Store
from notime.http.keys import HISTORY
from notime.settings import Settings
from support.http_client import client_of
from support.http_daemon import running
from support.http_entries import Clock, numbers, put, summary

DAY = 86_400.0


def flipped(content: bytes, seed: int) -> bytes:
    """With one to four bits flipped, or a page of zeros, mostly near the beginning, where the schema is."""
    chance, damaged = random.Random(seed), bytearray(content)
    reach = len(damaged) if seed % 2 else 4096
    for _ in range(chance.randint(1, 4)):
        damaged[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    if seed % 10 == 0:
        start = chance.randrange(len(damaged) // 512) * 512
        damaged[start : start + 512] = bytes(512)
    return bytes(damaged)


@pytest.mark.parametrize("seed", range(40))
def test_case_28_whatever_bits_flip_is_ours_to_tell(folder: Path, seed: int):
    store = Store(folder, days=90, now=Clock())
    for number in range(6):
        put(store, number, f"Words of {number}. " * 40)
    path = folder / "history.db"
    path.write_bytes(flipped(path.read_bytes(), seed))
    asks = [
        store.size, store.search, lambda: store.search("words"), lambda: store.get(f"{3:032x}"),
        lambda: store.delete(f"{2:032x}"), lambda: put(store, 4, "Another."), lambda: store.beginning("0"),
        lambda: store.holds("place 1"),
    ]  # fmt: skip
    for ask in asks:
        with suppress(HistoryUnavailable, NotFound):
            ask()
    with suppress(HistoryUnavailable):
        put(store, 7)
    for entry in store.search()[0]:
        assert entry.listed
        assert entry.whole
    store.clear()
    put(store, 8)
    assert numbers(store) == [8]


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE summaries", "ALTER TABLE summaries RENAME COLUMN body TO bod2", "DROP TABLE words",
        "PRAGMA user_version = 0",
    ],
)  # fmt: skip
def test_case_28_a_schema_that_is_another_is_damage(store: Store, folder: Path, damage: str):
    put(store, 1)
    with closing(sqlite3.connect(folder / "history.db", isolation_level=None)) as connection:
        connection.execute(damage)
    with pytest.raises(HistoryDamaged):
        store.search("ferry")
    put(store, 2)
    assert numbers(store) == [2]
    assert len(list(folder.glob("history-damaged-*"))) == 1


def test_case_28_a_damaged_index_is_noticed_and_the_next_answer_is_written_down(store: Store, folder: Path):
    for number in range(3):
        put(store, number)
    path = folder / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name LIKE '%autoindex_summaries_2'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    start = (root - 1) * 4096
    content[start : start + 4096] = content[start : start + 4096].replace(b"place 1", b"qlace 1")
    path.write_bytes(content)
    with pytest.raises(HistoryDamaged):
        put(store, 1)
    put(store, 1)
    assert numbers(store) == [1]


def test_a_bug_of_ours_does_not_cost_the_history(store: Store, folder: Path):
    put(store, 1)
    with pytest.raises(sqlite3.OperationalError), store._database.opened() as connection:
        connection.execute("SELECT nothing FROM nowhere")
    assert numbers(store) == [1]
    assert [path.name for path in folder.iterdir()] == ["history.db"]


@pytest.mark.parametrize(
    "column", ["created = 'x'", "created = 1e300", "body = '{}'", "body = '[]'", "body = '{\"article\": 1}'"]
)
def test_an_entry_that_makes_no_sense_hides_no_other(store: Store, folder: Path, column: str):
    for number in (1, 2):
        put(store, number)
    with closing(sqlite3.connect(folder / "history.db", isolation_level=None)) as connection:
        connection.execute(f"UPDATE summaries SET {column} WHERE number = 2")
    assert numbers(store) == [1]


def test_case_33_a_clock_that_leaps_forward_forgets_nothing_at_once(store: Store, clock: Clock):
    put(store, 1)
    clock.now += 100 * DAY
    for _ in range(3):
        assert numbers(store) == [1]
        clock.now += DAY / 4
    put(store, 2)
    clock.now -= 100 * DAY  # the clock is set right
    assert numbers(store) == [2, 1]


def test_case_33_what_is_really_old_is_forgotten_a_day_later(store: Store, clock: Clock):
    put(store, 1)
    clock.now += 100 * DAY
    assert numbers(store) == [1]
    clock.now += DAY
    assert numbers(store) == []


def test_a_clock_that_goes_on_day_by_day_is_believed(store: Store, clock: Clock):
    put(store, 1)
    for _ in range(89):
        clock.now += DAY
        assert numbers(store) == [1]
    clock.now += 2 * DAY
    assert numbers(store) == []


FULL = """
import os, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from support.http_entries import numbers, put
from notime.errors import HistoryUnavailable
from notime.http.keys import HISTORY
from notime.history.store import Store
folder = Path({folder!r})
store = Store(folder, days=0)
for number in range(20):
    put(store, number, f"Word{{number}} and others. " * 20)
room = os.statvfs(folder)
with (folder / "ballast").open("wb", buffering=0) as file:
    try:
        while file.write(bytes(512)):
            pass
    except OSError:
        pass
try:
    put(store, 99, "More words. " * 5000)
except HistoryUnavailable as problem:
    assert "disk is full" in problem.message, problem.message
else:
    raise AssertionError("there was room")
store.delete(f"{{7:032x}}")
assert 7 not in numbers(store)
assert not store.search("word7")[0]
assert b"Word7 " not in (folder / "history.db").read_bytes()
assert len(numbers(store)) == 19
store.clear()
assert numbers(store) == []
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is made with a mount of Linux's")
def test_case_27_deleting_works_on_a_full_disk(folder: Path):
    folder.mkdir(parents=True)
    paths = [path for path in sys.path if path]
    script = FULL.format(paths=[*paths, str(Path(__file__).parents[1])], folder=str(folder))
    mount = f'mount -t tmpfs -o size=600k none {folder} && exec {sys.executable} -c "$0"'
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, script]
    if subprocess.run([*command[:3], "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts may be made here")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if "mount" in done.stderr and "ermission denied" in done.stderr:
        pytest.skip("no mounts may be made here")
    assert done.returncode == 0, done.stderr


async def test_case_27_the_status_says_so_where_nothing_is_written_down(settings: Settings):
    async with running(settings) as daemon:
        client, history = await client_of(daemon), daemon.app[HISTORY]
        assert await history.remember(summary(1), place="a", length="brief")
        assert (await client.ask("GET", "/v1/status"))["history"]["kept"]
        path = settings.data_dir / "history.db"
        path.rename(path.with_name("elsewhere"))
        path.mkdir()
        assert not await history.remember(summary(2), place="b", length="brief")
        found = (await client.ask("GET", "/v1/status"))["history"]
        assert (found["kept"], found["problem"]) == (False, "history_unavailable")
        path.rmdir()
        assert await history.remember(summary(3), place="c", length="brief")
        assert (await client.ask("GET", "/v1/status"))["history"]["kept"]


async def test_case_27_the_status_says_so_where_there_is_no_room(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    async with running(settings) as daemon:
        client, history = await client_of(daemon), daemon.app[HISTORY]
        assert await history.remember(summary(1), place="a", length="brief")
        pages = (settings.data_dir / "history.db").stat().st_size // 4096
        with monkeypatch.context() as patched:
            patched.setattr("notime.history.database.PRAGMAS", ("secure_delete = ON", f"max_page_count = {pages}"))
            assert not await history.remember(summary(2, "More words. " * 5000), place="b", length="brief")
        found = (await client.ask("GET", "/v1/status"))["history"]
        assert (found["kept"], found["entries"], found["problem"]) == (False, 1, "history_unavailable")


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can give files away")
def test_case_34_a_history_of_another_user_is_refused(store: Store, folder: Path):
    put(store, 1)
    os.chown(folder / "history.db", 65534, 65534)
    with pytest.raises(HistoryUnavailable, match="another user"):
        store.search()
    os.chown(folder / "history.db", 0, 0)
    os.chown(folder, 65534, 65534)
    with pytest.raises(HistoryUnavailable, match="another user"):
        put(store, 2)


@pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")
def test_case_34_a_folder_that_was_open_is_closed(store: Store, folder: Path):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    put(store, 1)
    (folder / "history.db").chmod(0o666)
    assert numbers(store) == [1]
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "history.db").stat().st_mode & 0o077 == 0
