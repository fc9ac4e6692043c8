"""`notime serve`, `pair` and `token`: the daemon and who may talk to it."""

from __future__ import annotations

import asyncio
import hmac
import json
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from notime.article.confine import without_dumps
from notime.cli.console import clean_up
from notime.errors import DaemonUnreachable
from notime.http import auth
from notime.http.pairings import DEFAULT_NAME, Pairings, encode
from notime.settings import command

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

HOST = "127.0.0.1"


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
    if sys.stdout.isatty() and command() != "notime":
        print(f"notime: the daemon is started by: {command()} serve", file=sys.stderr)
    return 0


def _token(args: argparse.Namespace, settings: Settings) -> int:
    token = _session(settings)
    print(f"Authorization: Bearer {token}" if args.header else token)
    return 0


def _session(settings: Settings) -> str:
    key, nonce, port = Pairings(settings.config_dir).any().key, auth.new_nonce(), settings.port
    answer = _post(port, "/v1/handshake", {"nonce": nonce, "hello": auth.client_hello(key, nonce, port)})
    server_nonce, proof = str(answer.get("nonce")), str(answer.get("proof"))
    if not auth.NONCE.fullmatch(server_nonce) or not hmac.compare_digest(
        proof.encode(), auth.server_proof(key, nonce, server_nonce, port).encode()
    ):
        raise DaemonUnreachable(f"What listens on port {port} is not your daemon.", hint="Restart `notime serve`.")
    return auth.session_token(key, nonce, server_nonce, port)


def _post(port: int, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    # No proxy stands between this machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        return {}  # whoever answers so does not know the key
    except (urllib.error.URLError, ValueError, OSError) as error:
        raise DaemonUnreachable(f"No notime answers on port {port}.") from error
    return found if isinstance(found, dict) else {}


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    # Imported here: aiohttp takes a third of a second, which the other commands need not spend.
    from notime.http import logs
    from notime.http.app import create_app
    from notime.http.server import listening

    logs.write_to(sys.stderr)
    without_dumps()
    clean_up(settings)
    pairings = Pairings(settings.config_dir)
    pairings.any()
    app = create_app(settings, pairings.keys, warm=not args.cold)

    async def run() -> None:
        async with listening(app, settings.port):
            print(f"notime answers on http://{HOST}:{settings.port}. Stop it with Ctrl-C.", file=sys.stderr)
            await _until_signal()

    asyncio.run(run())
    return 0


async def _until_signal() -> None:
    """Return at SIGINT or SIGTERM; a second one ends the process at once."""
    import signal

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stopped(number: int) -> None:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopped, number)
        except NotImplementedError:  # Windows: KeyboardInterrupt ends asyncio.run
            return await asyncio.Event().wait() and None
    await stop.wait()
    return None
