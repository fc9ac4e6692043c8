"""`notime serve`, `pair` and `token`: the daemon and who may talk to it."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from notime.errors import DaemonUnreachable
from notime.http import auth

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

    pair = commands.add_parser("pair", help="print the key that pairs the extension with this daemon")
    pair.add_argument("--rotate", action="store_true", help="make a new key; the old one is worth nothing then")
    pair.set_defaults(run=_pair)

    token = commands.add_parser("token", help="print a session token for curl, good for an hour")
    token.add_argument("--port", type=int, help="instead of 8717")
    token.set_defaults(run=_token)


def _pair(args: argparse.Namespace, settings: Settings) -> int:
    print(auth.encode(auth.load_key(settings.config_dir, rotate=args.rotate)))
    if args.rotate:
        print("notime: restart `notime serve`, then paste this key into the extension.", file=sys.stderr)
    return 0


def _token(_args: argparse.Namespace, settings: Settings) -> int:
    key, nonce = auth.load_key(settings.config_dir), auth.new_nonce()
    answer = _post(settings.port, "/v1/handshake", {"nonce": nonce})
    server_nonce, proof = str(answer.get("nonce")), str(answer.get("proof"))
    if proof != auth.server_proof(key, nonce, server_nonce, settings.port):
        raise DaemonUnreachable(
            f"What listens on port {settings.port} is not your daemon.", hint="Restart `notime serve`."
        )
    print(auth.session_token(key, nonce, server_nonce, settings.port))
    return 0


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
    except (urllib.error.URLError, ValueError, OSError) as error:
        raise DaemonUnreachable(f"No notime answers on port {port}.") from error
    return found if isinstance(found, dict) else {}


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    # Imported here: aiohttp takes a third of a second, which the other commands need not spend.
    from notime.cli.serving import serve

    flags = {name: getattr(args, name) for name in ("port", "model")}
    serve(lambda: type(settings).load(**flags), warm=not args.cold)
    return 0
