"""A real daemon for the tests of HTTP and of the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from notime.http.app import create_app
from notime.http.auth import handshake
from notime.http.server import bind, listening
from notime.settings import Settings

KEY = bytes(range(32))
EXTENSION = "chrome-extension://" + "abcdefghijklmnop" * 2


@dataclass(frozen=True)
class Daemon:
    """A real server on a real port, and a client."""

    app: web.Application
    port: int
    client: aiohttp.ClientSession

    async def raw(self, *lines: str, body: bytes = b"") -> tuple[int, str]:
        """Send exactly these lines; the status and what is answered first or, with `Connection: close`, in all."""
        whole = "Connection: close" in lines
        answer = await self.everything(*lines, body=body, whole=whole)
        return int(answer.split()[1]), answer.decode("utf-8", "replace")

    async def everything(self, *lines: str, body: bytes = b"", whole: bool = False) -> bytes:
        """Send exactly these lines; what comes back, nothing where the connection is closed without a word."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        try:
            return await (reader.read() if whole else reader.read(65536))
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def token(self, key: bytes = KEY, origin: str | None = None) -> str:
        nonce = handshake.new_nonce()
        body = {"nonce": nonce, "hello": handshake.client_hello(key, nonce, self.port)}
        headers = {"Origin": origin} if origin else {}
        async with self.client.post("/v1/handshake", json=body, headers=headers) as answer:
            assert answer.status == 200
            proof = await answer.json()
        assert proof["proof"] == handshake.server_proof(key, nonce, proof["nonce"], self.port)
        return handshake.session_token(key, nonce, proof["nonce"], self.port)

    async def bearer(self, origin: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {await self.token(origin=origin)}"}
        return headers | ({"Origin": origin} if origin else {})


@asynccontextmanager
async def running(
    settings: Settings, *, warm: bool = False, keys: Callable[[], Sequence[bytes]] = lambda: (KEY,)
) -> AsyncIterator[Daemon]:
    app = create_app(settings, keys, warm=warm)
    with bind(0) as sock:
        async with listening(app, sock) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            yield Daemon(app, port, client)
