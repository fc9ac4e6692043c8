"""What the daemon writes on standard error: our own sentences, and of others only what happened and where.

Comes in: log records of every library. Goes out: lines, few of a kind. Must not know: what they are about. A library's
message and the message of an exception may quote what was read, a token or a page; none of it is written.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = "notime"

MOST, WITHIN_SECONDS = 5, 60.0
"""Lines of one kind in a minute; what a stranger can cause a thousand times is said five times."""

KINDS = 1000
"""Kinds that are counted; more than there are places that log."""


def write_to(stream: TextIO = sys.stderr) -> None:
    """Have everything that is logged from here on go there, in this form."""
    root = logging.getLogger()
    root.handlers = [Lines(stream)]
    root.setLevel(logging.WARNING)


class Lines(logging.StreamHandler[TextIO]):
    """One line a record.

    Args:
        stream: where to.
        clock: seconds that only go forward.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._counted: dict[tuple[str, int], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is one of the first of its kind lately."""
        now, kind = self._clock(), (record.pathname, record.lineno)
        since, count = self._counted.get(kind, (now, 0))
        if now - since >= WITHIN_SECONDS:
            since, count = now, 0
        if len(self._counted) >= KINDS:
            self._counted.clear()
        self._counted[kind] = since, count + 1
        record.is_last = count + 1 == MOST
        return count < MOST and super().filter(record) is not False

    def format(self, record: logging.LogRecord) -> str:
        """The line, without anything that could begin another or steer a terminal."""
        if record.name.partition(".")[0] == OURS:
            told = record.getMessage()
        else:
            told = f"{record.levelname.lower()} in {record.name}{_what(record)}"
        told = "".join(character if character.isprintable() else " " for character in told)
        more = " (Further ones within a minute are not told.)" if getattr(record, "is_last", False) else ""
        return f"notime: {told}{more}"


def _what(record: logging.LogRecord) -> str:
    """The kind of an exception and where it was raised, where there is one; else where it was logged."""
    if not record.exc_info or record.exc_info[1] is None:
        return f" at {record.module}:{record.lineno}"
    problem = record.exc_info[1]
    frames = traceback.extract_tb(problem.__traceback__)[-3:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f": {type(problem).__name__}" + (f" at {where}" if where else "")
