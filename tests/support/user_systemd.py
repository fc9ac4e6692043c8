"""A real `systemd --user` for the tests, where this machine lets us have one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("user_systemd.sh")
NOT_HERE = 125


def beside_systemd(home: Path, script: str, **variables: str) -> str:
    """What a shell script says, run with a service manager of its own; skips the test where there is none to be had."""
    if sys.platform != "linux" or os.getuid() != 0 or not all(map(shutil.which, ("unshare", "findmnt", "systemctl"))):
        pytest.skip("needs root and systemd, for a service manager in namespaces of its own")
    moved = ("NOTIME_", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(moved)} | variables
    command = [str(SCRIPT), str(home), "bash", "-euc", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == NOT_HERE:
        pytest.skip("this kernel lets us have no service manager of our own")
    assert done.returncode == 0, done.stderr
    return done.stdout
