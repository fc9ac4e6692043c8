"""The boundary, over a raw socket: client libraries would tidy these requests up; cases as docs/security.md counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from notime.errors import BadRequest
from notime.http import guard
from notime.http.auth import handshake
from support.http_daemon import EXTENSION, KEY, Daemon

FIREFOX = "moz-extension://01234567-89ab-cdef-0123-456789abcdef"

ROUTES = ["GET /health", "POST /v1/handshake", "POST /v1/summaries", "GET /nothing", "OPTIONS /v1/summaries"]

LOOKUPS = [
    "GET /v1/summaries", "DELETE /v1/summaries", "GET /v1/summaries/x", "DELETE /v1/summaries/x", "GET /v1/models",
    "GET /v1/status", "GET /v1/openapi.json", "GET /metrics",
]  # fmt: skip


@pytest.mark.parametrize("route", [*ROUTES, *LOOKUPS, "OPTIONS *", "GET nothing", "POST /v1/prepare"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1:1", "127.0.0.1", "localhost",
        "[::1]", "127.0.0.1:PORT.evil.example", "evil.example@127.0.0.1:PORT", "127.0.0.1:0PORT", " ",
    ],
)  # fmt: skip
async def test_case_01_other_hosts(daemon: Daemon, route: str, host: str):
    host = host.replace("PORT", str(daemon.port))
    status, answer = await daemon.raw(f"{route} HTTP/1.1", f"Host: {host}", "Content-Length: 0")
    assert status in ((403, 400) if route == "GET nothing" else (403,))
    assert "access-control" not in answer.lower()


async def test_case_02_no_host_an_empty_one_or_several(daemon: Daemon):
    host = f"Host: 127.0.0.1:{daemon.port}"
    assert (await daemon.raw("GET /health HTTP/1.0"))[0] == 403
    assert (await daemon.raw("GET /health HTTP/1.1", "Host:"))[0] == 403
    assert (await daemon.raw("GET /health HTTP/1.1"))[0] == 400
    assert (await daemon.raw("GET /health HTTP/1.1", host, host))[0] == 400
    assert (await daemon.raw("GET /health HTTP/1.1", host, "Host: evil.example"))[0] == 400
    assert (await daemon.raw("GET /health HTTP/1.0", host))[0] == 200


def test_case_02_several_hosts_are_refused_whatever_the_parser_lets_through():
    hosts = CIMultiDict([("Host", "127.0.0.1:1"), ("Host", "127.0.0.1:1")])
    with pytest.raises(BadRequest, match="one host"):
        guard.check_target(make_mocked_request("GET", "/health", hosts))


async def test_case_03_absolute_targets(daemon: Daemon):
    host = f"Host: 127.0.0.1:{daemon.port}"
    for target in ("http://evil.example/health", f"http://127.0.0.1:{daemon.port}/health"):
        assert (await daemon.raw(f"GET {target} HTTP/1.1", host))[0] == 403


OTHER_ORIGINS = [
    "null", "https://evil.example", "http://localhost:3000", "http://127.0.0.1:8717", "chrome-extension://short",
    f"{EXTENSION}.", f"{EXTENSION}/", f"{EXTENSION} {EXTENSION}", f"http://{EXTENSION}", EXTENSION.upper(),
    "moz-extension://not-a-uuid", "",
]  # fmt: skip


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
async def test_case_04_a_page_posts_plain_text(daemon: Daemon, origin: str):
    # No byte of the body is sent: it is answered all the same.
    lines = (f"Host: 127.0.0.1:{daemon.port}", f"Origin: {origin}", "Content-Type: text/plain", "Content-Length: 500")
    status, answer = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines)
    assert status == 403
    assert "access-control" not in answer.lower()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": ""},
    ],
)
async def test_case_04_other_bodies_with_a_good_token(daemon: Daemon, headers: dict[str, str]):
    async with daemon.client.post("/v1/summaries", data=b"{}", headers=await daemon.bearer() | headers) as answer:
        assert answer.status == 415
        assert (await answer.json())["error"]["code"] == "unsupported_media"


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
async def test_case_05_preflight_of_a_page(daemon: Daemon, origin: str):
    lines = (f"Host: 127.0.0.1:{daemon.port}", f"Origin: {origin}", "Access-Control-Request-Method: POST")
    status, answer = await daemon.raw("OPTIONS /v1/summaries HTTP/1.1", *lines)
    assert status == 403
    assert "access-control" not in answer.lower()


@pytest.mark.parametrize("origin", [EXTENSION, FIREFOX])
@pytest.mark.parametrize("route", ["POST /v1/summaries", "GET /v1/status", f"DELETE /v1/summaries/{'0' * 32}"])
async def test_case_05_preflight_of_an_extension(daemon: Daemon, origin: str, route: str):
    method, path = route.split()
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    async with daemon.client.options(path, headers=headers) as answer:
        assert method in answer.headers["Access-Control-Allow-Methods"]
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", [*OTHER_ORIGINS, FIREFOX])
async def test_case_06_a_token_does_not_help_another_origin(daemon: Daemon, origin: str):
    token = await daemon.token(origin=EXTENSION)
    lines = (f"Host: 127.0.0.1:{daemon.port}", f"Origin: {origin}", f"Authorization: Bearer {token}")
    status, answer = await daemon.raw("GET /v1/status HTTP/1.1", *lines)
    assert status == (401 if origin == FIREFOX else 403)
    assert "uptime" not in answer


async def test_case_06_two_origins_and_one_with_a_line_break(daemon: Daemon):
    host, origin = f"Host: 127.0.0.1:{daemon.port}", f"Origin: {EXTENSION}"
    assert (await daemon.raw("GET /health HTTP/1.1", host, origin, origin))[0] == 403
    assert (await daemon.raw("GET /health HTTP/1.1", host, f"{origin}\n"))[0] == 400
    assert (await daemon.raw("GET /health HTTP/1.1", host, f"{origin}\r\n https://evil.example"))[0] in (400, 403)


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer x", "Bearer ünï", "Basic x", f"Bearer {'a' * 43}.{'b' * 43}.{'c' * 43}"]
)
@pytest.mark.parametrize(
    "path",
    ["/v1/summaries", "/v1/nothing", "/%76%31/summaries", "//v1/summaries", "/v1/../v1/summaries", "/health/../v1/x",
     "/health%2f..%2fv1%2fsummaries", "/v1/handshake/", "/health?x", "/health;x"],
)  # fmt: skip
async def test_case_07_and_10_nothing_without_a_token(daemon: Daemon, token: str, path: str):
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}", "Content-Length: 0"]
    status, answer = await daemon.raw(*lines, *([f"Authorization: {token}"] if token else []))
    if path == "/health?x":
        assert status == 405
        return
    assert status == 401
    assert json.loads(answer.split("\r\n\r\n", 1)[1])["error"]["message"] == "This needs a session token."


@pytest.mark.parametrize("route", LOOKUPS)
async def test_case_07_nothing_is_looked_up_without_a_token(daemon: Daemon, route: str):
    method, path = route.split()
    async with daemon.client.request(method, path) as answer:
        assert answer.status == 401
    async with daemon.client.request(method, path, headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_case_07_a_token_in_the_query_or_given_twice_is_no_token(daemon: Daemon):
    token = await daemon.token()
    async with daemon.client.post(f"/v1/summaries?token={token}") as answer:
        assert answer.status == 401
    twice = [f"Authorization: Bearer {token}"] * 2
    assert (await daemon.raw("GET /v1/status HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}", *twice))[0] == 401


async def test_case_08_bad_tokens_do_not_affect_good_ones_nor_handshakes(daemon: Daemon):
    good = await daemon.bearer()
    for number in range(25):
        async with daemon.client.get("/v1/status", headers={"Authorization": "Bearer no"}) as answer:
            assert answer.status == (401 if number < 20 else 429)
            assert ("Retry-After" in answer.headers) is (number >= 20)
    async with daemon.client.get("/v1/status", headers=good) as answer:
        assert answer.status == 200
    async with daemon.client.get("/v1/status", headers=await daemon.bearer()) as answer:
        assert answer.status == 200


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
    async with daemon.client.get("/v1/status", headers=bearer | {"Origin": FIREFOX}) as answer:
        assert answer.status == 401
    del bearer["Origin"]
    browsers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "empty"}
    async with daemon.client.get("/v1/status", headers=bearer | browsers) as answer:
        assert answer.status == 200
    async with daemon.client.delete("/v1/summaries", headers=bearer) as answer:
        assert answer.status == 401


def _handshake(daemon: Daemon, *, key: bytes = KEY, port: int | None = None) -> dict[str, str]:
    nonce = handshake.new_nonce()
    return {"nonce": nonce, "hello": handshake.client_hello(key, nonce, port or daemon.port)}


async def test_case_09_a_daemon_without_the_key_cannot_prove_itself(daemon: Daemon):
    body = _handshake(daemon)
    async with daemon.client.post("/v1/handshake", json=body) as answer:
        found = await answer.json()
    nonces = body["nonce"], found["nonce"]
    assert found["proof"] == handshake.server_proof(KEY, *nonces, daemon.port)
    assert found["proof"] != handshake.server_proof(bytes(32), *nonces, daemon.port)
    assert found["proof"] != handshake.server_proof(KEY, *nonces, daemon.port + 1)


async def test_case_09_a_replayed_nonce(daemon: Daemon):
    body = _handshake(daemon)
    for status in (200, 401):
        async with daemon.client.post("/v1/handshake", json=body) as answer:
            assert answer.status == status


async def test_case_09_nothing_is_proved_to_a_stranger_nor_to_who_relays_from_another_port(daemon: Daemon):
    for body in (_handshake(daemon, key=bytes(32)), _handshake(daemon, port=daemon.port + 1)):
        async with daemon.client.post("/v1/handshake", json=body) as answer:
            assert answer.status == 401
            assert "proof" not in await answer.text()


async def test_case_10_routes_and_methods(daemon: Daemon):
    bearer = await daemon.bearer()
    for method, path in (
        ("GET", "/v1/prepare"),
        ("PUT", "/v1/summaries"),
        ("DELETE", "/v1/status"),
        ("POST", "/metrics"),
    ):
        async with daemon.client.request(method, path, headers=bearer) as answer:
            assert answer.status == 405
            assert (await answer.json())["error"]["code"] == "method_not_allowed"
    async with daemon.client.get("/nothing", headers=bearer) as answer:
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "not_found"
    async with daemon.client.get("/v1/handshake") as answer:
        assert answer.status == 405


async def test_case_11_requests_that_are_none(daemon: Daemon):
    host = f"Host: 127.0.0.1:{daemon.port}"
    post, get = "POST /v1/handshake HTTP/1.1", "GET /health HTTP/1.1"
    for lines in (
        (post, host, "Content-Length: 3", "Transfer-Encoding: chunked"),
        (post, host, "Content-Length: 3", "Content-Length: 4"),
        (post, host, "Content-Length: -1"),
        (post, host, "Content-Length: +3"),
        (post, host, "Content-Length: 3, 3"),
        (post, host, "Transfer-Encoding: x, chunked, y"),
        (get, host, "X: " + "x" * 9000),
        ("GET /" + "x" * 9000 + " HTTP/1.1", host),
        (get, host, *(f"X-{number}: x" for number in range(200))),
        (get, host, "No colon"),
        (get, host, "Spa ce: x"),
        (get, host, "X: a\0b"),
        ("GET /health HTTP/9.9", host),
        ("\x16\x03\x01\x02",),
    ):
        status, answer = await daemon.raw(*lines)
        assert status == 400, lines
        assert json.loads(answer.split("\r\n\r\n", 1)[1])["error"]["code"] == "bad_request"


async def test_case_11_a_version_that_is_none(daemon: Daemon):
    assert (await daemon.raw("GET /health HTTP/0.9", f"Host: 127.0.0.1:{daemon.port}"))[0] == 400


async def test_case_11_a_body_that_is_not_what_its_headers_say(daemon: Daemon):
    lines = (f"Host: 127.0.0.1:{daemon.port}", "Content-Type: application/json", "Transfer-Encoding: chunked")
    status, answer = await daemon.raw("POST /v1/handshake HTTP/1.1", *lines, body=b"zz\r\nsecret\r\n")
    assert status == 400
    assert "secret" not in answer


async def test_case_13_health_tells_nothing_else(daemon: Daemon):
    status, answer = await daemon.raw("GET /health HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}", "Connection: close")
    head, body = answer.split("\r\n\r\n")
    assert status == 200
    assert body == '{"status":"ok"}'
    names = {line.partition(":")[0] for line in head.split("\r\n")[1:]}
    assert names == {
        "Content-Type", "Content-Length", "Date", "Server", "Cache-Control", "X-Content-Type-Options", "Connection",
    }  # fmt: skip


@pytest.mark.parametrize("route", [*ROUTES, "BREW /", "GET \\", "OPTIONS *"])
async def test_no_answer_names_a_version(daemon: Daemon, route: str):
    for host in (f"127.0.0.1:{daemon.port}", "evil.example", "x\0y"):
        _, answer = await daemon.raw(f"{route} HTTP/1.1", f"Host: {host}", "Content-Length: 0")
        assert "\r\nServer: notime\r\n" in answer
        assert "ython" not in answer
        assert "aiohttp" not in answer


@pytest.mark.parametrize("route", [*ROUTES, *LOOKUPS, "OPTIONS *"])
@pytest.mark.parametrize("expectation", ["x", "100-continue", "100-CONTINUE"])
async def test_what_a_client_expects_is_looked_at_behind_the_guard(daemon: Daemon, route: str, expectation: str):
    expect = f"Expect: {expectation}"
    status, answer = await daemon.raw(f"{route} HTTP/1.1", "Host: evil.example", expect, "Content-Length: 9")
    assert status in (403, 400)
    if route not in ("GET /health", "POST /v1/handshake", "OPTIONS *"):
        host = f"Host: 127.0.0.1:{daemon.port}"
        status, answer = await daemon.raw(f"{route} HTTP/1.1", host, expect, "Content-Length: 9")
        assert status == 401
    assert "100 Continue" not in answer


async def test_what_a_paired_client_expects(daemon: Daemon):
    lines = [f"Host: 127.0.0.1:{daemon.port}", f"Authorization: Bearer {await daemon.token()}"]
    lines += ["Content-Type: application/json", "Content-Length: 2", "Connection: close"]
    status, answer = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, "Expect: 100-continue", body=b"{}")
    assert status == 100
    assert "HTTP/1.1 400" in answer
    assert (await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, "Expect: x", body=b"{}"))[0] == 417


PAGES: list[dict[str, str]] = [
    {"Mode": "no-cors", "Site": "cross-site", "Dest": "image"},
    {"Mode": "no-cors", "Site": "same-site", "Dest": "script"},
    {"Mode": "navigate", "Site": "cross-site", "Dest": "iframe"},
    {"Mode": "websocket", "Site": "cross-site", "Dest": "websocket"},
    {"Mode": "no-cors"},
]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_cannot_tell_the_daemon_from_nobody_there(daemon: Daemon, page: dict[str, Any]):
    lines = [f"Host: 127.0.0.1:{daemon.port}", *(f"Sec-Fetch-{name}: {value}" for name, value in page.items())]
    for path in ("/health", "/nothing"):
        assert await daemon.everything(f"GET {path} HTTP/1.1", *lines) == b""
    typed = ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none", "Sec-Fetch-Dest: document")
    assert (await daemon.raw("GET /health HTTP/1.1", lines[0], *typed))[0] == 200


async def test_case_14_a_body_too_large_is_refused_before_it_is_read(daemon: Daemon):
    token = await daemon.token()
    lines = (f"Host: 127.0.0.1:{daemon.port}", f"Authorization: Bearer {token}", "Content-Type: application/json")
    status, _ = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, "Content-Length: 99000000")
    assert status == 413
    host = f"Host: 127.0.0.1:{daemon.port}"
    status, _ = await daemon.raw("POST /v1/handshake HTTP/1.1", host, lines[2], "Content-Length: 1025")
    assert status == 413


async def test_case_14_a_chunked_body_too_large_is_refused_on_the_way(daemon: Daemon):
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 400:
            sent += 1
            yield b" " * 1_000_000

    headers = await daemon.bearer() | {"Content-Type": "application/json", "Connection": "close"}
    async with daemon.client.post("/v1/summaries", data=endless(), headers=headers) as answer:
        assert answer.status == 413
    assert sent < 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip"])
async def test_case_15_a_compressed_body_is_not_unpacked(daemon: Daemon, encoding: str):
    headers = await daemon.bearer() | {"Content-Type": "application/json", "Content-Encoding": encoding}
    for body in (b"{}", b"no gzip", b"\x1f\x8b\x08" + bytes(1000)):
        async with daemon.client.post("/v1/summaries", data=body, headers=headers, compress=None) as answer:
            assert answer.status == 415
