"""The daemon's one inference worker and its bounded queue.

Comes in: validated requests. Goes out: events, as they come. Pages are read in the Reader's process, one at a time;
models run in one thread, one request at a time: they take every core, and two at once would both be slower. Work
whose client has gone stops at the next token.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from notime.article import Reader, ReaderLimits, from_text
from notime.errors import Busy, Cancelled, ModelUnavailable, NotimeError
from notime.summary import Summarizer
from notime.types import Article, Summary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from notime.http.wire import SummaryRequest
    from notime.settings import Settings
    from notime.types import Event, Length

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """The request is in the queue, with so many before it."""

    id: str
    position: int


@dataclasses.dataclass(frozen=True, slots=True)
class ModelState:
    """The model is being loaded into memory, or has been."""

    state: str
    progress: float


class _Stop:
    """Tells a thread that nobody waits for its work any more."""

    def __init__(self) -> None:
        self._flag = threading.Event()

    def set(self) -> None:
        self._flag.set()

    def check(self) -> None:
        if self._flag.is_set():
            raise Cancelled("Stopped.")


class Worker:
    """Runs summaries for the daemon.

    Args:
        settings: model, limits, threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        limits = ReaderLimits(seconds=settings.read_seconds, max_html_bytes=int(settings.max_body_mb * 1e6))
        self._reader = Reader(limits)
        self._reading = asyncio.Lock()
        self._summarizer = Summarizer(settings.model, settings=settings)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._active: dict[str, asyncio.Queue[Any]] = {}
        self.idle = asyncio.Event()
        """Set while no request waits or runs."""
        self.idle.set()

    async def warm(self) -> None:
        """Load the model before the first request asks for it."""
        try:
            await self._in_thread(self._summarizer.open, _Stop().set)
        except ModelUnavailable as problem:
            logger.warning("%s %s", problem.message, problem.hint or "")

    def interrupt(self) -> None:
        """End what runs, each with an error to its client."""
        for events in self._active.values():
            events.put_nowait(ModelUnavailable("notime is shutting down.", hint="Start it with `notime serve`."))

    async def close(self) -> None:
        """Free process, thread and memory."""
        await asyncio.to_thread(self._reader.close)
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)
        self._summarizer.close()

    async def run(self, request: SummaryRequest, request_id: str) -> AsyncGenerator[Any, None]:
        """One request, from the queue to its summary.

        Yields:
            `Accepted`, `Article`, `ModelState`s, then what `Summarizer.stream` yields, its `Summary` with the whole
            request's timings.

        Raises:
            Busy: the queue is full.
            NotimeError: whatever goes wrong on the way.
        """
        if len(self._active) > self._settings.queue:
            raise Busy("notime is busy with other pages.", hint="Try again in a few seconds.")
        started = time.perf_counter()
        events: asyncio.Queue[Any] = asyncio.Queue()
        accepted = Accepted(request_id, len(self._active))
        self._active[request_id] = events
        self.idle.clear()
        job = asyncio.create_task(self._job(request, request_id, events, started))
        try:
            yield accepted
            while not isinstance(event := await events.get(), Summary):
                if isinstance(event, BaseException):
                    raise event
                yield event
            yield event
        finally:
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)
            del self._active[request_id]
            if not self._active:
                self.idle.set()

    async def _job(self, request: SummaryRequest, request_id: str, events: asyncio.Queue[Any], started: float) -> None:
        try:
            summary = await self._summarize(request, events, started)
            events.put_nowait(dataclasses.replace(summary, id=request_id))
        except Exception as problem:
            events.put_nowait(problem)

    async def _summarize(self, request: SummaryRequest, events: asyncio.Queue[Any], started: float) -> Summary:
        clock = time.perf_counter()
        article = await self._read(request)
        extract_ms = (time.perf_counter() - clock) * 1000
        events.put_nowait(article)
        clock = time.perf_counter()
        stop, loop = _Stop(), asyncio.get_running_loop()
        marks = {"start": clock, "loaded": clock}

        def emit(event: Any) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> Summary:
            marks["start"] = marks["loaded"] = time.perf_counter()
            stop.check()
            summarizer = self._opened(request.model or self._settings.model, emit)
            marks["loaded"] = time.perf_counter()
            length: Length = request.length or self._settings.length  # type: ignore[assignment] # validated
            return _drained(summarizer, article, length, stop, emit)

        summary = await self._in_thread(work, stop.set)
        before_ms = (marks["loaded"] - started) * 1000
        timings = dataclasses.replace(
            summary.timings,
            queue_ms=(marks["start"] - clock) * 1000,
            extract_ms=extract_ms,
            load_ms=(marks["loaded"] - marks["start"]) * 1000,
            first_sentence_ms=before_ms + summary.timings.first_sentence_ms,
            total_ms=before_ms + summary.timings.total_ms,
        )
        return dataclasses.replace(summary, timings=timings)

    async def _read(self, request: SummaryRequest) -> Article:
        if request.text is not None:
            return await asyncio.to_thread(from_text, request.text, title=request.title, url=request.url)
        async with self._reading:
            reading = asyncio.ensure_future(asyncio.to_thread(self._reader.read, request.page))
            return await _finished(reading, self._reader.cancel)

    def _opened(self, model: str, emit: Callable[[Any], None]) -> Summarizer:
        """The summarizer of that model, loaded; another one makes place. Runs in the inference thread."""
        if self._summarizer.model != model:
            other = Summarizer(model, settings=self._settings)
            self._summarizer.close()
            self._summarizer = other
        if not self._summarizer.is_open:
            emit(ModelState("loading", 0.0))
            self._summarizer.open()
            emit(ModelState("ready", 1.0))
        return self._summarizer

    async def _in_thread(self, work: Callable[[], T], stop: Callable[[], None]) -> T:
        return await _finished(asyncio.get_running_loop().run_in_executor(self._thread, work), stop)


async def _finished(future: asyncio.Future[T], stop: Callable[[], None]) -> T:
    """Wait for a thread. When the waiter is cancelled, the thread is told to stop and waited for all the same."""
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        stop()
        if not future.cancel():
            await asyncio.gather(future, return_exceptions=True)
        raise


def _drained(
    summarizer: Summarizer, article: Article, length: Length, stop: _Stop, emit: Callable[[Event], None]
) -> Summary:
    for event in summarizer.stream(article, length):
        stop.check()
        if isinstance(event, Summary):
            return event
        emit(event)
    raise NotimeError("The summary did not end.")
