"""The parent's side of the reading process: starts it, asks it, kills it.

Comes in: a `Page`, or plain text. Goes out: an `Article`, or one of our errors. Must not know: lxml, what a page looks
like.

A parser that meets a hostile page may loop inside C code or a regular expression, holding the interpreter. So pages are
parsed in another process, and what takes too long is killed. The next page gets a new process. Text is split into
sentences there as well: rules meet text of any shape.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, cast

from notime import errors
from notime.article.explanation import Explanation
from notime.article.process import messages
from notime.types import Article, Page


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one page may cost."""

    seconds: float = 5.0
    """Wall time from the page's handing over to the answer; a second more of the processor's."""
    memory_bytes: int = 512 * 1024 * 1024
    """Address space above what the process has when it is ready; held to on Linux."""
    max_html_bytes: int = 8 * 1024 * 1024
    """Longest page or text. The longest of 276 article pages measured has 1.6 MB."""
    start_seconds: float = 30.0
    """Wall time in which the process must be ready."""
    pages: int = 200
    """Then a new process takes over: what a page left in a parser's memory does not last."""


def _never() -> bool:
    return False


class Reader:
    """One reading process, for one page at a time; a context manager.

    Threads that read at the same time wait for each other. The process starts with the first page. A process with which
    anything went wrong is ended: no answer of it can be taken for another page's.
    """

    def __init__(self, limits: ReaderLimits = ReaderLimits()) -> None:
        self._limits = limits
        self._busy = threading.Lock()  # held while a page is read
        self._state = threading.Lock()  # guards those below
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0  # of the page that is read, or was
        self._reading = False
        self._killed: str | None = None
        self._closed = False
        self._pages = 0  # that this process has read

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, page: Page, *, short: bool = False, stopped: Callable[[], bool] = _never) -> Article:
        """The article on a page, split into sentences.

        Args:
            page: the page.
            short: also give an article that is too short for a summary.
            stopped: asked before anything is done; a `cancel` that comes later is heard in any case.

        Raises:
            NotAnArticle: there is none.
            TooShort: it is read faster than its summary.
            TooLarge: the page is over `max_html_bytes`.
            ReaderFailed: it took too much time or memory, or the process broke.
            Cancelled: `cancel` was called meanwhile.
        """
        message = {"verb": "short" if short else "read", **messages.page_to_wire(page)}
        return messages.article_from_wire(self._ask(message, page.html, stopped)["article"])

    def read_text(
        self, text: str, *, title: str | None = None, url: str | None = None, stopped: Callable[[], bool] = _never
    ) -> Article:
        """The article that plain text is; see `notime.article.from_text`.

        Raises:
            TooShort, TooLarge, ReaderFailed, Cancelled: as `read`.
        """
        message = {"verb": "text", "text": text, "title": title, "url": url}
        return messages.article_from_wire(self._ask(message, text, stopped)["article"])

    def explain(self, page: Page) -> Explanation:
        """Why each block of a page is in or out; refused pages are explained, not raised.

        Raises:
            TooLarge, ReaderFailed, Cancelled: as `read`.
        """
        message = {"verb": "explain", **messages.page_to_wire(page)}
        return messages.explanation_from_wire(self._ask(message, page.html, _never)["explanation"])

    def cancel(self) -> None:
        """Stop the page that is being read, if there is one: its `read` raises `Cancelled` at once."""
        self._kill("cancelled", only=self._number)

    def close(self) -> None:
        """End the process; a `read` that is under way raises `Cancelled`, later ones raise `ReaderFailed`."""
        with self._state:
            self._closed = True
        self._kill("cancelled")
        with self._busy:
            self._reap()

    def _ask(self, message: dict[str, Any], content: str | bytes, stopped: Callable[[], bool]) -> dict[str, Any]:
        self._check_size(content)
        with self._busy:
            with self._state:
                if self._closed:
                    raise errors.ReaderFailed("The reader is closed.")
                if stopped():
                    raise _cancelled()
                self._number += 1
                self._reading, self._killed = True, None
            sound = False
            try:
                answer = self._converse({"id": self._number, **message})
                sound = answer.get("error") != "memory"  # what it holds on to is not worth finding out
            except messages.Closed:
                raise self._reason() from None
            finally:
                with self._state:
                    self._reading = False
                    sound = sound and self._killed is None
                self._pages += 1
                if not sound or self._pages >= self._limits.pages:
                    self._reap()
        if "error" in answer:
            raise _translated(answer)
        return answer

    def _check_size(self, content: str | bytes) -> None:
        most = self._limits.max_html_bytes
        if len(content) > most or (isinstance(content, str) and len(content.encode("utf-8", "replace")) > most):
            raise errors.TooLarge(
                "This page is too large to read.", hint="Select the text and summarise the selection."
            )

    def _converse(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message.

        Raises:
            Closed: the process has gone, or answers something else.
            ReaderFailed: it could not be started.
        """
        process = self._running()
        with self._deadline(self._limits.seconds):
            messages.send(_stream(process.stdin), message)
            return _numbered(process, self._number)

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started and ready; raises as `_converse`."""
        process = self._process
        if process is not None and process.poll() is None:
            return process
        self._reap()
        process = _start(self._limits)
        with self._state:
            self._process = process
            if self._killed:  # cancelled while it started
                process.kill()
        with self._deadline(self._limits.start_seconds):
            _numbered(process, 0)
        return process

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._kill, ("slow", self._number))
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError as exc:  # the system gives no more threads
            raise _unstartable() from exc
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self, reason: str, only: int | None = None) -> None:
        """End the process; `only` while it reads the page of that number."""
        with self._state:
            if only is not None and not (self._reading and only == self._number):
                return
            self._killed = self._killed or reason
            if self._process is not None:
                self._process.kill()

    def _reap(self) -> None:
        with self._state:
            process, self._process = self._process, None
            self._pages = 0
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
            return _cancelled()
        if killed == "slow":
            return errors.ReaderFailed("This page takes too long to read.", hint=_SELECT)
        return errors.ReaderFailed("The process that reads pages ended unexpectedly.", hint="Try again.")


def _numbered(process: subprocess.Popen[bytes], number: int) -> dict[str, Any]:
    """The next frame, which must have that number.

    Raises:
        Closed: there is none, or it has another.
    """
    answer = messages.receive(_stream(process.stdout))
    if answer.pop("id", None) != number:
        raise messages.Closed
    return answer


def _cancelled() -> errors.Cancelled:
    return errors.Cancelled("Reading was stopped.")


def _unstartable() -> errors.ReaderFailed:
    return errors.ReaderFailed("The process that reads pages cannot be started.", hint="Close other programs.")


def _translated(answer: dict[str, Any]) -> errors.NotimeError:
    name = str(answer["error"])
    if name == "memory":
        return errors.ReaderFailed("This page takes too much memory to read.", hint=_SELECT)
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, errors.NotimeError):
        return kind(str(answer["message"]), hint=answer["hint"])
    return errors.ReaderFailed("This page could not be read.", hint=_SELECT)


_SELECT = "Select the text and summarise the selection."


def _start(limits: ReaderLimits) -> subprocess.Popen[bytes]:
    """A reading process that finds this package wherever it was imported from, and nothing in the current folder.

    Raises:
        ReaderFailed: the system gives no more processes, memory or descriptors.
    """
    source = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    arguments = (str(limits.memory_bytes), str(limits.seconds + 1))
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "notime.article.process.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the page
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        )
    except OSError as exc:
        raise _unstartable() from exc


def _stream(stream: Any) -> BinaryIO:
    return cast(BinaryIO, stream)
