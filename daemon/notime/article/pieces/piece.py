"""The vocabulary of reading: a page's text in pieces, and the boxes they stand in.

Comes in: nothing. Goes out: `Piece` and `Box`. Must not know: lxml, which pieces are the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

PieceKind = Literal["heading", "paragraph", "item", "quote", "caption", "code", "table"]

_DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Soft hyphens, zero-width spaces and bidirectional overrides: no reader sees them. Joiners stay: Persian needs them.
"""

_ODD = re.compile("[" + "".join(map(chr, _DROPPED)) + "]")

_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_DENSITY = 3
"""Latin letters that say as much as one character of Chinese, Japanese or Korean: a translation is a third as long
(news in both, two characters a word against six)."""
_PROSE = 80
"""Letters from which an unlinked piece reads like a paragraph."""

_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔")
_CUT = ("…", "...")
"""How what was cut off ends."""
_CLOSERS = "\"'”’»)」』"


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
    """Characters inside links, in the measure of `size`."""
    size: int = field(init=False)
    """Its length in Latin letters: what it says, whatever its script."""
    prose: bool = field(init=False)
    """Whether it reads like a paragraph of prose."""

    def __post_init__(self) -> None:
        dense = 0 if self.text.isascii() else len(_DENSE.findall(self.text))
        self.size = len(self.text) + (_DENSITY - 1) * dense
        if dense:
            self.links = self.links * self.size // len(self.text)
        self.prose = (
            self.size >= _PROSE and self.links * 3 < self.size and self.kind not in {"code", "table", "caption"}
        )

    @property
    def complete(self) -> bool:
        """Whether it ends as a sentence does and leads nowhere, however short it is."""
        return self.links == 0 and self.ends

    @property
    def told(self) -> bool:
        """Whether it is made of sentences: it is a whole one, or as long as a paragraph, be it linked or cut off."""
        whole = self.complete and not self.text.endswith(_CUT)
        return self.kind in {"paragraph", "item", "quote"} and self.ends and (whole or self.size >= _PROSE)

    @property
    def ends(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text.rstrip(_CLOSERS).endswith(_STOPS)


def tidy(text: str) -> str:
    """Text with white space folded and invisible characters gone."""
    text = " ".join(text.split())
    return text if text.isascii() else _ODD.sub("", text).strip()
