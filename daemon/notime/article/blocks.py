"""A tree → its text in pieces, each with the boxes it stands in.

Comes in: a cleaned tree. Goes out: `Piece`s in document order; each knows its `Box`, the innermost element that breaks
lines, and every box knows its parent and the sums over all that is in it. One walk, linear in the page, no recursion.
Must not know: which pieces are the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from notime.article.pieces import Box, Piece, PieceKind, tidy
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

_BREAK = "\v"
_BREAKS = re.compile(r"\v(?:\s*\v)+")
_MARK = re.compile(r"\[?(?:\d{1,3}|[a-z]|note \d{1,2})\]?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*$")
_LONG_LINE = 60
"""Characters from which a line that ends a sentence before `<br>` is a paragraph and not verse or an address."""
_HIDDEN_ARTICLE = 1_000
"""Characters of hidden paragraphs from which a page may be hiding its article."""
_LUMP = 800
"""Characters from which a piece is looked at for being the whole article over again."""
_LONGEST_CELL = 300
"""Characters up to which a table cell is a datum and not a part of the page's layout."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CODE, _QUOTE, _ITEM, _HIDDEN = map(int, (Trait.CODE, Trait.QUOTE, Trait.ITEM, Trait.HIDDEN))


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
            self.buffer.append(_BREAK)
            self.breaks = True
        elif tag == "a":
            self.in_link += 1
        elif tag not in INLINE:
            if self.row is None:
                self.flush()
                self.open(element)
                if tag == "tr" and _is_data(element):
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
        lines = _lines(whole) if breaks else [whole]
        for line in lines:
            text = tidy(line)
            if text:
                self._piece(text, min(links, len(text)))

    def _piece(self, text: str, links: int) -> None:
        box = self.box
        piece = Piece(text, _kind(box), box, links)
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
        return tag == "sup" and _is_mark(element)
    return bool(element.attrib) and is_notice(element) and next(element.iter("article", "main", "h1"), None) is None


def _lines(text: str) -> list[str]:
    """A run of text cut at its `<br>`s: at two in a row, and at one that stands between paragraphs."""
    cut: list[str] = []
    for paragraph in _BREAKS.split(text):
        lines = paragraph.split(_BREAK)
        current = lines[0]
        for line in lines[1:]:
            if len(current.strip()) >= _LONG_LINE and _SENTENCE_END.search(current):
                cut.append(current)
                current = line
            else:
                current = f"{current} {line}"
        cut.append(current)
    return cut


def _kind(box: Box) -> PieceKind:
    """What a piece in this box is; the box itself says more than what it stands in."""
    own, around = box.own, box.all
    if box.tag in _HEADINGS:
        return "heading"
    if around & _CODE:
        return "code"
    if box.tag == "tr":
        return "table"
    if box.tag in {"figcaption", "caption"} or _in_caption(box):
        return "caption"
    if around & _QUOTE:
        return "quote"
    if own & _ITEM or (box.parent is not None and box.parent.own & _ITEM):
        return "item"
    return "paragraph"


def _in_caption(box: Box) -> bool:
    while box.parent is not None:
        if box.tag == "figcaption":
            return True
        box = box.parent
    return False


def _is_mark(element: HtmlElement) -> bool:
    """Whether a superscript is the mark of a footnote: a short link, nothing else."""
    return element.find("a") is not None and bool(_MARK.fullmatch("".join(element.itertext()).strip()))


def _is_data(row: HtmlElement) -> bool:
    """Whether a table row holds figures or terms rather than the page's layout."""
    cells = [cell for cell in row if cell.tag in {"td", "th"}]
    if len(cells) < 2:
        return False
    for cell in cells:
        length = 0
        for text in cell.itertext():
            length += len(text)
            if length > _LONGEST_CELL:
                return False
        if cell.find(".//table") is not None:
            return False
    return True
