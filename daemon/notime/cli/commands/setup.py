"""`notime setup`: from an installed package to a daemon that runs and an extension to load; it can be run again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from notime.cli.commands import models
from notime.errors import ServiceFailed
from notime.http.auth.pairings import Pairings, encode
from notime.life import command, extension
from notime.life.service import describe, for_this_platform

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

LINK = Path.home() / ".local" / "bin" / command.NAME


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this command."""
    setup = commands.add_parser("setup", help="build the models, install the service, say how to load the extension")
    setup.add_argument("--no-service", action="store_true", help="start nothing; `notime serve` does by hand")
    setup.set_defaults(run=_setup)


def _setup(args: argparse.Namespace, settings: Settings) -> int:
    models.build(settings)
    folder = extension.place(settings)
    _link()
    running = False
    if not args.no_service:
        try:
            for_this_platform().install(describe(settings, os.environ))
            running = True
        except ServiceFailed as problem:
            print(f"notime: {problem.message} {problem.hint or ''}", file=sys.stderr)
    key = encode(Pairings(settings.config_dir).any().key)
    state = "The daemon runs, and starts by itself." if running else f"Start the daemon: {command.told()} serve"
    print(
        f"{state}\n\nNow the extension, in two clicks:\n\n"
        f'  Chrome   chrome://extensions → switch "Developer mode" on → "Load unpacked" → {folder}\n'
        '  Firefox  about:debugging#/runtime/this-firefox → "Load Temporary Add-on…" → '
        f"{folder / 'manifest.json'}\n\n"
        f"Its first page asks for this key:\n\n  {key}\n"
    )
    return 0


def _link() -> None:
    """Where `~/.local/bin` is on the path and has no `notime`, put a link to this one there, and say so."""
    ours, folders = command.words(), os.environ.get("PATH", "").split(os.pathsep)
    if os.name == "nt" or len(ours) > 1 or str(LINK.parent) not in folders:
        return
    if shutil.which(command.NAME) is not None or LINK.is_symlink() or LINK.exists():
        return
    try:
        LINK.parent.mkdir(parents=True, exist_ok=True)
        LINK.symlink_to(ours[0])
    except OSError:
        return
    print(f"{LINK} now runs {ours[0]}.", file=sys.stderr)
