"""The boundary, over a raw socket: client libraries would tidy these requests up."""

from __future__ import annotations

import json

import pytest

from http_daemon import EXTENSION, KEY, Daemon
from notime.http import auth

ROUTES = ["GET /health", "POST /v1/handshake", "POST /v1/summaries", "GET /nothing", "OPTIONS /v1/summaries"]

LOOKUPS = [
    "GET /v1/summaries", "DELETE /v1/summaries", "GET /v1/summaries/x", "DELETE /v1/summaries/x", "GET /v1/models",
    "GET /v1/status", "GET /v1/openapi.json", "GET /metrics",
]  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1:1", "127.0.0.1", ""]
)
async def test_other_hosts(daemon: Daemon, route: str, host: str):
    status, answer = await daemon.raw(f"{route} HTTP/1.1", f"Host: {host}", "Content-Length: 0")
    assert status in ((403, 400) if host == "" else (403,))
    assert "access-control" not in answer.lower()


async def test_no_host_or_several(daemon: Daemon):
    assert (await daemon.raw("GET /health HTTP/1.0"))[0] == 403
    assert (await daemon.raw("GET /health HTTP/1.1"))[0] == 400
    host = f"Host: 127.0.0.1:{daemon.port}"
    assert (await daemon.raw("GET /health HTTP/1.1", host, host))[0] == 400


async def test_absolute_targets(daemon: Daemon):
    host = f"Host: 127.0.0.1:{daemon.port}"
    for target in ("http://evil.example/health", f"http://127.0.0.1:{daemon.port}/health"):
        assert (await daemon.raw(f"GET {target} HTTP/1.1", host))[0] == 403


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://localhost:3000",
        f"http://127.0.0.1:{8717}",
        "chrome-extension://short",
        f"{EXTENSION}.",
        f"{EXTENSION}/",
        "moz-extension://not-a-uuid",
    ],
)
async def test_other_origins(daemon: Daemon, origin: str):
    host = f"Host: 127.0.0.1:{daemon.port}"
    lines = (host, f"Origin: {origin}", "Content-Type: text/plain", "Content-Length: 5")
    status, answer = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, body=b"hello")
    assert status == 403
    assert "access-control" not in answer.lower()
    lines = (host, f"Origin: {origin}", "Access-Control-Request-Method: POST")
    status, answer = await daemon.raw("OPTIONS /v1/summaries HTTP/1.1", *lines)
    assert status == 403
    assert "access-control" not in answer.lower()


async def test_two_origins(daemon: Daemon):
    host, origin = f"Host: 127.0.0.1:{daemon.port}", f"Origin: {EXTENSION}"
    assert (await daemon.raw("GET /health HTTP/1.1", host, origin, origin))[0] == 403


@pytest.mark.parametrize("origin", [EXTENSION, "moz-extension://01234567-89ab-cdef-0123-456789abcdef"])
@pytest.mark.parametrize("route", ["POST /v1/summaries", "GET /v1/status", f"DELETE /v1/summaries/{'0' * 32}"])
async def test_preflight_of_an_extension(daemon: Daemon, origin: str, route: str):
    method, path = route.split()
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    async with daemon.client.options(path, headers=headers) as answer:
        assert method in answer.headers["Access-Control-Allow-Methods"]
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer ünï", "Basic x"])
@pytest.mark.parametrize(
    "path", ["/v1/summaries", "/v1/nothing", "/%76%31/summaries", "//v1/summaries", "/v1/../v1/summaries"]
)
async def test_nothing_without_a_token(daemon: Daemon, token: str, path: str):
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}", "Content-Length: 0"]
    status, answer = await daemon.raw(*lines, *([f"Authorization: {token}"] if token else []))
    assert status == 401
    assert json.loads(answer.split("\r\n\r\n", 1)[1])["error"]["message"] == "This needs a session token."


@pytest.mark.parametrize("route", LOOKUPS)
async def test_nothing_is_looked_up_without_a_token(daemon: Daemon, route: str):
    method, path = route.split()
    async with daemon.client.request(method, path) as answer:
        assert answer.status == 401
    async with daemon.client.request(method, path, headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_token_in_the_query_is_no_token(daemon: Daemon):
    async with daemon.client.post(f"/v1/summaries?token={await daemon.token()}") as answer:
        assert answer.status == 401


async def test_a_token_is_bound_to_its_origin(daemon: Daemon):
    bearer = await daemon.bearer(EXTENSION)
    async with daemon.client.post("/v1/nothing", headers=bearer) as answer:
        assert answer.status == 404
    del bearer["Origin"]
    async with daemon.client.post("/v1/nothing", headers=bearer) as answer:
        assert answer.status == 401


async def test_an_extension_reads_without_an_origin_as_browsers_have_it(daemon: Daemon):
    bearer = await daemon.bearer(EXTENSION)
    async with daemon.client.get("/v1/status", headers=bearer) as answer:
        assert answer.status == 200
    async with daemon.client.get(
        "/v1/status", headers=bearer | {"Origin": "moz-extension://01234567-89ab-cdef-0123-456789abcdef"}
    ) as answer:
        assert answer.status == 401
    del bearer["Origin"]
    async with daemon.client.get("/v1/status", headers=bearer) as answer:
        assert answer.status == 200
    async with daemon.client.delete("/v1/summaries", headers=bearer) as answer:
        assert answer.status == 401


async def test_routes_and_methods(daemon: Daemon):
    bearer = await daemon.bearer()
    async with daemon.client.get("/v1/prepare", headers=bearer) as answer:
        assert answer.status == 405
        assert (await answer.json())["error"]["code"] == "method_not_allowed"
    async with daemon.client.get("/nothing", headers=bearer) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_other_bodies(daemon: Daemon, headers: dict[str, str]):
    async with daemon.client.post("/v1/summaries", data=b"{}", headers=await daemon.bearer() | headers) as answer:
        assert answer.status == 415
        assert (await answer.json())["error"]["code"] == "unsupported_media"


async def test_a_body_too_large_is_refused_before_it_is_read(daemon: Daemon):
    token = await daemon.token()
    lines = (f"Host: 127.0.0.1:{daemon.port}", f"Authorization: Bearer {token}", "Content-Type: application/json")
    status, _ = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, "Content-Length: 99000000")
    assert status == 413


async def test_a_chunked_body_too_large_is_refused_on_the_way(daemon: Daemon):
    async def endless():
        for _ in range(40):
            yield b" " * 1_000_000

    headers = await daemon.bearer() | {"Content-Type": "application/json"}
    async with daemon.client.post("/v1/summaries", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_contradicting_lengths(daemon: Daemon):
    host = f"Host: 127.0.0.1:{daemon.port}"
    both = ("Content-Length: 3", "Transfer-Encoding: chunked")
    assert (await daemon.raw("POST /v1/handshake HTTP/1.1", host, *both))[0] == 400
    assert (await daemon.raw("POST /v1/handshake HTTP/1.1", host, "Content-Length: -1"))[0] == 400
    assert (await daemon.raw("GET /health HTTP/1.1", host, "X: " + "x" * 9000))[0] == 400


async def test_a_daemon_without_the_key_cannot_prove_itself(daemon: Daemon):
    nonce = auth.new_nonce()
    async with daemon.client.post("/v1/handshake", json={"nonce": nonce}) as answer:
        found = await answer.json()
    assert found["proof"] == auth.server_proof(KEY, nonce, found["nonce"], daemon.port)
    assert found["proof"] != auth.server_proof(bytes(32), nonce, found["nonce"], daemon.port)
    assert found["proof"] != auth.server_proof(KEY, nonce, found["nonce"], daemon.port + 1)


async def test_a_replayed_nonce(daemon: Daemon):
    nonce = auth.new_nonce()
    for status in (200, 401):
        async with daemon.client.post("/v1/handshake", json={"nonce": nonce}) as answer:
            assert answer.status == status
