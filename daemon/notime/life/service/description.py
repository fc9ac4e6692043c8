"""What the service is, whoever starts it.

Comes in: the settings, the variables that change them. Goes out: a `Description`. Must not know: any platform's files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from notime.errors import EX_CONFIG
from notime.life import command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notime.settings import Settings

PLACES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Variables that move our folders: a service manager does not know what the user's shell has set."""


@dataclass(frozen=True, slots=True)
class Description:
    """One daemon of one user."""

    command: tuple[str, ...]
    """Absolute; runs until it is told to stop."""
    port: int
    folders: tuple[Path, ...]
    """All that it writes to."""
    environment: Mapping[str, str] = field(default_factory=dict)
    on_demand: bool = False
    """The platform listens, starts the daemon at the first connection, and the daemon ends when it is idle."""
    sandboxed: bool = True
    """Folders and devices are hidden from it as well, which some kernels do not let a user's services do."""
    title: str = field(default_factory=lambda: f"notime {version(command.NAME)}: summaries, made on this machine")
    """With the version: so what an older one installed is not taken for current, and setup starts the new one."""
    restart_seconds: int = 2
    restarts: int = 30
    restarts_within_seconds: int = 600
    """So often within so long, and then no more: a start takes half a second of a core."""
    final_exit_code: int = EX_CONFIG
    """Ends so where no restart mends what is wrong."""
    watchdog_seconds: int = 60
    """Its event loop is never held up for more than a few milliseconds; a minute of silence is death."""
    stop_seconds: int = 10
    """It ends within 5."""
    memory_mb: int = 2000
    """The default model takes 0.4 GB while it summarises and 0.5 GB with a very long page, its reading process at most
    0.6 GB; as much again for other models. Files that are read count too, and go first."""
    tasks: int = 128


def describe(settings: Settings, environment: Mapping[str, str], *, on_demand: bool = False) -> Description:
    """The service of this user.

    Args:
        settings: as they are now.
        environment: of the command that installs it; what concerns notime goes along.
        on_demand: see `Description`.
    """
    folders = (settings.config_dir, settings.cache_dir, settings.data_dir, settings.models, settings.state_dir)
    kept = {name: value for name, value in environment.items() if name.startswith("NOTIME_") or name in PLACES}
    return Description(
        command=(*command.words(), "serve"),
        port=settings.port,
        folders=folders,
        environment=dict(sorted(kept.items())),
        on_demand=on_demand,
    )
