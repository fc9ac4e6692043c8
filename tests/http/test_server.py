"""The socket: who is connected, for how long, and what is said of a request that is none."""

from __future__ import annotations

import asyncio
import io
import logging
import resource

import pytest

from notime.errors import PortInUse
from notime.http import logs, server
from notime.http.server import bind, most_connections
from notime.settings import Settings
from support.http_daemon import EXTENSION, Daemon, running


async def gone(reader: asyncio.StreamReader) -> bool:
    """The daemon has closed that connection."""
    try:
        return await reader.read(1) == b""
    except ConnectionError:
        return True


async def test_case_16_slow_headers_are_not_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    assert server.IDLE_SECONDS <= 10
    monkeypatch.setattr(server, "IDLE_SECONDS", 0.2)
    async with running(settings) as daemon:
        for begun in (b"", b"GET", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX: " % daemon.port):
            reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
            writer.write(begun)
            assert await gone(reader)
            writer.close()
        # Behind an answer, too:
        reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
        writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\nGET " % daemon.port)
        assert (await reader.readuntil(b'ok"}')).startswith(b"HTTP/1.1 200")
        assert await gone(reader)
        writer.close()


async def test_case_16_a_slow_body_is_408(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("notime.http.guard.BODY_SECONDS", 0.1)
    async with running(settings) as daemon:
        lines = (f"Host: 127.0.0.1:{daemon.port}", "Content-Type: application/json", "Content-Length: 9")
        assert (await daemon.raw("POST /v1/handshake HTTP/1.1", *lines, body=b"{"))[0] == 408


async def test_case_16_a_body_in_single_bytes(daemon: Daemon):
    lines = (
        f"Host: 127.0.0.1:{daemon.port}", f"Authorization: Bearer {await daemon.token()}",
        "Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close",
    )  # fmt: skip
    body = b'{"text": "' + b"x" * 90_000 + b'", "wrong": 1}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    status, answer = await daemon.raw("POST /v1/summaries HTTP/1.1", *lines, body=chunks)
    assert status == 400
    assert "wrong" in answer


async def test_case_17_two_thousand_idle_connections_drive_out_only_one_another(daemon: Daemon):
    bearer = await daemon.bearer(EXTENSION)
    async with daemon.client.get("/v1/status", headers=bearer) as answer:
        assert answer.status == 200
    idle = []
    try:
        for _ in range(2000):
            idle.append(await asyncio.open_connection("127.0.0.1", daemon.port))
            if len(idle) % 100 == 0:
                async with daemon.client.get("/v1/status", headers=bearer) as answer:
                    assert answer.status == 200
        assert await gone(idle[0][0])
        # Somebody paired who comes now, on a new connection:
        assert await daemon.bearer(EXTENSION)
        assert (await daemon.raw("GET /health HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}"))[0] == 200
    finally:
        for _, writer in idle:
            writer.close()


async def test_case_17_who_knows_a_key_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server, "most_connections", lambda: 4)  # and the client's own
    async with running(settings) as daemon:
        lines = f"GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
        paired = []
        for _ in range(3):
            reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
            request = f"{lines}Authorization: Bearer {await daemon.token()}\r\n\r\n".encode()
            writer.write(request)
            assert (await reader.readuntil(b"uptime")).startswith(b"HTTP/1.1 200")
            await reader.readuntil(b"}}")
            paired.append((reader, writer, request))
        # There is place for nobody else now, and the next one is shown out, not one of these.
        assert await daemon.everything("GET /health HTTP/1.1", f"Host: 127.0.0.1:{daemon.port}") == b""
        for reader, writer, request in paired:
            writer.write(request)
            assert (await reader.readuntil(b"uptime")).startswith(b"HTTP/1.1 200")
            writer.close()


def test_descriptors_are_kept_back(monkeypatch: pytest.MonkeyPatch):
    limits = {"now": (1024, 4096)}
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits["now"])
    monkeypatch.setattr(resource, "setrlimit", lambda _which, new: limits.update(now=new))
    assert most_connections() == server.CONNECTIONS
    for soft, hard, most in ((64, 4096, 256), (256, 256, 128), (100, 100, 8), (64, resource.RLIM_INFINITY, 256)):
        limits["now"] = (soft, hard)
        assert most_connections() == most
        assert limits["now"] == (min(384, hard) if hard > 0 else 384, hard)


async def test_case_31_a_port_in_use(daemon: Daemon):
    with pytest.raises(PortInUse, match=str(daemon.port)):
        await asyncio.to_thread(bind, daemon.port)


def said(*events: tuple[str, str, BaseException | None], clock: list[float] | None = None) -> str:
    stream, now = io.StringIO(), clock or [0.0]
    handler = logs.Lines(stream, lambda: now[0])
    for name, message, problem in events:
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, None, None)
        record.exc_info = (type(problem), problem, None) if problem else None
        handler.handle(record)
    return stream.getvalue()


def test_case_12_what_a_library_says_is_not_repeated():
    secret = "Bearer secret\nhttps://secret.example"
    told = said(("aiohttp.server", secret, ValueError(secret)), ("asyncio", secret, None))
    assert told == "notime: error in aiohttp.server: ValueError\nnotime: error in asyncio at test_server:1\n"


def test_case_12_a_line_break_begins_no_line():
    assert said(("notime.http", "one\r\ntwo\x1b[2J\u202e", None)) == "notime: one  two [2J \n"


def test_a_line_is_said_five_times_a_minute():
    now = [0.0]
    stream = io.StringIO()
    handler = logs.Lines(stream, lambda: now[0])

    def say() -> int:
        handler.handle(logging.LogRecord("notime", logging.ERROR, "a.py", 1, "It failed.", None, None))
        return stream.getvalue().count("\n")

    assert [say() for _ in range(8)] == [1, 2, 3, 4, 5, 5, 5, 5]
    assert stream.getvalue().count("not told") == 1
    now[0] = 60.0
    assert say() == 6


def test_everything_that_is_logged_goes_there(monkeypatch: pytest.MonkeyPatch):
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    try:
        logs.write_to(stream)
        logging.getLogger("elsewhere").warning("secret")
        logging.getLogger("elsewhere").info("secret")
    finally:
        root.handlers = before
        root.setLevel(level)
    assert stream.getvalue().count("\n") == 1
    assert "secret" not in stream.getvalue()
