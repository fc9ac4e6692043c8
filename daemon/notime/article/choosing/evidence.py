"""What speaks for an article among a page's pieces, and what against it.

Comes in: the choice, and what the page says of itself. Goes out: `Evidence`. Must not know: what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from notime.article.declared.metadata import Metadata
from notime.article.declared.structured import ARTICLES, Structured
from notime.article.pieces.piece import Piece
from notime.words import count_words


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an article and against it."""

    words: int
    """Words kept."""
    prose: int
    """Words kept in pieces that read like prose."""
    paragraphs: int
    """Kept pieces of prose."""
    told: int
    """Words kept in pieces that are made of sentences, however short or linked."""
    links: float
    """Share of the kept text inside links."""
    sure: float
    """Expected F1 of the choice."""
    spread: float
    """Share of the page's text that was kept."""
    pieces: int
    """Pieces kept."""
    teasers: int
    """Headings that are links, between the first and the last piece kept."""
    declared: bool
    """The page says that it is an article, in structured data or `og:type`."""


def weigh(pieces: list[Piece], kept: tuple[bool, ...], sure: float, about: Metadata, data: Structured) -> Evidence:
    """The evidence of a choice."""
    mine = [piece for piece, keep in zip(pieces, kept, strict=True) if keep]
    first, last = span(kept)
    prose = [piece for piece in mine if piece.prose]
    chars = sum(len(piece.text) for piece in mine)
    return Evidence(
        words=sum(count_words(piece.text) for piece in mine),
        prose=sum(count_words(piece.text) for piece in prose),
        paragraphs=len(prose),
        told=sum(count_words(each.text) for each in mine if each.told),
        links=sum(piece.links for piece in mine) / max(1, chars),
        sure=sure,
        pieces=len(mine),
        teasers=sum(_is_teaser(piece) for piece in pieces[max(0, first - 1) : last + 1]),
        spread=chars / max(1, sum(len(piece.text) for piece in pieces)),
        declared=bool(data.types & ARTICLES) or about.kind in {"article", "blog", "news"},
    )


def span(kept: tuple[bool, ...]) -> tuple[int, int]:
    """Places of the first and the last kept piece; an empty span where there is none."""
    mine = [place for place, keep in enumerate(kept) if keep]
    return (mine[0], mine[-1]) if mine else (0, -1)


def _is_teaser(piece: Piece) -> bool:
    return piece.kind == "heading" and piece.links > 0.8 * len(piece.text) and len(piece.text) > 15
