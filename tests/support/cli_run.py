"""The command line as a user has it: a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def command(environment: dict[str, str]) -> Run:
    """A function that runs `notime …` with these variables."""

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "notime", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=environment | more,
        )

    return run
