"""Where the daemon writes what went wrong: the platform's place, for its owner alone, never more than 4 MB.

Comes in: a folder. Goes out: logging that is set up, and a file that outlives a crash. Must not know: what was read;
nobody who logs here may say it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from notime.errors import InternalError, NotimeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path

LOG = "notime.log"
CRASH = "crash.log"

CRASH_BYTES = 64_000
"""Some twenty traces; then it begins anew."""

LOG_BYTES, LOG_FILES = 1_000_000, 3
"""A file of the log, and how many older ones are kept. A line has about 100 bytes, and a quiet week none."""


@contextlib.contextmanager
def written(folder: Path, console: logging.Handler) -> Iterator[None]:
    """Log to standard error, and into a file where the folder can be written; keep a crash's trace in another.

    Args:
        folder: of the files.
        console: writes to standard error, few lines of a kind and nothing of what others say; the file has the same.

    Under systemd the journal has standard error, with rotation of its own; there is no second log then.
    """
    handlers: list[logging.Handler] = [console]
    if "JOURNAL_STREAM" not in os.environ:
        with contextlib.suppress(OSError):
            handlers.append(_file(folder, console))
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.enter_context(_crashes(folder))
        yield
    for handler in handlers[1:]:
        logging.getLogger().removeHandler(handler)
        handler.close()


def last_crash(folder: Path) -> tuple[str, str] | None:
    """When the daemon last crashed (UTC, ISO 8601), and the lines that say where; None where it never did."""
    path = folder / CRASH
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
    return (when.isoformat(timespec="seconds"), "\n".join(lines[-20:])) if lines else None


class _Like(logging.Formatter):
    """What another handler writes, with the time before it."""

    def __init__(self, other: logging.Handler) -> None:
        super().__init__()
        self._other = other

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        return f"{self.formatTime(record)} {self._other.format(record)}"


class _Private(RotatingFileHandler):
    """A rotating log that only its owner can read, whatever the umask."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 # the base's name
        """A disk that is full costs a line, not the daemon."""


def _file(folder: Path, like: logging.Handler) -> logging.Handler:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _Private(folder / LOG, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(_Like(like))
    return handler


@contextlib.contextmanager
def _crashes(folder: Path) -> Iterator[None]:
    """From here on a crash, even one in C code, leaves where it happened; never with what.

    Raises:
        InternalError: what was raised inside and is no error of ours, told without its message.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / CRASH, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if os.fstat(descriptor).st_size > CRASH_BYTES:
        os.ftruncate(descriptor, 0)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        faulthandler.enable(file)
        try:
            yield
        except NotimeError:
            raise
        except Exception as error:
            print(place_of(error), file=file, flush=True)
            raise InternalError(f"notime ended over a bug of its own: {place_of(error)}.") from None
        finally:
            faulthandler.disable()


def place_of(error: BaseException) -> str:
    """An error by its kind and where it was raised: its message may quote what was read."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].name}:{frames[-1].lineno}" if frames else type(error).__name__
