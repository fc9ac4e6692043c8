"""The history as clients see it, and what of it is on disk."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from notime.history.store import Store
from notime.http.keys import WORKER
from notime.settings import Settings
from support.http_client import MARK, Client, client_of, fill, in_memory, on_disk
from support.http_daemon import Daemon, running

NDJSON = {"Accept": "application/x-ndjson"}

model = pytest.mark.model


async def test_nothing_yet(client: Client, settings: Settings):
    assert await client.ask("GET", "/v1/summaries") == {"summaries": [], "next": None}
    assert (await client.ask("GET", f"/v1/summaries/{'0' * 32}", 404))["error"]["code"] == "not_found"
    assert (await client.ask("DELETE", f"/v1/summaries/{'0' * 32}", 404))["error"]["code"] == "not_found"
    assert await client.ask("DELETE", "/v1/summaries", 204) == b""
    assert not settings.data_dir.exists()


@model
async def test_an_answer_is_in_the_history(client: Client, marked: dict[str, Any]):
    made = await client.summarize(marked)
    (listed,) = await client.listed()
    sentences = made["summary"]["sentences"]
    assert listed == {
        "id": made["id"], "created": listed["created"], "length": "headline", "model": made["model"]["id"],
        "sentences": len(sentences), "text": " ".join(sentence["text"] for sentence in sentences),
        **{name: made["article"][name]
           for name in ("title", "site_name", "byline", "url", "language", "words", "minutes")},
    }  # fmt: skip
    whole = await client.ask("GET", f"/v1/summaries/{made['id']}")
    assert whole == {**made, "created": listed["created"], "length": "headline"}
    assert listed["created"].endswith("Z")
    assert await client.listed(f"/v1/summaries?query={MARK[:6]}") == [listed]
    assert await client.listed("/v1/summaries?query=submarine") == []


@model
async def test_the_same_page_again_is_the_same_entry(client: Client, daemon: Daemon, marked: dict[str, Any]):
    first = await client.summarize(marked)
    cached = await client.summarize(marked)
    assert cached["cached"]
    anchored = await client.summarize(marked, url=marked["url"] + "#comments")
    assert [each["id"] for each in await client.listed()] == [anchored["id"]]
    for gone in (first["id"], cached["id"]):
        await client.ask("GET", f"/v1/summaries/{gone}", 404)
    async with daemon.client.post(
        "/v1/summaries", json=marked | {"length": "brief"}, headers=await daemon.bearer() | NDJSON
    ) as answer:
        streamed = [json.loads(line) async for line in answer.content][-1]["summary"]
    assert [each["id"] for each in await client.listed()] == [streamed["id"], anchored["id"]]


@model
async def test_a_preparation_is_no_answer(client: Client, daemon: Daemon, marked: dict[str, Any]):
    assert await client.ask("POST", "/v1/prepare", 202, marked) == {"status": "accepted"}
    (task,) = daemon.app[WORKER]._prepared.values()
    await task
    assert await client.listed() == []
    assert (await client.summarize(marked))["cached"]
    assert len(await client.listed()) == 1


@model
async def test_what_is_not_to_be_kept(
    client: Client, daemon: Daemon, settings: Settings, marked: dict[str, Any], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    assert await client.ask("POST", "/v1/prepare", 202, marked | {"keep": False}) == {"status": "skipped"}
    for _ in range(2):
        made = await client.summarize(marked, keep=False)
        assert not made["cached"]
        assert MARK in json.dumps(made).lower()
        assert MARK not in in_memory(daemon).lower()
    assert await client.listed() == []
    assert on_disk(settings) == b""
    await client.summarize({"text": "A river rose. A bridge fell. A town was cut off. Nobody was hurt. " * 5})
    await client.summarize(marked, keep=False)
    assert len(await client.listed()) == 1
    assert MARK.encode() not in on_disk(settings).lower()
    assert MARK not in caplog.text.lower()


@model
async def test_what_is_deleted_is_gone_everywhere(
    client: Client, daemon: Daemon, settings: Settings, marked: dict[str, Any], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    await fill(settings, 1, 2)
    made = await client.summarize(marked)
    assert MARK in in_memory(daemon).lower()
    assert MARK.encode() in on_disk(settings).lower()
    await client.ask("DELETE", f"/v1/summaries/{made['id']}", 204)
    assert MARK not in in_memory(daemon).lower()
    assert MARK[3:].encode() not in on_disk(settings).lower()
    await client.ask("DELETE", f"/v1/summaries/{made['id']}", 404)
    assert len(await client.listed()) == 2
    assert not (await client.summarize(marked))["cached"]
    assert len(await client.listed()) == 3
    await client.ask("DELETE", "/v1/summaries", 204)
    assert MARK not in in_memory(daemon).lower()
    assert MARK[3:].encode() not in on_disk(settings).lower()
    assert await client.listed() == []
    assert not (await client.summarize(marked))["cached"]
    assert MARK not in caplog.text.lower()


@model
async def test_what_another_process_deleted_does_not_come_back(
    client: Client, settings: Settings, marked: dict[str, Any]
):
    await client.summarize(marked)
    (listed,) = await client.listed()
    await asyncio.to_thread(Store.of(settings).delete, listed["id"])
    assert not (await client.summarize(marked))["cached"]
    assert (await client.summarize(marked))["cached"]


@model
async def test_a_selection_is_not_its_page(client: Client, marked: dict[str, Any]):
    text = " ".join(f"Reason number {i} for the bridge was told by engineer {i} at length." for i in range(12))
    await client.summarize({"text": text, "url": marked["url"], "length": "headline"})
    await client.summarize(marked)
    await client.summarize(marked, url=marked["url"] + "#/other")
    assert len(await client.listed()) == 3


@model
async def test_switched_off(settings: Settings, marked: dict[str, Any]):
    await fill(settings, 1)
    before = on_disk(settings)
    async with running(settings.with_(keep_history=False)) as daemon:
        client = await client_of(daemon)
        await client.summarize(marked)
        assert (await client.summarize(marked))["cached"]
        assert len(await client.listed()) == 1
        assert on_disk(settings) == before
        assert (await client.ask("GET", "/v1/status"))["history"]["kept"] is False
        await client.ask("DELETE", "/v1/summaries", 204)
        assert await client.listed() == []
        assert MARK not in in_memory(daemon).lower()


async def test_pages_of_the_history(client: Client, settings: Settings):
    await fill(settings, *range(1, 6))
    found, path = [], "/v1/summaries?limit=2"
    while path:
        page = await client.ask("GET", path)
        found.append([int(each["id"], 16) for each in page["summaries"]])
        path = f"/v1/summaries?limit=2&query=&before={page['next']}" if page["next"] else ""
    assert found == [[5, 4], [3, 2], [1]]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=1.5", "limit"),
        ("before=x", "before"), ("before=-1", "before"), (f"before={'9' * 19}", "before"),
        (f"query={'a' * 501}", "query"), ("colour=blue", "colour"),
    ],
)  # fmt: skip
async def test_malformed_parameters(client: Client, settings: Settings, asked: str, named: str):
    await fill(settings, 1)
    error = (await client.ask("GET", f"/v1/summaries?{asked}", 400))["error"]
    assert error["code"] == "bad_request"
    assert named in error["message"]


@pytest.mark.parametrize("asked", ["%22", "*", "NEAR(", "%F0%9F%98%80", "%E6%9D%B1%E4%BA%AC", "a%00b", "%ff", "a+AND"])
async def test_odd_queries(client: Client, settings: Settings, asked: str):
    await fill(settings, 1)
    assert await client.listed(f"/v1/summaries?query={asked}") == []
    assert len(await client.listed(f"/v1/summaries?query=ferry+{asked.replace('a+AND', '*')}")) in (0, 1)


async def test_methods(client: Client):
    for method, path in (("PUT", "/v1/summaries"), ("POST", f"/v1/summaries/{'0' * 32}"), ("DELETE", "/v1/status")):
        assert (await client.ask(method, path, 405))["error"]["code"] == "method_not_allowed"
    await client.ask("GET", f"/v1/summaries/{'0' * 32}/x", 404)
    assert (await client.ask("GET", "/v1/summaries/..%2f..%2fkey", 404))["error"]["code"] == "not_found"
