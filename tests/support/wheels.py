"""notime as a reader installs it: its wheel, beside those that requirements/daemon.txt pins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import TESTS

ROOT = TESTS.parent
WHEELS = ROOT / ".cache" / "wheels"
"""Where `scripts/test` has put what is pinned."""


def run(*command: str | Path, env: dict[str, str]) -> str:
    """What a command says on standard output; it must succeed."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def built(tree: Path, folder: Path) -> Path:
    """The wheel of a source tree."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(tree)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel
