"""What a part of a page is: a heading, a table row, the mark of a footnote, the lines of a run of text.

Comes in: a box, an element or a run of text. Goes out: its kind, or its lines. Must not know: the rest of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.article.pieces import Box, PieceKind
from notime.article.vocabulary import Trait

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BREAK = "\v"
"""What stands for `<br>` in a run of text."""

_BREAKS = re.compile(r"\v(?:\s*\v)+")
_MARK = re.compile(r"\[?(?:\d{1,3}|[a-z]|note \d{1,2})\]?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*$")
_LONG_LINE = 60
"""Characters from which a line that ends a sentence before `<br>` is a paragraph and not verse or an address."""
_LONGEST_CELL = 300
"""Characters up to which a table cell is a datum and not a part of the page's layout."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CODE, _QUOTE, _ITEM = int(Trait.CODE), int(Trait.QUOTE), int(Trait.ITEM)


def lines(text: str) -> list[str]:
    """A run of text cut at its `<br>`s: at two in a row, and at one that stands between paragraphs."""
    cut: list[str] = []
    for paragraph in _BREAKS.split(text):
        parts = paragraph.split(BREAK)
        current = parts[0]
        for line in parts[1:]:
            if len(current.strip()) >= _LONG_LINE and _SENTENCE_END.search(current):
                cut.append(current)
                current = line
            else:
                current = f"{current} {line}"
        cut.append(current)
    return cut


def kind_of(box: Box) -> PieceKind:
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


def is_mark(element: HtmlElement) -> bool:
    """Whether a superscript is the mark of a footnote: a short link, nothing else."""
    return element.find("a") is not None and bool(_MARK.fullmatch("".join(element.itertext()).strip()))


def is_data(row: HtmlElement) -> bool:
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
