"""Where on a page the article probably is, before anything is judged piece by piece.

Comes in: pieces and boxes of a page, and its title. Goes out: `Landmarks`: the box with the best paragraph sum, the
deepest boxes with so much of the prose, the places of the title and of the prose's ends. Must not know: which pieces
are the article.
"""

from __future__ import annotations

import re
from collections import defaultdict

from notime.article.pieces.piece import Box, Piece

CORES = (40, 60, 75, 90)
"""Percent of a page's prose that its deepest box of that much holds."""
_WORD = re.compile(r"\w+")


class Landmarks:
    """Boxes and places that the pieces' own places are told from.

    Args:
        pieces: the page's pieces in order.
        boxes: all boxes, parents before children.
        title: the page's title, its words lower-cased and joined by spaces.
        prose: characters of prose on the page.
    """

    def __init__(self, pieces: list[Piece], boxes: list[Box], title: str, prose: int) -> None:
        self.best, self._above = _best(pieces, boxes)
        self._cores = [_core(boxes, prose * percent / 100) for percent in CORES]
        inside = [place for place, piece in enumerate(pieces) if piece.prose and self.down(piece.box) >= 0]
        self.first, self.last = (inside[0], inside[-1]) if inside else (0, len(pieces) - 1)
        self.title_at = self._title_at(pieces, title)

    def down(self, box: Box) -> int:
        """Levels from a box down to the best one; -1 where the best is not in it."""
        return self._above.get(box, -1)

    def cores(self, box: Box) -> list[float]:
        """Whether the box is in each core, and how many levels it must go up to be in it or above it."""
        inside, up = [0.0] * len(CORES), [0.0] * len(CORES)
        for place, core in enumerate(self._cores):
            one: Box | None = box
            while one is not None and one.depth > core.depth:
                one = one.parent
            inside[place] = float(one is core)
            one, steps = box, 0
            while one is not None and one.prose < core.prose:
                one, steps = one.parent, steps + 1
            up[place] = float(steps)
        return [*inside, *up]

    def in_best(self, box: Box) -> bool:
        """Whether a box is the best one or in it."""
        one: Box | None = box
        while one is not None and one.depth >= self.best.depth:
            if one is self.best:
                return True
            one = one.parent
        return False

    def _title_at(self, pieces: list[Piece], title: str) -> int:
        """Where the title stands: the last heading that is it before the prose ends, else the prose's start."""
        found = self.first
        for place, piece in enumerate(pieces[: self.last + 1]):
            words = _WORD.findall(piece.text.lower())
            if (
                title
                and len(words) < 60
                and (" ".join(words) == title or (piece.kind == "heading" and title.startswith(" ".join(words))))
            ):
                found = place
                if piece.box.tag == "h1":
                    break
        return found


def _core(boxes: list[Box], prose: float) -> Box:
    """The deepest box with so much prose."""
    return max((box for box in boxes if box.prose >= prose), key=lambda box: box.depth, default=boxes[0])


def _best(pieces: list[Piece], boxes: list[Box]) -> tuple[Box, dict[Box, int]]:
    """The box that Readability's sum of paragraphs favours, and how far below each of its ancestors it is."""
    scores: defaultdict[Box, float] = defaultdict(float)
    for piece in pieces:
        size = piece.size
        if size < 25 or piece.kind in {"heading", "caption"}:
            continue
        worth = (1 + piece.text.count(",") + min(size / 100, 3)) * (1 - piece.links / size)
        box: Box | None = piece.box.parent if piece.box.tag in {"p", "li", "pre", "blockquote"} else piece.box
        for share in (1.0, 0.5, 0.25):
            if box is None:
                break
            scores[box] += worth * share
            box = box.parent
    best = max(scores, key=lambda box: scores[box] * (1 - box.links / max(1, box.chars)), default=boxes[0])
    above, one, distance = {}, best, 0
    while one is not None:
        above[one] = distance
        if one.parent is None:
            break
        one, distance = one.parent, distance + 1
    return best, above
