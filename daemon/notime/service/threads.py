"""Work in a thread that is told when nobody waits for it any more.

Comes in: functions. Goes out: what they return. Must not know: what they do.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

from notime.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

T = TypeVar("T")


class Stop:
    """Tells a thread that nobody waits for its work any more."""

    def __init__(self) -> None:
        self._flag = threading.Event()

    def set(self) -> None:
        """Nobody does."""
        self._flag.set()

    def is_set(self) -> bool:
        """Whether nobody does."""
        return self._flag.is_set()

    def check(self) -> None:
        """End the work, where nobody does.

        Raises:
            Cancelled: so it is.
        """
        if self._flag.is_set():
            raise Cancelled("Stopped.")


async def in_thread(pool: Executor, work: Callable[[], T], stop: Callable[[], None]) -> T:
    """Wait for work in a thread. When the waiter is cancelled, the work is told to stop and waited for all the same.

    Args:
        pool: whose thread it is.
        work: what to do there.
        stop: called in the loop when the waiter is cancelled; it must make `work` end soon.
    """
    running = pool.submit(work)
    future = asyncio.wrap_future(running)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        stop()
        running.cancel()  # where it had not begun
        while not future.done():  # another cancellation does not make the thread free
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # seen
        raise
