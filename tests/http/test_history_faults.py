"""The history where something is wrong with it: summaries are made all the same."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from notime.history.store import Store
from notime.settings import Settings
from support.disks import full, read_only
from support.http_client import MARK, Client, client_of, fill, on_disk
from support.http_daemon import running

model = pytest.mark.model


@model
async def test_case_28_a_damaged_history(settings: Settings, marked: dict[str, Any], caplog: pytest.LogCaptureFixture):
    await fill(settings, 1)
    path = settings.data_dir / "history.db"
    async with running(settings) as daemon:
        client = await client_of(daemon)
        path.write_bytes(MARK.encode() * 1000)
        assert await client.summarize(marked)
        assert "history-damaged-" in caplog.text
        assert MARK not in caplog.text.lower()
        assert len(await client.listed()) == 1
        path.write_bytes(b"no database" * 1000)
        error = (await client.ask("GET", "/v1/summaries", 503))["error"]
        assert error["code"] == "history_damaged"
        assert "history-damaged-" in error["message"]
        assert error["hint"]
        assert await client.listed() == []
    assert len(list(settings.data_dir.glob("history-damaged-*"))) == 2


async def test_a_damaged_history_is_found_at_the_start(settings: Settings, caplog: pytest.LogCaptureFixture):
    settings.data_dir.mkdir()
    (settings.data_dir / "history.db").write_bytes(b"no database" * 1000)
    async with running(settings) as daemon:
        assert "history-damaged-" in caplog.text
        assert await (await client_of(daemon)).listed() == []


@model
async def test_case_28_a_newer_history(settings: Settings, marked: dict[str, Any], caplog: pytest.LogCaptureFixture):
    await fill(settings, 1)
    with closing(sqlite3.connect(settings.data_dir / "history.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = on_disk(settings)
    async with running(settings) as daemon:
        client = await client_of(daemon)
        for _ in range(2):
            assert await client.summarize(marked)
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", f"/{'0' * 32}"), ("DELETE", f"/{'0' * 32}")):
            error = (await client.ask(method, f"/v1/summaries{path}", 503))["error"]
            assert error["code"] == "history_unavailable"
            assert "Update notime" in error["hint"]
        history = (await client.ask("GET", "/v1/status"))["history"]
        assert history == {"kept": False, "entries": 0, "bytes": 0, "problem": "history_unavailable"}
    assert on_disk(settings) == before
    assert caplog.text.count("newer version") == 1


@model
async def test_case_27_a_folder_that_cannot_be_made(
    settings: Settings, tmp_path: Path, marked: dict[str, Any], caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").touch()
    async with running(settings.with_(data_dir=tmp_path / "file" / "data")) as daemon:
        client = await client_of(daemon)
        assert await client.summarize(marked)
        assert await client.listed() == []
    assert "The history cannot be used" in caplog.text


@model
@pytest.mark.skipif(sys.platform != "linux", reason="the disk is made with a mount of Linux's")
@pytest.mark.parametrize("disk", [read_only, full])
async def test_case_27_a_disk_that_takes_nothing(
    settings: Settings,
    marked: dict[str, Any],
    disk: Callable[[Path], AbstractContextManager[None]],
    caplog: pytest.LogCaptureFixture,
):
    settings.data_dir.mkdir(mode=0o700)
    with disk(settings.data_dir):
        async with running(settings) as daemon:
            client = await client_of(daemon)
            assert await client.summarize(marked)
            assert not (await client.ask("GET", "/v1/status"))["history"]["kept"]
    assert "The history cannot be used" in caplog.text


@model
async def test_a_bug_in_the_history_does_not_cost_the_summary(
    client: Client, marked: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("the secret text of the page")

    monkeypatch.setattr(Store, "put", broken)
    assert await client.summarize(marked)
    assert "ValueError at broken" in caplog.text
    assert "secret" not in caplog.text


@model
async def test_only_its_owner_can_read_the_file(client: Client, settings: Settings, marked: dict[str, Any]):
    await client.summarize(marked)
    assert [path.name for path in settings.data_dir.iterdir()] == ["history.db"]
    assert stat.S_IMODE((settings.data_dir / "history.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
