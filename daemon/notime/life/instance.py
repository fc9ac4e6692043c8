"""One daemon a user: a lock that the system lets go of when its process ends, however it ends.

Comes in: a folder. Goes out: the lock, held; and whether the daemon before ended as it should. Must not know: what the
daemon does.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from notime.errors import AlreadyRunning

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

FILE = "daemon.lock"

BYTE = 1 << 30
"""The byte that Windows locks: what is locked cannot be read there, and the file is to be."""


class Running(msgspec.Struct):
    """Who holds the lock."""

    pid: int
    port: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the lock's file tells."""

    held: bool
    """A daemon runs."""
    running: Running | None
    """Who holds it; or held it last, and did not come to take its name out."""


class Instance:
    """The lock, from `__enter__` to `__exit__`.

    Where its folder cannot be written, as in a home that is read-only, there is none: then the port alone keeps a
    second daemon out.

    Args:
        folder: the user's own; made where it is missing.
        port: for the second one to tell.

    Raises:
        AlreadyRunning: another daemon of this user runs.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self._path = folder / FILE
        self._port = port
        self._descriptor = -1
        self.left_behind = False
        """The daemon before was killed, or the machine went down under it."""

    def __enter__(self) -> Instance:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return self
        if not _locked(self._descriptor):
            os.close(self._descriptor)
            raise _already(_named(self._path))
        self.left_behind = _named(self._path) is not None
        self._write(msgspec.json.encode(Running(os.getpid(), self._port)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor >= 0:
            self._write(b"")
            os.close(self._descriptor)

    def _write(self, content: bytes) -> None:
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, content, 0) if hasattr(os, "pwrite") else os.write(self._descriptor, content)
        except OSError:
            return  # a full disk: the lock holds all the same


def look(folder: Path) -> Found:
    """Whether a daemon runs, without getting in its way."""
    path = folder / FILE
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return Found(held=False, running=None)
    try:
        return Found(held=not _locked(descriptor), running=_named(path))
    finally:
        os.close(descriptor)


def _already(running: Running | None) -> AlreadyRunning:
    where = f" (process {running.pid}, port {running.port})" if running else ""
    return AlreadyRunning(f"notime runs already{where}.", hint="`notime status` tells more.")


def _named(path: Path) -> Running | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Running)
    except (OSError, msgspec.MsgspecError):
        return None


def _locked(descriptor: int) -> bool:
    """Take the lock of an open file, if nobody has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
