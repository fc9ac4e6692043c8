"""What an inline element does to the run of text that it stands in.

Comes in: an element, and the text before it. Goes out: whether it is inline, struck out, a footnote's mark, or what its
text reads as: an exponent, a formula's words, the first letter of a word. Must not know: boxes, pieces, the rest of the
page.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "link", "mark", "math", "meta", "nobr", "picture", "q", "rb", "rp", "rt",
    "ruby", "s", "samp", "semantics", "slot", "small", "source", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr",
))  # fmt: skip
"""Elements of HTML that do not break the line."""

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "iframe", "legend", "li",
    "main", "menu", "nav", "noscript", "ol", "optgroup", "option", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
))  # fmt: skip
"""Elements of HTML that do; of the others, `holds_blocks` decides."""

_LOOKED_AT = 200
"""Elements inside an unknown one that are looked at for one that breaks the line."""

_MARK = re.compile(
    r"[\[(]?(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[a-z]|note \d{1,2}|[*†‡§¶]{1,3})[\])]?"
    r"|\[(?:citation needed|clarification needed|who\?|when\?)\]",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[(?:\d{1,3}|[a-z]|note \d{1,2})\]", re.IGNORECASE)
_NAMED_MARK = re.compile(r"(?:^|[\s_-])(?:foot|end|side)?(?:note|fn|ref|reference|cite|citation)", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[\W\d_])(?:[kcdmµnh]?m|ft|in|mi|yd|s|sec|kg|[A-Za-z]|mc|cos|sin|tan)$")
"""What is squared or cubed, or is a variable, when a number stands above it."""
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ère|e|ème|eme|o|a|os|as|º|ª|nd|de)", re.IGNORECASE)
_POWER = re.compile(r"[+−–-]?\s?(?:\d{1,4}|\d?[a-z](?:\s?[+−-]\s?\d)?)")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")

_FORMULA = re.compile(r"latex|\btex\b|math|formula|equation|katex|mimetex", re.IGNORECASE)
_LONGEST_FORMULA = 300
_LONGEST_SYMBOL = 12
"""Characters of an alternative text that may stand for a symbol inside a sentence."""
_DROP = re.compile(
    r"drop[-_ ]?(?:cap|letter|initial)|initial[-_]?(?:cap|letter)|first[-_]?letter|lettrine", re.IGNORECASE
)
_WORDS_OF_ONE_LETTER = frozenset("AIÀOEYUÉÍÓÚÈ")
"""Capitals that are words by themselves in some language: white space behind them may be meant."""
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)


def is_inline(element: HtmlElement, tag: str, before: str, *, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element stands in its line.

    What HTML does not know (custom elements, MathML) is inline, as in a browser, unless it holds something that
    breaks the line, or has no text beside it: then it is a component of the page.

    Args:
        element: the element.
        tag: its name.
        before: the text of the line so far.
        known: the answers given on this page, which are given again at the end tag.
    """
    if tag in INLINE:
        return True
    found = known.get(element)
    if found is None and tag in BLOCKS:
        return False
    if found is None:
        beside = bool(before.strip()) or bool((element.tail or "").strip())
        found = known[element] = beside and not _holds_blocks(element)
    return found


def _holds_blocks(element: HtmlElement) -> bool:
    inner = islice(element.iterdescendants(), _LOOKED_AT + 1)
    return any(each.tag in BLOCKS or place == _LOOKED_AT for place, each in enumerate(inner))


def is_struck(element: HtmlElement, tag: str) -> bool:
    """Whether the page has taken an inline element's text back by a line through it."""
    if tag not in {"del", "s", "strike", "span"}:
        return False
    if tag == "span" and not _STRUCK.search(element.get("style") or ""):
        return False
    return next(element.iter("p", "article", "h1", "main"), None) is None  # an end tag that is missing takes all along


def is_mark(element: HtmlElement, tag: str, before: str) -> bool:
    """Whether an element is the mark of a footnote and no word of the text.

    Args:
        element: the element.
        tag: its name.
        before: the text of the line so far.
    """
    if tag == "a":
        inner = element.find("sup")
        return inner is not None and _text(element) == _text(inner) and bool(_MARK.fullmatch(_text(element)))
    if tag != "sup":
        return False
    text = _text(element)
    if not _MARK.fullmatch(text):
        return False
    if element.find(".//a") is not None or _BRACKETED.fullmatch(text) or not text[0].isalnum():
        return True
    if _NAMED_MARK.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return True
    before = before.rstrip()
    if not text.isdigit() or not before:
        return False
    last = before[-1]
    if last in ".,;:!?…\"'”’»)]。、":
        return True
    return last.isalpha() and not _UNIT.search(before[-8:])


def power(element: HtmlElement, before: str) -> str | None:
    """What a superscript that is an exponent reads as: 10⁶, 10^n; None where it is none."""
    text = _text(element)
    if not text or not before or not _POWER.fullmatch(text) or not (before[-1].isalnum() or before[-1] in ")]"):
        return None
    if any(map(str.isdigit, text)) and not any(map(str.isalpha, text)):
        return text.replace(" ", "").translate(_RAISED)
    if _ORDINAL.fullmatch(text) or (before[-1].isalpha() and (before[-1].isupper() or before[-2:-1].isalpha())):
        return None
    return f"^{text}"


def formula(element: HtmlElement, before: str) -> str:
    """The words of a picture that is part of a sentence: its alternative text; nothing for any other picture."""
    words = " ".join((element.get("alt") or element.get("data-latex") or "").split())
    if not words:
        return ""
    named = f"{element.get('class') or ''} {(element.get('src') or '')[:200]}"
    if _FORMULA.search(named):
        return words if len(words) <= _LONGEST_FORMULA else ""
    beside = before.strip() and (element.tail or "").strip()
    return words if beside and len(words) <= _LONGEST_SYMBOL and " " not in words else ""


def is_drop_cap(element: HtmlElement, before: str) -> bool:
    """Whether an element is the large first letter of a word that stands behind it with white space between."""
    if before.strip():
        return False
    letter, tail = _text(element), element.tail or ""
    if len(letter) != 1 or not letter.isupper() or not tail[:1].isspace() or not tail.lstrip()[:1].islower():
        return False
    named = f"{element.get('class') or ''} {element.get('style') or ''}"
    return letter not in _WORDS_OF_ONE_LETTER - {"O"} and (bool(_DROP.search(named)) or "float" in named)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
