"""The daemon's one worker and its bounded queue.

Comes in: validated requests. Goes out: events, as they come. Must not know: HTTP, the history. Pages are read in the
Reader's process, one at a time; then they wait for the models. Work whose client has gone stops at the next token.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from typing import TYPE_CHECKING, Any

from notime.article import Reader, ReaderLimits, from_text
from notime.errors import Busy, ModelUnavailable, NotimeError
from notime.http import answers
from notime.http.events import Accepted
from notime.http.inference import Inference, finished
from notime.http.kept import Kept, key_of, place_of
from notime.types import Article, Summary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from notime.http.wire import SummaryRequest
    from notime.settings import Settings
    from notime.types import Length


class Worker:
    """Runs summaries for the daemon.

    Args:
        settings: model, limits, threads.
        made: told of each summary that is made, the prepared ones too.
    """

    def __init__(self, settings: Settings, made: Callable[[Summary], None]) -> None:
        self._settings = settings
        self._told_of_made = made
        self._limits = ReaderLimits(seconds=settings.read_seconds, max_html_bytes=int(settings.max_body_mb * 1e6))
        self._reader = Reader(self._limits)
        self._reading = asyncio.Lock()
        self._inference = Inference(settings)
        self._active: dict[str, asyncio.Queue[Any]] = {}
        self.idle = asyncio.Event()
        """Set while no request waits or runs."""
        self.idle.set()
        self.asleep = asyncio.Event()
        """Set from when the models left memory until the next request."""
        self.kept = Kept()
        self._prepared: dict[str, asyncio.Task[None]] = {}
        """What is read before it is asked for, by key."""
        self._loop = asyncio.get_running_loop()
        self._bedtime: asyncio.TimerHandle | None = None
        self._sleeping: asyncio.Task[None] | None = None

    @property
    def model_state(self) -> str:
        """`loaded`, `loading` or `unloaded`."""
        return self._inference.state

    @property
    def waiting(self) -> int:
        """Requests behind the one that runs."""
        return max(0, len(self._active) - 1)

    async def warm(self) -> None:
        """Load the model before the first request asks for it."""
        await self._inference.warm()
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
        await self._inference.close()

    async def forget(self) -> None:
        """Keep no summary in memory, prepared ones included."""
        await self._drop(self._prepared)
        self.kept.clear()

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
            if (summary := self.kept.get(key)) is not None:
                if not told:
                    yield Accepted(request_id, 0)
                yield summary.article
                for sentence in summary.sentences:
                    yield sentence
                yield dataclasses.replace(summary, id=request_id)
                return
        async with contextlib.aclosing(self._made(request, request_id)) as events:
            async for event in events:
                if isinstance(event, Summary) and request.keep:
                    self.kept.put(key, event, self.place(request))
                if not (told and isinstance(event, Accepted)):
                    yield event

    def prepare(self, request: SummaryRequest, request_id: str) -> bool:
        """Make a summary before it is asked for; whoever asks for another page meanwhile ends it.

        Returns:
            False where it may not be kept until then, so that there is no use in it.

        Raises:
            Busy: there is other work.
        """
        if not request.keep:
            return False
        key = self._key(request)
        if key in self._prepared or (not request.refresh and self.kept.get(key) is not None):
            return True
        if self._active:
            raise Busy("notime is busy with another page.", hint="Ask for the summary when it is wanted.")
        task = asyncio.create_task(self._prepare(key, request, request_id))
        self._prepared[key] = task
        task.add_done_callback(lambda _done: self._prepared.pop(key, None))
        return True

    def place(self, request: SummaryRequest) -> str:
        """Where the history has the answer to that request."""
        return place_of(request, length=self.length(request))

    def length(self, request: SummaryRequest) -> Length:
        """The length that is asked for."""
        return request.length or self._settings.length  # type: ignore[return-value] # Settings validates it

    async def _prepare(self, key: str, request: SummaryRequest, request_id: str) -> None:
        try:
            async with contextlib.aclosing(self._made(request, request_id)) as events:
                async for event in events:
                    if isinstance(event, Summary):
                        self.kept.put(key, event, self.place(request))
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
        return key_of(request, model=self._model(request), length=self.length(request))

    def _model(self, request: SummaryRequest) -> str:
        return request.model or self._settings.model

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
            if await self._inference.rest(lambda: bool(self._active)) and not self._active:
                self.asleep.set()

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
            clock = time.perf_counter()
            article = await self._read(request)
            extract_ms = (time.perf_counter() - clock) * 1000
            events.put_nowait(article)
            summary = await self._inference.summarize(
                article,
                model=self._model(request),
                length=self.length(request),
                started=started,
                emit=events.put_nowait,
            )
            timings = dataclasses.replace(summary.timings, extract_ms=extract_ms)
            summary = dataclasses.replace(summary, id=request_id, timings=timings)
            self._told_of_made(summary)
            events.put_nowait(summary)
        except Exception as problem:
            events.put_nowait(problem)

    async def _read(self, request: SummaryRequest) -> Article:
        if request.text is not None:
            return await asyncio.to_thread(from_text, request.text, title=request.title, url=request.url)
        async with self._reading:
            reading = asyncio.ensure_future(asyncio.to_thread(self._reader.read, request.page))
            return await finished(reading, self._reader.cancel)
