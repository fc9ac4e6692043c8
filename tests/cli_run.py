"""The command line as a user has it: a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(environment: dict[str, str], port: int, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The daemon as a user starts it, once it says that it answers."""
    command = [sys.executable, "-W", "error", "-m", "notime", "serve", "--port", str(port), *more]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert f"http://127.0.0.1:{port}" in process.stderr.readline()
            yield process
        finally:
            process.kill()
