"""Who may use the daemon: the pairing key, the handshake and the session tokens.

The key K never leaves the two sides that hold it. Both prove that they do, over a nonce from each and the port, so
that neither another local process nor a web page can pass for one of them:

    client → Nc
    server → Ns, proof = HMAC-SHA256(K, "server|Nc|Ns|port")
    token  =      HMAC-SHA256(K, "session|Nc|Ns|port"), never sent by the server

Key, nonces, proof and token are base64url without padding; the HMACs run over the ASCII text as written above.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.errors import BadRequest, InsecureFile, TooManyAttempts, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY_BYTES = 32
NONCE_CHARACTERS = 43
"""32 bytes in base64url without padding."""

SESSION_SECONDS = 3600.0
PENDING_SESSIONS = 64
"""Handshakes whose token has not been used yet; an old one makes place for a new one."""

USED_NONCES = 4096
BAD_TOKENS = 20
BAD_TOKENS_SECONDS = 30.0
"""So many bad tokens within so long, and further bad ones are not looked at; good sessions are not affected."""


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_key(text: str) -> bytes:
    """The key as `notime pair` prints it.

    Raises:
        BadRequest: it is not one.
    """
    try:
        key = base64.b64decode(text.strip() + "=", altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadRequest("This is not a pairing key.") from error
    if len(key) != KEY_BYTES:
        raise BadRequest("This is not a pairing key.")
    return key


def server_proof(key: bytes, client_nonce: str, server_nonce: str, port: int) -> str:
    """What the daemon proves itself with."""
    return _hmac(key, f"server|{client_nonce}|{server_nonce}|{port}")


def session_token(key: bytes, client_nonce: str, server_nonce: str, port: int) -> str:
    """What the client proves itself with."""
    return _hmac(key, f"session|{client_nonce}|{server_nonce}|{port}")


def new_nonce() -> str:
    """32 random bytes."""
    return encode(secrets.token_bytes(KEY_BYTES))


def load_key(folder: Path, *, rotate: bool = False) -> bytes:
    """This user's pairing key, made at the first call.

    Args:
        folder: holds the file `key`; made where it is missing.
        rotate: make a new key; every paired extension must be paired again.

    Raises:
        InsecureFile: others could have read the key, or it is not this user's.
    """
    path = folder / "key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if rotate or (not path.is_symlink() and not path.exists()):
        _write_private(path, encode(secrets.token_bytes(KEY_BYTES)) + "\n")
    _refuse_insecure(path)
    try:
        return decode_key(path.read_text(encoding="ascii"))
    except (BadRequest, UnicodeDecodeError) as error:
        raise InsecureFile("The pairing key is damaged.", hint="Run `notime pair --rotate`.") from error


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whatever the umask, in one step."""
    partial = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    partial.replace(path)


def _refuse_insecure(path: Path) -> None:
    if os.name == "nt":  # access lists, not modes; the profile folder is the user's own
        return
    info = path.lstat()
    if not stat.S_ISREG(info.st_mode):
        raise InsecureFile("The pairing key is not a plain file.", hint=f"Remove {path}.")
    if info.st_uid != os.getuid():
        raise InsecureFile("The pairing key belongs to another user.", hint=f"Remove {path}.")
    if info.st_mode & 0o077:
        raise InsecureFile(
            "Others on this machine could have read the pairing key.", hint="Run `notime pair --rotate`."
        )


def _hmac(key: bytes, text: str) -> str:
    return encode(hmac.digest(key, text.encode("ascii"), hashlib.sha256))


@dataclass(slots=True)
class _Session:
    token: bytes
    origin: str | None
    expires: float


class Sessions:
    """Sessions of one daemon: pending after the handshake, active once their token was used.

    Args:
        key: the pairing key.
        clock: seconds that only go forward.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key
        self._clock = clock
        self._pending: deque[_Session] = deque(maxlen=PENDING_SESSIONS)
        self._active: list[_Session] = []
        self._nonces: OrderedDict[str, None] = OrderedDict()
        self._bad: deque[float] = deque(maxlen=BAD_TOKENS)

    def handshake(self, client_nonce: str, port: int, origin: str | None) -> tuple[str, str]:
        """Answer a client's nonce.

        Args:
            client_nonce: 32 random bytes of the client's, never used before.
            port: the one this daemon listens on.
            origin: the extension that asks; the session is for it alone.

        Returns:
            The server's nonce and its proof.

        Raises:
            BadRequest: the nonce is not one.
            Unauthorized: it was used before.
        """
        if len(client_nonce) != NONCE_CHARACTERS or not client_nonce.replace("-", "").replace("_", "").isalnum():
            raise BadRequest("The nonce must be 32 random bytes in base64url.")
        if not client_nonce.isascii():
            raise BadRequest("The nonce must be 32 random bytes in base64url.")
        if client_nonce in self._nonces:
            raise Unauthorized("This nonce was used before.")
        self._nonces[client_nonce] = None
        if len(self._nonces) > USED_NONCES:
            self._nonces.popitem(last=False)
        server_nonce = new_nonce()
        token = session_token(self._key, client_nonce, server_nonce, port).encode("ascii")
        self._pending.append(_Session(token, origin, self._clock() + SESSION_SECONDS))
        return server_nonce, server_proof(self._key, client_nonce, server_nonce, port)

    def authorize(self, header: bytes | None, origin: str | None, *, bound: bool = True) -> None:
        """Let a request pass, or not.

        Args:
            header: the raw Authorization header.
            origin: the request's.
            bound: whether a request without an origin is a program's; browsers leave it out of an extension's GET.

        Raises:
            Unauthorized: no token, or not a good one: always the same answer.
            TooManyAttempts: too many bad ones lately.
        """
        now = self._clock()
        self._active = [session for session in self._active if session.expires > now]
        scheme, _, token = (header or b"").partition(b" ")
        found = None
        for session in [*self._active, *self._pending]:
            good = hmac.compare_digest(session.token, token)
            own = session.origin == origin or (origin is None and not bound)
            if good and session.expires > now and own:
                found = session
        if found is not None and scheme.lower() == b"bearer":
            if found in self._pending:
                self._pending.remove(found)
                self._active.append(found)
            return
        if token:
            if len(self._bad) == BAD_TOKENS and now - self._bad[0] < BAD_TOKENS_SECONDS:
                raise TooManyAttempts("Too many bad tokens; wait a little.")
            self._bad.append(now)
        raise Unauthorized("This needs a session token.")
