"""The request guard: which requests reach a handler at all.

Auth is the boundary; these checks stand before it so that no website gets as far. They read the raw headers:
`request.host` follows whatever target a client wrote.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from notime.errors import BadRequest, Forbidden, SlowRequest, TooLarge, UnsupportedMedia

if TYPE_CHECKING:
    from aiohttp import web

EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

BODY_SECONDS = 20.0
"""A page of several MB over loopback takes a tenth of a second; this is for the slowest machine under load."""


def port_of(request: web.Request) -> int:
    """The port this daemon was reached on."""
    transport = request.transport
    address = transport.get_extra_info("sockname") if transport is not None else None
    if not address:
        raise BadRequest("The connection is gone.")
    return int(address[1])


def origin_of(request: web.Request) -> str | None:
    """The extension that asks, or None for a program such as curl.

    Raises:
        Forbidden: a web page asks, or anything else that has an origin.
    """
    origins = request.headers.getall("Origin", [])
    if not origins:
        return None
    if len(origins) > 1 or not EXTENSION_ORIGIN.fullmatch(origins[0]):
        raise Forbidden("Web pages may not use notime.")
    return origins[0]


def check_target(request: web.Request) -> None:
    """Only requests that were meant for 127.0.0.1 and this port.

    Raises:
        Forbidden: another host, as with DNS rebinding.
        BadRequest: no host, or several.
    """
    hosts = request.headers.getall("Host", [])
    if len(hosts) > 1 or (not hosts and request.version >= (1, 1)):
        raise BadRequest("A request names one host.")
    if not request.raw_path.startswith("/") or hosts != [f"127.0.0.1:{port_of(request)}"]:
        raise Forbidden("notime answers on 127.0.0.1 alone.")


async def read_json(request: web.Request, limit: int) -> bytes:
    """The body, once it is known to be JSON and not too large.

    Args:
        request: whose body is unread.
        limit: in bytes.

    Raises:
        UnsupportedMedia: it is not plain JSON.
        TooLarge: it is over the limit; no more than that is read.
        SlowRequest: it does not arrive.
    """
    if request.content_type != "application/json":
        raise UnsupportedMedia("The body must be application/json.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("The body must not be compressed.")
    if (request.content_length or 0) > limit:
        raise TooLarge(f"The page is larger than {limit / 1e6:.0f} MB.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise TooLarge(f"The page is larger than {limit / 1e6:.0f} MB.")
    except TimeoutError as error:
        raise SlowRequest("The page did not arrive in time.") from error
    return bytes(body)
