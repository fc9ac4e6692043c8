"""Which pieces are the article.

Comes in: pieces with a probability each. Goes out: `Choice`. Must not know: trees, how a probability came about.

The choice is the one with the highest expected F1, the measure that extraction is judged by: pieces are taken in
order of probability as long as the expectation rises. Where the forest is sure that is a threshold of one half; where
it is unsure of everything (a list of twenty short sections) it takes more rather than nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from notime.article.pieces import Piece
from notime.article.vocabulary import Trait

_LOWEST, _HIGHEST = 0.3, 0.5
"""Bounds of the threshold. From a grid on held-out folds: scrapinghub gains by a higher one, readability by a lower
one."""

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
    r"top\W*|click to .{0,40})",
    re.IGNORECASE,
)
"""What a short piece is that is never an article's, whole: boxes of the site around and within the text."""

_LONGEST_VETO = 160
_BESIDE = int(Trait.BESIDE)
_LEAD_REACH, _LEAD_SCORE = 4, 0.2
"""Pieces looked back from the first one kept, and the probability that is enough there."""


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


def choose(pieces: list[Piece], scores: list[float]) -> Choice:
    """The choice with the highest expected F1.

    Args:
        pieces: the page's pieces in order.
        scores: their probabilities.
    """
    weights = [_weight(piece) for piece in pieces]
    beside = _beside(pieces)
    scores = [0.0 if place in beside else score for place, score in enumerate(scores)]
    threshold = _threshold(scores, weights)
    vetoed = beside | {place for place, piece in enumerate(pieces) if is_veto(piece)}
    kept = [score > threshold and place not in vetoed for place, score in enumerate(scores)]
    mass = sum(score * weight for score, weight in zip(scores, weights, strict=True))
    right = sum(score * weight for score, weight, keep in zip(scores, weights, kept, strict=True) if keep)
    taken = sum(weight for weight, keep in zip(weights, kept, strict=True) if keep)
    _take_lead(pieces, scores, kept)
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
    return (
        len(piece.text) <= _LONGEST_VETO
        and piece.kind != "code"
        and _VETO.fullmatch(piece.text) is not None
        and not _is_prose(piece)
    )


def _is_prose(piece: Piece) -> bool:
    """A sentence of some length without links is not taken for a box, whatever it starts with."""
    return piece.links == 0 and len(piece.text) > 60 and piece.text.rstrip("\"'”’)").endswith((".", "!", "?"))


def _weight(piece: Piece) -> int:
    return max(1, len(piece.text.split()), len(piece.text) // 12)


def _threshold(scores: list[float], weights: list[int]) -> float:
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
    return min(_HIGHEST, max(_LOWEST, threshold))


def _take_lead(pieces: list[Piece], scores: list[float], kept: list[bool]) -> None:
    """Take a first paragraph that stands apart under the heading: losing it costs a summary more than F1 says."""
    first = kept.index(True) if True in kept else 0
    for place in range(first - 1, max(-1, first - _LEAD_REACH - 1), -1):
        piece = pieces[place]
        if piece.kind == "heading":
            return
        if piece.prose and not piece.links and scores[place] > _LEAD_SCORE and _is_prose(piece):
            kept[place] = True


def _drop_bare_headings(pieces: list[Piece], kept: list[bool]) -> None:
    """Leave out headings at the end, under which nothing was kept."""
    for place in range(len(pieces) - 1, -1, -1):
        if kept[place]:
            if pieces[place].kind != "heading":
                return
            kept[place] = False
