"""The daemon's HTTP application: routes, and errors turned into answers.

Everything that a handler needs is in the application under a typed key. One middleware guards every route, unknown
ones included, and gives every error the same shape.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from notime import shapes
from notime.bugs import bug
from notime.errors import InternalError, MethodNotAllowed, NotFound, NotimeError, Unauthorized
from notime.history.thread import History
from notime.http import answers, guard, lookups, requests
from notime.http.auth.handshake import Asking, Sessions
from notime.http.auth.paired import Paired
from notime.http.keys import HISTORY, METRICS, MODELS, PAIRED, SESSIONS, SETTINGS, STARTED, WORKER
from notime.http.metrics import Metrics
from notime.http.server import proven
from notime.http.stream import stream_events
from notime.service.models import Models
from notime.service.request import SummaryRequest
from notime.service.worker import Worker
from notime.types import Summary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence

    from notime.settings import Settings

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HANDSHAKE_BYTES = 1024
NOWHERE = "/{nowhere:.*}"
PUBLIC = frozenset({"/health", "/v1/handshake"})


def create_app(settings: Settings, keys: Callable[[], Sequence[bytes]], *, warm: bool = True) -> web.Application:
    """The application, not yet listening.

    Args:
        settings: this machine's.
        keys: of every pairing, 32 bytes each; asked again at each request, in a thread.
        warm: load the model at the start instead of at the first request.
    """
    app = web.Application(middlewares=[_guarded])
    app[SETTINGS] = settings
    app[SESSIONS] = Sessions()
    app[PAIRED] = Paired(keys)
    app[STARTED] = time.monotonic()
    routes = (
        web.get("/health", _health),
        web.post("/v1/handshake", _handshake),
        web.post("/v1/prepare", _prepare),
        web.post("/v1/summaries", _summaries),
        *lookups.routes(),
        web.route("*", NOWHERE, _nowhere),
    )
    app.add_routes(
        web.RouteDef(each.method, each.path, each.handler, {**each.kwargs, "expect_handler": _expected_later})
        for each in routes
    )

    async def working(app: web.Application) -> AsyncIterator[None]:
        app[MODELS] = models = Models(settings)
        app[HISTORY] = history = History(settings)
        app[WORKER] = worker = Worker(settings, models.made)
        app[METRICS] = Metrics(lambda: worker.waiting)
        await history.open()
        warming = asyncio.create_task(worker.warm()) if warm else None
        yield
        if warming is not None:
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)
        await worker.close()
        await history.close()
        app[PAIRED].close()

    app.cleanup_ctx.append(working)
    app.on_shutdown.append(_end_streams)
    return app


async def _end_streams(app: web.Application) -> None:
    app[WORKER].interrupt()


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    origin = None
    try:
        origin = guard.origin_of(request)
        if request.method == "OPTIONS" and origin and "Access-Control-Request-Method" in request.headers:
            response: web.StreamResponse = answers.preflight(origin)
        else:
            if request.path not in PUBLIC:
                asking = Asking(guard.port_of(request), origin, bound=request.method not in {"GET", "HEAD"})
                request.app[SESSIONS].authorize(await request.app[PAIRED].keys(), _authorization(request), asking)
                proven(request)
            response = await handler(request)
    except NotimeError as error:
        response = answers.problem(error)
    except Exception as error:
        response = answers.problem(bug(error))
    request.app[METRICS].requested(request.method, _route(request), response.status)
    return response if response.prepared else answers.sealed(response, origin)


def _route(request: web.Request) -> str:
    """As it is declared: what was asked for may be anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None and resource.canonical != "/{nowhere}" else "none"


async def _expected_later(_request: web.Request) -> None:
    """`Expect` is looked at where the body is read, behind the guard; aiohttp would answer it before."""


async def _nowhere(request: web.Request) -> web.Response:
    for resource in request.app.router.resources():
        _, methods = await resource.resolve(request)
        if methods and resource.canonical != "/{nowhere}":
            raise MethodNotAllowed("This address does not take that method.")
    raise NotFound("There is nothing at this address.")


def _authorization(request: web.Request) -> bytes | None:
    headers = [value for name, value in request.raw_headers if name.lower() == b"authorization"]
    if len(headers) > 1:
        raise Unauthorized("This needs a session token.")
    return headers[0] if headers else None


async def _health(_request: web.Request) -> web.Response:
    return answers.json({"status": "ok"})


async def _handshake(request: web.Request) -> web.Response:
    body = requests.decode(await guard.read_json(request, HANDSHAKE_BYTES), requests.Handshake)
    asking = Asking(guard.port_of(request), guard.origin_of(request))
    nonce, proof = request.app[SESSIONS].handshake(await request.app[PAIRED].keys(), body.nonce, body.hello, asking)
    proven(request)
    return answers.json({"nonce": nonce, "proof": proof})


async def _prepare(request: web.Request) -> web.Response:
    body = await _asked(request)
    begun = request.app[WORKER].prepare(body, _client(request))
    return answers.json({"status": "accepted" if begun else "skipped"}, status=202)


async def _asked(request: web.Request) -> SummaryRequest:
    limit = int(request.app[SETTINGS].max_body_mb * 1e6)
    body = await guard.read_json(request, limit)
    return await asyncio.to_thread(requests.decode, body, SummaryRequest)


async def _summaries(request: web.Request) -> web.StreamResponse:
    body = await _asked(request)
    events = _answered(request.app, body, _client(request))
    async with contextlib.aclosing(events):
        if "application/x-ndjson" in request.headers.get("Accept", ""):
            return await stream_events(request, events, guard.origin_of(request))
        async for event in events:
            if isinstance(event, Summary):
                return answers.json(shapes.summary(event))
    raise InternalError("The summary did not end.")


def _client(request: web.Request) -> str:
    """Who asks, as far as the queue cares: clients take turns."""
    return guard.origin_of(request) or ""


async def _answered(app: web.Application, body: SummaryRequest, client: str) -> AsyncGenerator[Any, None]:
    """As `Worker.run`; before the summary is handed out, the history has it, where it may.

    What was deleted from the history by another process, `notime history`, does not come back from memory.
    """
    worker, history = app[WORKER], app[HISTORY]
    place, length = worker.place(body), worker.length(body)
    if worker.cache.is_marked(place) and not await history.holds(place):
        worker.cache.drop(place)
    async with contextlib.aclosing(worker.run(body, secrets.token_hex(16), client)) as events:
        async for event in events:
            if isinstance(event, Summary):
                app[METRICS].summarised(event.timings, cached=event.cached)
                if body.keep and await history.remember(event, place=place, length=length):
                    worker.cache.mark(place)
            yield event
