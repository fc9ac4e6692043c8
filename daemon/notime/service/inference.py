"""The models in memory, and the one thread that runs them.

Comes in: articles. Goes out: summaries, and events on the way. Must not know: requests, queues. One article at a time:
the models take every core, and two at once would both be slower.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from notime.errors import ModelUnavailable, NotimeError
from notime.service.events import ModelState
from notime.service.threads import Stop, in_thread
from notime.summary import Summarizer
from notime.types import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.settings import Settings
    from notime.types import Article, Event, Length

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Inference:
    """The summarizer of one model; another one takes its place when it is asked for.

    Args:
        settings: model and threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._summarizer = Summarizer(settings.model, settings=settings)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._loading = False

    @property
    def state(self) -> Literal["loaded", "loading", "unloaded"]:
        """Whether the models are in memory."""
        if self._loading:
            return "loading"
        return "loaded" if self._summarizer.is_open else "unloaded"

    async def warm(self) -> None:
        """Load the model before the first request asks for it."""
        try:
            await self._in_thread(self._open, Stop().set)
        except ModelUnavailable as problem:
            logger.warning("%s %s", problem.message, problem.hint or "")

    async def rest(self, is_busy: Callable[[], bool]) -> bool:
        """Give the models' memory back.

        Args:
            is_busy: asked in the thread, behind whatever waits for it; if so, nothing is done.

        Returns:
            Whether the memory was given back.
        """

        def work() -> bool:
            if is_busy():
                return False
            self._summarizer.close()
            return True

        return await self._in_thread(work, Stop().set)

    async def close(self) -> None:
        """Free thread and memory."""
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)
        self._summarizer.close()

    async def summarize(
        self, article: Article, *, model: str, length: Length, started: float, emit: Callable[[Any], None]
    ) -> Summary:
        """One article. Cancelled, it stops at the next token.

        Args:
            article: what to summarise.
            model: an id of the catalog.
            length: how much.
            started: when the request came, by `time.perf_counter`; the timings count from there.
            emit: called in the loop with `ModelState`s and what `Summarizer.stream` yields, its `Summary` excepted.
        """
        stop, loop = Stop(), asyncio.get_running_loop()
        queued = time.perf_counter()

        def tell(event: Any) -> None:
            loop.call_soon_threadsafe(emit, event)

        def work() -> Summary:
            begun = time.perf_counter()
            stop.check()
            summarizer = self._opened(model, tell)
            loaded = time.perf_counter()
            try:
                summary = _drained(summarizer, article, length, stop, tell)
            except ModelUnavailable:
                summarizer.close()  # its files are looked at again; what has no memory gives back its own
                raise
            timings = dataclasses.replace(
                summary.timings,
                queue_ms=(begun - queued) * 1000,
                load_ms=(loaded - begun) * 1000,
                first_sentence_ms=(loaded - started) * 1000 + summary.timings.first_sentence_ms,
                total_ms=(loaded - started) * 1000 + summary.timings.total_ms,
            )
            return dataclasses.replace(summary, timings=timings)

        return await self._in_thread(work, stop.set)

    def _opened(self, model: str, tell: Callable[[Any], None]) -> Summarizer:
        """The summarizer of that model, loaded. Runs in the thread."""
        if self._summarizer.model != model:
            other = Summarizer(model, settings=self._settings)
            self._summarizer.close()
            self._summarizer = other
        if not self._summarizer.is_open:
            self._open(lambda: tell(ModelState("loading", 0.0)))
            tell(ModelState("ready", 1.0))
        return self._summarizer

    def _open(self, begun: Callable[[], None] = lambda: None) -> None:
        self._loading = True
        begun()  # by then the state says so
        try:
            self._summarizer.open()
        finally:
            self._loading = False

    async def _in_thread(self, work: Callable[[], T], stop: Callable[[], None]) -> T:
        return await in_thread(self._thread, work, stop)


def _drained(
    summarizer: Summarizer, article: Article, length: Length, stop: Stop, tell: Callable[[Event], None]
) -> Summary:
    for event in summarizer.stream(article, length):
        stop.check()
        if isinstance(event, Summary):
            return event
        tell(event)
    raise NotimeError("The summary did not end.")
