"""What an element's name, class, id and role say about it.

Comes in: an element. Goes out: `Trait` bits and a label. Must not know: text, sums, neighbours.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from notime.article.pieces.vocabulary import ROLES, STEMS, TAGS, WORDS, Trait

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_ARTICLE, _DIALOG, _BESIDE_BIT = int(Trait.ARTICLE), int(Trait.DIALOG), int(Trait.BESIDE)
_WHOLE = frozenset(("html", "body", "main", "article"))
"""Elements whose classes tell what a page has, not what they are."""
# Plain integers, since `|` on an IntFlag costs ten times as much.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_DIGITS = re.compile(r"\d+")
_NOTICE_PARTS = re.compile("ookie|onsent|gdpr|onetrust|didomi")  # a quick look before the pattern
_NOTICE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|onetrust|didomi|cookie-?(?:banner|bar|notice|consent|law)|consent)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BESIDE_PARTS = ("elated", "ecommended")
_BESIDE = re.compile(
    r"(?:\w+[-_])?(?:related|recommended)[-_]*(?:posts?|articles?|stories|story|content|links?|news|reading|items)"
    r"(?:[-_]+(?:box|block|container|inner|list|module|section|widget|wrap|wrapper))*",
    re.IGNORECASE,
)
"""A whole class or id. Of 63 such boxes on the development pages, 60 hold nothing of the gold text."""
_HIDING = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_DRAWER = re.compile(
    r"modal|popup|popover|tooltip|dialog|drawer|off-?canvas|overlay|menu|dropdown|flyout|lightbox|toast|backdrop|sr-only"
    r"|visually-?hidden|hidden|katex-html|collapse[ds]?(?:$|\s)",
    re.IGNORECASE,
)
_READ_THOUGH_HIDDEN = frozenset(("p", "div", "section", "blockquote", "li", "ul", "ol"))
_PARAGRAPH = 8
"""Words from which an element without paragraphs in it is one."""

_NAMED = ("class", "id", "itemprop", "data-testid", "data-component")


class Traits:
    """Reads elements; remembers what a class attribute says, since pages repeat theirs."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def label(self, element: HtmlElement) -> str:
        """Tag and first two classes with their digits folded: what boxes of one kind on a page share."""
        tag, names = str(element.tag), element.get("class")
        if not names:
            return tag
        found = self._labels.get((tag, names))
        if found is None:
            found = self._labels[tag, names] = f"{tag}.{_DIGITS.sub('0', ' '.join(names.split()[:2]))}"
        return found

    def of(self, element: HtmlElement) -> int:
        """The element's own traits, as `Trait` bits."""
        found = TAGS.get(element.tag, 0)
        if not element.attrib:
            return found
        for name in _NAMED:
            value = element.get(name)
            if value:
                bits = self._known.get(value)
                if bits is None:
                    bits = self._known[value] = _bits(value[:300])
                found |= bits
        role = element.get("role")
        if role:
            found |= ROLES.get(role, 0)
        kind = element.get("itemtype")
        if kind and kind.endswith(("Article", "BlogPosting", "Report")):
            found |= _ARTICLE
        if element.get("aria-modal") == "true":
            found |= _DIALOG
        return found & ~_BESIDE_BIT if element.tag in _WHOLE else found


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element says that it is not shown, or is not for reading."""
    if element.get("hidden", "until-found") != "until-found":
        return True
    if element.get("aria-hidden") == "true" and _is_ornament(element):
        return True
    style = element.get("style")
    return bool(style and _HIDING.search(style))


def _is_ornament(element: HtmlElement) -> bool:
    """Whether an element that is hidden from screen readers is hidden from the eye, or is nothing to read, too.

    The attribute hides nothing by itself: a page sets it on all of its text while a dialog is open. On an icon, a
    copy of a
    formula or a label it marks what says nothing; on a dialog, a menu or a drawer it goes with a style that hides them.
    """
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _DRAWER.search(name) or element.get("role") in {"dialog", "alertdialog", "menu"} or element.tag == "nav":
        return True
    return next(element.iter("p", "h1", "article", "main"), None) is None and not (
        element.tag in _READ_THOUGH_HIDDEN and len("".join(element.itertext()).split()) >= _PARAGRAPH
    )


def is_notice(element: HtmlElement) -> bool:
    """Whether the element says that it is a dialog, or a notice about cookies."""
    if element.get("role") in {"dialog", "alertdialog"} or element.get("aria-modal") == "true":
        return True
    for name in ("id", "class"):
        value = element.get(name)
        if value and _NOTICE_PARTS.search(value) and _NOTICE.search(value):
            return True
    return False


def _bits(value: str) -> int:
    """Traits of the words in a class or id, and of neighbouring words read as one."""
    words = [word.lower() for word in _WORD.findall(value)]
    found = 0
    for word in words:
        known = WORDS.get(word) or WORDS.get(word.removesuffix("s"), 0)
        if not known and len(word) > 6:
            for stem, bits in STEMS:
                if stem in word:
                    known |= bits
        found |= known
    for first, second in pairwise(words):
        found |= WORDS.get(first + second, 0)
    if any(part in value for part in _BESIDE_PARTS) and any(map(_BESIDE.fullmatch, value.split())):
        found |= Trait.BESIDE
    return int(found)
