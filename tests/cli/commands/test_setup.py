"""One line from an installed package to a daemon that runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.cli_run import Run


@pytest.mark.model
def test_it_can_be_run_again(notime: Run, tmp_path: Path):
    path = os.pathsep.join([str(tmp_path / ".local" / "bin"), "/usr/bin", "/bin"])
    first = notime("setup", "--no-service", HOME=str(tmp_path), PATH=path)
    assert first.returncode == 0
    assert "Load unpacked" in first.stdout
    key = notime("pair").stdout.strip()
    assert key in first.stdout
    link = tmp_path / ".local" / "bin" / "notime"
    assert f"{link} now runs" in first.stderr
    assert link.resolve().name == "notime"
    again = notime("setup", "--no-service", HOME=str(tmp_path), PATH=path)
    assert again.returncode == 0
    assert key in again.stdout
    assert "now runs" not in again.stderr
    assert "Start the daemon: notime serve" in again.stdout


@pytest.mark.model
def test_without_a_service_manager_it_says_how_to_start(notime: Run, tmp_path: Path):
    nowhere = {
        "XDG_RUNTIME_DIR": str(tmp_path),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        "HOME": str(tmp_path),
    }
    done = notime("setup", **nowhere, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert done.returncode == 0
    assert " serve" in done.stdout
    assert "no systemd" in done.stderr or "There is no" in done.stderr
