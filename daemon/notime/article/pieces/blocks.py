"""A tree → its text in pieces, each with the boxes it stands in.

Comes in: a cleaned tree. Goes out: `Piece`s in document order; each knows its `Box`, the innermost element that breaks
lines, and every box knows its parent and the sums over all that is in it. One walk, linear in the page, no recursion.
Must not know: which pieces are the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from notime.article.pieces.inline import BLOCKS, INLINE, formula, is_drop_cap, is_inline, is_mark, is_struck, power
from notime.article.pieces.kinds import BREAK, HEADINGS, is_data, kind_of, lines
from notime.article.pieces.piece import Box, Piece, tidy
from notime.article.pieces.traits import Traits, is_hidden, is_notice
from notime.article.pieces.vocabulary import Trait

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SKIPPED = frozenset((
    "annotation", "annotation-xml", "applet", "audio", "button", "canvas", "datalist", "dialog", "embed",
    "frameset", "head", "iframe", "input", "map", "meter", "noframes", "noscript", "object", "option", "progress", "rp",
    "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
"""Elements whose text is no prose, or is not shown. Ruby's `rt` says how to read what stands beside it."""

_OPEN_ENDED = frozenset(("button", "select", "dialog", "textarea", "audio", "video"))

_ASKED = frozenset(("a", "button", "del", "s", "span", "strike", "sup"))
"""Elements of which the text around them tells whether they are read."""
_QUESTION = 3
"""Words from which a button that opens something is the heading of what it opens."""
_MENUS = int(Trait.NAV | Trait.HEADER | Trait.FOOTER | Trait.SHARE | Trait.DIALOG | Trait.CONSENT | Trait.FORM)

_HIDDEN_ARTICLE = 400
"""Characters of hidden paragraphs from which a page may be hiding its article."""
_INITIAL = 40
"""Characters of an element, white space and all, beyond which it is more than one letter."""
_LUMP = 800
"""Characters from which a piece is looked at for being the whole article over again."""
_HIDDEN = int(Trait.HIDDEN)


class _Walk:
    """The state of one walk over a tree."""

    def __init__(self, *, hidden: bool, scripted: bool) -> None:
        self.hidden, self.scripted = hidden, scripted
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
        self.unscripted_prose = 0
        self.inline: dict[HtmlElement, bool] = {}
        self.initial: HtmlElement | None = None

    def add(self, text: str | None) -> None:
        if text:
            self.buffer.append(text)
            if self.in_link:
                self.links += len(text.strip())

    def before(self) -> str:
        """The end of the line so far."""
        return "".join(text[-40:] for text in self.buffer[-4:])

    def is_inline(self, element: HtmlElement, tag: str) -> bool:
        if tag in INLINE:
            return True
        if tag in BLOCKS and element not in self.inline:
            return False  # asked of nearly every element: the line before is not put together for it
        return is_inline(element, tag, self.before(), known=self.inline)

    def is_out(self, element: HtmlElement, tag: str, root: HtmlElement) -> bool:
        """Whether an element is passed over: it is not read, or not shown; prose that is lost by that is counted."""
        if tag == "noscript":
            self.unscripted_prose += _paragraphs(element)
            return self.scripted
        if self.is_skipped(element, tag):
            return True
        if not self.hidden and element.attrib and element is not root and is_hidden(element):
            self.hidden_prose += _paragraphs(element)
            return True
        return False

    def is_skipped(self, element: HtmlElement, tag: str) -> bool:
        """Whether an element's text is not read."""
        if tag not in _ASKED:
            return _is_skipped(element, tag)
        if tag == "button":
            return self._is_control(element)
        if tag == "sup" and not is_mark(element, tag, self.before()):
            raised = power(element, self.before())
            self.add(raised)
            return raised is not None
        return is_struck(element, tag) or is_mark(element, tag, self.before())

    def _is_control(self, button: HtmlElement) -> bool:
        """Whether a button is for pressing alone, and no heading of what it opens and no word of a sentence."""
        if not _is_skipped(button, "button"):
            return False
        above = button.getparent()
        while above is not None and above.tag in INLINE:
            above = above.getparent()
        if above is not None and (above.tag in HEADINGS or above.get("role") == "heading"):
            self.inline[button] = True
            return False
        if above is not None and above.tag == "p" and self.before().strip() and (button.tail or "").strip():
            self.inline[button] = True
            return False
        if next(button.iter(*HEADINGS), None) is not None:
            return False
        opens = "aria-expanded" in button.attrib or "aria-controls" in button.attrib
        return not opens or bool(self.box.all & _MENUS) or len("".join(button.itertext()).split()) < _QUESTION

    def start(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self.buffer.append(BREAK)
            self.breaks = True
        elif tag == "a":
            self.in_link += "href" in element.attrib
        elif tag == "img":
            self.add(formula(element, self.before()))
        elif not self.is_inline(element, tag):
            if self.row is None:
                self.flush()
                self.open(element)
                if tag == "tr" and is_data(element):
                    self.row = element
            else:
                self.buffer.append(" ")
        elif len(element.text or "") <= _INITIAL and is_drop_cap(element, self.before()):
            self.initial = element
        self.add(element.text)

    def end(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self.in_link = max(0, self.in_link - ("href" in element.attrib))
        elif tag not in INLINE and not self.is_inline(element, tag):
            if self.row is None or self.row is element:
                self.flush()
                self.close()
                self.row = None
            else:
                self.buffer.append(" ")

    def behind(self, element: HtmlElement) -> None:
        """Read what follows an element's end tag."""
        text = element.tail
        if element is self.initial and text:
            text, self.initial = text.lstrip(), None
        self.add(text)

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
        piece = Piece(text, kind_of(box, text), box, links)
        self.pieces.append(piece)
        box.chars += piece.size
        box.links += piece.links
        box.pieces += 1
        if piece.prose:
            box.prose += piece.size


def read(root: HtmlElement) -> tuple[list[Piece], list[Box]]:
    """The text of a tree in pieces: what is shown, and what is hidden only where a page hides most of its prose.

    Some pages hide the article until a script has run, or behind an open dialog; their pieces have `Trait.HIDDEN`. Some
    have it in `<noscript>` alone, and draw it anew.

    Args:
        root: any element.

    Returns:
        The pieces in document order, and every box, parents before children.
    """
    shown = _walk(root, hidden=False, scripted=True)
    prose = sum(piece.size for piece in shown.pieces if piece.prose)
    if shown.hidden_prose > max(_HIDDEN_ARTICLE, 2 * prose):
        shown = _walk(root, hidden=True, scripted=True)
    elif shown.unscripted_prose > max(_HIDDEN_ARTICLE, 2 * prose):
        shown = _walk(root, hidden=False, scripted=False)
    return _without_copies(shown.pieces), shown.boxes


def _walk(root: HtmlElement, *, hidden: bool, scripted: bool) -> _Walk:
    """One walk; `hidden` reads what is hidden too, and not `scripted` what is for browsers without scripts."""
    walk = _Walk(hidden=hidden, scripted=scripted)
    events = etree.iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in events:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if walk.is_out(element, tag, root):
                skipped = element  # its end comes next
                events.skip_subtree()
            else:
                walk.start(element, tag)
            continue
        if element is not skipped:
            walk.end(element, tag)
        if element is not root:
            walk.behind(element)
    walk.flush()
    return walk


def _paragraphs(element: HtmlElement) -> int:
    return sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p"))


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
        return False
    return bool(element.attrib) and is_notice(element) and next(element.iter("article", "main", "h1"), None) is None
