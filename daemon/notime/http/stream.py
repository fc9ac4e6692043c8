"""A summary as it comes: one JSON object a line.

Comes in: the worker's events. Goes out: lines. A client that stops reading is let go.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from notime import shapes
from notime.bugs import bug
from notime.errors import InternalError, NotimeError
from notime.harmless import harmless
from notime.http import answers
from notime.service.events import Accepted, ModelState
from notime.types import Article, Progress, Summary, SummarySentence, Written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PING_SECONDS = 10.0
"""Browsers end an extension's background that hears nothing for 30 s."""

WRITE_SECONDS = 30.0


async def stream_events(
    request: web.Request,
    events: AsyncIterator[Any],
    origin: str | None,
) -> web.StreamResponse:
    """Send events as they come, a ping where none comes for a while, and an error where it ends in one.

    Raises:
        NotimeError: nothing was sent yet, so that the status can still tell it.
    """
    response = web.StreamResponse()
    response.content_type = "application/x-ndjson"
    answers.sealed(response, origin)
    upcoming = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait([upcoming], timeout=PING_SECONDS)
            if not done:
                await _write(request, response, shapes.event("ping", {}))
                continue
            event = upcoming.result()
            await _write(request, response, line(event))
            if isinstance(event, Summary):
                break
            upcoming = asyncio.ensure_future(anext(events))
    except NotimeError as problem:
        if not response.prepared:
            raise
        await _write(request, response, shapes.event("error", shapes.error(problem)))
    except (ConnectionError, TimeoutError):
        return response  # nobody listens any more
    except Exception as problem:
        if not response.prepared:
            raise
        await _write(request, response, shapes.event("error", shapes.error(bug(problem))))
    finally:
        if not upcoming.done():
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)
    await response.write_eof()
    return response


def line(event: Any) -> bytes:
    """One event as a line."""
    match event:
        case Accepted():
            return shapes.event("accepted", {"id": event.id, "position": event.position})
        case Article():
            return shapes.event("article", shapes.article(event))
        case ModelState():
            return shapes.event("model", {"state": event.state, "progress": event.progress})
        case Progress():
            return shapes.event("progress", {"stage": event.stage, "fraction": round(event.fraction, 3)})
        case Written():
            return shapes.event("token", {"index": event.index, "text": harmless(event.text)})
        case SummarySentence():
            return shapes.event("sentence", shapes.sentence(event))
        case Summary():
            return shapes.event("done", {"summary": shapes.summary(event)})
    raise InternalError(f"{type(event).__name__} is not an event.")


async def _write(request: web.Request, response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        if not response.prepared:
            await response.prepare(request)
        await response.write(data)
