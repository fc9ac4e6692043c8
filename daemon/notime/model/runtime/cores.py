"""The processor at hand: what it is called, and how many of its cores this process may use.

Comes in: nothing. Goes out: a `Processor`. Must not know: what it is used for.
"""

from __future__ import annotations

import math
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

MOST_THREADS = 8
"""More threads share an operator of networks as small as ours badly."""

MANY_CORES = 4
"""From here on one is left to the browser."""

CGROUP = Path("/sys/fs/cgroup")
TOPOLOGY = Path("/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Processor:
    """As this process may use it: affinity and container limits included."""

    name: str
    logical: int
    physical: int

    @property
    def threads(self) -> int:
        """For one operator, by policy: the physical cores but one, where there are many."""
        return self.most(self.physical)

    def most(self, cores: int) -> int:
        """Threads on so many cores, at most."""
        return min(cores - (cores >= MANY_CORES), MOST_THREADS)


def processor() -> Processor:
    """The one that this runs on."""
    logical = usable_cores()
    return Processor(processor_name(cpuinfo()), logical, min(_physical(), logical))


def usable_cores() -> int:
    """Cores this process may run on (container and affinity limits included)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = quota_of(_text(CGROUP / "cpu.max") or _version_1())
    return min(cores, max(1, math.ceil(quota))) if quota else cores


def quota_of(text: str) -> float | None:
    """Cores that a container is held to, by its `cpu.max`: microseconds of work, and in how many; None for no limit."""
    found = re.match(r"(\d+)\s+(\d+)", text)
    return int(found[1]) / int(found[2]) if found and int(found[2]) else None


def physical_of(siblings: list[str]) -> int:
    """How many cores there are, by the list of threads that each thread shares its core with."""
    return len(set(siblings))


def cpuinfo() -> str:
    """What Linux tells of the processor; empty elsewhere."""
    return _text(Path("/proc/cpuinfo"))


def processor_name(text: str) -> str:
    """By `cpuinfo`, else as Python knows it."""
    name = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return name[1] if name else platform.processor() or platform.machine()


def _physical() -> int:
    """Cores behind the threads that this process may run on; all of them where the system does not tell."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    threads = os.sched_getaffinity(0)
    siblings = [_text(TOPOLOGY / f"cpu{thread}" / "topology" / "thread_siblings_list") for thread in threads]
    return physical_of(siblings) if all(siblings) else len(threads)


def _version_1() -> str:
    return f"{_text(CGROUP / 'cpu/cpu.cfs_quota_us').strip()} {_text(CGROUP / 'cpu/cpu.cfs_period_us').strip()}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
