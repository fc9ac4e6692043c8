"""`notime serve`, `status`, `pair` and `token`: the daemon and who may talk to it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from notime.cli import client
from notime.errors import DaemonUnreachable
from notime.http import auth
from notime.life.instance import look

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    serve = commands.add_parser("serve", help="run the daemon on 127.0.0.1")
    serve.add_argument("--port", type=int, help="instead of 8717")
    serve.add_argument("--model", help="model that summarises")
    serve.add_argument("--cold", action="store_true", help="load the model at the first request, not at once")
    serve.set_defaults(run=_serve)

    pair = commands.add_parser("pair", help="print the key that pairs the extension with this daemon")
    pair.add_argument("--rotate", action="store_true", help="make a new key; the old one is worth nothing then")
    pair.set_defaults(run=_pair)

    token = commands.add_parser("token", help="print a session token for curl, good for an hour")
    token.add_argument("--port", type=int, help="instead of 8717")
    token.set_defaults(run=_token)

    status = commands.add_parser("status", help="how the daemon is")
    status.add_argument("--port", type=int, help="instead of 8717")
    status.add_argument("--json", action="store_true", help="one JSON object, as GET /v1/status has it")
    status.set_defaults(run=_status)


def _pair(args: argparse.Namespace, settings: Settings) -> int:
    print(auth.encode(auth.load_key(settings.config_dir, rotate=args.rotate)))
    if args.rotate:
        print("notime: restart `notime serve`, then paste this key into the extension.", file=sys.stderr)
    return 0


def _token(_args: argparse.Namespace, settings: Settings) -> int:
    print(client.token(settings))
    return 0


def _status(args: argparse.Namespace, settings: Settings) -> int:
    try:
        found = client.get(settings, "/v1/status")
    except DaemonUnreachable:
        running = look(settings.state_dir).running if look(settings.state_dir).held else None
        if running is None or running.port == settings.port:
            raise
        found = client.get(settings.with_(port=running.port), "/v1/status")
    if args.json:
        print(json.dumps(found))
        return 0
    model, queue, history = found["model"], found["queue"], found["history"]
    memory = f", {found['memory_mb']:.0f} MB" if found["memory_mb"] else ""
    print(f"notime {found['version']} runs for {_span(found['uptime_s'])} on port {settings.port}{memory}.")
    print(f"model    {model['id']}: {model['state']}")
    print(f"queue    {queue['waiting']} waiting, {queue['most']} at most")
    kept = f"{history['entries']} summaries, {history['bytes'] / 1e6:.1f} MB" if history["kept"] else "nothing is kept"
    print(f"history  {kept}{': ' + history['problem'] if history.get('problem') else ''}")
    return 0


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    # Imported here: aiohttp takes a third of a second, which the other commands need not spend.
    from notime.cli.serving import serve

    flags = {name: getattr(args, name) for name in ("port", "model")}
    serve(lambda: type(settings).load(**flags), warm=not args.cold)
    return 0
