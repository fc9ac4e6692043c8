"""Summaries that were made lately, so that the same page asked for again is answered at once.

Comes in: requests and their summaries. Goes out: summaries. Must not know: how they are made. In memory alone: what was
read goes with the process.
"""

from __future__ import annotations

import hashlib
import sys
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from notime.service.request import SummaryRequest
    from notime.types import Summary

MOST = 64
"""Summaries; each holds its article, some 5 KB."""

MOST_BYTES = 16_000_000
"""All of them together; what is larger than that by itself is not kept. Articles may be books."""


@dataclass(slots=True)
class _Item:
    summary: Summary
    place: str
    size: int
    in_history: bool = False


class Cache:
    """The last summaries by what was asked for."""

    def __init__(self) -> None:
        self._items: OrderedDict[str, _Item] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes that are held."""
        return self._size

    def get(self, key: str) -> Summary | None:
        """What was answered to the same request; marked as cached."""
        found = self._items.get(key)
        if found is None:
            return None
        self._items.move_to_end(key)
        return replace(found.summary, cached=True)

    def put(self, key: str, summary: Summary, place: str) -> None:
        """Keep an answer; those unused for longest go.

        Args:
            key: from `key_of`.
            summary: the answer.
            place: in the history, from `place_of`.
        """
        summary = replace(summary, article=replace(summary.article, sentences=None))  # the same text again
        self._drop(key)
        self._items[key] = item = _Item(summary, place, _size(summary))
        self._size += item.size
        while len(self._items) > MOST or self._size > MOST_BYTES:
            self._drop(next(iter(self._items)))

    def mark(self, place: str) -> None:
        """The history has what is at that place."""
        for item in self._items.values():
            item.in_history = item.in_history or item.place == place

    def is_marked(self, place: str) -> bool:
        """The history had something of what is here at that place."""
        return any(item.in_history and item.place == place for item in self._items.values())

    def drop(self, place: str) -> None:
        """Forget what is at that place."""
        for key in [key for key, item in self._items.items() if item.place == place]:
            self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._size = 0

    def _drop(self, key: str) -> None:
        if item := self._items.pop(key, None):
            self._size -= item.size


def _size(summary: Summary) -> int:
    """Bytes of the text that an answer holds, and a kilobyte for the rest."""
    article = summary.article
    labels = (article.title, article.byline, article.site_name, article.url)
    sources = (source.text for sentence in summary.sentences for source in sentence.sources)
    texts = (*(block.text for block in article.blocks), *(sentence.text for sentence in summary.sentences), *sources)
    return 1_000 + sum(sys.getsizeof(text) for text in (*labels, *texts) if text)


def key_of(request: SummaryRequest, *, model: str, length: str) -> str:
    """Digest of all that an answer depends on: page or text, address, title, model and length."""
    return _digest(request.html, request.text, request.url, request.title, model, length)


def place_of(request: SummaryRequest, *, length: str) -> str:
    """Digest of what the history holds once: a page by its address, else the text itself; and the length.

    A part of a page that was selected is not the page. The part of an address after # is one page's own matter, unless
    it looks like a path, which pages that are programs have their articles at.
    """
    if request.html is None or not request.url:
        return _digest("text", request.html, request.text, request.url, request.title, length)
    address, _, fragment = request.url.partition("#")
    return _digest("page", f"{address}#{fragment}" if fragment.startswith(("/", "!")) else address, length)


def _digest(*parts: str | None) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()
