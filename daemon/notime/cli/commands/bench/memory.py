"""How much memory a process has: resident now, and at most so far.

Comes in: nothing, or a process's number. Goes out: MB (10^6 bytes), or None where the platform does not tell.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

SAMPLE_SECONDS = 0.05
"""Reading /proc takes some 30 µs: a thousandth of a core at this rate."""


def resident_mb(process: int | str = "self") -> float | None:
    """Resident memory (RSS) now; Linux only."""
    return _status(process, "VmRSS")


def peak_mb(process: int | str = "self") -> float | None:
    """Most resident memory so far; for other processes Linux only."""
    found = _status(process, "VmHWM")
    return _peak_by_resource() if found is None and process == "self" else found


def children(process: int) -> tuple[int, ...]:
    """Numbers of the processes that this one started and that still run; Linux only."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name in brackets, which may hold anything: state, then the parent.
            parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        if int(parent) == process:
            found.append(int(path.parent.name))
    return tuple(found)


def _status(process: int | str, key: str) -> float | None:
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(rf"^{key}:\s*(\d+) kB", text, re.MULTILINE)
    return int(match[1]) * 1024 / 1e6 if match else None


def _peak_by_resource() -> float | None:
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


class Timeline:
    """This process's resident memory over time, with marks; a context manager that samples in a thread."""

    def __init__(self) -> None:
        self.samples: list[tuple[float, float]] = []
        """Seconds since the start, MB; empty where the platform does not tell."""
        self.marks: list[tuple[float, str]] = []
        """Seconds since the start, what begins there."""
        self._started = time.perf_counter()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory", daemon=True)

    def mark(self, text: str) -> None:
        """Something begins now."""
        self.marks.append((round(time.perf_counter() - self._started, 3), text))

    def __enter__(self) -> Timeline:
        if resident_mb() is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
            self._take()

    def _sample(self) -> None:
        while not self._ended.is_set():
            self._take()
            self._ended.wait(SAMPLE_SECONDS)

    def _take(self) -> None:
        if (found := resident_mb()) is not None:
            self.samples.append((round(time.perf_counter() - self._started, 3), round(found, 2)))
