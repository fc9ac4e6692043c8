"""What builds and downloads that were killed have left behind; a process that ends by itself takes its own along.

Comes in: folders. Goes out: how much stood there. Must not know: what was to be built.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = re.compile(r"^\.(?:building|download)-(?:(\d+)-)?|\.(\d+)\.partial$")
"""Names of what is being made, with the process that makes it."""


def prefix(kind: str) -> str:
    """How the name of something begins that this process is making: `building` or `download`."""
    return f".{kind}-{os.getpid()}-"


def leftovers(*folders: Path) -> Iterator[Path]:
    """What nobody makes any more."""
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            found = MARK.search(path.name)
            if found and not _runs(int(found[1] or found[2] or 0)):
                yield path


def sweep(*folders: Path) -> int:
    """Remove it.

    Returns:
        Bytes that it took.
    """
    freed = 0
    for path in leftovers(*folders):
        inside = [path, *path.rglob("*")] if path.is_dir() else [path]
        freed += sum(each.stat().st_size for each in inside if each.is_file())
        shutil.rmtree(path, ignore_errors=True)
        if path.is_file():
            path.unlink(missing_ok=True)
    return freed


def _runs(process: int) -> bool:
    if not process or os.name == "nt":  # a build there takes a minute, and its folder cannot be removed meanwhile
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
