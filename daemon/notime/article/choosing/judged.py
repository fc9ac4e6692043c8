"""A page with its choice and its kind, ready to be judged.

Comes in: what the stages before found. Goes out: `Judged`. Must not know: what is made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.article.declared.metadata import Metadata
from notime.article.declared.structured import Structured
from notime.article.pieces.piece import Piece
from notime.article.pieces.traits import is_hidden
from notime.types import PageKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_VIDEOS = frozenset("VideoObject Movie TVEpisode TVSeries MusicRecording MusicAlbum Clip".split())
_PRICE = re.compile(r"[$€£¥₹]\s?\d(?![\d.,]*k\b)|\d\s?(?:€|£|kr|zł|USD|EUR)\b")
_LABEL = 80
"""Letters below which a piece may be a price, with what stands beside it: a paragraph has more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A page with its choice and its kind."""

    root: HtmlElement
    pieces: list[Piece]
    kept: tuple[bool, ...]
    sure: float
    """Expected F1 of the choice."""
    about: Metadata
    data: Structured
    url: str | None
    kind: PageKind
    certainty: float

    @property
    def mine(self) -> list[Piece]:
        """The kept pieces."""
        return [piece for piece, keep in zip(self.pieces, self.kept, strict=True) if keep]

    @property
    def has_password(self) -> bool:
        """Whether the page asks for a password somewhere; a form that it hides asks for nothing."""
        return any(
            (field.get("type") or "").lower() == "password"
            and not any(is_hidden(element) for element in (field, *field.iterancestors()))
            for field in self.root.iter("input")
        )

    @property
    def prices(self) -> int:
        """How many short pieces have a price in them."""
        return sum(len(piece.text) < _LABEL and _PRICE.search(piece.text) is not None for piece in self.pieces)

    @property
    def is_video(self) -> bool:
        """Whether the page says that it is there for a video or for music."""
        return bool(self.data.types & _VIDEOS) or self.about.kind.startswith(("video", "music"))
