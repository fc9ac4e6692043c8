"""Answers: JSON, the one error shape, and the headers that every answer carries."""

from __future__ import annotations

from typing import Any, TypeVar

from aiohttp import web

from notime import shapes
from notime.errors import Busy, NotimeError, Unauthorized

R = TypeVar("R", bound=web.StreamResponse)


def json(value: Any, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(body=shapes.encode(value), status=status, content_type="application/json")


def problem(error: NotimeError) -> web.Response:
    """An error of ours as an answer."""
    response = json(shapes.error(error), error.status)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def sealed(response: R, origin: str | None) -> R:
    """Nothing is cached, and only the extension that asked may read the answer.

    The server's name is told without a version; by default it would be those of Python and aiohttp.
    """
    response.headers["Server"] = "notime"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"  # the extension's own way of asking, no cookie
        response.headers["Vary"] = "Origin"
    return response


def preflight(origin: str) -> web.Response:
    """Leave for an extension to send the request it has announced."""
    response = sealed(web.Response(status=204), origin)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
    response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
    return response
