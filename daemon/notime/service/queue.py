"""The bounded queue: one job for each thing that is asked for, however many ask for it.

Comes in: keys, clients, work. Goes out: events, to everybody who listens. Must not know: what a summary is.

A job lives as long as somebody listens. Nothing that frees a place waits for anything, so that no cancellation can come
between: listeners leave without an `await`, and a place is free when its task is done, however it ended.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

from notime.errors import Busy, Cancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    Publish = Callable[[Any], None]
    Work = Callable[[Publish], Awaitable[Any]]

SPARE = 4
"""Places beyond the bound for clients that have none yet: one client alone cannot shut out the others."""

FIRST_SECONDS = 5.0
"""What a job is taken to last until one has."""

NEWER = 0.3
"""Weight of the last job's length beside those before."""

LONGEST_WAIT = 120
"""Seconds: more is never asked of a client that was sent away."""


class Job:
    """Work that is under way, and what came of it so far."""

    def __init__(self, key: str, client: str, begun: float) -> None:
        self.key = key
        self.client = client
        self.begun = begun
        self.over = False
        """Its last event was published."""
        self._events: list[Any] = []
        self._listeners: set[asyncio.Queue[tuple[Any, bool]]] = set()
        self.task: asyncio.Task[None] | None = None

    @property
    def wanted(self) -> bool:
        """Somebody listens."""
        return bool(self._listeners)

    def publish(self, event: Any, *, last: bool = False) -> None:
        """Tell everybody; an exception as the last event is raised there."""
        if not self.over:
            self.over = last
            self._events.append((event, last))
            for listener in self._listeners:
                listener.put_nowait((event, last))

    def join(self) -> asyncio.Queue[tuple[Any, bool]]:
        """One more listener, who hears all from the beginning."""
        listener: asyncio.Queue[tuple[Any, bool]] = asyncio.Queue()
        for event in self._events:
            listener.put_nowait(event)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: asyncio.Queue[tuple[Any, bool]]) -> None:
        """One listener less; when the last one goes, the work stops."""
        self._listeners.discard(listener)
        if not self._listeners and self.task is not None:
            self.task.cancel()


class Listening:
    """A context in which a job's events are heard; leaving it is leaving the job.

    Attributes:
        position: how many jobs were before it.
        joined: it had been begun for somebody else.
    """

    def __init__(self, job: Job, position: int, *, joined: bool) -> None:
        self.position = position
        self.joined = joined
        self._job = job
        self._heard = job.join()
        self._ended = False

    def __enter__(self) -> Listening:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._job.leave(self._heard)

    def __aiter__(self) -> Listening:
        """Events, the last one included; or the exception in which the work ended."""
        return self

    async def __anext__(self) -> Any:
        if self._ended:
            raise StopAsyncIteration
        event, self._ended = await self._heard.get()
        if isinstance(event, BaseException):
            raise event
        return event


class JobQueue:
    """All jobs.

    Args:
        most: how many may wait while one runs.
        changed: called when a job begins, with True, and when the last one is over, with False.
    """

    def __init__(self, most: int, changed: Callable[[bool], None]) -> None:
        self._most = most
        self._changed = changed
        self._jobs: list[Job] = []
        self._seconds = FIRST_SECONDS
        self._free = 0.0
        """When a job ended last."""
        self._promised = 0.0
        """When the last one who was sent away comes back."""
        self._problem: Exception | None = None
        """What it was interrupted with."""

    def __len__(self) -> int:
        return len(self._jobs)

    def has(self, key: str) -> bool:
        """That job is under way, and somebody wants it."""
        return self._find(key) is not None

    def ask(self, key: str, client: str, work: Work) -> Listening:
        """Listen to a job; it is begun where nobody else has.

        Args:
            key: what is asked for.
            client: who asks.
            work: does it; gets a function that publishes events, and returns the last one.

        Raises:
            Busy: there is no place. It says when there will be.
            Exception: what the queue was interrupted with.
        """
        if self._problem is not None:
            raise self._problem
        if (job := self._find(key)) is not None:
            return Listening(job, self._jobs.index(job), joined=True)
        self._admit(client)
        job = Job(key, client, asyncio.get_running_loop().time())
        position = len(self._jobs)
        listening = Listening(job, position, joined=False)
        self._jobs.append(job)
        self._changed(True)  # it is the one argument
        job.task = asyncio.create_task(_worked(job, work))
        job.task.add_done_callback(lambda _task: self._over(job))
        return listening

    def interrupt(self, problem: Exception) -> None:
        """End all jobs, each with that error to whoever listens; who asks from now on is told the same."""
        self._problem = problem
        for job in self._jobs:
            job.publish(problem, last=True)
            if job.task is not None:
                job.task.cancel()

    async def close(self) -> None:
        """End all jobs and wait until they have."""
        tasks = [job.task for job in self._jobs if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _find(self, key: str) -> Job | None:
        # What nobody wants any more is on its way out; what is over has its place for a moment longer.
        return next((job for job in self._jobs if job.key == key and job.wanted and not job.over), None)

    def _admit(self, client: str) -> None:
        known = any(job.client == client for job in self._jobs)
        if len(self._jobs) <= self._most + (0 if known else SPARE):
            return
        now = asyncio.get_running_loop().time()
        # The running job has no end yet: what it has taken so far is known.
        each = max(self._seconds, now - max(self._jobs[0].begun, self._free))
        self._promised = max(now, self._promised) + each
        seconds = min(self._promised - now, each * len(self._jobs))
        busy = Busy("notime is busy with other pages.", hint="Try again in a few seconds.")
        busy.retry_after = min(max(1, math.ceil(seconds)), LONGEST_WAIT)
        raise busy

    def _over(self, job: Job) -> None:
        now = asyncio.get_running_loop().time()
        if job.over and job.task is not None and not job.task.cancelled():
            self._seconds += NEWER * (now - max(job.begun, self._free) - self._seconds)
        self._free = now
        job.publish(Cancelled("Stopped."), last=True)  # where nothing else was the last
        self._jobs.remove(job)
        if not self._jobs:
            self._changed(False)  # it is the one argument


async def _worked(job: Job, work: Work) -> None:
    try:
        job.publish(await work(job.publish), last=True)
    except Exception as problem:
        job.publish(problem, last=True)
