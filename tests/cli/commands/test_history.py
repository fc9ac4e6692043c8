from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from notime.history.store import Store
from support.cli_run import Run
from support.http_entries import put

ID = f"{3:032x}"


@pytest.fixture
def folder(environment: dict[str, str]) -> Path:
    return Path(environment["NOTIME_HOME"]) / "data"


@pytest.fixture
def store(folder: Path) -> Store:
    found = Store(folder, days=0)
    put(found, 1, "A bridge falls.", url="https://courier.example/1")
    put(found, 2, "A ferry sails.", title="[bold]Odd[/bold]\x1b[31m\ttitle", site_name="The\nCourier")
    put(found, 3, "A ferry is retired.", byline="A. Writer")
    return found


def on_a_terminal(environment: dict[str, str], *arguments: str, typed: str = "") -> tuple[int, str]:
    """What a user sees, and the exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-W", "error", "-m", "notime", *arguments]
    environment = environment | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    return process.returncode, shown.decode()


def test_nothing_yet(notime: Run, folder: Path):
    for arguments in (("list",), ("list", "--query", "x")):
        done = notime("history", *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert notime("history", "clear", "--yes").returncode == 0
    assert not folder.exists()


@pytest.mark.usefixtures("store")
def test_a_list(notime: Run):
    done = notime("history", "list")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [int(row[0], 16) for row in rows] == [3, 2, 1]
    assert rows[1][2] == "[bold]Odd[/bold] [31m title"
    assert rows[2][2:] == ["Title 1", "https://courier.example/1"]
    rows = [json.loads(line) for line in notime("history", "list", "--json", "--query", "ferr").stdout.splitlines()]
    assert [row["text"] for row in rows] == ["A ferry is retired.", "A ferry sails."]
    assert len(notime("history", "list", "--limit", "1").stdout.splitlines()) == 1
    assert len(notime("history", "list", "--limit", "9" * 30).stdout.splitlines()) == 3
    assert notime("history", "list", "--query", 'NEAR("*').stdout == ""


@pytest.mark.usefixtures("store")
def test_a_list_on_a_terminal(environment: dict[str, str]):
    code, shown = on_a_terminal(environment, "history", "list")
    assert code == 0
    assert "00000000" in shown
    assert "Title 1" in shown
    assert "[bold]Odd[/bold] [31m title" in shown
    assert "\x1b[31m" not in shown


@pytest.mark.usefixtures("store")
def test_one_of_them(notime: Run):
    done = notime("history", "show", ID)
    assert done.returncode == 0
    assert done.stdout.startswith("Title 3\nA. Writer\n\n• A ferry is retired.\n")
    whole = json.loads(notime("history", "show", ID, "--json").stdout)
    assert whole["id"] == ID
    assert whole["length"] == "brief"
    assert whole["summary"]["sentences"][0]["sources"]
    assert whole["created"].endswith("Z")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("start", "told"), [("f", "no such summary"), ("0", "Several"), ("", "no such"), ("%", "no such")]
)
def test_none_or_several_of_that_id(notime: Run, start: str, told: str):
    done = notime("history", "delete" if start == "0" else "show", start)
    assert done.returncode == 1
    assert told in done.stderr
    assert "`notime history list`" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_delete(notime: Run, store: Store):
    assert notime("history", "delete", ID).returncode == 0
    assert notime("history", "delete", ID).returncode == 1
    assert store.size()[0] == 2


def test_clear_without_a_terminal_wants_yes(notime: Run, store: Store):
    done = notime("history", "clear")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert store.size()[0] == 3
    assert notime("history", "clear", "--yes").returncode == 0
    assert store.size()[0] == 0


def test_clear_on_a_terminal_asks(environment: dict[str, str], store: Store):
    code, shown = on_a_terminal(environment, "history", "clear", typed="\n")
    assert code == 1
    assert "[y/N]" in shown
    assert "nothing was deleted" in shown
    assert store.size()[0] == 3
    code, _ = on_a_terminal(environment, "history", "clear", typed="y\n")
    assert code == 0
    assert store.size()[0] == 0


@pytest.mark.parametrize("arguments", [(), ("list", "--limit", "0"), ("show",)])
def test_wrong_usage(notime: Run, arguments: tuple[str, ...]):
    done = notime("history", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


@pytest.mark.usefixtures("store")
def test_a_query_too_long(notime: Run):
    done = notime("history", "list", "--query", "a" * 501)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("store")
def test_a_damaged_history(notime: Run, folder: Path):
    (folder / "history.db").write_bytes(b"no database" * 1000)
    done = notime("history", "list")
    assert done.returncode == 1
    (aside,) = folder.glob("history-damaged-*")
    assert aside.name in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert notime("history", "list").returncode == 0


@pytest.mark.usefixtures("store")
def test_what_is_too_old(notime: Run, folder: Path):
    put(Store(folder, days=0, now=lambda: 0.0), 4)
    assert len(notime("history", "list", NOTIME_HISTORY_DAYS="0").stdout.splitlines()) == 4
    assert len(notime("history", "list").stdout.splitlines()) == 3
    assert len(notime("history", "list", NOTIME_HISTORY_DAYS="0").stdout.splitlines()) == 3
