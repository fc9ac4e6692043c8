from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import notime
from notime.history.store import Store
from notime.http.keys import WORKER
from notime.settings import Settings
from support.http_daemon import Daemon, running
from support.http_entries import put

pytestmark = pytest.mark.model

TEXT = {"text": "A river rose. A bridge fell. A town was cut off. Nobody was hurt. " * 5, "length": "headline"}


async def ask(daemon: Daemon, path: str, method: str = "GET", body: Any = None) -> Any:
    async with daemon.client.request(method, path, json=body, headers=await daemon.bearer()) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_the_models_that_there_are(daemon: Daemon, settings: Settings):
    models = {model["id"]: model for model in (await ask(daemon, "/v1/models"))["models"]}
    assert [name for name, model in models.items() if model["default"]] == [settings.model]
    reader, ranker = models["gemma3-270m-reader"], models["minilm-l6-ranker"]
    assert reader["installed"]
    assert reader["bytes"] == sum(p.stat().st_size for p in (settings.models / reader["id"]).rglob("*"))
    assert ranker["bytes"] > 20_000_000
    assert {"en", "de", "ja"} <= {*reader["languages"]}
    assert reader["speed"] is None
    assert set(reader) == {
        "id", "title", "revision", "licence", "engine", "style", "languages", "quantization", "installed", "bytes",
        "default", "speed",
    }  # fmt: skip


async def test_how_fast_they_have_been(daemon: Daemon):
    async def speed() -> Any:
        models = {model["id"]: model for model in (await ask(daemon, "/v1/models"))["models"]}
        assert models["minilm-l6-ranker"]["speed"] is None
        return models["gemma3-270m-reader"]["speed"]

    made = await ask(daemon, "/v1/summaries", "POST", TEXT)
    first = await speed()
    assert first == {
        "summaries": 1,
        "first_sentence_ms": made["timings"]["first_sentence_ms"],
        "total_ms": made["timings"]["total_ms"],
    }
    assert (await ask(daemon, "/v1/summaries", "POST", TEXT))["cached"]
    assert await speed() == first
    await ask(daemon, "/v1/summaries", "POST", TEXT | {"refresh": True})
    assert (await speed())["summaries"] == 2


async def test_how_the_daemon_is(daemon: Daemon, settings: Settings):
    status = await ask(daemon, "/v1/status")
    assert status["version"] == notime.__version__
    assert status["command"]
    assert status["model"] == {"id": settings.model, "state": "unloaded"}
    assert status["queue"] == {"waiting": 0, "most": settings.queue}
    assert status["memory_mb"] is None or status["memory_mb"] > 10
    assert status["uptime_s"] >= 0
    assert status["history"] == {"kept": True, "entries": 0, "bytes": 0}
    await ask(daemon, "/v1/summaries", "POST", TEXT)
    status = await ask(daemon, "/v1/status")
    assert status["model"]["state"] == "loaded"
    assert status["history"]["entries"] == 1
    assert status["history"]["bytes"] == (settings.data_dir / "history.db").stat().st_size


async def test_how_the_daemon_is_while_it_works(daemon: Daemon):
    headers = await daemon.bearer() | {"Accept": "application/x-ndjson"}
    answer = await daemon.client.post("/v1/summaries", json=TEXT, headers=headers)
    while b'"loading"' not in await answer.content.readline():
        pass
    assert (await ask(daemon, "/v1/status"))["model"]["state"] in ("loading", "loaded")
    second = await daemon.client.post("/v1/summaries", json=TEXT | {"refresh": True}, headers=headers)
    await second.content.readline()
    assert (await ask(daemon, "/v1/status"))["queue"]["waiting"] in (0, 1)
    for each in (answer, second):
        await each.read()
    await daemon.app[WORKER].idle.wait()
    assert (await ask(daemon, "/v1/status"))["queue"]["waiting"] == 0


async def test_models_that_left_memory(settings: Settings):
    async with running(settings.with_(idle_minutes=1e-5)) as daemon:
        await ask(daemon, "/v1/summaries", "POST", TEXT)
        await asyncio.wait_for(daemon.app[WORKER].asleep.wait(), 30)
        assert (await ask(daemon, "/v1/status"))["model"]["state"] == "unloaded"


async def test_a_model_that_is_not_there(settings: Settings, tmp_path: Path):
    async with running(settings.with_(models=tmp_path / "models")) as daemon:
        assert (await ask(daemon, "/v1/status"))["model"]["state"] == "missing"
        models = {model["id"]: model for model in (await ask(daemon, "/v1/models"))["models"]}
        assert (models[settings.model]["installed"], models[settings.model]["bytes"]) == (False, 0)
        assert models["minilm-l6-ranker"]["installed"]
        # Built meanwhile:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / settings.model).symlink_to(settings.models / settings.model)
        assert (await ask(daemon, "/v1/status"))["model"]["state"] == "unloaded"


async def test_a_model_that_is_unknown(settings: Settings):
    async with running(settings.with_(model="gpt-17")) as daemon:
        assert (await ask(daemon, "/v1/status"))["model"] == {"id": "gpt-17", "state": "missing"}


async def test_what_the_history_takes(daemon: Daemon, settings: Settings):
    for number in range(3):
        await asyncio.to_thread(put, Store.of(settings), number)
    history = (await ask(daemon, "/v1/status"))["history"]
    assert history["entries"] == 3
    assert history["bytes"] > 0
