"""The history, for the event loop: one thread that alone touches the disk.

Comes in: answers to write down, questions. Goes out: entries. Must not know: HTTP. Whatever is wrong with the file, a
summary is answered: then it is not written down, and the log says why, without a word of it.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from notime.bugs import bug
from notime.errors import HistoryDamaged, HistoryUnavailable
from notime.history.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.history.entry import Entry
    from notime.settings import Settings
    from notime.types import Summary

T = TypeVar("T")
logger = logging.getLogger(__name__)


class History:
    """What was summarised, as `Store` has it.

    Args:
        settings: where it is, how long, and whether at all.
    """

    def __init__(self, settings: Settings) -> None:
        self.kept = settings.keep_history
        """New summaries are written down."""
        self._store = Store.of(settings)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._told = ""
        self._problem: str | None = None
        """The code of what kept the last answer from being written down."""

    async def open(self) -> None:
        """Forget what is too old, and find damage before the first summary does."""
        try:
            await self._in_thread(self._store.size)
        except HistoryUnavailable as problem:
            self._warn(problem)

    async def close(self) -> None:
        """Let what is being written be written."""
        await asyncio.to_thread(self._thread.shutdown)

    async def remember(self, summary: Summary, *, place: str, length: str) -> bool:
        """Write an answer down, where answers are.

        Returns:
            Whether it was. Never raises.
        """
        if not self.kept:
            return False
        try:
            await self._in_thread(lambda: self._put(summary, place, length))
        except HistoryUnavailable as problem:
            self._warn(problem)
            self._problem = problem.code
            return False
        except Exception as problem:
            self._problem = bug(problem).code
            return False
        self._told, self._problem = "", None
        return True

    async def holds(self, place: str) -> bool:
        """There is an entry at that place, or there is no telling."""
        try:
            return await self._in_thread(lambda: self._store.holds(place))
        except HistoryUnavailable:
            return True

    async def search(self, query: str, *, before: str | None, limit: int) -> tuple[list[Entry], str | None]:
        """As `Store.search`."""
        return await self._in_thread(lambda: self._store.search(query, before=before, limit=limit))

    async def get(self, summary_id: str) -> Entry:
        """As `Store.get`."""
        return await self._in_thread(lambda: self._store.get(summary_id))

    async def delete(self, summary_id: str) -> str:
        """As `Store.delete`."""
        return await self._in_thread(lambda: self._store.delete(summary_id))

    async def clear(self) -> None:
        """As `Store.clear`."""
        await self._in_thread(self._store.clear)

    async def state(self) -> dict[str, Any]:
        """For `GET /v1/status`."""
        try:
            entries, size = await self._in_thread(self._store.size)
        except HistoryUnavailable as problem:
            return {"kept": False, "entries": 0, "bytes": 0, "problem": problem.code}
        if self._problem is not None:
            return {"kept": False, "entries": entries, "bytes": size, "problem": self._problem}
        return {"kept": self.kept, "entries": entries, "bytes": size}

    def _put(self, summary: Summary, place: str, length: str) -> None:
        try:
            self._store.put(summary, place=place, length=length)
        except HistoryDamaged as problem:
            self._warn(problem)
            self._store.put(summary, place=place, length=length)

    def _warn(self, problem: HistoryUnavailable) -> None:
        """Once, until it works again."""
        if problem.message != self._told:
            self._told = problem.message
            logger.warning("%s %s", problem.message, problem.hint or "")

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
