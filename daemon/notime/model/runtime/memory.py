"""Memory that the system does not give.

Comes in: what the networks raised. Goes out: our own error, where that was it. Must not know: which network it was.

NumPy and Python say so by `MemoryError`; ONNX Runtime by the words of exceptions that share no class.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from notime.errors import OutOfMemory

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFUSED = re.compile(r"bad_alloc|bad allocation|Failed to allocate memory")


def out_of_memory(error: BaseException) -> OutOfMemory | None:
    """What to raise in place of an error, where it says that there is no memory."""
    of_runtime = type(error).__module__.startswith("onnxruntime.")
    if isinstance(error, MemoryError) or (of_runtime and _REFUSED.search(str(error))):
        return OutOfMemory("There is not enough memory for the model.")
    return None


@contextlib.contextmanager
def enough() -> Iterator[None]:
    """A context in which it is ours to tell.

    Raises:
        OutOfMemory: what was done in it got no memory.
    """
    try:
        yield
    except Exception as error:
        if told := out_of_memory(error):
            raise told from error
        raise
