from __future__ import annotations

import sys

import pytest

from support.http_daemon import EXTENSION, Daemon

MARK = "zanzibarian"
TEXT = {"text": f"A {MARK} rose. A bridge fell. A town was cut off. Nobody was hurt. " * 5, "length": "headline"}


async def figures(daemon: Daemon) -> dict[str, float]:
    async with daemon.client.get("/metrics", headers=await daemon.bearer()) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        text = await answer.text()
    assert MARK not in text.lower()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    }


async def test_requests_by_route_and_status(daemon: Daemon):
    for path in ("/health", f"/{MARK}", f"/v1/summaries/{MARK}"):
        async with daemon.client.get(path) as answer:
            await answer.read()
    async with daemon.client.get(f"/v1/summaries/{MARK}", headers=await daemon.bearer()) as answer:
        assert answer.status == 404
    for method in ("PROPFIND", "MKCOL"):
        await daemon.raw(f"{method} /health HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}", "Connection: close")
    headers = {"Origin": EXTENSION, "Access-Control-Request-Method": "GET"}
    async with daemon.client.options("/v1/status", headers=headers) as answer:
        assert answer.status == 204
    found = await figures(daemon)
    assert found['notime_requests_total{method="GET",route="/health",status="200"}'] == 1
    assert found['notime_requests_total{method="GET",route="none",status="401"}'] == 1
    for status in ("401", "404"):
        assert found[f'notime_requests_total{{method="GET",route="/v1/summaries/{{id}}",status="{status}"}}'] == 1
    assert found['notime_requests_total{method="other",route="none",status="405"}'] == 2
    assert found['notime_requests_total{method="OPTIONS",route="none",status="204"}'] == 1
    assert found["notime_queue_waiting"] == 0
    if sys.platform == "linux":
        assert found["process_resident_memory_bytes"] > 10e6
    found = await figures(daemon)
    assert found['notime_requests_total{method="GET",route="/metrics",status="200"}'] == 1


@pytest.mark.model
async def test_summaries(daemon: Daemon):
    for _ in range(2):
        async with daemon.client.post("/v1/summaries", json=TEXT, headers=await daemon.bearer()) as answer:
            assert answer.status == 200
    found = await figures(daemon)
    assert found['notime_summaries_total{cached="false"}'] == found['notime_summaries_total{cached="true"}'] == 1
    assert found["notime_summary_seconds_count"] == found["notime_first_sentence_seconds_count"] == 1
    assert found["notime_summary_seconds_sum"] > 0
