"""`notime serve`, `status`, `pair` and `token`: the daemon and who may talk to it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from notime.cli import client
from notime.errors import DaemonUnreachable
from notime.http.auth.pairings import DEFAULT_NAME, Pairings, encode
from notime.life import command
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

    pair = commands.add_parser("pair", help="print the key that pairs a browser with this daemon")
    pair.add_argument("name", nargs="?", default=DEFAULT_NAME, metavar="NAME", help="a name for a further browser")
    other = pair.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="who is paired")
    other.add_argument("--revoke", action="store_true", help="that browser's key is worth nothing from now on")
    other.add_argument("--rotate", action="store_true", help="every key is worth nothing from now on; print a new one")
    pair.set_defaults(run=_pair)

    token = commands.add_parser("token", help="print a session token for curl, good for an hour")
    token.add_argument("--port", type=int, help="instead of 8717")
    token.add_argument("--header", action="store_true", help="as a header, for `curl -H @<(notime token --header)`")
    token.set_defaults(run=_token)

    status = commands.add_parser("status", help="how the daemon is")
    status.add_argument("--port", type=int, help="instead of 8717")
    status.add_argument("--json", action="store_true", help="one JSON object, as GET /v1/status has it")
    status.set_defaults(run=_status)


def _pair(args: argparse.Namespace, settings: Settings) -> int:
    pairings = Pairings(settings.config_dir)
    if args.list:
        for each in pairings.all():
            print(f"{each.name}\t{each.made or '–'}")
    elif args.revoke:
        pairings.revoke(args.name)
        print(f"notime: {args.name} is no longer paired.", file=sys.stderr)
    elif args.rotate:
        print(encode(pairings.rotate(args.name).key))
        print("notime: no browser is paired any more; paste this key into the extension.", file=sys.stderr)
    else:
        print(encode(pairings.get(args.name).key))
    if sys.stdout.isatty() and command.told() != command.NAME:
        print(f"notime: the daemon is started by: {command.told()} serve", file=sys.stderr)
    return 0


def _token(args: argparse.Namespace, settings: Settings) -> int:
    token = client.token(settings)
    print(f"Authorization: Bearer {token}" if args.header else token)
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
