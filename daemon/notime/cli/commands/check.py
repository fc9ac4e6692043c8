"""`notime check`: summaries held against their articles, whoever wrote them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from notime import shapes
from notime.errors import BadRequest, NotimeError
from notime.summary.check import judge

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings
    from notime.summary.check import Judgement


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    check = commands.add_parser("check", help="hold summaries against their articles")
    check.add_argument(
        "--jsonl",
        action="store_true",
        required=True,
        help='{"id","article","summary"} a line on standard input, a judgement a line on standard output',
    )
    check.set_defaults(run=_check)


class _Line(msgspec.Struct):
    id: str | int
    article: str
    summary: str


def _check(_: argparse.Namespace, __: Settings) -> int:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            row = _decoded(line, number)
            _print({"id": row.id, **_told(judge(row.article, row.summary))})
        except NotimeError as error:
            _print({"id": None, "line": number, **shapes.error(error)})
    return 0  # a line that could not be read is answered by a line that says so


def _decoded(line: bytes, number: int) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f'Line {number} is not {{"id", "article", "summary"}}.') from error


def _told(judgement: Judgement) -> dict[str, Any]:
    return {
        "score": round(judgement.score, 6),
        "supported": judgement.supported,
        "sentences": [
            {
                "text": sentence.text,
                "score": round(sentence.score, 6),
                "supported": sentence.supported,
                "source": " ".join(sentence.sources),
                "reasons": list(sentence.reasons),
            }
            for sentence in judgement.sentences
        ],
    }


def _print(value: dict[str, Any]) -> None:
    print(msgspec.json.encode(value).decode(), flush=True)
