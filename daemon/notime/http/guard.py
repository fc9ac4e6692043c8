"""The request guard: which requests reach a handler at all.

Auth is the boundary; these checks stand before it so that no website gets as far. They read the raw headers:
`request.host` follows whatever target a client wrote.
"""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from notime.errors import BadRequest, ExpectationFailed, Forbidden, SlowRequest, TooLarge, UnsupportedMedia

EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

BODY_SECONDS = 20.0
"""A page of several MB over loopback takes a tenth of a second; this is for the slowest machine under load."""


def port_of(request: web.BaseRequest) -> int:
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


def is_a_pages(request: web.BaseRequest) -> bool:
    """A web page has the browser ask, in a way that tells no origin: an image, a script, a frame, a `no-cors` fetch.

    Such a request is not answered at all, so that the page cannot tell a daemon from nobody there. An extension's own
    GET comes without an origin too, but its mode is `cors`; what the reader types into the address bar is sent by
    nobody's page (`none`).
    """
    mode, site = (request.headers.get(f"Sec-Fetch-{name}", "") for name in ("Mode", "Site"))
    return "Origin" not in request.headers and mode not in ("", "cors") and site != "none"


def check_target(request: web.BaseRequest) -> None:
    """Only requests that were meant for 127.0.0.1 and this port.

    Raises:
        Forbidden: another host, as with DNS rebinding.
        BadRequest: no host, or several; a version of HTTP that is none.
    """
    if request.version not in ((1, 0), (1, 1)):
        raise BadRequest("notime speaks HTTP/1.0 and HTTP/1.1.")
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
        ExpectationFailed: the client waits for something else than to be told to go on.
    """
    if request.content_type != "application/json":
        raise UnsupportedMedia("The body must be application/json.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("The body must not be compressed.")
    if (request.content_length or 0) > limit:
        raise TooLarge(f"The page is larger than {limit / 1e6:.0f} MB.")
    if expected := request.headers.get("Expect"):
        if expected.lower() != "100-continue":
            raise ExpectationFailed("The only expectation that notime meets is 100-continue.")
        await request.writer.write(CONTINUE)
        request.writer.output_size = 0
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise TooLarge(f"The page is larger than {limit / 1e6:.0f} MB.")
    except TimeoutError as error:
        raise SlowRequest("The page did not arrive in time.") from error
    except web.RequestPayloadError as error:
        raise BadRequest("The body is not what its headers say.") from error
    return bytes(body)
