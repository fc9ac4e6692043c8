"""The daemon as a user starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving(environment: dict[str, str], port: int, *more: str, before: int = 0) -> Iterator[subprocess.Popen[str]]:
    """This checkout's. Port 0 leaves the settings'."""
    chosen = ("--port", str(port)) if port else ()
    command = [sys.executable, "-W", "error", "-m", "notime", "serve", *chosen, *more]
    with answering(command, environment, port, before=before) as process:
        yield process


@contextmanager
def answering(
    command: list[str], environment: dict[str, str], port: int, *, before: int = 0
) -> Iterator[subprocess.Popen[str]]:
    """From when it says that it answers; `before` lines may come first."""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            for _ in range(before):
                process.stderr.readline()
            assert f"http://127.0.0.1:{port or ''}" in process.stderr.readline()
            yield process
        finally:
            process.kill()
