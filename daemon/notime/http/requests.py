"""Requests: JSON → types. What comes in is validated as `docs/http.md` tells.

Comes in: bytes. Goes out: our own types; the one for a summary is the service's. Must not know: aiohttp.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec

from notime.errors import BadRequest
from notime.history.query import MOST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""JSON's escapes, pairs of surrogates as one."""


class Handshake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /v1/handshake`."""

    nonce: str
    hello: str


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `GET /v1/summaries`."""

    query: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)] = ""
    before: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")] | None = None
    """`next` of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


def decode(body: bytes, kind: type[T]) -> T:
    """Validate a JSON body. Half an emoji, as JavaScript sends it where a text was cut, becomes U+FFFD.

    Raises:
        BadRequest: it is not JSON, or not of that shape. The message names the field, never its content.
    """
    try:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            mended = _ESCAPES.sub(_mended, body)
            if mended == body:
                raise
            return msgspec.json.decode(mended, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body is not what this takes: {_without_content(error)}.") from error


def parameters(query: Mapping[str, str], kind: type[T]) -> T:
    """Validate the part of an address after the question mark; an empty parameter is none.

    Raises:
        BadRequest: it is not of that shape. The message names the parameter, never its content.
    """
    try:
        return msgspec.convert({name: value for name, value in query.items() if value}, kind, strict=False)
    except msgspec.MsgspecError as error:
        raise BadRequest(f"The parameters are not what this takes: {_without_content(error)}.") from error


def _mended(found: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if found["lone"] else found[0]


def _without_content(problem: Exception) -> str:
    return str(problem).split("\n", 1)[0].rstrip(".") if isinstance(problem, msgspec.MsgspecError) else "invalid JSON"
