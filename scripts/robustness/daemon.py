"""The daemon of `scripts/soak`, and what stands in for the service manager: it begins it anew when it was killed."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from notime.settings import Settings

if TYPE_CHECKING:
    from types import TracebackType

AGAIN_AFTER = 0.5
"""Seconds until it is begun anew."""


KILL_SHOWS_FOR = 10.0
"""Seconds after a kill within which clients notice it; on a busy machine a start takes 5."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the daemon takes at a moment; its reading process, which comes and goes, is counted alone."""

    memory_mb: float
    descriptors: int
    processes: int


NOTHING = Sample(0.0, 0, 0)


class Daemon:
    """From `__aenter__`, when it answers, to `__aexit__`.

    Args:
        home: of this run alone; the models are this user's.
    """

    def __init__(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = int(server.getsockname()[1])
        own = {"NOTIME_HOME": str(home), "NOTIME_MODELS": str(Settings.load().models), "NOTIME_PORT": str(self.port)}
        self._environment = os.environ | own
        self.settings = Settings.load(self._environment)
        self.starts = 0
        self._killed_at = -KILL_SHOWS_FOR
        self._process: asyncio.subprocess.Process | None = None
        self._up = asyncio.Event()

    async def __aenter__(self) -> Daemon:
        """Start it."""
        self._supervisor = asyncio.create_task(self._supervise())
        await self._up.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._supervisor.cancel()
        await asyncio.gather(self._supervisor, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def up(self) -> None:
        """Wait until it answers."""
        await self._up.wait()

    def kill(self, number: int) -> None:
        """Send a signal to it."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            self._killed_at = time.monotonic()

    @property
    def was_just_killed(self) -> bool:
        """Whoever is cut off now was cut off by that."""
        return time.monotonic() - self._killed_at < KILL_SHOWS_FOR

    def sample(self) -> Sample:
        """Of the running one; nothing where it is just being begun anew."""
        try:
            process = psutil.Process(self._process.pid if self._process else 0)
            memory, family = process.memory_info().rss / 1e6, 1 + len(process.children(recursive=True))
            return Sample(memory, process.num_fds(), family)
        except psutil.Error:
            return NOTHING

    async def _supervise(self) -> None:
        while True:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error", "-m", "notime", "serve"),
                env=self._environment, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            self.starts += 1
            assert self._process.stderr is not None
            async for line in self._process.stderr:
                if b"answers on" in line:
                    self._up.set()
            await self._process.wait()
            self._up.clear()
            await asyncio.sleep(AGAIN_AFTER)
