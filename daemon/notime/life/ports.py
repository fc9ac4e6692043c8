"""Who listens on a port of this machine, where the system tells: on Linux, of this user's programs.

Comes in: a port. Goes out: a name and a process. Must not know: what it is asked for.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"
"""TCP_LISTEN, in /proc/net/tcp."""


def owner(port: int) -> str | None:
    """As `python3 (process 123)`; None where there is no telling."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for row in (PROC / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                words = row.split()
                if words[3] == LISTENING and int(words[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{words[9]}]")
    return next(filter(None, map(_named, _holders(inodes))), None) if inodes else None


def _holders(inodes: set[str]) -> list[Path]:
    found = []
    for process in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's, or gone
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                found.append(process)
    return found


def _named(process: Path) -> str | None:
    with contextlib.suppress(OSError):
        return f"{(process / 'comm').read_text(encoding='utf-8').strip()} (process {process.name})"
    return None
