"""Summaries that were made lately, so that the same page asked for again is answered at once.

Comes in: requests and their summaries. Goes out: summaries. Must not know: how they are made. In memory alone: what was
read goes with the process.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from notime.http.wire import SummaryRequest
    from notime.types import Summary

MOST = 64
"""Summaries; each holds its article, some 5 KB."""


class Kept:
    """The last summaries by what was asked for."""

    def __init__(self) -> None:
        self._summaries: OrderedDict[str, Summary] = OrderedDict()

    def get(self, key: str) -> Summary | None:
        """What was answered to the same request; marked as cached."""
        found = self._summaries.get(key)
        if found is None:
            return None
        self._summaries.move_to_end(key)
        return replace(found, cached=True)

    def put(self, key: str, summary: Summary) -> None:
        """Keep an answer; the one unused for longest goes."""
        self._summaries[key] = summary
        self._summaries.move_to_end(key)
        if len(self._summaries) > MOST:
            self._summaries.popitem(last=False)


def key_of(request: SummaryRequest, *, model: str, length: str) -> str:
    """Digest of all that an answer depends on: page or text, address, title, model and length."""
    parts = (request.html, request.text, request.url, request.title, model, length)
    return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()
