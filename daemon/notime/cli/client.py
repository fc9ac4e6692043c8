"""The command line as a client of the daemon: it shakes hands as the extension does.

Comes in: the settings. Goes out: answers, once the daemon has proved itself. Must not know: what is asked.
"""

from __future__ import annotations

import hmac
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from notime.errors import DaemonUnreachable
from notime.http.auth import handshake
from notime.http.auth.pairings import Pairings

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
    key, nonce, port = Pairings(settings.config_dir).any().key, handshake.new_nonce(), settings.port
    hello = handshake.client_hello(key, nonce, port)
    answer = _ask(port, "/v1/handshake", body={"nonce": nonce, "hello": hello})
    server_nonce, proof = str(answer.get("nonce")), str(answer.get("proof"))
    if not handshake.NONCE.fullmatch(server_nonce) or not hmac.compare_digest(
        proof.encode(), handshake.server_proof(key, nonce, server_nonce, port).encode()
    ):
        raise DaemonUnreachable(f"What listens on port {port} is not your daemon.", hint="Restart `notime serve`.")
    return handshake.session_token(key, nonce, server_nonce, port)


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
    except urllib.error.HTTPError as error:
        error.close()
        return {}  # whoever answers so does not know the key
    except (urllib.error.URLError, ValueError, OSError) as error:
        raise DaemonUnreachable(f"No notime answers on port {port}.") from error
    return found if isinstance(found, dict) else {}
