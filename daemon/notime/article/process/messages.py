"""What the reading process and its parent say to each other.

Comes in: streams. Goes out: frames: four bytes of length, big-endian, then JSON in UTF-8. Must not know: processes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from notime.article.explanation import Explanation, Verdict
from notime.article.sentences.splitting import split
from notime.harmless import harmless
from notime.types import Article, Block, Page, Sentence

_LENGTH = struct.Struct(">I")

MOST_BYTES = 1 << 28
"""Of a frame: what a page of 16 MB may come to, with all that is told of it. Nobody is made to take more."""

MOST_LABEL = 1_000
"""Characters of a title, byline, site's name or date: who shows them needs no more, and who keeps them keeps many."""


class Closed(Exception):
    """The other side is gone."""


def send(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Write one frame.

    Raises:
        Closed: nobody reads it.
    """
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
    try:
        stream.write(_LENGTH.pack(len(data)) + data)
        stream.flush()
    except (OSError, ValueError) as exc:
        raise Closed from exc


def receive(stream: BinaryIO) -> dict[str, Any]:
    """Read one frame.

    Raises:
        Closed: the stream ended, or holds no frame.
    """
    try:
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            raise Closed
        (length,) = _LENGTH.unpack(head)
        if length > MOST_BYTES:
            raise Closed
        data = stream.read(length)
        if len(data) < length:
            raise Closed
        message = json.loads(data)
    except (OSError, ValueError) as exc:
        raise Closed from exc
    if not isinstance(message, dict):
        raise Closed
    return message


def page_to_wire(page: Page) -> dict[str, Any]:
    """A page as JSON; bytes as the text of the same code points."""
    html = page.html if isinstance(page.html, str) else page.html.decode("latin-1")
    return {
        "html": html,
        "bytes": isinstance(page.html, bytes),
        "url": page.url,
        "title": page.title,
        "asked": page.asked,
    }


def page_from_wire(message: dict[str, Any]) -> Page:
    """The page that `page_to_wire` wrote."""
    html: str = message["html"]
    return Page(
        html.encode("latin-1") if message["bytes"] else html, message["url"], message["title"], message["asked"]
    )


def article_to_wire(article: Article) -> dict[str, Any]:
    """An article as JSON, split into sentences."""
    clean = replace(article, blocks=tuple(replace(block, text=harmless(block.text)) for block in article.blocks))
    blocks = [[block.kind, block.text, block.level] for block in clean.blocks]
    sentences = [[sentence.block, sentence.start, sentence.end] for sentence in split(clean)]
    labels = {name: _label(getattr(article, name)) for name in ("title", "byline", "site_name", "published")}
    plain = {name: getattr(article, name) for name in ("language", "url", "kind", "certainty")}
    return {"blocks": blocks, "sentences": sentences, **plain, **labels}


def article_from_wire(message: dict[str, Any]) -> Article:
    """The article that `article_to_wire` wrote."""
    blocks = tuple(Block(text, kind, level) for kind, text, level in message.pop("blocks"))
    sentences = tuple(
        Sentence(index, blocks[block].text[start:end], block, start, end)
        for index, (block, start, end) in enumerate(message.pop("sentences"))
    )
    return Article(blocks, sentences=sentences, **message)


def _label(text: str | None) -> str | None:
    return None if text is None else harmless(text)[:MOST_LABEL]


def explanation_to_wire(explanation: Explanation) -> dict[str, Any]:
    """An explanation as JSON."""
    return asdict(explanation)


def explanation_from_wire(message: dict[str, Any]) -> Explanation:
    """The explanation that `explanation_to_wire` wrote."""
    blocks = tuple(Verdict(**{**block, "reasons": tuple(block["reasons"])}) for block in message.pop("blocks"))
    candidates = tuple(message.pop("candidates"))
    return Explanation(**message, candidates=candidates, blocks=blocks)
