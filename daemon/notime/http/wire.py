"""JSON ⇄ types: what comes in is validated, what goes out is shaped as `docs/http.md` tells.

Comes in: bytes, or our own types. Goes out: our own types, or bytes. Must not know: aiohttp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from notime.errors import BadRequest, NotimeError
from notime.http.search import MOST_CHARACTERS
from notime.types import Article, Coverage, Length, Page, Summary, SummarySentence

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder()


class Handshake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /v1/handshake`."""

    nonce: str


class SummaryRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /v1/summaries`: a page or plain text, one of the two."""

    html: str | None = None
    text: str | None = None
    url: str | None = None
    title: str | None = None
    length: Length | None = None
    model: str | None = None
    refresh: bool = False
    keep: bool = True
    """False: neither in the history nor in memory once it is answered, as for a private window."""

    def __post_init__(self) -> None:
        if (self.html is None) == (self.text is None):
            raise ValueError("give either html or text")

    @property
    def page(self) -> Page:
        """The page, where it is one."""
        return Page(html=self.html or "", url=self.url, title=self.title)


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of `GET /v1/summaries`."""

    query: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)] = ""
    before: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")] | None = None
    """`next` of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


def decode(body: bytes, kind: type[T]) -> T:
    """Validate a JSON body.

    Raises:
        BadRequest: it is not JSON, or not of that shape. The message names the field, never its content.
    """
    try:
        return msgspec.json.decode(body, type=kind)
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


def encode(value: Any) -> bytes:
    """Compact JSON; a lone surrogate, which no JSON can carry, becomes U+FFFD."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(_encodable(msgspec.to_builtins(value)))


def error(problem: NotimeError) -> dict[str, Any]:
    """The one error shape."""
    body: dict[str, Any] = {"code": problem.code, "message": problem.message}
    if problem.hint:
        body["hint"] = problem.hint
    return {"error": body}


def article(value: Article) -> dict[str, Any]:
    """What is told of an article; its text stays where it is."""
    return {
        "title": value.title,
        "byline": value.byline,
        "site_name": value.site_name,
        "language": value.language,
        "published": value.published,
        "url": value.url,
        "words": value.words,
        "minutes": value.minutes,
    }


def sentence(value: SummarySentence) -> dict[str, Any]:
    """One sentence of a summary."""
    body: dict[str, Any] = msgspec.to_builtins(value)
    return body


def coverage(value: Coverage) -> dict[str, Any]:
    """How much was read."""
    return {**msgspec.to_builtins(value), "fraction": value.fraction}


def summary(value: Summary) -> dict[str, Any]:
    """The whole summary."""
    return {
        "id": value.id,
        "article": article(value.article),
        "summary": {
            "sentences": [sentence(each) for each in value.sentences],
            "outline": [msgspec.to_builtins(each) for each in value.outline],
        },
        "coverage": coverage(value.coverage),
        "model": msgspec.to_builtins(value.model),
        "timings": {name: _rounded(number) for name, number in msgspec.to_builtins(value.timings).items()},
        "cached": value.cached,
    }


def event(
    kind: Literal["accepted", "article", "model", "progress", "token", "sentence", "ping", "done", "error"],
    body: Mapping[str, Any],
) -> bytes:
    """One line of a stream."""
    return encode({"type": kind, **body}) + b"\n"


def _rounded(number: float) -> float:
    return round(number, 1)


def _without_content(problem: Exception) -> str:
    return str(problem).split("\n", 1)[0].rstrip(".") if isinstance(problem, msgspec.MsgspecError) else "invalid JSON"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(item) for item in value]
    return value
