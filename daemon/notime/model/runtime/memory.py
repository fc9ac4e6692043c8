"""Memory: what a model takes, what there is, and that the system gives none.

Comes in: the folders of built models, what the networks raised. Goes out: MB (10^6 bytes), our own error. Must not
know: which network it was.

NumPy and Python say by `MemoryError` that there is none; ONNX Runtime by the words of exceptions that share no class.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from notime.errors import OutOfMemory
from notime.model.runtime.embedding import FILE as EMBEDDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEMORY, CGROUPS, OWN_CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")

LOADING_MB = 100.0
"""What loading takes at most beyond the files that are held; docs/model.md has what was measured."""

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


def needed_mb(folders: Iterable[Path]) -> float:
    """What models take once they are loaded; an embedding is read from disk row by row."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name != EMBEDDING)
    return sum(path.stat().st_size for path in files) / 1e6 + LOADING_MB


def free_mb() -> float | None:
    """What this process can still get without swapping: of the machine's, and of its control group's; Linux only."""
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", MEMORY.read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return None
    return min([int(found[1]) * 1024 / 1e6, *_free_in_groups()]) if found else None


def refuse_too_large(model: str, needed: float, *, most: float, held: float) -> None:
    """Tell before a model is loaded that there is no room for it.

    Args:
        model: its id.
        needed: MB that it takes.
        most: MB that models may take together; 0: what is free.
        held: MB that other models have taken.

    Raises:
        OutOfMemory: it does not fit.
    """
    free = free_mb()
    if most and needed + held > most:
        beside = f" beside the {held:.0f} MB that are in use" if held else ""
        raise OutOfMemory(
            f"The model {model} takes about {needed:.0f} MB of memory{beside}; memory_mb allows {most:.0f}.",
            hint="Choose a smaller model, or allow more.",
        )
    if free is not None and needed > free:
        raise OutOfMemory(f"The model {model} takes about {needed:.0f} MB of memory; {free:.0f} MB are free.")


def _free_in_groups() -> Iterator[float]:
    """MB up to the limit of each control group (version 2) that this process is in."""
    try:
        group = OWN_CGROUP.read_text(encoding="utf-8").strip().rpartition("0::/")[2]
    except OSError:
        return
    for folder in (CGROUPS / group, *(CGROUPS / group).parents):
        try:
            most, used = ((folder / f"memory.{name}").read_text(encoding="ascii") for name in ("max", "current"))
            # What of it are files the system takes back when it needs room.
            files = re.search(
                r"^inactive_file (\d+)", (folder / "memory.stat").read_text(encoding="ascii"), re.MULTILINE
            )
        except OSError:
            continue
        if most.strip() != "max":
            yield (int(most) - int(used) + (int(files[1]) if files else 0)) / 1e6
