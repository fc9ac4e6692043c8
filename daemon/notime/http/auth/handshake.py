"""Who may use the daemon: the handshake and the session tokens.

A pairing key K never leaves the two sides that hold it. Both prove that they do, over a nonce from each and the port,
so that neither another local process nor a web page can pass for one of them:

    client → Nc, hello = HMAC-SHA256(K, "client|Nc|port")
    server → Ns, proof = HMAC-SHA256(K, "server|Nc|Ns|port")
    token  = Nc.Ns.mac,  HMAC-SHA256(K, "session|Nc|Ns|port"): made by the client, never sent by the server

Whoever does not know a key is told nothing and leaves nothing behind: the daemon holds no sessions. What it has to know
of one, until when and for whom it is, stands in Ns, sealed with a secret of this process.

Key, nonces, hello, proof and mac are base64url without padding; the HMACs run over the ASCII text as written above.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.errors import BadRequest, TooManyAttempts, Unauthorized
from notime.http.auth.pairings import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NONCE = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes in base64url without padding."""

SESSION_SECONDS = 3600

ENDS_BYTES, WHOSE_BYTES, SALT_BYTES, SEAL_BYTES = 4, 6, 6, 16
"""Of a server's nonce: when the session ends, a digest of its origin, chance, and a seal over these and Nc."""

USED_NONCES = 4096
BAD_TOKENS = 20
BAD_TOKENS_SECONDS = 30.0
"""So many bad tokens within so long, and further bad ones are not looked at; good sessions are not affected."""


def client_hello(key: bytes, client_nonce: str, port: int) -> str:
    """What the client asks with."""
    return _hmac(key, f"client|{client_nonce}|{port}")


def server_proof(key: bytes, client_nonce: str, server_nonce: str, port: int) -> str:
    """What the daemon proves itself with."""
    return _hmac(key, f"server|{client_nonce}|{server_nonce}|{port}")


def session_token(key: bytes, client_nonce: str, server_nonce: str, port: int) -> str:
    """What the client proves itself with, once the daemon has."""
    mac = _hmac(key, f"session|{client_nonce}|{server_nonce}|{port}")
    return f"{client_nonce}.{server_nonce}.{mac}"


def new_nonce() -> str:
    """32 random bytes."""
    return encode(secrets.token_bytes(32))


def _hmac(key: bytes, text: str) -> str:
    return encode(hmac.digest(key, text.encode("ascii"), hashlib.sha256))


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a request came to, and from whom."""

    port: int
    """The one this daemon was reached on."""
    origin: str | None
    """The extension's; None for a program, and for an extension's GET: browsers leave it out."""
    bound: bool = True
    """Whether a session of an extension's asks for its origin."""


class Sessions:
    """Hands sessions out and knows them again.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._nonces: OrderedDict[str, None] = OrderedDict()
        self._bad: deque[float] = deque(maxlen=BAD_TOKENS)

    def handshake(self, keys: Sequence[bytes], nonce: str, hello: str, asking: Asking) -> tuple[str, str]:
        """Answer a client that knows one of the keys.

        Args:
            keys: of every pairing.
            nonce: 32 random bytes of the client's, never used before.
            hello: from `client_hello`.
            asking: the session is for that origin alone.

        Returns:
            The server's nonce and its proof.

        Raises:
            BadRequest: the nonce is not one.
            Unauthorized: no pairing has that key, or the nonce was used before.
        """
        if not NONCE.fullmatch(nonce):
            raise BadRequest("The nonce must be 32 random bytes in base64url.")
        key = _first(keys, lambda key: client_hello(key, nonce, asking.port), hello.encode("utf-8", "replace"))
        if key is None:
            raise Unauthorized("This browser is not paired.")
        if nonce in self._nonces:
            raise Unauthorized("This nonce was used before.")
        self._nonces[nonce] = None
        if len(self._nonces) > USED_NONCES:
            self._nonces.popitem(last=False)
        ends = int(self._clock()) + SESSION_SECONDS
        content = ends.to_bytes(ENDS_BYTES) + _whose(asking.origin) + secrets.token_bytes(SALT_BYTES)
        server_nonce = encode(content + self._seal(nonce, content))
        return server_nonce, server_proof(key, nonce, server_nonce, asking.port)

    def authorize(self, keys: Sequence[bytes], header: bytes | None, asking: Asking) -> None:
        """Let a request pass, or not.

        Args:
            keys: of every pairing.
            header: the raw Authorization header.
            asking: where and whence.

        Raises:
            Unauthorized: no token, or not a good one: always the same answer.
            TooManyAttempts: too many lately that were made up. One that has ended was not.
        """
        scheme, _, token = (header or b"").partition(b" ")
        if not token:
            raise Unauthorized("This needs a session token.")
        nonce, _, rest = token.decode("ascii", "replace").partition(".")
        server_nonce = rest.partition(".")[0]
        genuine = (
            NONCE.fullmatch(nonce) is not None
            and NONCE.fullmatch(server_nonce) is not None
            and _first(keys, lambda key: session_token(key, nonce, server_nonce, asking.port), token) is not None
        )
        if genuine and scheme.lower() == b"bearer" and self._is_current(nonce, server_nonce, asking):
            return
        if not genuine:
            now = self._clock()
            if len(self._bad) == BAD_TOKENS and now - self._bad[0] < BAD_TOKENS_SECONDS:
                raise TooManyAttempts("Too many bad tokens; wait a little.")
            self._bad.append(now)
        raise Unauthorized("This needs a session token.")

    def _is_current(self, nonce: str, server_nonce: str, asking: Asking) -> bool:
        raw = base64.urlsafe_b64decode(server_nonce + "=")
        content, seal = raw[:-SEAL_BYTES], raw[-SEAL_BYTES:]
        ends, whose = content[:ENDS_BYTES], content[ENDS_BYTES : ENDS_BYTES + WHOSE_BYTES]
        return (
            hmac.compare_digest(seal, self._seal(nonce, content))
            and self._clock() < int.from_bytes(ends)
            and (whose == _whose(asking.origin) or (asking.origin is None and not asking.bound))
        )

    def _seal(self, nonce: str, content: bytes) -> bytes:
        return hmac.digest(self._secret, nonce.encode("ascii") + content, hashlib.sha256)[:SEAL_BYTES]


def _whose(origin: str | None) -> bytes:
    return hashlib.sha256((origin or "").encode()).digest()[:WHOSE_BYTES]


def _first(keys: Sequence[bytes], made: Callable[[bytes], str], given: bytes) -> bytes | None:
    """The key that makes what was given; every one is tried, each compared in constant time."""
    found = [key for key in keys if hmac.compare_digest(made(key).encode("ascii"), given)]
    return found[0] if found else None
