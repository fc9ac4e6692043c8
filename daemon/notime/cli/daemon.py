"""`notime serve`, `pair` and `token`: the daemon and who may talk to it."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from notime.errors import DaemonUnreachable, PortInUse
from notime.http import auth
from notime.settings import command

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

HOST = "127.0.0.1"
SHUTDOWN_SECONDS = 3.0
"""A stream that still runs is told at once and given this long to end."""


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
    if sys.stdout.isatty() and command() != "notime":
        print(f"notime: the daemon is started by: {command()} serve", file=sys.stderr)
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
    from aiohttp import web

    from notime.http.app import create_app

    logging.basicConfig(level=logging.WARNING, format="notime: %(message)s", stream=sys.stderr)
    key = auth.load_key(settings.config_dir)
    app = create_app(settings, key, warm=not args.cold)

    async def announce(_app: web.Application) -> None:
        print(f"notime answers on http://{HOST}:{settings.port}. Stop it with Ctrl-C.", file=sys.stderr)

    async def run() -> None:
        runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            handler_cancellation=True,
            keepalive_timeout=75,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, settings.port, reuse_address=True).start()
            await announce(app)
            await _until_signal()
        finally:
            await runner.cleanup()

    try:
        asyncio.run(run())
    except OSError as error:
        raise PortInUse(
            f"Port {settings.port} is in use.", hint="Is another notime running? Else choose one with --port."
        ) from error
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
