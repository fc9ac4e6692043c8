"""The daemon's socket: how many may be connected, for how long, and what is told of a request that is none.

Comes in: an application. Goes out: it, listening on 127.0.0.1. Must not know: routes.

Any program of this machine may connect, and nothing can be asked of it before it has. So those who have proved that
they know a key are kept, and of the others the oldest makes place for the next: who connects by the thousand drives
nobody out but himself.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from notime.bugs import bug
from notime.errors import BadRequest, NotimeError, PortInUse
from notime.http import answers, guard
from notime.life.ports import owner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    _Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"

CONNECTIONS = 256
"""Extensions open a handful, `scripts/bench --load` eight."""

OTHER_DESCRIPTORS = 128
"""For models, the history, the reader's process and the libraries: 40 in use while a summary is made."""

BACKLOG = 128
"""Connections that wait to be taken."""

IDLE_SECONDS = 10.0
"""For the head of a request to arrive in whole, from the connection's beginning or the answer before on. Browsers
connect again by themselves, over loopback in a tenth of a millisecond."""

SHUTDOWN_SECONDS = 3.0
"""A stream that still runs is told at once and given this long to end."""


@asynccontextmanager
async def listening(app: web.Application, sock: socket.socket) -> AsyncIterator[int]:
    """Answer there; the socket stays its owner's.

    Args:
        app: not yet started.
        sock: from `bind`, or from a service manager.

    Yields:
        The port.
    """
    # A copy: after a reload the same queue of connections is served.
    bound = sock.dup()
    bound.setblocking(False)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS)
    try:
        await runner.setup()
        await _Site(runner, bound).start()
        yield int(bound.getsockname()[1])
    finally:
        await runner.cleanup()
        bound.close()


def proven(request: web.Request) -> None:
    """Whoever sent this knows a key: his connection is not closed to make place for others."""
    if isinstance(request.protocol, _Connection):
        request.protocol.proven = True


def most_connections() -> int:
    """As many as this process can have open besides what it needs itself."""
    try:
        import resource
    except ImportError:  # Windows counts handles by the million
        return CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(8, min(CONNECTIONS, soft - OTHER_DESCRIPTORS))
    return CONNECTIONS


def bind(port: int) -> socket.socket:
    """The daemon's own address, 127.0.0.1, and no other; port 0 for any that is free.

    Raises:
        PortInUse: it cannot be had.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # there, SO_REUSEADDR would let a second program listen beside the first
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined]
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        if error.errno == errno.EACCES:
            raise PortInUse(f"Port {port} may not be used.", hint="Choose one above 1023 with --port.") from error
        who = owner(port)
        raise PortInUse(
            f"Port {port} is in use{f' by {who}' if who else ''}.",
            hint="Is another notime running? Else choose one with --port.",
        ) from error
    return bound


_MALFORMED = BadRequest("This is no request that notime understands.")


def _guarded(handle: _Handler) -> _Handler:
    """Nothing looks at a request before it is known to be meant for us, no router and no `Expect`."""

    async def guarded(request: web.BaseRequest) -> web.StreamResponse:
        try:
            if guard.is_a_pages(request):
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            guard.check_target(request)
            return await handle(request)
        except NotimeError as error:
            return answers.sealed(answers.problem(error), None)
        except web.HTTPException:  # what aiohttp would answer by itself, outside of any route
            return answers.sealed(answers.problem(_MALFORMED), None)

    return guarded


class _Connection(web.RequestHandler):
    """One client's connection."""

    proven = False

    def __init__(self, server: web.Server, crowd: _Crowd, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=IDLE_SECONDS,
            access_log=None,  # type: ignore[arg-type] # as web.AppRunner hands it over
            auto_decompress=False,
        )
        self._crowd = crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._crowd.admit(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._crowd.leave(self)
        super().connection_lost(exc)

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What is no request is answered, and not written down: it may hold anything, a token or a page."""
        if request.writer.output_size > 0:
            raise ConnectionError("part of an answer is out already")
        problem: NotimeError = _MALFORMED
        if status >= 500:
            problem = bug(exc if isinstance(exc, Exception) else TimeoutError())
        response = answers.sealed(answers.problem(problem), None)
        response.force_close()
        return response

    def log_exception(self, *_args: object, **details: object) -> None:
        """Where it happened, not what it was about."""
        problem = details.get("exc_info")
        if isinstance(problem, Exception):
            bug(problem)


class _Crowd:
    """Everybody who is connected, who came first before the others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._connections: dict[_Connection, None] = {}

    def admit(self, newcomer: _Connection) -> None:
        self._connections[newcomer] = None
        if len(self._connections) > self._most:
            leaving = next(each for each in self._connections if not each.proven)
            if leaving.transport is not None:
                leaving.transport.abort()
            self.leave(leaving)

    def leave(self, connection: _Connection) -> None:
        self._connections.pop(connection, None)


class _Site(web.BaseSite):
    def __init__(self, runner: web.AppRunner, bound: socket.socket) -> None:
        super().__init__(runner)
        self._bound = bound

    @property
    def name(self) -> str:
        return f"http://{HOST}"

    async def start(self) -> None:
        await super().start()
        loop, server, crowd = asyncio.get_running_loop(), self._runner.server, _Crowd(most_connections())
        assert server is not None  # BaseSite has seen to that
        server.request_handler = _guarded(server.request_handler)
        self._server = await loop.create_server(
            lambda: _Connection(server, crowd, loop), sock=self._bound, backlog=self._backlog
        )
