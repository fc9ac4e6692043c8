"""The daemon's one inference worker and its bounded queue.

Comes in: validated requests. Goes out: events, as they come. Pages are read in the Reader's process, one at a time;
models run in one thread, one request at a time: they take every core, and two at once would both be slower. Work
whose client has gone stops at the next token.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from notime.article import Reader, ReaderLimits, from_text
from notime.errors import Busy, Cancelled, ModelUnavailable, NotimeError
from notime.http import answers
from notime.http.kept import Kept, key_of
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
        self._limits = ReaderLimits(seconds=settings.read_seconds, max_html_bytes=int(settings.max_body_mb * 1e6))
        self._reader = Reader(self._limits)
        self._reading = asyncio.Lock()
        self._summarizer = Summarizer(settings.model, settings=settings)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._active: dict[str, asyncio.Queue[Any]] = {}
        self.idle = asyncio.Event()
        """Set while no request waits or runs."""
        self.idle.set()
        self.asleep = asyncio.Event()
        """Set from when the models left memory until the next request."""
        self._kept = Kept()
        self._prepared: dict[str, asyncio.Task[None]] = {}
        """What is read before it is asked for, by key."""
        self._loop = asyncio.get_running_loop()
        self._bedtime: asyncio.TimerHandle | None = None
        self._sleeping: asyncio.Task[None] | None = None

    async def warm(self) -> None:
        """Load the model before the first request asks for it."""
        try:
            await self._in_thread(self._summarizer.open, _Stop().set)
        except ModelUnavailable as problem:
            logger.warning("%s %s", problem.message, problem.hint or "")
        self._wind()

    def interrupt(self) -> None:
        """End what runs, each with an error to its client."""
        for events in self._active.values():
            events.put_nowait(ModelUnavailable("notime is shutting down.", hint="Start it with `notime serve`."))

    async def close(self) -> None:
        """Free process, thread and memory."""
        if self._bedtime is not None:
            self._bedtime.cancel()
        await self._drop(self._prepared)
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
        key, told = self._key(request), False
        if not request.refresh:
            # A preparation of this very page is waited for; any other has to stand back.
            await self._drop({other: task for other, task in self._prepared.items() if other != key})
            if (task := self._prepared.get(key)) is not None:
                yield Accepted(request_id, 1)
                told = True
                await asyncio.wait([task])  # however it ends: another page may have put an end to it
            if (summary := self._kept.get(key)) is not None:
                if not told:
                    yield Accepted(request_id, 0)
                yield summary.article
                for sentence in summary.sentences:
                    yield sentence
                yield dataclasses.replace(summary, id=request_id)
                return
        async with contextlib.aclosing(self._made(request, request_id)) as events:
            async for event in events:
                if isinstance(event, Summary):
                    self._kept.put(key, event)
                if not (told and isinstance(event, Accepted)):
                    yield event

    def prepare(self, request: SummaryRequest, request_id: str) -> None:
        """Make a summary before it is asked for; whoever asks for another page meanwhile ends it.

        Raises:
            Busy: there is other work.
        """
        key = self._key(request)
        if key in self._prepared or (not request.refresh and self._kept.get(key) is not None):
            return
        if self._active:
            raise Busy("notime is busy with another page.", hint="Ask for the summary when it is wanted.")
        task = asyncio.create_task(self._prepare(key, request, request_id))
        self._prepared[key] = task
        task.add_done_callback(lambda _done: self._prepared.pop(key, None))

    async def _prepare(self, key: str, request: SummaryRequest, request_id: str) -> None:
        try:
            async with contextlib.aclosing(self._made(request, request_id)) as events:
                async for event in events:
                    if isinstance(event, Summary):
                        self._kept.put(key, event)
        except NotimeError:
            pass  # whoever asks for the page is told
        except Exception as problem:
            answers.bug(problem)

    @staticmethod
    async def _drop(prepared: dict[str, asyncio.Task[None]]) -> None:
        tasks = list(prepared.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _key(self, request: SummaryRequest) -> str:
        model, length = request.model or self._settings.model, request.length or self._settings.length
        return key_of(request, model=model, length=length)

    def _wind(self) -> None:
        """Set the hour from which the models are not worth their memory."""
        if self._bedtime is not None:
            self._bedtime.cancel()
        if self._settings.idle_minutes > 0:
            self._bedtime = self._loop.call_later(60 * self._settings.idle_minutes, self._go_to_bed)

    def _go_to_bed(self) -> None:
        self._sleeping = asyncio.create_task(self._sleep())

    async def _sleep(self) -> None:
        if not self._active:
            reader, self._reader = self._reader, Reader(self._limits)
            await asyncio.to_thread(reader.close)
            await self._in_thread(self._close_unless_busy, _Stop().set)

    def _close_unless_busy(self) -> None:
        """Runs in the inference thread, behind whatever came in meanwhile."""
        if not self._active:
            self._summarizer.close()
            self._loop.call_soon_threadsafe(self.asleep.set)

    async def _made(self, request: SummaryRequest, request_id: str) -> AsyncGenerator[Any, None]:
        """A summary from the beginning; as `run`."""
        if len(self._active) > self._settings.queue:
            raise Busy("notime is busy with other pages.", hint="Try again in a few seconds.")
        self.asleep.clear()
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
                self._wind()

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
