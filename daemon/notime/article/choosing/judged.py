"""A page with its choice and its kind, ready to be judged.

Comes in: what the stages before found. Goes out: `Judged`. Must not know: what is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notime.article.declared.metadata import Metadata
from notime.article.declared.structured import Structured
from notime.article.pieces.piece import Piece
from notime.types import PageKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_VIDEOS = frozenset("VideoObject Movie TVEpisode TVSeries MusicRecording MusicAlbum Clip".split())


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
        """Whether the page asks for a password somewhere."""
        return any((element.get("type") or "").lower() == "password" for element in self.root.iter("input"))

    @property
    def is_video(self) -> bool:
        """Whether the page says that it is there for a video or for music."""
        return bool(self.data.types & _VIDEOS) or self.about.kind.startswith(("video", "music"))
