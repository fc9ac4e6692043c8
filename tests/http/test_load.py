"""Cases 14 and 16 to 19, against the real server: what is asked too often, too slowly or by nobody any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from notime.http.keys import WORKER
from notime.settings import Settings
from support.http_daemon import Daemon, running

pytestmark = pytest.mark.model

NDJSON = {"Accept": "application/x-ndjson"}
ENDLESS = ("<div>" * 200 + "x" + "</div>" * 200) * 400


@pytest.fixture
def body(pages: Any) -> dict[str, Any]:
    return {"html": (pages / "sample-article.html").read_text(encoding="utf-8"), "length": "headline"}


@pytest.fixture
async def patient(settings: Settings) -> AsyncIterator[Daemon]:
    """A daemon that would read a page for ten minutes."""
    async with running(settings.with_(read_seconds=600.0)) as daemon:
        yield daemon


async def until(answer: Any, kind: str) -> None:
    while json.loads(await answer.content.readline())["type"] != kind:
        pass


async def empty(daemon: Daemon) -> None:
    async with asyncio.timeout(60):  # a hang is the failure
        await daemon.app[WORKER].idle.wait()
    assert daemon.app[WORKER].waiting == 0


async def test_case_16_a_body_in_one_byte_chunks_is_answered(daemon: Daemon):
    token = await daemon.token()
    reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
    head = (
        f"POST /v1/summaries HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    content = json.dumps({"text": " " * 89_000 + "word"}).encode()
    chunks = b"".join(b"1\r\n" + content[place : place + 1] + b"\r\n" for place in range(len(content)))
    writer.write(head.encode() + chunks + b"0\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 422")
    assert b"too_short" in answer


async def test_case_17_of_two_hundred_at_once_some_are_served_and_the_rest_are_told_when(
    settings: Settings, body: dict[str, Any]
):
    async with (
        running(settings.with_(queue=3), warm=True) as daemon,
        aiohttp.ClientSession(f"http://127.0.0.1:{daemon.port}", connector=aiohttp.TCPConnector(limit=0)) as browsers,
    ):
        headers = await daemon.bearer()
        idle = [await asyncio.open_connection("127.0.0.1", daemon.port) for _ in range(2_000)]

        async def ask(number: int) -> tuple[int, int]:
            async with browsers.post("/v1/summaries", json=body | {"title": f"{number}"}, headers=headers) as answer:
                await answer.read()
                return answer.status, int(answer.headers.get("Retry-After", 0))

        async def status(path: str, **more: Any) -> int:
            async with daemon.client.get(path, **more) as answer:
                return answer.status

        asked = asyncio.gather(*(ask(number) for number in range(200)))
        assert await asyncio.gather(*(status("/health") for _ in range(20))) == [200] * 20
        assert await status("/v1/status", headers=headers) == 200
        found = await asked
        assert {status for status, _ in found} == {200, 429}
        assert sum(status == 200 for status, _ in found) >= 4
        assert all(after >= 1 for status, after in found if status == 429)
        await empty(daemon)
        assert (await ask(999))[0] == 200
        for _, writer in idle:
            writer.close()


async def test_identical_requests_in_flight_share_one_computation(daemon: Daemon, body: dict[str, Any]):
    headers = await daemon.bearer()

    async def ask() -> dict[str, Any]:
        async with daemon.client.post("/v1/summaries", json=body, headers=headers) as answer:
            assert answer.status == 200
            return await answer.json()

    found = await asyncio.gather(*(ask() for _ in range(20)))  # more than the queue has places
    assert sum(not each["cached"] for each in found) == 1
    assert len({each["id"] for each in found}) == 20
    assert len({json.dumps(each["summary"]) for each in found}) == 1


async def test_case_18_a_client_that_does_not_read_holds_up_nobody(daemon: Daemon, body: dict[str, Any]):
    token = await daemon.token()
    content = json.dumps(body).encode()
    head = (
        f"POST /v1/summaries HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nAccept: application/x-ndjson\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", daemon.port, limit=64)
    writer.write(head.encode() + content)
    await writer.drain()
    async with daemon.client.post(
        "/v1/summaries", json=body | {"title": "another"}, headers=await daemon.bearer()
    ) as answer:
        assert answer.status == 200
    await empty(daemon)
    writer.close()


@pytest.mark.parametrize("stage", ["queued", "extracting"])
async def test_case_19_a_client_that_goes_while(stage: str, patient: Daemon):
    headers = await patient.bearer() | NDJSON
    first = await patient.client.post("/v1/summaries", json={"html": ENDLESS}, headers=headers)
    await until(first, "accepted")
    second = await patient.client.post("/v1/summaries", json={"html": ENDLESS + "2"}, headers=headers)
    await until(second, "accepted")
    (second if stage == "queued" else first).close()
    (first if stage == "queued" else second).close()
    await empty(patient)


async def test_case_19_a_client_that_goes_while_writing(daemon: Daemon, body: dict[str, Any]):
    wanted = {"length": "full", "refresh": True, "model": "smollm2-135m-rewriter"}
    for kind in ("article", "progress", "token"):
        answer = await daemon.client.post("/v1/summaries", json=body | wanted, headers=await daemon.bearer() | NDJSON)
        await until(answer, kind)
        answer.close()
        await empty(daemon)
