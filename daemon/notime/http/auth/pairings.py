"""Who is paired: one key a browser, in a file that this user alone can read.

Comes in: the configuration folder. Goes out: keys, each with a name that people know it by. Must not know: HTTP.
Blocks: not for the event loop.

A line of the file is `NAME KEY DATE`. It is read again whenever it has changed, so that what is revoked here ends in a
running daemon with the next request.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from notime.errors import BadRequest, InsecureFile, NotFound
from notime.files import make_private_folder, problem_of, write_private

FILE = "key"
KEY_BYTES = 32
DEFAULT_NAME = "browser"
NAME = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Pairing:
    """One browser."""

    name: str
    key: bytes
    made: str
    """The day, as in 2026-11-28; empty where it is not known."""


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


class Pairings:
    """The pairings of this user.

    Every method raises InsecureFile where others could have read or changed the file, and where it is damaged.

    Args:
        folder: holds the file; made where something is to be written and it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._seen: tuple[tuple[int, ...], tuple[bytes, ...]] | None = None

    def all(self) -> tuple[Pairing, ...]:
        """In the order in which they were made."""
        if not self._path.is_symlink() and not self._path.exists():
            return ()
        self._refuse_insecure()
        try:
            return tuple(_parsed(line) for line in self._path.read_text(encoding="utf-8").splitlines())
        except (BadRequest, UnicodeDecodeError) as error:
            raise InsecureFile("The pairing key is damaged.", hint="Run `notime pair --rotate`.") from error

    def keys(self) -> tuple[bytes, ...]:
        """Every key, read again only where the file is another than the last time."""
        try:
            info = self._path.lstat()
        except FileNotFoundError:
            return ()
        state = (info.st_dev, info.st_ino, info.st_mtime_ns, info.st_size, info.st_mode, info.st_uid)
        if self._seen is None or self._seen[0] != state:
            self._seen = state, tuple(each.key for each in self.all())
        return self._seen[1]

    def get(self, name: str = DEFAULT_NAME) -> Pairing:
        """The pairing of that name, made at the first call.

        Raises:
            BadRequest: this is no name.
        """
        found = self.all()
        return next((each for each in found if each.name == name), None) or self._add(found, name)

    def any(self) -> Pairing:
        """The oldest, for this user's own programs; made where there is none."""
        return next(iter(self.all()), None) or self.get()

    def revoke(self, name: str) -> None:
        """Make a key worth nothing, at once.

        Raises:
            NotFound: there is no such pairing.
        """
        found = self.all()
        rest = [each for each in found if each.name != name]
        if len(rest) == len(found):
            raise NotFound(f"There is no pairing called {name!r}.", hint="`notime pair --list` shows what there is.")
        self._write(rest)

    def rotate(self, name: str = DEFAULT_NAME) -> Pairing:
        """Make every key worth nothing, at once, and one new one."""
        return self._add((), name)

    def _add(self, found: tuple[Pairing, ...], name: str) -> Pairing:
        if not NAME.fullmatch(name):
            raise BadRequest("A name is up to 40 letters, digits, dots and hyphens.")
        made = Pairing(name, secrets.token_bytes(KEY_BYTES), datetime.now(UTC).date().isoformat())
        self._write([*found, made])
        return made

    def _write(self, pairings: list[Pairing]) -> None:
        make_private_folder(self._path.parent)
        lines = [" ".join([each.name, encode(each.key), each.made]).strip() for each in pairings]
        write_private(self._path, "".join(f"{line}\n" for line in lines))

    def _refuse_insecure(self) -> None:
        problem = problem_of(self._path, secret=True)
        if problem == "mode":
            raise InsecureFile(
                "Others on this machine could have read the pairing key.", hint="Run `notime pair --rotate`."
            )
        if problem is not None:
            whose = "belongs to another user" if problem == "owner" else "is not a plain file"
            raise InsecureFile(f"The pairing key {whose}.", hint=f"Remove {self._path}.")


def _parsed(line: str) -> Pairing:
    match line.split(" "):
        case [key]:  # before there were several
            return Pairing(DEFAULT_NAME, decode_key(key), "")
        case [name, key, *made] if NAME.fullmatch(name) and len(made) < 2:
            return Pairing(name, decode_key(key), "".join(made))
    raise BadRequest("This is not a pairing.")
