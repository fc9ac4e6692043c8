"""The command line as a client of the daemon: it shakes hands as the extension does.

Comes in: the settings. Goes out: answers, once the daemon has proved itself. Must not know: what is asked.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from notime.errors import DaemonUnreachable
from notime.http import auth

if TYPE_CHECKING:
    from notime.settings import Settings

HOST = "127.0.0.1"

ANSWER_SECONDS = 10.0
"""Whatever is asked here is answered in a few milliseconds; a machine that is very busy takes a second."""


def token(settings: Settings) -> str:
    """A session's, good for an hour.

    Raises:
        DaemonUnreachable: nothing answers, or not the daemon of this user.
    """
    key, nonce = auth.load_key(settings.config_dir), auth.new_nonce()
    answer = _ask(settings.port, "/v1/handshake", body={"nonce": nonce})
    server_nonce, proof = str(answer.get("nonce")), str(answer.get("proof"))
    if proof != auth.server_proof(key, nonce, server_nonce, settings.port):
        raise DaemonUnreachable(
            f"What listens on port {settings.port} is not your daemon.", hint="Restart `notime serve`."
        )
    return auth.session_token(key, nonce, server_nonce, settings.port)


def get(settings: Settings, path: str) -> dict[str, Any]:
    """What is at an address of the daemon's.

    Raises:
        DaemonUnreachable: as `token`.
    """
    return _ask(settings.port, path, headers={"Authorization": f"Bearer {token(settings)}"})


def _ask(
    port: int, path: str, *, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    # No proxy stands between this machine and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=ANSWER_SECONDS) as answer:
            found = json.load(answer)
    except (urllib.error.URLError, ValueError, OSError) as error:
        raise DaemonUnreachable(f"No notime answers on port {port}.") from error
    return found if isinstance(found, dict) else {}
