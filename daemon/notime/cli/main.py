"""`notime …`: the parser, and errors turned into one line and an exit code.

0 done, 1 failed, 2 wrong usage, 78 failed for what no restart mends: a bad setting, a key that others could read.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

import notime
from notime.cli.commands import bench, check, daemon, doctor, history, models, reading, service, setup, uninstall
from notime.errors import NotimeError
from notime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    args = parser().parse_args(arguments)
    os.umask(os.umask(0o022) | 0o022)  # what is made here nobody else can change; what is secret says so itself
    try:
        settings = Settings.load(**{name: getattr(args, name, None) for name in ("port", "model", "length")})
        code: int = args.run(args, settings)
    except NotimeError as error:
        print(told(error), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("notime: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def told(error: NotimeError) -> str:
    """An error in one line, with the way out."""
    return f"notime: {error.message}" + (f" {error.hint}" if error.hint else "")


def parser() -> argparse.ArgumentParser:
    """All commands, with what each says of itself."""
    parser = argparse.ArgumentParser(
        prog="notime", description="No time to read? A summary of an article, made on this machine."
    )
    parser.add_argument("--version", action="version", version=f"notime {notime.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (setup, reading, check, daemon, service, doctor, models, history, bench, uninstall):
        group.add_commands(commands)
    return parser
