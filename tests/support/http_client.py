"""A client of the daemon that asks as the extension does, and what the daemon kept of it."""

from __future__ import annotations

import asyncio
from typing import Any

from notime.history.store import Store
from notime.http.keys import WORKER
from notime.settings import Settings
from support.http_daemon import EXTENSION, Daemon
from support.http_entries import put

MARK = "zanzibarian"
"""A word that stands in what is summarised and nowhere else."""


class Client:
    """Asks as the extension does."""

    def __init__(self, daemon: Daemon, headers: dict[str, str]) -> None:
        self._daemon = daemon
        self._headers = headers

    async def ask(self, method: str, path: str, status: int = 200, body: Any = None, **headers: str) -> Any:
        headers = self._headers | headers
        async with self._daemon.client.request(method, path, json=body, headers=headers) as answer:
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
            assert answer.headers["Cache-Control"] == "no-store"
            return await answer.json() if status != 204 else await answer.read()

    async def summarize(self, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return await self.ask("POST", "/v1/summaries", body=body | more)

    async def listed(self, path: str = "/v1/summaries") -> list[dict[str, Any]]:
        return (await self.ask("GET", path))["summaries"]


async def client_of(daemon: Daemon) -> Client:
    return Client(daemon, await daemon.bearer(EXTENSION))


def on_disk(settings: Settings) -> bytes:
    if not settings.data_dir.exists():
        return b""
    return b"".join(path.read_bytes() for path in settings.data_dir.iterdir())


def in_memory(daemon: Daemon) -> str:
    return repr(vars(daemon.app[WORKER].cache))


async def fill(settings: Settings, *numbers: int) -> None:
    for number in numbers:
        await asyncio.to_thread(put, Store.of(settings), number)
