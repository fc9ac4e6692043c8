"""A tree → its text in pieces, each with the boxes it stands in.

Comes in: a cleaned tree. Goes out: `Piece`s in document order; each knows its `Box`, the innermost element that breaks
lines, and every box knows its parent and the sums over all that is in it. One walk, linear in the page, no recursion.
Must not know: which pieces are the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from notime.article.kinds import BREAK, is_data, is_mark, kind_of, lines
from notime.article.pieces import Box, Piece, tidy
from notime.article.traits import Traits, is_hidden, is_notice
from notime.article.vocabulary import Trait

if TYPE_CHECKING:
    from lxml.html import HtmlElement

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "link", "mark", "math", "meta", "mi", "mn", "mo", "mrow", "msub", "msup",
    "mtext", "nobr", "picture", "q", "rb", "rp", "rt", "ruby", "s", "samp", "semantics", "small", "source",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
"""Elements that do not break the line; all others do."""

SKIPPED = frozenset((
    "annotation", "applet", "audio", "button", "canvas", "datalist", "dialog", "embed", "frameset", "head",
    "iframe", "input", "map", "meter", "noframes", "noscript", "object", "option", "progress", "rp", "rt",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
"""Elements whose text is no prose, or is not shown. Ruby's `rt` says how to read what stands beside it."""

_OPEN_ENDED = frozenset(("button", "select", "dialog", "textarea", "audio", "video"))

_HIDDEN_ARTICLE = 1_000
"""Characters of hidden paragraphs from which a page may be hiding its article."""
_LUMP = 800
"""Characters from which a piece is looked at for being the whole article over again."""
_HIDDEN = int(Trait.HIDDEN)


class _Walk:
    """The state of one walk over a tree."""

    def __init__(self, *, hidden: bool) -> None:
        self.hidden = hidden
        self.pieces: list[Piece] = []
        self.boxes: list[Box] = []
        self.box = Box("", None, 0, 0, 0, "")
        self.traits = Traits()
        self.buffer: list[str] = []
        self.links = 0
        self.in_link = 0
        self.row: HtmlElement | None = None
        self.breaks = False
        self.hidden_prose = 0

    def add(self, text: str | None) -> None:
        if text:
            self.buffer.append(text)
            if self.in_link:
                self.links += len(text.strip())

    def start(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self.buffer.append(BREAK)
            self.breaks = True
        elif tag == "a":
            self.in_link += 1
        elif tag not in INLINE:
            if self.row is None:
                self.flush()
                self.open(element)
                if tag == "tr" and is_data(element):
                    self.row = element
            else:
                self.buffer.append(" ")
        self.add(element.text)

    def end(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self.in_link = max(0, self.in_link - 1)
        elif tag not in INLINE and tag != "br":
            if self.row is None or self.row is element:
                self.flush()
                self.close()
                self.row = None
            else:
                self.buffer.append(" ")

    def open(self, element: HtmlElement) -> None:
        own, parent = self.traits.of(element), self.box
        if self.hidden and is_hidden(element):
            own |= _HIDDEN
        self.box = Box(str(element.tag), parent, parent.depth + 1, own, own | parent.all, self.traits.label(element))
        self.boxes.append(self.box)

    def close(self) -> None:
        box, parent = self.box, self.box.parent
        if parent is None:
            return
        parent.chars += box.chars
        parent.links += box.links
        parent.prose += box.prose
        parent.pieces += box.pieces
        self.box = parent

    def flush(self) -> None:
        if not self.buffer:
            return
        whole, links, breaks = "".join(self.buffer), self.links, self.breaks
        self.buffer, self.links, self.breaks = [], 0, False
        for line in lines(whole) if breaks else [whole]:
            text = tidy(line)
            if text:
                self._piece(text, min(links, len(text)))

    def _piece(self, text: str, links: int) -> None:
        box = self.box
        piece = Piece(text, kind_of(box), box, links)
        self.pieces.append(piece)
        box.chars += len(text)
        box.links += links
        box.pieces += 1
        if piece.prose:
            box.prose += len(text)


def read(root: HtmlElement) -> tuple[list[Piece], list[Box]]:
    """The text of a tree in pieces: what is shown, and what is hidden only where a page hides most of its prose.

    Some pages hide the article until a script has run, or behind an open dialog; their pieces have `Trait.HIDDEN`.

    Args:
        root: any element.

    Returns:
        The pieces in document order, and every box, parents before children.
    """
    shown = _walk(root, hidden=False)
    prose = sum(len(piece.text) for piece in shown.pieces if piece.prose)
    if shown.hidden_prose > max(_HIDDEN_ARTICLE, 2 * prose):
        shown = _walk(root, hidden=True)
    return _without_copies(shown.pieces), shown.boxes


def _walk(root: HtmlElement, *, hidden: bool) -> _Walk:
    walk = _Walk(hidden=hidden)
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        skipped = _is_skipped(element, tag)
        if not hidden and not skipped and element.attrib and element is not root and is_hidden(element):
            skipped = True
            if event == "start":
                walk.hidden_prose += sum(len(p.text or "") for p in element.iter("p"))
        if event == "start":
            if skipped:
                events.skip_subtree()
            else:
                walk.start(element, tag)
            continue
        if not skipped:
            walk.end(element, tag)
        if element is not root:
            walk.add(element.tail)
    walk.flush()
    return walk


def _without_copies(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those that hold the article a second time in one lump, as pages do for machines."""
    lumps = [piece for piece in pieces if len(piece.text) > _LUMP]
    if not lumps:
        return pieces
    copies = set()
    others = {piece.text: None for piece in pieces if 40 < len(piece.text) <= _LUMP * 2}
    for lump in lumps:
        held = sum(len(text) for text in others if len(text) < len(lump.text) and text in lump.text)
        if held > 0.6 * len(lump.text):
            copies.add(id(lump))
    return [piece for piece in pieces if id(piece) not in copies]


def _is_skipped(element: HtmlElement, tag: str) -> bool:
    """Whether an element's text is not read.

    A button or dialog without an end tag swallows what follows: one that holds the article is read all the same.
    """
    if tag in SKIPPED:
        return tag not in _OPEN_ENDED or next(element.iter("article", "main", "h1"), None) is None
    if tag in INLINE:
        return tag == "sup" and is_mark(element)
    return bool(element.attrib) and is_notice(element) and next(element.iter("article", "main", "h1"), None) is None
