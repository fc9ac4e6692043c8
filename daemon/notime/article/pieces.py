"""The vocabulary of reading: a page's text in pieces, and the boxes they stand in.

Comes in: nothing. Goes out: `Piece` and `Box`. Must not know: lxml, which pieces are the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

PieceKind = Literal["heading", "paragraph", "item", "quote", "caption", "code", "table"]

_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Soft hyphens, zero-width spaces and bidirectional overrides: no reader sees them. Joiners stay: Persian needs them.
"""

_ODD = re.compile("[" + "".join(map(chr, _DROPPED)) + "]")


@dataclass(slots=True, eq=False)
class Box:
    """An element that breaks lines, with the sums over all pieces in it."""

    tag: str
    parent: Box | None
    depth: int
    own: int
    """Traits of the element itself (`Trait` bits)."""
    all: int
    """Traits of the element and everything it stands in."""
    label: str
    """Tag and first class: what boxes of one kind on a page share."""
    chars: int = 0
    links: int = 0
    """Characters inside links."""
    prose: int = 0
    """Characters in pieces that read like prose: long, unlinked, ending as sentences do."""
    pieces: int = 0

    def up(self, levels: int) -> Box:
        """The box so many levels above, or the outermost."""
        box = self
        while levels and box.parent is not None:
            box = box.parent
            levels -= 1
        return box


@dataclass(slots=True, eq=False)
class Piece:
    """A run of text between two line breaks."""

    text: str
    kind: PieceKind
    box: Box
    links: int
    """Characters inside links."""

    @property
    def prose(self) -> bool:
        """Whether it reads like a paragraph of prose."""
        return (
            len(self.text) >= 80 and self.links * 3 < len(self.text) and self.kind not in {"code", "table", "caption"}
        )


def tidy(text: str) -> str:
    """Text with white space folded and invisible characters gone."""
    text = " ".join(text.split())
    return text if text.isascii() else _ODD.sub("", text).strip()
