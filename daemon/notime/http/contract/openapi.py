"""The contract for machines: OpenAPI 3.1, made from the types that requests and answers have.

Comes in: those types. Goes out: the document. Must not know: handlers; a test holds the routes against it.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import msgspec

import notime
from notime.http import requests
from notime.http.contract import schemas
from notime.service.request import SummaryRequest

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    answer: Any = None
    """Its type; None where nothing is in it."""
    status: int = 200
    body: Any = None
    parameters: type | None = None
    public: bool = False
    """Without a token."""
    stream: bool = False
    """With `Accept: application/x-ndjson` events as they come."""
    media: str = JSON


OPERATIONS = (
    Operation("get", "/health", "The daemon answers", schemas.Health, public=True),
    Operation(
        "post", "/v1/handshake", "Prove one to another", schemas.HandshakeAnswer, body=requests.Handshake, public=True
    ),
    Operation("post", "/v1/summaries", "Summarise a page", schemas.SummaryAnswer, body=SummaryRequest, stream=True),
    Operation("post", "/v1/prepare", "Make it beforehand", schemas.Prepared, 202, body=SummaryRequest),
    Operation("get", "/v1/summaries", "The history", schemas.HistoryPage, parameters=requests.HistoryQuery),
    Operation("delete", "/v1/summaries", "Delete the history", status=204),
    Operation("get", "/v1/summaries/{id}", "One summary out of the history", schemas.HistoryEntry),
    Operation("delete", "/v1/summaries/{id}", "Delete one summary", status=204),
    Operation("get", "/v1/models", "The catalog", schemas.Models),
    Operation("get", "/v1/status", "How the daemon is", schemas.Status),
    Operation("get", "/v1/openapi.json", "This document", dict[str, Any]),
    Operation("get", "/metrics", "Figures for Prometheus", str, media="text/plain"),
)


def document() -> dict[str, Any]:
    """The whole contract."""
    kinds = [kind for each in OPERATIONS for kind in (each.answer, each.body, each.parameters) if kind is not None]
    kinds += [schemas.Problem, schemas.Event]
    shapes, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    found = dict(zip(map(_name, kinds), shapes, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method] = _operation(each, found, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "notime", "version": notime.__version__, "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Operation, shapes: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    problem = {"description": "Something is wrong.", "content": {JSON: {"schema": shapes["Problem"]}}}
    content: dict[str, Any] = {each.media: {"schema": shapes[_name(each.answer)]}} if each.answer is not None else {}
    if each.stream:
        content["application/x-ndjson"] = {"schema": shapes[_name(schemas.Event)]}
    told: dict[str, Any] = {
        "summary": each.summary,
        "security": [] if each.public else [{"session": []}],
        "parameters": _parameters(each, components),
        "responses": {
            str(each.status): {"description": each.summary, **({"content": content} if content else {})},
            "default": problem,
        },
    }
    if each.body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": shapes[_name(each.body)]}}}
    return told


def _parameters(each: Operation, components: dict[str, Any]) -> list[dict[str, Any]]:
    found = (
        [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}] if "{id}" in each.path else []
    )
    if each.parameters is not None:
        properties = components[_name(each.parameters)]["properties"]
        found += [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]
    return found


def _name(kind: Any) -> str:
    return kind.__name__ if inspect.isclass(kind) else str(kind)
