from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from notime.http.keys import WORKER
from notime.settings import Settings
from support.http_daemon import EXTENSION, Daemon, running

pytestmark = pytest.mark.model

NDJSON = {"Accept": "application/x-ndjson"}


@pytest.fixture
def sample(pages: Path) -> dict[str, Any]:
    html = (pages / "sample-article.html").read_text(encoding="utf-8")
    return {"html": html, "url": "https://courier.example/transport/larkmouth-ferry"}


async def lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) async for line in answer.content]


async def test_health_tells_nothing_else(daemon: Daemon):
    async with daemon.client.get("/health") as answer:
        assert answer.status == 200
        assert await answer.json() == {"status": "ok"}
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_summary_as_json(daemon: Daemon, sample: dict[str, Any]):
    async with daemon.client.post("/v1/summaries", json=sample, headers=await daemon.bearer()) as answer:
        assert answer.status == 200
        found = await answer.json()
    assert found["article"]["title"] == "Larkmouth retires its last diesel ferry after 61 years"
    assert found["article"]["byline"]
    assert found["article"]["language"] == "en"
    assert 3 <= len(found["summary"]["sentences"]) <= 5
    for sentence in found["summary"]["sentences"]:
        assert sentence["supported"]
        assert sentence["method"] in ("generated", "extracted")
        assert sentence["sources"][0]["text"]
    assert found["coverage"]["fraction"] == 1.0
    assert found["model"]["id"] == "gemma3-270m-reader"
    assert found["cached"] is False
    assert set(found["timings"]) >= {
        "queue_ms", "extract_ms", "load_ms", "first_sentence_ms", "total_ms", "tokens_in", "tokens_out",
    }  # fmt: skip


async def test_a_summary_as_it_comes(daemon: Daemon, sample: dict[str, Any]):
    headers = await daemon.bearer(EXTENSION) | NDJSON
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/x-ndjson"
        assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
        events = await lines(answer)
    kinds = [event["type"] for event in events]
    assert kinds[:3] == ["accepted", "article", "model"]
    assert kinds[-1] == "done"
    assert events[0]["position"] == 0
    sentences = [event for event in events if event["type"] == "sentence"]
    assert [event["index"] for event in sentences] == list(range(len(sentences)))
    assert 3 <= len(sentences) <= 5
    whole = events[-1]["summary"]
    assert [s["text"] for s in whole["summary"]["sentences"]] == [event["text"] for event in sentences]
    assert whole["id"] == events[0]["id"]
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers) as answer:
        assert "model" not in [event["type"] for event in await lines(answer)]


async def test_plain_text_and_length(daemon: Daemon):
    text = "The council voted on Monday for a new bridge over the river at Larkmouth. " * 2
    text += " ".join(f"Reason number {i} for the bridge was told by engineer {i} at length." for i in range(12))
    body = {"text": text, "title": "A bridge", "length": "headline"}
    async with daemon.client.post("/v1/summaries", json=body, headers=await daemon.bearer()) as answer:
        found = await answer.json()
    assert found["article"]["title"] == "A bridge"
    assert len(found["summary"]["sentences"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"html": "<html><body><p>Log in</p></body></html>"}, "not_an_article"),
        ({"text": "One sentence. Another one."}, "too_short"),
    ],
)
async def test_what_cannot_be_summarised(daemon: Daemon, body: dict[str, str], code: str):
    headers = await daemon.bearer()
    async with daemon.client.post("/v1/summaries", json=body, headers=headers) as answer:
        assert answer.status == 422
        assert (await answer.json())["error"]["code"] == code
    async with daemon.client.post("/v1/summaries", json=body, headers=headers | NDJSON) as answer:
        events = await lines(answer)
    assert [event["type"] for event in events] == ["accepted", "error"]
    assert events[-1]["error"]["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"x"', b"{}", b'{"html":"a","text":"b"}', b'{"html":3}', b'{"html":"a","length":"long"}',
        b'{"html":"a","more":1}', b'{"html":"\xff"}', b"[" * 10_000, b'{"html":' * 10_000,
    ],
)  # fmt: skip
async def test_malformed_bodies(daemon: Daemon, body: bytes):
    headers = await daemon.bearer() | {"Content-Type": "application/json"}
    async with daemon.client.post("/v1/summaries", data=body, headers=headers) as answer:
        assert answer.status == 400
        found = await answer.json()
    assert set(found) == {"error"}
    assert found["error"]["code"] == "bad_request"


@pytest.mark.parametrize(
    "html", ["", "<!-- nothing -->", "\0\1\2" * 500, "<p>\u202e\u200f" + "x " * 40, '<base href="http://[bad">']
)
async def test_hostile_pages_are_refused_and_nothing_more(daemon: Daemon, html: str):
    async with daemon.client.post("/v1/summaries", json={"html": html}, headers=await daemon.bearer()) as answer:
        assert answer.status == 422


async def test_a_lone_surrogate_does_no_harm(daemon: Daemon, sample: dict[str, Any]):
    sample["title"] = "\ud800"
    headers = await daemon.bearer() | {"Content-Type": "application/json"}
    async with daemon.client.post("/v1/summaries", data=json.dumps(sample), headers=headers) as answer:
        assert answer.status in (200, 400, 422)


async def test_an_unknown_model(daemon: Daemon, sample: dict[str, Any]):
    body = sample | {"model": "gpt-17"}
    async with daemon.client.post("/v1/summaries", json=body, headers=await daemon.bearer()) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "unknown_model"
    async with daemon.client.post("/v1/summaries", json=sample, headers=await daemon.bearer()) as answer:
        assert answer.status == 200


async def test_no_model_yet(
    settings: Settings, sample: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with (
        running(settings.with_(models=tmp_path), warm=True) as daemon,
        daemon.client.post("/v1/summaries", json=sample, headers=await daemon.bearer()) as answer,
    ):
        assert answer.status == 503
        error = (await answer.json())["error"]
    assert error["code"] == "model_unavailable"
    assert "notime models build" in error["hint"]
    assert "notime models build" in caplog.text


async def test_the_queue_is_bounded(settings: Settings, sample: dict[str, Any]):
    async with running(settings.with_(queue=1)) as daemon:
        headers = await daemon.bearer() | NDJSON
        first = await daemon.client.post("/v1/summaries", json=sample, headers=headers)
        await first.content.readline()
        second = await daemon.client.post("/v1/summaries", json=sample | {"title": "2"}, headers=headers)
        assert json.loads(await second.content.readline())["position"] == 1
        async with daemon.client.post("/v1/summaries", json=sample | {"title": "3"}, headers=headers) as third:
            assert third.status == 429
            assert int(third.headers["Retry-After"]) > 0
            assert (await third.json())["error"]["code"] == "busy"
        assert [(await lines(answer))[-1]["type"] for answer in (first, second)] == ["done", "done"]


async def test_a_client_that_goes_takes_its_work_along(daemon: Daemon, sample: dict[str, Any]):
    headers = await daemon.bearer() | NDJSON
    for last in ("accepted", "article", "progress", "token"):
        asked = sample | {"length": "full", "model": "gemma3-270m-rewriter"}
        answer = await daemon.client.post("/v1/summaries", json=asked, headers=headers)
        while json.loads(await answer.content.readline())["type"] != last:
            pass
        answer.close()
        async with asyncio.timeout(60):
            await daemon.app[WORKER].idle.wait()
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers) as answer:
        assert (await lines(answer))[-1]["type"] == "done"


async def test_shutting_down_ends_a_stream_with_an_error(settings: Settings, sample: dict[str, Any]):
    async with running(settings) as daemon:
        headers = await daemon.bearer() | NDJSON
        answer = await daemon.client.post("/v1/summaries", json=sample | {"length": "full"}, headers=headers)
        await answer.content.readline()
        daemon.app[WORKER].interrupt()
        assert (await lines(answer))[-1]["type"] == "error"


async def test_what_arrives_while_it_shuts_down_is_not_begun(daemon: Daemon, sample: dict[str, Any]):
    async def body() -> AsyncIterator[bytes]:
        whole = json.dumps(sample).encode()
        yield whole[:100]
        daemon.app[WORKER].interrupt()
        yield whole[100:]

    headers = await daemon.bearer() | NDJSON | {"Content-Type": "application/json"}
    async with daemon.client.post("/v1/summaries", data=body(), headers=headers) as answer:
        assert answer.status == 503
        assert "shutting down" in (await answer.json())["error"]["message"]


async def test_nothing_of_a_page_is_logged(daemon: Daemon, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    canary = "xyzzy-canary"
    body = {
        "html": f"<h1>{canary}</h1>" + f"<p>{canary} went to the market. " * 40,
        "url": f"https://{canary}.example/",
    }
    async with daemon.client.post("/v1/summaries", json=body, headers=await daemon.bearer() | NDJSON) as answer:
        await answer.read()
    assert canary not in caplog.text


async def test_a_bug_is_told_without_what_was_read(
    daemon: Daemon, sample: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("the secret text of the page")

    monkeypatch.setattr("notime.service.inference._drained", broken)
    async with daemon.client.post("/v1/summaries", json=sample, headers=await daemon.bearer()) as answer:
        assert answer.status == 500
        assert (await answer.json())["error"]["code"] == "internal"
    async with daemon.client.post("/v1/summaries", json=sample, headers=await daemon.bearer() | NDJSON) as answer:
        assert (await lines(answer))[-1]["error"]["code"] == "internal"
    assert "ValueError at broken" in caplog.text
    assert "secret" not in caplog.text


async def test_the_same_page_again_is_answered_from_memory(daemon: Daemon, sample: dict[str, Any]):
    headers = await daemon.bearer()

    async def ask(**more: object) -> dict[str, Any]:
        async with daemon.client.post("/v1/summaries", json=sample | more, headers=headers) as answer:
            return await answer.json()

    first, again = await ask(), await ask()
    assert (first["cached"], again["cached"]) == (False, True)
    assert again["summary"] == first["summary"]
    assert again["id"] != first["id"]
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers | NDJSON) as answer:
        kinds = [event["type"] for event in await lines(answer)]
    assert kinds == ["accepted", "article", *["sentence"] * len(first["summary"]["sentences"]), "done"]
    anew = await ask(refresh=True)
    assert not anew["cached"]
    assert anew["summary"] == first["summary"]
    assert not (await ask(length="headline"))["cached"]


async def test_a_page_that_was_prepared(daemon: Daemon, sample: dict[str, Any]):
    headers = await daemon.bearer()
    async with daemon.client.post("/v1/prepare", json=sample, headers=headers) as answer:
        assert answer.status == 202
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers) as answer:
        assert (await answer.json())["cached"]
    async with daemon.client.post("/v1/prepare", json={"html": "<p>Hello"}, headers=headers) as answer:
        assert answer.status == 202
    async with daemon.client.post("/v1/summaries", json={"html": "<p>Hello"}, headers=headers) as answer:
        assert answer.status == 422


async def test_a_preparation_stands_back(daemon: Daemon, sample: dict[str, Any], pages: Path):
    headers, worker = await daemon.bearer(), daemon.app[WORKER]
    other = {"html": (pages / "court-case.html").read_text(encoding="utf-8")}
    async with daemon.client.post("/v1/prepare", json=sample, headers=headers):
        pass
    async with daemon.client.post("/v1/summaries", json=other, headers=headers) as answer:
        assert answer.status == 200
    await worker.idle.wait()
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers | NDJSON) as answer:
        # Nothing of it was kept; here another preparation finds work going on.
        await answer.content.readline()
        async with daemon.client.post("/v1/prepare", json=other | {"length": "full"}, headers=headers) as busy:
            assert busy.status == 429
        assert [json.loads(line) async for line in answer.content][-1]["summary"]["cached"] is False


async def test_who_waits_for_a_preparation_gets_a_summary_even_when_another_page_ends_it(
    daemon: Daemon, sample: dict[str, Any], pages: Path
):
    headers = await daemon.bearer()
    other = {"html": (pages / "court-case.html").read_text(encoding="utf-8")}
    async with daemon.client.post("/v1/prepare", json=sample, headers=headers):
        pass
    async with daemon.client.post("/v1/summaries", json=sample, headers=headers | NDJSON) as waiting:
        await waiting.content.readline()
        async with daemon.client.post("/v1/summaries", json=other, headers=headers) as answer:
            assert answer.status == 200
        kinds = [event["type"] for event in await lines(waiting)]
    assert kinds[-1] == "done"
    assert "accepted" not in kinds


async def test_models_leave_memory_when_there_is_no_work(settings: Settings, sample: dict[str, Any]):
    async with running(settings.with_(idle_minutes=1e-5)) as daemon:
        headers, worker = await daemon.bearer() | NDJSON, daemon.app[WORKER]
        for _ in range(2):
            async with daemon.client.post("/v1/summaries", json=sample | {"refresh": True}, headers=headers) as answer:
                kinds = [event["type"] for event in await lines(answer)]
            assert kinds.count("model") == 2
            await asyncio.wait_for(worker.asleep.wait(), 30)
            assert worker.idle.is_set()
