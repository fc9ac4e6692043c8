"""`notime service …`: the daemon as a service of this platform."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from dataclasses import asdict
from typing import TYPE_CHECKING

from notime.life.logs import LOG
from notime.life.service import Manager, describe, for_this_platform

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

LINES = 100
"""Of the log, unless more are asked for."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    group = commands.add_parser("service", help="the daemon as a service that starts by itself")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)

    install = actions.add_parser("install", help="install, start, and start at each login")
    install.add_argument(
        "--on-demand",
        action="store_true",
        help="systemd listens, and starts it at the first click (no memory until then)",
    )
    install.add_argument("--print", action="store_true", help="only print what would be installed")
    install.add_argument("--for", dest="platform", choices=("systemd", "launchd", "windows"), help="with --print")
    install.set_defaults(run=_install, usage=install.error)

    uninstall = actions.add_parser("uninstall", help="stop it and take it out; models and summaries stay")
    uninstall.set_defaults(run=_uninstall)

    status = actions.add_parser("status", help="whether it is installed and runs")
    status.add_argument("--json", action="store_true", help="one JSON object on standard output")
    status.set_defaults(run=_status)

    logs = actions.add_parser("logs", help="what it logged; never a word of what was read")
    logs.add_argument("--lines", type=int, default=LINES, help=f"how many; by default {LINES}")
    logs.set_defaults(run=_logs)


def _install(args: argparse.Namespace, settings: Settings) -> int:
    service = describe(settings, os.environ, on_demand=args.on_demand)
    manager = for_this_platform()
    if args.print:
        chosen = Manager(args.platform, manager.folder) if args.platform else manager
        for content in chosen.files(service).values():
            print(content.decode("utf-16" if chosen.platform == "windows" else "utf-8"))
        return 0
    if args.platform:
        args.usage("--for only goes with --print")
    if args.on_demand and manager.platform != "systemd":
        args.usage("--on-demand is for systemd")
    made = manager.install(service)
    print(f"notime runs, and starts by itself at each login ({manager.platform}).", file=sys.stderr)
    if not made.sandboxed:
        print("This kernel lets a user's services have no sandbox; it runs without.", file=sys.stderr)
    return 0


def _uninstall(_args: argparse.Namespace, _settings: Settings) -> int:
    there = for_this_platform().uninstall()
    print("The service is removed." if there else "There was no service.", file=sys.stderr)
    return 0


def _status(args: argparse.Namespace, settings: Settings) -> int:
    state = for_this_platform().state(describe(settings, os.environ))
    if args.json:
        print(json.dumps(asdict(state)))
    else:
        installed = "installed" if state.installed else "not installed"
        running = "runs" if state.running else "does not run"
        print(f"{state.platform}: {installed}, {running}{f' ({state.detail})' if state.detail else ''}")
        if state.installed and not state.current:
            print("It was installed by another notime: run `notime service install` again.")
    return 0 if state.running else 1


def _logs(args: argparse.Namespace, settings: Settings) -> int:
    shown = for_this_platform().logs()
    if shown is not None:
        try:
            done = subprocess.run([*shown, "--lines", str(args.lines), "--no-pager"], check=False)
        except FileNotFoundError:
            done = None
        if done is not None and done.returncode == 0:
            return 0
    try:
        with (settings.state_dir / LOG).open(encoding="utf-8", errors="replace") as file:
            print("".join(deque(file, maxlen=args.lines)), end="")
    except FileNotFoundError:
        print("Nothing was logged.", file=sys.stderr)
    return 0
