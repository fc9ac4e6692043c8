"""The command that runs this very notime, wherever it was installed.

Comes in: nothing. Goes out: words for a service, a line for people. Must not know: what is run with it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

NAME = "notime"

SYSTEM = Path("/usr/bin", NAME)
"""The link of a system's package: it stays where it is, whatever the package is inside."""


def words() -> tuple[str, ...]:
    """Absolute, so that it works from anywhere: the script beside this Python, or what links to it; else the module."""
    script = Path(sys.executable).with_name(f"{NAME}.exe" if os.name == "nt" else NAME)
    if not script.is_file():
        return (sys.executable, "-m", NAME)
    return (str(SYSTEM if SYSTEM.resolve() == script.resolve() else script),)


def told() -> str:
    """As a person types it: `notime` where that is this one, else with the whole path."""
    found, ours = shutil.which(NAME), words()
    if found is not None and len(ours) == 1 and Path(found).resolve() == Path(ours[0]).resolve():
        return NAME
    return shlex.join(ours)
