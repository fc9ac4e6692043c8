"""Pieces → one row of numbers each, for the classifier.

Comes in: pieces and boxes of a page, its title and structured body. Goes out: rows in the order of `NAMES`. Must not
know: which pieces are the article; how the classifier weighs.

What the rows say is what extractors have looked at since 2010: text and link density and those of the neighbours
(Kohlschütter, Fankhauser and Nejdl), paragraph sums carried up the tree (Arc90's Readability), names of classes,
closeness to the title, agreement with what the page declares.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field

from notime.article.pieces.kinds import level_of
from notime.article.pieces.piece import Box, Piece
from notime.article.pieces.vocabulary import Trait
from notime.article.weighing import cues
from notime.article.weighing.genre import KINDS
from notime.article.weighing.landmarks import CORES, Landmarks

_KINDS = ("heading", "paragraph", "item", "quote", "caption", "code", "table")
_TRAITS = tuple(trait for trait in Trait if trait is not Trait.BESIDE)
_LEVELS = 5
_REACH = 3
_WORD = re.compile(r"\w+")
_CAPITALS = re.compile(r"[A-ZÀ-ÞА-Я]")
_DIGITS = re.compile(r"\d")
_ENDS = re.compile(r"[.!?…。！？؟।:][\"'”’»)\]]*$")

_UNDER = ("more", "comments")
"""Cues that are looked for in the heading above a piece: of other pages, and of what others say."""

NAMES = (
    *(
        "length",
        "words",
        "link_density",
        "ends",
        "commas",
        "capitals",
        "digits",
        "lower_start",
        "stops",
        "title_words",
        "is_title",
    ),
    *("description", "in_declared", "has_declared", "copies", *(f"is_{kind}" for kind in _KINDS), *cues.NAMES),
    *(f"near_{trait.name}".lower() for trait in _TRAITS),
    *(f"in_{trait.name}".lower() for trait in _TRAITS),
    *(
        "depth",
        "best_up",
        "best_down",
        "in_best",
        *(f"core_{percent}" for percent in CORES),
        *(f"core_up_{percent}" for percent in CORES),
        "best_share",
        "label_share",
    ),
    *(f"{name}_{level}" for level in range(_LEVELS) for name in ("chars", "links", "prose", "share", "pieces")),
    *("place", "chars_before", "from_title", "after_title", "from_first", "from_last", "prose_before", "prose_after"),
    *(
        f"{name}_{step:+}"
        for step in (*range(-_REACH, 0), *range(1, _REACH + 1))
        for name in ("length", "links", "prose", "heading", "same")
    ),
    *("page_prose", "page_links", "page_pieces", "page_best"),
    *("siblings", "sibling_at", "siblings_share", "siblings_links", "siblings_prose"),
    *("under", "under_level", "under_links", "under_title", *(f"under_{name}" for name in _UNDER)),
    *("path_share", "path_count", "path_links", "path_length", "path_distinct", "names"),
    *(f"kind_{kind}" for kind in KINDS),
)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a page beside its pieces."""

    title: str
    description: str
    body: str
    """The article's text in structured data, if it is there."""
    kinds: tuple[float, ...]
    """Probability of each kind of page, in the order of `KINDS`."""


def rows(pieces: list[Piece], boxes: list[Box], context: Context) -> list[list[float]]:
    """One row a piece.

    Args:
        pieces: the page's pieces in order.
        boxes: all boxes, parents before children.
        context: the rest.
    """
    return _Page(pieces, boxes, context).rows()


class _Page:
    """Sums over one page, computed once."""

    def __init__(self, pieces: list[Piece], boxes: list[Box], context: Context) -> None:
        self.pieces = pieces
        self.prose = max(1, sum(piece.size for piece in pieces if piece.prose))
        self.chars = max(1, sum(piece.size for piece in pieces))
        self.links = sum(piece.links for piece in pieces)
        self.copies = Counter(piece.text for piece in pieces)
        self.labels: Counter[str] = Counter()
        self.paths: dict[tuple[str, str, str], list[Piece]] = {}
        for piece in pieces:
            self.paths.setdefault(_path(piece.box), []).append(piece)
            if piece.prose:
                self.labels[piece.box.label] += piece.size
        self.title = frozenset(_WORD.findall(context.title.lower()))
        self.title_text = " ".join(_WORD.findall(context.title.lower()))
        self.description = " ".join(_WORD.findall(context.description.lower()))[:80]
        self.body = "".join(_WORD.findall(context.body.lower()))
        self.marks = Landmarks(pieces, boxes, self.title_text, self.prose)
        self.summary = [
            (math.log1p(p.size), p.links / p.size, float(p.prose), float(p.kind == "heading")) for p in pieces
        ]
        self.kinds = context.kinds
        self.under = self._under()
        self.of_path: dict[tuple[str, str, str], list[float]] = {}
        self.alike = _alike(boxes)
        self.groups: dict[Box, list[float]] = {}
        self.shared: dict[Box, list[float]] = {}
        self.flags: dict[int, list[float]] = {}

    def rows(self) -> list[list[float]]:
        found, before, prose_before = [], 0, 0
        for place, piece in enumerate(self.pieces):
            box_row = self.shared.get(piece.box)
            if box_row is None:
                box_row = self.shared[piece.box] = self._of_box(piece.box)
            found.append(
                [
                    *self._of_text(piece),
                    *box_row,
                    *self._of_place(place, before, prose_before),
                    *self._around(place),
                    *self._whole(),
                    *self._group(piece.box),
                    *self.under[place],
                    *self._of_path(piece),
                    *self.kinds,
                ]
            )
            before += piece.size
            prose_before += piece.size if piece.prose else 0
        return found

    def _of_text(self, piece: Piece) -> list[float]:
        text = piece.text
        size, words = piece.size, _WORD.findall(text.lower())
        joined = " ".join(words)
        return [
            math.log1p(size),
            math.log1p(max(len(words), size // 12)),
            piece.links / size,
            float(_ENDS.search(text) is not None),
            (text.count(",") + text.count("，") + text.count("、")) / size,
            len(_CAPITALS.findall(text)) / size,
            len(_DIGITS.findall(text)) / size,
            float(text[0].islower()),
            float(text.count(". ") + text.count("。")),
            len(self.title.intersection(words)) / len(self.title) if self.title else 0.0,
            float(bool(joined) and joined == self.title_text),
            float(
                bool(self.description)
                and len(joined) > 20
                and (joined[:80] in self.description or self.description in joined)
            ),
            float(len(joined) > 12 and bool(self.body) and "".join(words)[:60] in self.body),
            float(len(self.body) > 300),
            float(self.copies[text]),
            *(float(piece.kind == kind) for kind in _KINDS),
            *cues.cues(words),
        ]

    def _of_box(self, box: Box) -> list[float]:
        near = box.own | box.up(1).own | box.up(2).own
        levels, one, up = [], box, 0
        down = self.marks.down(box)
        while down < 0 and one.parent is not None:
            one, up = one.parent, up + 1
            down = self.marks.down(one)
        one = box
        for _ in range(_LEVELS):
            size = max(1, one.chars)
            levels += [
                math.log1p(one.chars),
                one.links / size,
                one.prose / size,
                one.prose / self.prose,
                math.log1p(one.pieces),
            ]
            one = one.parent or one
        return [
            *self._flags(near),
            *self._flags(box.all),
            float(box.depth),
            float(up),
            float(down),
            float(self.marks.in_best(box)),
            *self.marks.cores(box),
            self.marks.best.prose / self.prose,
            self.labels[box.label] / self.prose,
            *levels,
        ]

    def _flags(self, traits: int) -> list[float]:
        flags = self.flags.get(traits)
        if flags is None:
            flags = self.flags[traits] = [float(bool(traits & bit)) for bit in _BITS]
        return flags

    def _of_place(self, place: int, before: int, prose_before: int) -> list[float]:
        count, piece = len(self.pieces), self.pieces[place]
        after = self.prose - prose_before - (piece.size if piece.prose else 0)
        return [
            place / count,
            before / self.chars,
            float(max(-30, min(60, place - self.marks.title_at))),
            float(place > self.marks.title_at),
            float(max(-30, min(60, place - self.marks.first))),
            float(max(-60, min(30, place - self.marks.last))),
            prose_before / self.prose,
            max(0, after) / self.prose,
        ]

    def _around(self, place: int) -> list[float]:
        found: list[float] = []
        parent = self.pieces[place].box.parent
        for step in (*range(-_REACH, 0), *range(1, _REACH + 1)):
            at = place + step
            if 0 <= at < len(self.pieces):
                found += [*self.summary[at], float(self.pieces[at].box.parent is parent)]
            else:
                found += [0.0, 0.0, 0.0, 0.0, 0.0]
        return found

    def _group(self, box: Box) -> list[float]:
        """The largest group of boxes that are alike and side by side, of those that the box is in."""
        chain: list[Box] = []
        one: Box | None = box
        while one is not None and one not in self.groups:
            chain.append(one)
            one = one.parent
        found = [0.0] * _GROUP if one is None else self.groups[one]
        for inner in reversed(chain):
            own = self.alike.get(inner)
            if own is not None and math.log1p(own.count) > found[0]:
                found = own.row(inner, self.chars)
            self.groups[inner] = found
        return found

    def _under(self) -> list[list[float]]:
        """What the heading says that each piece stands under, and how many pieces above it is."""
        found: list[list[float]] = []
        row, at = [0.0] * (3 + len(_UNDER)), 0
        for place, piece in enumerate(self.pieces):
            found.append([float(min(60, place - at)), *row])
            if piece.kind == "heading":
                words = _WORD.findall(piece.text.lower())
                told = dict(zip(cues.NAMES, cues.cues(words), strict=True))
                near = len(self.title.intersection(words)) / len(self.title) if self.title else 0.0
                level, at = float(level_of(piece.box, piece.kind)), place
                row = [level, piece.links / piece.size, near, *(told[f"has_{name}"] for name in _UNDER)]
        return found

    def _of_path(self, piece: Piece) -> list[float]:
        """What the pieces are like that stand in boxes of the same names, and how much of this one is names."""
        path = _path(piece.box)
        found = self.of_path.get(path)
        if found is None:
            alike = self.paths[path]
            size = sum(each.size for each in alike)
            links, texts = sum(each.links for each in alike), {each.text for each in alike}
            found = self.of_path[path] = [
                sum(each.size for each in alike if each.prose) / self.prose,
                math.log1p(len(alike)),
                links / size,
                math.log1p(size / len(alike)),
                len(texts) / len(alike),
            ]
        words = piece.text.split()
        return [*found, sum(word[:1].isupper() for word in words) / len(words)]

    def _whole(self) -> list[float]:
        return [
            math.log1p(self.prose),
            self.links / self.chars,
            math.log1p(len(self.pieces)),
            float(self.marks.best.depth),
        ]


@dataclass(slots=True, eq=False)
class _Group:
    """Boxes of one label in one parent."""

    count: int = 0
    chars: int = 0
    links: int = 0
    prose: int = 0
    places: dict[Box, int] = field(default_factory=dict)

    def row(self, box: Box, page: int) -> list[float]:
        size = max(1, self.chars)
        at = self.places[box] / self.count
        return [math.log1p(self.count), at, self.chars / page, self.links / size, self.prose / size]


def _alike(boxes: list[Box]) -> dict[Box, _Group]:
    """The group of each box that has some size and is not alone."""
    groups: dict[tuple[Box | None, str], _Group] = {}
    for box in boxes:
        if box.chars > _LEAST_ALIKE:
            group = groups.setdefault((box.parent, box.label), _Group())
            group.places[box] = group.count
            group.count += 1
            group.chars += box.chars
            group.links += box.links
            group.prose += box.prose
    return {box: group for group in groups.values() if group.count > 1 for box in group.places}


_GROUP = 5
"""Numbers told of a group."""
_LEAST_ALIKE = 20
"""Characters from which a box may be one of several that are alike."""
_BITS = tuple(int(trait) for trait in _TRAITS)


def _path(box: Box) -> tuple[str, str, str]:
    return (box.label, box.up(1).label, box.up(2).label)
