"""The parent's side of the reading process: starts it, asks it, kills it.

Comes in: a `Page`. Goes out: an `Article`, or one of our errors. Must not know: lxml, what a page looks like.

A parser that meets a hostile page may loop inside C code or a regular expression, holding the interpreter. So pages are
parsed in another process, and what takes too long is killed. The next page gets a new process.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from notime import errors
from notime.article import wire
from notime.article.explanation import Explanation
from notime.types import Article, Page


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one page may cost."""

    seconds: float = 5.0
    """Wall time from the page's handing over to the answer."""
    memory_bytes: int = 512 * 1024 * 1024
    """Address space above what the process has when it is ready; held to on Linux."""
    max_html_bytes: int = 8 * 1024 * 1024
    """Longest page. The longest of 276 article pages measured has 1.6 MB."""
    start_seconds: float = 30.0
    """Wall time in which the process must be ready."""


class Reader:
    """One reading process, for one page at a time; a context manager.

    Threads that read at the same time wait for each other. The process starts with the first page.
    """

    def __init__(self, limits: ReaderLimits = ReaderLimits()) -> None:
        self._limits = limits
        self._busy = threading.Lock()  # held while a page is read
        self._state = threading.Lock()  # guards the three below
        self._process: subprocess.Popen[bytes] | None = None
        self._reading = False
        self._killed: str | None = None
        self._closed = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, page: Page, *, short: bool = False) -> Article:
        """The article on a page.

        Args:
            page: the page.
            short: also give an article that is too short for a summary.

        Raises:
            NotAnArticle: there is none.
            TooShort: it is read faster than its summary.
            TooLarge: the page is over `max_html_bytes`.
            ReaderFailed: it took too much time or memory, or the process broke.
            Cancelled: `cancel` was called meanwhile.
        """
        return wire.article_from_wire(self._ask("short" if short else "read", page)["article"])

    def explain(self, page: Page) -> Explanation:
        """Why each block of a page is in or out; refused pages are explained, not raised.

        Raises:
            TooLarge, ReaderFailed, Cancelled: as `read`.
        """
        return wire.explanation_from_wire(self._ask("explain", page)["explanation"])

    def cancel(self) -> None:
        """Stop the page that is being read, if there is one: its `read` raises `Cancelled` at once."""
        self._kill("cancelled", only_reading=True)

    def close(self) -> None:
        """End the process; a `read` that is under way raises `Cancelled`, later ones raise `ReaderFailed`."""
        with self._state:
            self._closed = True
        self._kill("cancelled")
        with self._busy:
            self._reap()

    def _ask(self, verb: str, page: Page) -> dict[str, Any]:
        self._check_size(page)
        with self._busy:
            with self._state:
                if self._closed:
                    raise errors.ReaderFailed("The reader is closed.")
                self._reading, self._killed = True, None
            try:
                return self._converse({"verb": verb, **wire.page_to_wire(page)})
            finally:
                with self._state:
                    self._reading = False

    def _check_size(self, page: Page) -> None:
        most = self._limits.max_html_bytes
        if len(page.html) > most or (isinstance(page.html, str) and len(page.html.encode("utf-8", "replace")) > most):
            raise errors.TooLarge(
                "This page is too large to read.", hint="Select the text and summarise the selection."
            )

    def _converse(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            process = self._running()
            with self._deadline(self._limits.seconds):
                wire.send(_stream(process.stdin), message)
                answer = wire.receive(_stream(process.stdout))
        except wire.Closed:
            self._reap()
            raise self._reason() from None
        if "error" in answer:
            raise self._translate(answer)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started and ready.

        Raises:
            Closed: it did not start.
        """
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self._reap()
        process = _start(self._limits.memory_bytes)
        with self._state:
            self._process = process
            if self._killed:  # cancelled while it started
                process.kill()
        with self._deadline(self._limits.start_seconds):
            wire.receive(_stream(process.stdout))
        return process

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._kill, ("slow",))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self, reason: str, *, only_reading: bool = False) -> None:
        with self._state:
            if only_reading and not self._reading:
                return
            self._killed = self._killed or reason
            if self._process is not None:
                self._process.kill()

    def _reap(self) -> None:
        with self._state:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError, BrokenPipeError):
                    _stream(stream).close()

    def _reason(self) -> errors.NotimeError:
        """Why the process is gone."""
        with self._state:
            killed = self._killed
        if killed == "cancelled":
            return errors.Cancelled("Reading was stopped.")
        if killed == "slow":
            return errors.ReaderFailed("This page takes too long to read.", hint=_SELECT)
        return errors.ReaderFailed("The process that reads pages ended unexpectedly.", hint="Try again.")

    def _translate(self, answer: dict[str, Any]) -> errors.NotimeError:
        name = str(answer["error"])
        if name == "memory":
            self._reap()  # what it holds on to is not worth finding out
            return errors.ReaderFailed("This page takes too much memory to read.", hint=_SELECT)
        kind = getattr(errors, name, None)
        if isinstance(kind, type) and issubclass(kind, errors.NotimeError):
            return kind(str(answer["message"]), hint=answer["hint"])
        return errors.ReaderFailed("This page could not be read.", hint=_SELECT)


_SELECT = "Select the text and summarise the selection."


def _start(memory_bytes: int) -> subprocess.Popen[bytes]:
    """A reading process that finds this package wherever it was imported from, and nothing in the current folder."""
    source = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "notime.article.worker", str(memory_bytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote the page
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
    )


def _stream(stream: Any) -> BinaryIO:
    return cast(BinaryIO, stream)
