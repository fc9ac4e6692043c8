"""Which pieces are the article.

Comes in: pieces with a probability each. Goes out: `Choice`. Must not know: trees, how a probability came about.

The choice is the one with the highest expected F1, the measure that extraction is judged by: pieces are taken in
order of probability as long as the expectation rises. Where the forest is sure that is a threshold of one half; where
it is unsure of everything (a list of twenty short sections) it takes more rather than nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from notime.article.pieces.piece import Piece
from notime.article.pieces.vocabulary import Trait
from notime.types import PageKind

_LEAST_SHARE = 0.6
"""Share of the best piece's probability from which pieces are taken where none reaches the threshold."""
_HIGHEST = 0.5
"""Highest threshold."""
_LOWEST_OF: dict[PageKind, float] = {"article": 0.3, "documentation": 0.3}
_LOWEST = 0.2
"""Lowest one, by kind of page: on held-out folds articles lose by a lower one, and all others gain 0.01 to 0.02."""

_VETO = re.compile(
    r"(?:(?:copyright|©|\(c\))\W.{0,140}|no time to read\b.{0,60}"
    r"|(?:get|read|show|generate|view|listen to)(?: (?:a|an|the|this|our|ai))* "
    r"(?:summary|key points|digest)\W*"
    r"|summari[sz]e (?:this|with|the) .{0,40}|ai[- ]generated summary.{0,40}"
    r"|(?:previous|next|prev|older|newer)(?: (?:article|post|story|page|entry|up|in|read))?\b.{0,120}"
    r"|(?:read|see|learn|show|load|view) (?:more|also|next|on|all|full (?:article|story))\b(?:\W.{0,140})?"
    r"|(?:continue|keep) reading\b.{0,80}"
    r"|(?:related|recommended|more)(?: (?:articles?|stories|posts|reading|coverage|from|on|in|news|videos?|topics?"
    r"|links?))?\b[:\s].{0,100}|related|recommended"
    r"|you (?:may|might|could) (?:also|like|be interested).{0,80}|(?:most|trending|popular|top|latest)(?: (?:read"
    r"|viewed|shared|now|stories|news|posts|articles))\W*"
    r"|(?:story|article) continues (?:below|after).{0,60}|(?:scroll|skip)(?: down)? to .{0,50}|advertisements?\W*"
    r"|sponsored\W*"
    r"|share(?: (?:this|on|via|the|it|article|story|post).{0,60})?\W*|(?:tweet|pin it|print|e-?mail|copy link"
    r"|facebook|twitter|whatsapp|linkedin|reddit|comments?|reply)\W*"
    r"|(?:sign|log) (?:up|in)(?: (?:for|to|with|here|now)\b.{0,120})?|subscribe(?: (?:to|for|now|here"
    r"|today)\b.{0,120})?|follow (?:us|me|@?\w+) on .{0,60}"
    r"|(?:get|join|sign up for|subscribe to) .{0,40}\b(?:newsletters?|mailing list)\W*|leave a (?:comment|reply)\W*"
    r"|(?:view|show|post|add)(?: \d+)? comments?\W*|\d+ (?:comments?|shares?|min(?:ute)?s? read|views)\W*|back to "
    r"top\W*|click to .{0,40}|(?:.{1,60} )?joined:? (?:\w{3,9}\.? )?\d{4}\b.{0,60})",
    re.IGNORECASE,
)
"""What a short piece is that is never an article's, whole: boxes of the site around and within the text."""

_RIGHTS = re.compile(
    r"(?:all rights (?:reserved|in this|to this)|no part of (?:it|this|the)\b.{0,80}\bmay be|copyright (?:©"
    r"|\(c\)|\d{4})"
    r"|(?:this|the) (?:material|content|article|text|story)\b.{0,60}\bmay not be (?:published|reproduced"
    r"|broadcast|copied|re)"
    r"|reproduction (?:in whole|of|without)|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden)",
    re.IGNORECASE,
)
"""How a sentence about rights begins, which is the site's and not the article's, however long."""
_LONGEST_RIGHTS = 300
_LONGEST_VETO = 160
_BESIDE = int(Trait.BESIDE)
_LEAD_REACH = 16
"""Pieces between the headline and the text in which a standfirst may stand: author, date, buttons and a caption are
among them."""
_LEAD_SCORE, _MARKED_LEAD_SCORE = 0.1, 0.02
"""Probability that is enough for it there, and where its box is named so."""
_NEAR_LEAD = 2
"""Pieces behind the headline within which a box that is named so is enough."""
_LEAST_LEAD = 60
_NO_LEAD = int(
    Trait.NAV | Trait.RELATED | Trait.AD | Trait.NEWSLETTER | Trait.SHARE | Trait.CONSENT | Trait.DIALOG | Trait.BIO
    | Trait.COMMENTS | Trait.FOOTER | Trait.PAYWALL | Trait.VEILED | Trait.HIDDEN | Trait.FORM
)  # fmt: skip
_LEAD = int(Trait.LEAD)
REPEATED = 40
"""Letters from which a piece that stands on the page twice is a copy: a pull quote, the same card for small screens."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The pieces that are the article."""

    scores: tuple[float, ...]
    kept: tuple[bool, ...]
    threshold: float
    expected: float
    """Expected F1 of the choice, 0 to 1: how sure the forest is of the page as a whole."""
    vetoed: frozenset[int]
    """Pieces left out for what they say or how their box is named, whatever their probability."""


def choose(pieces: list[Piece], scores: list[float], kind: PageKind) -> Choice:
    """The choice with the highest expected F1.

    Args:
        pieces: the page's pieces in order.
        scores: their probabilities.
        kind: what the page is.
    """
    weights = [_weight(piece) for piece in pieces]
    beside = _beside(pieces)
    scores = [0.0 if place in beside else score for place, score in enumerate(scores)]
    threshold = _threshold(scores, weights, _LOWEST_OF.get(kind, _LOWEST))
    vetoed = beside | {place for place, piece in enumerate(pieces) if is_veto(piece)}
    if scores and max(scores) <= threshold:
        threshold = _LEAST_SHARE * max(scores)  # a page of nothing but doubt: the best there is
    kept = [score > threshold and place not in vetoed for place, score in enumerate(scores)]
    mass = sum(score * weight for score, weight in zip(scores, weights, strict=True))
    right = sum(score * weight for score, weight, keep in zip(scores, weights, kept, strict=True) if keep)
    taken = sum(weight for weight, keep in zip(weights, kept, strict=True) if keep)
    _take_lead(pieces, scores, kept)
    _take_headings(pieces, scores, kept)
    _drop_teasers(pieces, kept, kind)
    _drop_copies(pieces, kept, kind)
    _drop_bare_headings(pieces, kept)
    expected = 2 * right / (taken + mass) if taken else 0.0
    return Choice(tuple(scores), tuple(kept), threshold, expected, vetoed)


def _beside(pieces: list[Piece]) -> frozenset[int]:
    """Pieces in boxes named after other articles; none where those hold most of the page's prose."""
    found = frozenset(place for place, piece in enumerate(pieces) if piece.box.all & _BESIDE)
    prose = [(len(piece.text), place in found) for place, piece in enumerate(pieces) if piece.prose]
    inside = sum(size for size, held in prose if held)
    return found if 2 * inside <= sum(size for size, _ in prose) else frozenset()


def is_veto(piece: Piece) -> bool:
    """Whether a piece is a box of the site, by its words alone."""
    if len(piece.text) <= _LONGEST_RIGHTS and piece.kind != "code" and _RIGHTS.match(piece.text):
        return True
    return (
        len(piece.text) <= _LONGEST_VETO
        and piece.kind != "code"
        and _VETO.fullmatch(piece.text) is not None
        and not _is_prose(piece)
    )


def _is_prose(piece: Piece) -> bool:
    """A sentence of some length without links is not taken for a box, whatever it starts with."""
    return piece.size > 60 and piece.complete


def _weight(piece: Piece) -> int:
    return max(1, len(piece.text.split()), piece.size // 12)


def _threshold(scores: list[float], weights: list[int], lowest: float) -> float:
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    mass = sum(score * weight for score, weight in zip(scores, weights, strict=True))
    right = taken = best = 0.0
    threshold = _HIGHEST
    for place in order:
        right += scores[place] * weights[place]
        taken += weights[place]
        expected = 2 * right / (taken + mass)
        if expected > best:
            best, threshold = expected, scores[place] - 1e-9
    return min(_HIGHEST, max(lowest, threshold))


def _take_lead(pieces: list[Piece], scores: list[float], kept: list[bool]) -> None:
    """Take a paragraph between the headline and the text: losing it costs a summary more than F1 says."""
    first = next((place for place, keep in enumerate(kept) if keep and pieces[place].prose), 0)
    start = max(0, first - _LEAD_REACH)
    headline = next((place for place in range(first - 1, start - 1, -1) if pieces[place].box.tag == "h1"), None)
    start = start if headline is None else headline + 1
    for place in range(start, first):
        piece = pieces[place]
        named = headline is not None and (piece.box.own | piece.box.up(1).own) & _LEAD
        if (
            piece.kind == "paragraph"
            and piece.size >= _LEAST_LEAD
            and not piece.links
            and not (piece.box.own if named else piece.box.all) & _NO_LEAD
            and (
                scores[place] > (_MARKED_LEAD_SCORE if named else _LEAD_SCORE) or (named and place - start < _NEAR_LEAD)
            )
            and (named or _is_prose(piece))
        ):
            kept[place] = True


def _take_headings(pieces: list[Piece], scores: list[float], kept: list[bool]) -> None:
    """Take a heading between two kept pieces: the names of a list's entries often stand nowhere else."""
    for place in range(1, len(pieces) - 1):
        piece = pieces[place]
        if (
            piece.kind == "heading"
            and not kept[place]
            and kept[place - 1]
            and kept[place + 1]
            and scores[place] > _HEADING_SCORE
            and not is_veto(piece)
        ):
            kept[place] = True


_HEADING_SCORE = 0.15


def _drop_teasers(pieces: list[Piece], kept: list[bool], kind: PageKind) -> None:
    """Leave out rows of linked headings within a text, each with a line or two under it: other pages' headlines.

    Where they are much of what was kept, they are what the page is there for, whatever its kind was told to be.
    """
    if kind == "listing":
        return
    at, teasers = 0, set[int]()
    while at < len(pieces):
        headings, end = 0, at
        while end < len(pieces) and _leads_elsewhere(pieces[end]):
            headings += 1
            end += 1
            for _ in range(_LINES):
                if end < len(pieces) and not pieces[end].prose and pieces[end].kind != "heading":
                    end += 1
        if headings >= (_ROW if end - at == headings else _CARDS):
            teasers.update(place for place in range(at, end) if kept[place])
        at = max(end, at + 1)
    if sum(pieces[place].size for place in teasers) <= _MOST_TEASERS * sum(
        piece.size for piece, keep in zip(pieces, kept, strict=True) if keep
    ):
        for place in teasers:
            kept[place] = False


def _leads_elsewhere(piece: Piece) -> bool:
    return piece.kind == "heading" and piece.links > _LINKED * piece.size


_MOST_TEASERS = 0.3
"""Share of the kept text up to which such rows are beside it."""
_LINES = 2
_CARDS = 4
"""Such headings with lines under them from which they are cards."""
_LINKED = 0.8
"""Share of a heading inside a link from which it leads elsewhere."""
_ROW = 3
"""Such headings with nothing between them from which they are a row of teasers."""


def _drop_copies(pieces: list[Piece], kept: list[bool], kind: PageKind) -> None:
    """Leave out what was kept before, somewhere else; a quotation set apart goes before the text that it repeats.

    A manual says the same of several things, and is left as it is.
    """
    if kind == "documentation":
        return
    seen: dict[str, int] = {}
    for place, piece in enumerate(pieces):
        if kept[place] and piece.size >= REPEATED:
            earlier = seen.get(piece.text)
            if earlier is None:
                seen[piece.text] = place
            elif pieces[earlier].kind != "paragraph" and piece.kind == "paragraph":
                kept[earlier], seen[piece.text] = False, place
            elif piece.box.parent is not pieces[earlier].box.parent and piece.kind not in {"code", "table"}:
                kept[place] = False


def _drop_bare_headings(pieces: list[Piece], kept: list[bool]) -> None:
    """Leave out headings at the end, under which nothing was kept; a row of them is a list, and stays."""
    mine = [place for place, keep in enumerate(kept) if keep]
    bare = list(takewhile(lambda place: pieces[place].kind == "heading", reversed(mine)))
    if len(bare) <= _MOST_BARE:
        for place in bare:
            kept[place] = False


_MOST_BARE = 3
"""Headings at the end that are left out."""
