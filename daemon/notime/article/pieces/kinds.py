"""What a part of a page is: a heading, a table row, the mark of a footnote, the lines of a run of text.

Comes in: a box, an element or a run of text. Goes out: its kind, or its lines. Must not know: the rest of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.article.pieces.piece import Box, PieceKind
from notime.article.pieces.vocabulary import Trait

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BREAK = "\v"
"""What stands for `<br>` in a run of text."""

_BREAKS = re.compile(r"\v(?:\s*\v)+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*$")
_LONG_LINE = 60
"""Characters from which a line that ends a sentence before `<br>` is a paragraph and not verse or an address."""
_SENTENCE = 70
"""Characters from which a heading that ends as a sentence is one: the paragraph under the headline, set large."""
_CAPTION = re.compile(
    r"^\W?(?:vergrößern\b|(?:bild|foto|photo|image|picture|imagen|imagem|fotografía|crédito?|crédits?|credits?|zdjęcie|kuva|bilde"
    r"|illustrazione|ilustraci[oó]n|ilustração|ilustracja|grafik|infografik|video)(?:unterschrift|nachweis"
    r"|quelle| credits?"
    r"| source| by|s)?\s?[:©/]|(?:fig(?:ure|\.)?|abb(?:ildung|\.)) ?\d+\s?[.:|]|fot\. |写真[:：=＝]|图\s?\d|図\s?\d"
    r"|사진[ =])"
    r"|[(\[]?(?:©|\b(?:foto|photo(?:graph)?|bild|image|credit|fot\.|quelle)(?: credit"
    r"| by)?\s?[:©])\s?(?:[^.!?]|\b[A-Z]\.){2,60}[)\]]?$",
    re.IGNORECASE,
)
"""How a caption begins that stands as a paragraph, or how it ends: with whose picture it is."""
_LONGEST_CAPTION = 320
_LONGEST_CELL = 300
"""Characters up to which a table cell is a datum and not a part of the page's layout, unless it holds sentences."""
_STOP = re.compile(r"\w{3}[.!?] [A-ZÀ-ÞА-Я]")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
"""Elements whose text is a heading."""
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


def kind_of(box: Box, text: str) -> PieceKind:
    """What a piece in this box is; the box itself says more than what it stands in, and some texts say it too."""
    kind = _kind_of(box)
    if kind == "heading" and len(text) >= _SENTENCE and _SENTENCE_END.search(text):
        return "paragraph"
    if kind in {"paragraph", "item"} and len(text) < _LONGEST_CAPTION and _CAPTION.search(text):
        return "caption"
    return kind


def level_of(box: Box, kind: PieceKind) -> int:
    """Of a heading that is marked up as one its level, 1 to 6; else 0."""
    return int(box.tag[1]) if kind == "heading" and box.tag in HEADINGS else 0


def _kind_of(box: Box) -> PieceKind:
    own, around = box.own, box.all
    if box.tag in HEADINGS or box.tag == "button":
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


def is_data(row: HtmlElement) -> bool:
    """Whether a table row holds figures or terms rather than the page's layout."""
    cells = [cell for cell in row if cell.tag in {"td", "th"}]
    if len(cells) < 2:
        return False
    for cell in cells:
        length = 0
        for text in cell.itertext():
            length += len(text)
            if length > _LONGEST_CELL or (len(text) > _SENTENCE and _STOP.search(text.strip()[:-1])):
                return False
        if cell.find(".//table") is not None:
            return False
    return True
