"""The daemon's one worker.

Comes in: validated requests. Goes out: events, as they come. Must not know: HTTP, the history. Pages are read in the
Reader's process, one at a time; then they wait for the models. Work that nobody waits for stops at the next token.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from notime.article import Reader, ReaderLimits
from notime.bugs import bug
from notime.errors import Busy, ModelUnavailable, NotimeError
from notime.service.cache import Cache, key_of, place_of
from notime.service.events import Accepted
from notime.service.inference import Inference
from notime.service.queue import JobQueue
from notime.service.threads import Stop, in_thread
from notime.service.turns import Turns
from notime.types import Article, Summary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from notime.service.queue import Listening
    from notime.service.request import SummaryRequest
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
        self._reading = Turns()
        self._readers_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._inference = Inference(settings)
        self._thinking = Turns()
        self._queue = JobQueue(settings.queue, self._changed)
        self.idle = asyncio.Event()
        """Set while no request waits or runs."""
        self.idle.set()
        self.asleep = asyncio.Event()
        """Set from when the models left memory until the next request."""
        self.cache = Cache()
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
        return max(0, len(self._queue) - 1)

    async def warm(self) -> None:
        """Load the model before the first request asks for it."""
        await self._inference.warm()
        self._wind()

    def interrupt(self) -> None:
        """End what runs, each with an error to its client."""
        self._queue.interrupt(ModelUnavailable("notime is shutting down.", hint="Start it with `notime serve`."))

    async def close(self) -> None:
        """Free process, thread and memory."""
        if self._bedtime is not None:
            self._bedtime.cancel()
        await self._drop(self._prepared)
        await self._queue.close()
        await asyncio.to_thread(self._reader.close)
        self._readers_thread.shutdown(wait=False)
        await self._inference.close()

    async def forget(self) -> None:
        """Keep no summary in memory, prepared ones included."""
        await self._drop(self._prepared)
        self.cache.clear()

    async def run(self, request: SummaryRequest, request_id: str, client: str = "") -> AsyncGenerator[Any, None]:
        """One request, from the queue to its summary.

        Who asks for what is being made already, or prepared, is told of the same work.

        Args:
            request: what is asked for.
            request_id: of this answer.
            client: who asks; they take turns.

        Yields:
            `Accepted`, `Article`, `ModelState`s, then what `Summarizer.stream` yields, its `Summary` with the whole
            request's timings.

        Raises:
            Busy: the queue is full.
            NotimeError: whatever goes wrong on the way.
        """
        key = self._key(request)
        # Other pages' preparations stand back.
        await self._drop({other: task for other, task in self._prepared.items() if other != key})
        if not request.refresh and (summary := self.cache.get(key)) is not None:
            yield Accepted(request_id, 0)
            yield summary.article
            for sentence in summary.sentences:
                yield sentence
            yield dataclasses.replace(summary, id=request_id)
            return
        with self._listening(key, request, client) as events:
            yield Accepted(request_id, events.position)
            async for event in events:
                if not isinstance(event, Summary):
                    yield event
                    continue
                self._keep(key, request, event)
                yield dataclasses.replace(event, id=request_id, cached=events.joined)

    def prepare(self, request: SummaryRequest, client: str = "") -> bool:
        """Make a summary before it is asked for; whoever asks for another page meanwhile ends it.

        Returns:
            False where it may not be kept until then, so that there is no use in it.

        Raises:
            Busy: there is other work.
        """
        if not request.keep:
            return False
        key = self._key(request)
        if self._queue.has(key) or (not request.refresh and self.cache.get(key) is not None):
            return True
        if len(self._queue):
            raise Busy("notime is busy with another page.", hint="Ask for the summary when it is wanted.")
        task = asyncio.create_task(self._prepare(key, request, self._listening(key, request, client)))
        self._prepared[key] = task
        task.add_done_callback(lambda done: self._prepared.pop(key) if self._prepared.get(key) is done else None)
        return True

    def place(self, request: SummaryRequest) -> str:
        """Where the history has the answer to that request."""
        return place_of(request, length=self.length(request))

    def length(self, request: SummaryRequest) -> Length:
        """The length that is asked for."""
        return request.length or self._settings.length  # type: ignore[return-value] # Settings validates it

    async def _prepare(self, key: str, request: SummaryRequest, listening: Listening) -> None:
        try:
            with listening as events:
                async for event in events:
                    if isinstance(event, Summary):
                        self._keep(key, request, event)
        except NotimeError:
            pass  # whoever asks for the page is told
        except Exception as problem:
            bug(problem)

    def _listening(self, key: str, request: SummaryRequest, client: str) -> Listening:
        async def work(publish: Callable[[Any], None]) -> Summary:
            return await self._made(request, client, publish)

        return self._queue.ask(key, client, work)

    def _keep(self, key: str, request: SummaryRequest, summary: Summary) -> None:
        if request.keep:
            self.cache.put(key, summary, self.place(request))

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
        if not len(self._queue):
            reader, self._reader = self._reader, Reader(self._limits)
            await asyncio.to_thread(reader.close)
            if await self._inference.rest(lambda: bool(len(self._queue))) and not len(self._queue):
                self.asleep.set()

    def _changed(self, busy: bool) -> None:  # it is the one argument
        if busy:
            self.asleep.clear()
            self.idle.clear()
        else:
            self.idle.set()
            self._wind()

    async def _made(self, request: SummaryRequest, client: str, publish: Callable[[Any], None]) -> Summary:
        """A summary from the beginning; events on the way are published."""
        started = time.perf_counter()
        article = await self._read(request, client)
        extract_ms = (time.perf_counter() - started) * 1000
        publish(article)
        queued = time.perf_counter()
        async with self._thinking.turn(client):
            waited_ms = (time.perf_counter() - queued) * 1000
            summary = await self._inference.summarize(
                article, model=self._model(request), length=self.length(request), started=started, emit=publish
            )
        queue_ms = summary.timings.queue_ms + waited_ms
        timings = dataclasses.replace(summary.timings, extract_ms=extract_ms, queue_ms=queue_ms)
        summary = dataclasses.replace(summary, timings=timings)
        self._told_of_made(summary)
        return summary

    async def _read(self, request: SummaryRequest, client: str) -> Article:
        async with self._reading.turn(client):
            reader, stop = self._reader, Stop()

            def read() -> Article:
                if request.text is None:
                    return reader.read(request.page, stopped=stop.is_set)
                return reader.read_text(request.text, title=request.title, url=request.url, stopped=stop.is_set)

            def end() -> None:
                stop.set()
                reader.cancel()

            return await in_thread(self._readers_thread, read, end)
