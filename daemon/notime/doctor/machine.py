"""Looks at this machine: disk, memory, clock, the port, the daemon, the service.

Comes in: the settings. Goes out: findings. Must not know: what is in files.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from notime.doctor.finding import Finding
from notime.life import command
from notime.life.instance import look
from notime.life.ports import owner
from notime.model.runtime.memory import free_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notime.life.service import Manager, ServiceState
    from notime.settings import Settings

LEAST_DISK_MB = 900
"""Of the default model the download, what is joined from it, what is built: 240 + 240 + 300 MB, and some to spare."""

LEAST_DISK_MB_BUILT = 150
"""Where it is built: the history, the log."""

LEAST_MEMORY_MB = 600
"""The daemon with the default model takes 0.5 GB at most, its reading process 0.1 GB."""

EARLIEST = 1_795_000_000
"""November 2026, when this was written: a clock before that is wrong."""


def disk(settings: Settings) -> Iterator[Finding]:
    """Room for models and history."""
    folder = settings.models
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e6
    least = LEAST_DISK_MB_BUILT if (settings.models / settings.model).is_dir() else LEAST_DISK_MB
    if free < least:
        yield Finding("disk_full", "bad", f"Only {free:.0f} MB are free on the disk of {folder}.", f"Free {least} MB.")


def memory(_settings: Settings) -> Iterator[Finding]:
    """Room for the models."""
    if (available := free_mb()) is not None and available < LEAST_MEMORY_MB:
        yield Finding(
            "memory_low", "bad", f"Only {available:.0f} MB of memory are available; the models take {LEAST_MEMORY_MB}.",
            "Close other programs.",
        )  # fmt: skip


def clock(_settings: Settings) -> Iterator[Finding]:
    """Not before this program was written."""
    if time.time() < EARLIEST:
        yield Finding("clock", "bad", "This machine's clock is in the past.", "Set it, or let the system set it.")


def daemon(settings: Settings, is_ours: Callable[[], bool]) -> Iterator[Finding]:
    """It runs, and nobody else is at its port."""
    found = look(settings.state_dir)
    if found.held and found.running is not None and found.running.port != settings.port:
        yield Finding(
            "other_port", "bad",
            f"The daemon listens on port {found.running.port}, and the settings say {settings.port}.",
            "Restart it: `notime service install`, or stop it and run `notime serve`.",
        )  # fmt: skip
        return
    if is_ours():
        yield Finding("running", "good", f"The daemon answers on port {settings.port}.")
        return
    who = owner(settings.port)
    if who is not None:
        yield Finding(
            "port_in_use", "bad", f"Port {settings.port} is in use by {who}, which is not your daemon.",
            "End that program, or set another port in config.toml and in the extension.",
        )  # fmt: skip
    else:
        yield Finding("not_running", "bad", "The daemon does not run.", "Run `notime service install`.")


def service(state: ServiceState, manager: Manager, install: Callable[[], object]) -> Iterator[Finding]:
    """Installed as this notime, and up."""
    if not state.available:
        yield Finding(
            "no_service_manager",
            "note",
            f"There is no {state.platform} for this user.",
            "Start it with `notime serve`.",
        )
    elif not state.installed:
        yield Finding(
            "service_missing", "note", "The daemon does not start by itself.", "Run `notime service install`."
        )
    elif not state.current:
        yield Finding(
            "service_outdated", "bad", "The service starts another notime, or with other settings.",
            "Run `notime service install`.", fix=install,
        )  # fmt: skip
    elif not state.running:
        yield Finding(
            "service_failed", "bad", f"The service is installed and does not run ({state.detail}).",
            "Run `notime service logs`.", fix=manager.restart,
        )  # fmt: skip


def path(_settings: Settings) -> Iterator[Finding]:
    """`notime` is this one, as every screen of ours tells the reader to type it."""
    found = shutil.which(command.NAME)
    if command.told() == command.NAME:
        return
    what = f"`notime` is another one, {found}" if found else "`notime` is not on your path"
    yield Finding("not_on_path", "note", f"{what}.", f"Type {command.told()} instead.")
