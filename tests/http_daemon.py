"""A real daemon for the tests of HTTP and of the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from notime.http import auth
from notime.http.app import create_app
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
        """Send exactly these lines; the status and the whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        answer = await reader.read(65536)
        writer.close()
        return int(answer.split()[1]), answer.decode("utf-8", "replace")

    async def token(self, key: bytes = KEY, origin: str | None = None) -> str:
        nonce = auth.new_nonce()
        headers = {"Origin": origin} if origin else {}
        async with self.client.post("/v1/handshake", json={"nonce": nonce}, headers=headers) as answer:
            assert answer.status == 200
            proof = await answer.json()
        assert proof["proof"] == auth.server_proof(key, nonce, proof["nonce"], self.port)
        return auth.session_token(key, nonce, proof["nonce"], self.port)

    async def bearer(self, origin: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {await self.token(origin=origin)}"}
        return headers | ({"Origin": origin} if origin else {})


@asynccontextmanager
async def running(settings: Settings, *, warm: bool = False) -> AsyncIterator[Daemon]:
    app = create_app(settings, KEY, warm=warm)
    runner = web.AppRunner(app, access_log=None, auto_decompress=False, handler_cancellation=True, shutdown_timeout=3.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            yield Daemon(app, port, client)
    finally:
        await runner.cleanup()
