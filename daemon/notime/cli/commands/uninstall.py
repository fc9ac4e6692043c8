"""`notime uninstall`: what can be made again goes; settings, keys and summaries only where the reader says so.

Files go by their names and a folder goes when it is empty: a setting may point at one that holds other things.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from notime.cli.commands.setup import LINK
from notime.errors import AlreadyRunning
from notime.history import store as history
from notime.http.auth import pairings
from notime.life import command, extension, instance, logs
from notime.life.service import for_this_platform
from notime.model import Catalog, ModelStore
from notime.model.calibrate import FILE as PACE
from notime.model.source.leftovers import sweep
from notime.settings import CONFIG
from notime.silence import TOLD

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from notime.settings import Settings


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this command."""
    uninstall = commands.add_parser(
        "uninstall", help="take out the service, models, downloads and logs; settings, keys and summaries stay"
    )
    uninstall.add_argument("--all", action="store_true", help="settings, keys and summaries go too")
    uninstall.set_defaults(run=_uninstall)


def _uninstall(args: argparse.Namespace, settings: Settings) -> int:
    for_this_platform().uninstall()
    _refuse_running(settings)
    _unlink()
    store = ModelStore(settings.models, settings.cache_dir)
    for spec in Catalog():
        store.remove(spec)
    sweep(settings.models, settings.cache_dir)
    shutil.rmtree(settings.cache_dir / "hub", ignore_errors=True)
    shutil.rmtree(extension.copy_of(settings), ignore_errors=True)
    doomed = [settings.models / PACE, settings.cache_dir / TOLD, settings.state_dir / instance.FILE]
    doomed += [path for name in (logs.LOG, logs.CRASH) for path in settings.state_dir.glob(f"{name}*")]
    kept = [path for path in _the_readers(settings) if path.exists()]
    if args.all:
        doomed += kept
        kept = []
    for path in doomed:
        path.unlink(missing_ok=True)
    for folder in (settings.models, settings.cache_dir, settings.state_dir, settings.data_dir, settings.config_dir):
        _remove_empty(folder)
    for path in kept:
        print(f"Kept: {path}", file=sys.stderr)
    print(f"Now the package itself: {_package_command()}")
    return 0


def _the_readers(settings: Settings) -> Iterator[Path]:
    """What nothing can make again."""
    yield settings.config_dir / CONFIG
    yield settings.config_dir / pairings.FILE
    stem, suffix = history.FILE.split(".")
    yield from settings.data_dir.glob(f"{stem}*.{suffix}*")


def _refuse_running(settings: Settings) -> None:
    found = instance.look(settings.state_dir)
    if found.held:
        number = found.running.pid if found.running else "unknown"
        raise AlreadyRunning(f"A daemon still runs (process {number}).", hint="Stop it, then run this again.")


def _unlink() -> None:
    """The link that `notime setup` made, where it is to this notime."""
    if LINK.is_symlink() and str(LINK.readlink()) == command.words()[0]:
        LINK.unlink()


def _remove_empty(folder: Path) -> None:
    """And the folder above it, where that is ours alone."""
    with contextlib.suppress(OSError):
        folder.rmdir()
        if folder.parent.name == command.NAME:
            folder.parent.rmdir()


def _package_command() -> str:
    """What the program that installed this environment calls it."""
    if (distribution(command.NAME).read_text("INSTALLER") or "").strip() == "debian":
        return f"sudo apt remove {command.NAME}"
    environment = Path(sys.prefix)
    if (environment / "uv-receipt.toml").is_file():
        return f"uv tool uninstall {command.NAME}"
    if (environment / "pipx_metadata.json").is_file():
        return f"pipx uninstall {command.NAME}"
    return f"{sys.executable} -m pip uninstall {command.NAME}"
