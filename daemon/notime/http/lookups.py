"""What may be asked for besides a summary: the history, the models, how the daemon is.

Comes in: requests that the guard let through. Goes out: answers. Must not know: how any of it is stored.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

import notime
from notime.errors import UnknownModel
from notime.http import answers, requests
from notime.http.contract import openapi
from notime.http.keys import HISTORY, METRICS, MODELS, SETTINGS, STARTED, WORKER
from notime.life import command

if TYPE_CHECKING:
    from collections.abc import Iterable


def routes() -> Iterable[web.RouteDef]:
    """Where these are."""
    return (
        web.get("/v1/summaries", _search),
        web.delete("/v1/summaries", _clear),
        web.get("/v1/summaries/{id}", _get),
        web.delete("/v1/summaries/{id}", _delete),
        web.get("/v1/models", _models),
        web.get("/v1/status", _status),
        web.get("/v1/openapi.json", _openapi),
        web.get("/metrics", _metrics),
    )


async def _search(request: web.Request) -> web.Response:
    asked = requests.parameters(request.query, requests.HistoryQuery)
    entries, following = await request.app[HISTORY].search(asked.query, before=asked.before, limit=asked.limit)
    return answers.json({"summaries": [entry.listed for entry in entries], "next": following})


async def _get(request: web.Request) -> web.Response:
    entry = await request.app[HISTORY].get(request.match_info["id"])
    return answers.json(entry.whole)


async def _delete(request: web.Request) -> web.Response:
    place = await request.app[HISTORY].delete(request.match_info["id"])
    request.app[WORKER].cache.drop(place)
    return web.Response(status=204)


async def _clear(request: web.Request) -> web.Response:
    await request.app[WORKER].forget()
    await request.app[HISTORY].clear()
    return web.Response(status=204)


async def _models(request: web.Request) -> web.Response:
    return answers.json({"models": await asyncio.to_thread(request.app[MODELS].listed)})


async def _status(request: web.Request) -> web.Response:
    app = request.app
    settings, worker = app[SETTINGS], app[WORKER]
    return answers.json(
        {
            "version": notime.__version__,
            "command": await asyncio.to_thread(command.told),
            "model": {"id": settings.model, "state": await _model_state(app)},
            "queue": {"waiting": worker.waiting, "most": settings.queue},
            "memory_mb": await asyncio.to_thread(_resident_mb),
            "uptime_s": round(time.monotonic() - app[STARTED], 1),
            "history": await app[HISTORY].state(),
        }
    )


async def _openapi(_request: web.Request) -> web.Response:
    return answers.json(openapi.document())


async def _metrics(request: web.Request) -> web.Response:
    text = await asyncio.to_thread(request.app[METRICS].text)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _model_state(app: web.Application) -> str:
    state = app[WORKER].model_state
    if state != "unloaded":
        return state
    try:
        installed = await asyncio.to_thread(app[MODELS].is_installed)
    except UnknownModel:
        installed = False
    return state if installed else "missing"


def _resident_mb() -> float | None:
    """This process's memory, in 10^6 bytes; None where the platform does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    except (OSError, AttributeError, ValueError):
        return None
