"""The daemon from its start to its end: one a user, what the service manager hears, signals, logs."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from notime.life import logs
from notime.life.instance import Instance, look
from notime.life.ports import owner
from support.cli_run import Run
from support.cli_serving import serving
from support.ports import free_port

linux = pytest.mark.skipif(sys.platform != "linux", reason="as Linux tells it")


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """What stands where systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        yield listener


def states(environment: dict[str, str]) -> Path:
    return Path(environment["NOTIME_HOME"]) / "state"


def test_a_second_daemon_says_so_and_ends(notime: Run, environment: dict[str, str]):
    with serving(environment, port := free_port(), "--cold") as process:
        done = notime("serve", "--port", str(free_port()), "--cold")
        found = look(states(environment))
        assert found.held
        assert found.running is not None
        assert (found.running.pid, found.running.port) == (process.pid, port)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"(process {process.pid}, port {port})" in done.stderr


def test_a_daemon_that_was_killed_keeps_no_other_out(environment: dict[str, str]):
    with serving(environment, free_port(), "--cold") as process:
        process.kill()
        process.wait()
    found = look(states(environment))
    assert not found.held
    assert found.running is not None
    with serving(environment, free_port(), "--cold", before=1) as process:
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert look(states(environment)).running is None
    assert "did not end as it should" in (states(environment) / logs.LOG).read_text()


def test_where_nothing_can_be_written_the_lock_is_none(tmp_path: Path):
    (tmp_path / "file").touch()
    with Instance(tmp_path / "file" / "state", 1) as instance:
        assert not instance.left_behind
    assert not look(tmp_path / "file" / "state").held


@linux
def test_systemd_hears_when_it_is_ready_alive_and_stopping(
    environment: dict[str, str], tmp_path: Path, heard: socket.socket
):
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
    with serving(environment | told, port := free_port(), "--cold") as process:
        assert heard.recv(1000).decode().splitlines() == ["READY=1", f"STATUS=Answers on port {port}."]
        assert [heard.recv(1000) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        process.send_signal(signal.SIGTERM)
        last = [heard.recv(1000)]
        while last[-1] == b"WATCHDOG=1":
            last.append(heard.recv(1000))
        assert last[-1] == b"STOPPING=1"
        assert process.wait() == 0


@linux
def test_hanging_up_makes_it_read_its_settings_again(environment: dict[str, str], tmp_path: Path, heard: socket.socket):
    home = Path(environment["NOTIME_HOME"])
    home.mkdir()
    config, ports = home / "config.toml", [free_port(), free_port()]
    config.write_text(f"port = {ports[0]}\n")
    with serving(environment | {"NOTIFY_SOCKET": str(tmp_path / "notify")}, 0, "--cold") as process:
        assert b"READY=1" in heard.recv(1000)
        for text, port in ((f"port = {ports[1]}\n", ports[1]), ("port = nonsense\n", ports[1])):
            config.write_text(text)
            process.send_signal(signal.SIGHUP)
            assert heard.recv(1000) == b"RELOADING=1"
            assert f"port {port}." in heard.recv(1000).decode()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
                assert json.load(answer) == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert "The settings stay as they were" in (states(environment) / logs.LOG).read_text()


@linux
def test_it_stands_back_behind_the_reader(environment: dict[str, str]):
    with serving(environment, free_port(), "--cold") as process:
        nice = int(Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[16])
    assert nice == min(19, os.nice(0) + 5)


def test_a_crash_leaves_where_it_happened_and_not_with_what(tmp_path: Path):
    script = f"""
import ctypes, pathlib, sys
from notime.http.logs import Lines
from notime.life import logs
with logs.written(pathlib.Path({str(tmp_path)!r}), Lines(sys.stderr)):
    secret = "zanzibarian"
    {{}}
"""
    for crash in ("ctypes.string_at(0)", "raise ValueError(secret)"):
        done = subprocess.run([sys.executable, "-c", script.format(crash)], capture_output=True, text=True, check=False)
        assert done.returncode != 0
        found = logs.last_crash(tmp_path)
        assert found is not None
        assert "ValueError at <module>" in found[1] or "string_at" in found[1]
        assert "zanzibarian" not in found[1] + done.stderr
    assert (tmp_path / logs.CRASH).stat().st_mode & 0o077 == 0


def test_the_log_is_its_owners_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    script = f"""
import logging, os, pathlib, sys
from notime.http.logs import Lines
from notime.life import logs
os.umask(0)
logs.LOG_BYTES = 1000
with logs.written(pathlib.Path({str(tmp_path)!r}), Lines(sys.stderr)):
    for number in range(200):
        logging.getLogger("notime").warning("line %d", number)
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    found = list(tmp_path.glob(f"{logs.LOG}*"))
    assert len(found) == 1 + logs.LOG_FILES
    assert all(path.stat().st_size <= 1000 and path.stat().st_mode & 0o077 == 0 for path in found)
    assert "line 199" in (tmp_path / logs.LOG).read_text()


@linux
def test_who_has_a_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"(process {os.getpid()})" in str(owner(port))
    assert owner(port) is None


def test_status_for_people_and_programs(notime: Run, environment: dict[str, str]):
    with serving(environment, port := free_port(), "--cold"):
        told = notime("status")  # at the port that the lock tells
        found = json.loads(notime("status", "--json", "--port", str(port)).stdout)
    assert "runs for" in told.stdout
    assert "model    " in told.stdout
    assert subprocess.run([*found["command"].split(), "--version"], check=True, capture_output=True).stdout
    down = notime("status", "--port", str(port))
    assert down.returncode == 1
    assert "notime serve" in down.stderr
