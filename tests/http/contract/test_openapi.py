"""The contract for machines, held against the real application."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from notime.http.auth import handshake
from notime.http.contract import schemas
from notime.http.contract.openapi import OPERATIONS, document
from support.http_daemon import KEY, Daemon

TEXT = {"text": "A river rose. A bridge fell. A town was cut off. Nobody was hurt. " * 5, "length": "headline"}


def hold(found: Any, kind: Any) -> None:
    """The answer has what the type has, and nothing else."""
    assert json.loads(msgspec.json.encode(msgspec.convert(found, kind))) == found


async def test_every_route_is_in_it(daemon: Daemon):
    routes = {
        (route.method.lower(), route.resource.canonical)
        for route in daemon.app.router.routes()
        if route.resource is not None and route.method not in ("HEAD", "*")
    }
    assert routes == {(each.method, each.path) for each in OPERATIONS}
    async with daemon.client.get("/v1/openapi.json", headers=await daemon.bearer()) as answer:
        assert await answer.json() == json.loads(json.dumps(document()))


def test_every_reference_is_there():
    found = document()
    text = json.dumps(found)
    for name in set(text.split('"#/components/schemas/')[1:]):
        assert name.partition('"')[0] in found["components"]["schemas"]
    (parameter,) = found["paths"]["/v1/summaries/{id}"]["get"]["parameters"]
    assert parameter["name"] == "id"
    assert [each["name"] for each in found["paths"]["/v1/summaries"]["get"]["parameters"]] == [
        "query", "before", "limit",
    ]  # fmt: skip
    assert found["paths"]["/health"]["get"]["security"] == []
    assert found["paths"]["/metrics"]["get"]["security"] == [{"session": []}]


@pytest.mark.model
async def test_the_answers_are_what_it_says(daemon: Daemon):
    headers = await daemon.bearer()

    async def ask(method: str, path: str, body: Any = None) -> Any:
        async with daemon.client.request(method, path, json=body, headers=headers) as answer:
            return await answer.json()

    hold(await ask("GET", "/health"), schemas.Health)
    nonce = handshake.new_nonce()
    shaken = await ask(
        "POST", "/v1/handshake", {"nonce": nonce, "hello": handshake.client_hello(KEY, nonce, daemon.port)}
    )
    hold(shaken, schemas.HandshakeAnswer)
    async with daemon.client.post(
        "/v1/summaries", json=TEXT, headers=headers | {"Accept": "application/x-ndjson"}
    ) as answer:
        events = [json.loads(line) async for line in answer.content]
    for event in [*events, {"type": "ping"}]:
        hold(event, schemas.Event)
    assert {event["type"] for event in events} >= {"accepted", "article", "model", "progress", "sentence", "done"}
    made = await ask("POST", "/v1/summaries", TEXT)
    hold(made, schemas.SummaryAnswer)
    hold(await ask("GET", "/v1/summaries"), schemas.HistoryPage)
    hold(await ask("GET", f"/v1/summaries/{made['id']}"), schemas.HistoryEntry)
    hold(await ask("POST", "/v1/prepare", TEXT), schemas.Prepared)
    hold(await ask("GET", "/v1/models"), schemas.Models)
    hold(await ask("GET", "/v1/status"), schemas.Status)
    for path in ("/nothing", "/v1/summaries?limit=0"):
        hold(await ask("GET", path), schemas.Problem)
