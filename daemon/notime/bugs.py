"""Exceptions that nobody meant to raise: what is logged of them, and what is told."""

from __future__ import annotations

import logging
import traceback

from notime.errors import InternalError

logger = logging.getLogger(__name__)


def bug(error: Exception) -> InternalError:
    """What a client is told of an exception that nobody meant to raise.

    The log gets its type and where it happened, never its message: it may quote what was read.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    logger.error("%s at %s", type(error).__name__, where)
    return InternalError("Something went wrong in notime.")
