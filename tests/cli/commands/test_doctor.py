"""The doctor names the cause of each set-up that is broken here on purpose."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from conftest import TESTS
from notime.doctor import data, examine, machine
from notime.history.store import Store
from notime.http.auth.pairings import Pairings
from notime.life import extension, logs
from notime.life.service import Manager, ServiceState
from notime.model.runtime import memory
from notime.settings import Settings
from support.cli_run import Run
from support.cli_serving import serving
from support.disks import read_only
from support.http_entries import put
from support.ports import free_port

posix = pytest.mark.skipif(os.name == "nt", reason="access lists, not modes")


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """A home where all is well but that nothing runs; models are copied by their links."""
    home = Settings.load({"NOTIME_HOME": str(tmp_path / "home")})
    home.config_dir.mkdir()
    for folder in (home.data_dir, home.state_dir):
        folder.mkdir(mode=0o700)
    Pairings(home.config_dir).any()
    return home.with_(models=settings.models, port=free_port())


def codes(settings: Settings, *, ours: bool = True) -> set[str]:
    return {each.code for each in examine(settings, lambda: ours) if each.level != "good"} - {
        "no_service_manager", "service_missing", "not_on_path", "memory_low", "disk_full"
    }  # fmt: skip


@pytest.mark.model
def test_all_is_well(own: Settings):
    assert codes(own) == set()


def garbage(own: Settings) -> None:
    put(Store.of(own), 1)
    (own.data_dir / "history.db").write_bytes(b"no database" * 1000)


def newer(own: Settings) -> None:
    put(Store.of(own), 1)
    with closing(sqlite3.connect(own.data_dir / "history.db")) as connection:
        connection.execute("PRAGMA user_version = 99")


def ahead(own: Settings) -> None:
    put(Store(own.data_dir, days=0, now=lambda: time.time() + 1e6), 1)


def crash(own: Settings) -> None:
    (own.state_dir / logs.CRASH).write_text("ValueError at somewhere:1\n")


def symlink(own: Settings) -> None:
    (own.config_dir / "key").rename(own.config_dir / "elsewhere")
    (own.config_dir / "key").symlink_to(own.config_dir / "elsewhere")


def blocked(own: Settings) -> None:
    own.data_dir.rmdir()
    own.data_dir.touch()


BROKEN: dict[str, tuple[Callable[[Settings], Any], str]] = {
    "no key": (lambda own: (own.config_dir / "key").unlink(), "not_paired"),
    "a key that others can read": (lambda own: (own.config_dir / "key").chmod(0o644), "key_insecure"),
    "a key that is damaged": (lambda own: (own.config_dir / "key").write_text("no key"), "key_insecure"),
    "a key that is a link": (symlink, "key_insecure"),
    "a damaged history": (garbage, "history_damaged"),
    "a newer history": (newer, "history_unavailable"),
    "a clock that was ahead": (ahead, "clock"),
    "a folder that is a file": (blocked, "folder_blocked"),
    "a crash": (crash, "crashed"),
}


@posix
@pytest.mark.model
@pytest.mark.parametrize("name", BROKEN)
def test_a_home_that_is_broken(own: Settings, name: str):
    spoil, code = BROKEN[name]
    spoil(own)
    found = codes(own)
    assert code in found
    assert found <= {code, "folder_blocked", "history_unavailable"}


@posix
@pytest.mark.model
def test_a_history_that_others_can_read_is_mended(own: Settings):
    put(Store.of(own), 1)
    (own.data_dir / "history.db").chmod(0o644)
    (found,) = [each for each in data.history(own) if each.code == "history_open"]
    assert found.fix is not None
    found.fix()
    assert codes(own) == set()


def test_models_that_are_missing_damaged_or_of_another_version(own: Settings, tmp_path: Path):
    here = own.with_(models=tmp_path / "models", cache_dir=tmp_path / "cache")
    assert "model_missing" in codes(here)
    folder = here.models / own.model
    folder.mkdir(parents=True)
    (folder / "build.json").write_text('{"id": "", "revision": "", "recipe": "old", "files": {}}')
    assert "model_outdated" in codes(here)
    (folder / "build.json").write_text("{")
    assert "model_corrupt" in codes(here)
    assert "unknown_model" in codes(here.with_(model="gpt-17"))


def test_leftovers_are_mended(own: Settings, notime: Run, environment: dict[str, str]):
    left = Path(environment["NOTIME_HOME"]) / "cache" / ".download-x"
    left.mkdir(parents=True)
    (left / "half").write_bytes(bytes(1000))
    found = [json.loads(line) for line in notime("doctor", "--json").stdout.splitlines()]
    assert [each["fixable"] for each in found if each["code"] == "leftovers"] == [True]
    done = notime("doctor", "--fix")
    assert "Mended:" in done.stderr
    assert "leftovers" not in done.stdout
    assert not left.exists()


def test_somebody_else_at_the_port(own: Settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = own.with_(port=server.getsockname()[1])
        (found,) = machine.daemon(there, lambda: False)
        if sys.platform == "linux":
            assert found.code == "port_in_use"
            assert f"(process {os.getpid()})" in found.message
    (found,) = machine.daemon(own, lambda: False)
    assert found.code == "not_running"


def test_a_daemon_at_another_port(notime: Run, environment: dict[str, str]):
    with serving(environment, free_port(), "--cold"):
        done = notime("doctor", "--json", NOTIME_PORT=str(free_port()))
    assert done.returncode == 1
    assert "other_port" in {json.loads(line)["code"] for line in done.stdout.splitlines()}


def test_little_room(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "meminfo").write_text("MemTotal: 900 kB\nMemAvailable:  100000 kB\n")
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    assert [each.code for each in machine.memory(own)] == ["memory_low"]
    total = shutil.disk_usage(tmp_path)
    for name, models in (("LEAST_DISK_MB", tmp_path / "none"), ("LEAST_DISK_MB_BUILT", own.models)):
        assert list(machine.disk(own.with_(models=models))) == []
        monkeypatch.setattr(machine, name, total.total)
        assert [each.code for each in machine.disk(own.with_(models=models))] == ["disk_full"]
    monkeypatch.setattr(machine, "EARLIEST", time.time() + 1)
    assert [each.code for each in machine.clock(own)] == ["clock"]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ((False, False, False, False), "no_service_manager"),
        ((True, False, False, False), "service_missing"),
        ((True, True, False, True), "service_outdated"),
        ((True, True, True, False), "service_failed"),
    ],
)
def test_a_service_that_is_not_as_it_should_be(state: tuple[bool, bool, bool, bool], code: str, tmp_path: Path):
    found = machine.service(ServiceState("systemd", *state, "failed"), Manager("systemd", tmp_path), lambda: None)
    (only,) = found
    assert only.code == code
    assert only.mend
    assert (only.fix is not None) == (code in {"service_outdated", "service_failed"})


def test_an_extension_of_another_version_is_brought_up(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = own.with_(models=tmp_path / "models")
    monkeypatch.setattr(extension, "PACKAGE", tmp_path / "package")
    shipped = tmp_path / "package" / "extension" / "manifest.json"
    shipped.parent.mkdir(parents=True)
    shipped.write_text('{"version": "1"}')
    assert extension.place(home) == tmp_path / "extension"
    assert list(data.extension(home)) == []
    shipped.write_text('{"version": "2"}')
    (found,) = data.extension(home)
    assert found.code == "extension_outdated"
    assert found.fix is not None
    found.fix()
    assert (tmp_path / "extension" / "manifest.json").read_text() == '{"version": "2"}'
    assert list(data.extension(home)) == []


def test_every_code_is_told_in_the_docs():
    told = (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
    source = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (data, machine))
    found = set(re.findall(r'Finding\(\s*"(\w+)"', source)) | {code for code, _, _ in data.MODEL_MENDS.values()}
    assert len(found) > 20
    assert [code for code in found - {"running"} if f"`{code}`" not in told] == []


def test_a_setting_that_makes_no_sense(notime: Run, environment: dict[str, str]):
    home = Path(environment["NOTIME_HOME"])
    home.mkdir()
    (home / "config.toml").write_text("port = 0\n")
    done = notime("doctor")
    assert done.returncode == 78
    assert "port must be" in done.stderr


@posix
def test_a_home_that_is_read_only(own: Settings):
    with read_only(own.data_dir):
        assert "folder_read_only" in codes(own)
