"""Shapes: types → JSON, as `docs/http.md` tells; the same on the wire, in the history and on the command line.

Comes in: our own types. Goes out: dicts, or bytes. Must not know: who asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notime.errors import NotimeError
    from notime.types import Article, Coverage, Summary, SummarySentence

_ENCODER = msgspec.json.Encoder()


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
        "kind": value.kind,
        "certainty": value.certainty,
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


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(item) for item in value]
    return value
