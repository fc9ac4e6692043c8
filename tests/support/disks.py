"""Disks that take nothing: read-only, or full. They are mounted, which needs root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody may write to."""
    if os.getuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    with _mounted(folder, "ro,size=1m,mode=0700"):
        yield


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """A folder on a disk without room."""
    with _mounted(folder, "size=64k,mode=0700"):
        with suppress(OSError), (folder / "other").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs to be root who may mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
