"""The daemon's life from its start to its end: one instance, its socket, its signals, what the service manager hears.

    start ─► ready ─► (SIGHUP: settings read again) ─► SIGTERM, SIGINT, or asleep where systemd holds the socket

Comes in: how to read the settings. Goes out: nothing; it ends, or raises. Must not know: requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from notime.article.process.confine import without_dumps
from notime.cli.console import clean_up
from notime.errors import NotimeError
from notime.http.app import create_app
from notime.http.auth.pairings import Pairings
from notime.http.keys import WORKER
from notime.http.logs import Lines
from notime.http.server import bind, listening
from notime.life import logs
from notime.life.instance import Instance
from notime.life.notify import Notifier, inherited

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from aiohttp import web

    from notime.settings import Settings

    Keys = Callable[[], Sequence[bytes]]

logger = logging.getLogger(__name__)

RELOAD_SECONDS = 30.0
"""Work that runs is waited for so long before the settings change: the longest article takes 20 s."""

NICENESS = 5
"""Who reads goes before who summarises: beside a busy program of niceness 0 it has a quarter of a core."""

_End = Literal["stop", "reload", "asleep"]


def serve(load: Callable[[], Settings], *, warm: bool) -> None:
    """Run the daemon until it is told to stop.

    Args:
        load: reads the settings; again at SIGHUP.
        warm: load the model at once instead of at the first request.

    Raises:
        AlreadyRunning: another one of this user runs.
        PortInUse: another program listens there.
        InsecureFile, BadSettings: as `load` and the key have it.
    """
    settings = load()
    os.umask(0o077)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    without_dumps()
    clean_up(settings)
    keys = _keys(settings)
    with logs.written(settings.state_dir, Lines(sys.stderr)), Instance(settings.state_dir, settings.port) as instance:
        if instance.left_behind:
            logger.warning("The daemon before this one did not end as it should.")
        given = inherited(os.environ)
        sock = given or bind(settings.port)
        asyncio.run(_life(load, _State(settings, keys, sock), warm=warm, on_demand=given is not None))


@dataclass(frozen=True, slots=True)
class _State:
    settings: Settings
    keys: Keys
    sock: socket.socket


async def _life(load: Callable[[], Settings], state: _State, *, warm: bool, on_demand: bool) -> None:
    """Again and again with what the settings say, until it is to end."""
    asyncio.get_running_loop().set_exception_handler(_unhandled)
    notifier, ended = Notifier(os.environ), asyncio.Queue[_End]()
    _listen_for_signals(ended)
    try:
        while await _lived(state, ended, notifier, warm=warm, on_demand=on_demand) == "reload":
            try:
                state = await asyncio.to_thread(_reloaded, load, state, on_demand)
            except NotimeError as problem:
                logger.warning("The settings stay as they were. %s %s", problem.message, problem.hint or "")
    finally:
        state.sock.close()


def _reloaded(load: Callable[[], Settings], state: _State, on_demand: bool) -> _State:
    """What the settings say now; the socket stays where the port does, or where systemd opened it."""
    settings = load()
    keys = _keys(settings)
    if on_demand or settings.port == state.settings.port:
        return _State(settings, keys, state.sock)
    sock = bind(settings.port)
    state.sock.close()
    return _State(settings, keys, sock)


def _keys(settings: Settings) -> Keys:
    """The paired browsers' keys, read again when they change; one is made where there is none."""
    pairings = Pairings(settings.config_dir)
    pairings.any()
    return pairings.keys


async def _lived(state: _State, ended: asyncio.Queue[_End], notifier: Notifier, *, warm: bool, on_demand: bool) -> _End:
    """From ready to an end, with these settings."""
    app = create_app(state.settings, state.keys, warm=warm or on_demand)
    port = state.settings.port
    async with listening(app, state.sock):
        print(f"notime answers on http://127.0.0.1:{port}. Stop it with Ctrl-C.", file=sys.stderr, flush=True)
        notifier.tell("READY=1", f"STATUS=Answers on port {port}.")
        tasks = [asyncio.create_task(_beat(notifier))]
        if on_demand:
            tasks.append(asyncio.create_task(_asleep(app, ended)))
        end = await ended.get()
        if end == "reload":
            notifier.tell("RELOADING=1")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(app[WORKER].idle.wait(), RELOAD_SECONDS)
        else:
            notifier.tell("STOPPING=1")
        for task in tasks:
            task.cancel()
    return end


async def _beat(notifier: Notifier) -> None:
    """Tell the watchdog, twice as often as it asks, that the loop turns."""
    while notifier.watchdog_seconds:
        notifier.tell("WATCHDOG=1")
        await asyncio.sleep(notifier.watchdog_seconds / 2)


async def _asleep(app: web.Application, ended: asyncio.Queue[_End]) -> None:
    """Where systemd holds the socket, a daemon whose models have left memory need not stay either."""
    await app[WORKER].asleep.wait()
    ended.put_nowait("asleep")


def _listen_for_signals(ended: asyncio.Queue[_End]) -> None:
    """SIGINT and SIGTERM end it, a second one at once; SIGHUP reads the settings again."""
    loop = asyncio.get_running_loop()

    def stopped(number: int) -> None:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)
        ended.put_nowait("stop")

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped, number)
        loop.add_signal_handler(signal.SIGHUP, ended.put_nowait, "reload")
    except (NotImplementedError, AttributeError):
        return  # Windows: KeyboardInterrupt ends asyncio.run


def _unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What nobody waited for: told without its message, which may quote what was read."""
    error = context.get("exception")
    logger.error("Something went wrong in the background: %s", logs.place_of(error) if error else "unknown")
