"""Which of a page's titles is the article's.

Comes in: a tree and its metadata. Goes out: one line, without the site's name. Must not know: the article's text.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

from notime.article.pieces.piece import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from notime.article.declared.structured import Structured

_SITE_WORDS = 3
"""Words up to which the last part of a title is taken for the site's name where nothing names the site."""
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«›‹/~]+\s+|\s*[|»«›‹]+\s*|\s+::\s+")
_WORD = re.compile(r"\w+")
_COUNT = re.compile(r"^\s*[(\[]\d{1,4}\+?[)\]]\s+(?=\S)")
"""How many unread messages or news a site has, before the title."""
_NO_TITLE = ("svg", "button", "script", "style")
"""Elements in a heading that are no words of it."""
_MARK = re.compile(r"\s*[¶§🔗]$")
"""What a heading carries that links to itself."""
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|big|br|code|em|font|i|mark|p|q|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE
)
"""Markup inside a declared title; a name in angle brackets is none."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DOMAIN = re.compile(r"(?:com|org|net|couk)?(?:tm)?")
"""What a site's name may carry behind it in a title."""
DECLARED = ("dc:title", "dcterm:title", "og:title", "twitter:title", "dc.title", "parsely-title")
_LONGEST = 300
_MOST_HEADINGS = 20
_NEAR = 0.6
"""Share of words from which two titles say the same; then the declared one, which was written to stand alone, is
taken."""
_SAME_MATTER = 0.4
"""Share of words from which a heading is about the same: of 727 articles with gold titles it is then right on 45 of 54
where it differs, the declared one on 24."""
_NAMED = re.compile(r"title|headline|heading|entry", re.IGNORECASE)
_LONGEST_HEADLINE = 200
_ENOUGH = 3
"""Words from which a heading that the declared title holds is all of it but the site's name."""
_FULL = 5
"""Words from which a heading that says something else is a headline, not a section's name."""


def choose_title(root: HtmlElement, meta: dict[str, str], data: Structured, site: str, given: str | None) -> str:
    """The article's title, agreed on between what the page shows and what it declares.

    What structured data call the headline comes first, then what `meta` elements declare, then the document's title
    without the site's name. The main heading is taken instead where the page vouches for it (`_is_vouched_for`); where
    the declared titles hold it, as the title without what was added to it; and where it says something else in a
    sentence's length, as the headline that readers see, the declared one being written for search engines.

    Args:
        root: the page.
        meta: its `meta` elements by name.
        data: its structured data.
        site: the site's name, or nothing.
        given: a title that the caller knows.
    """
    document = _element_text(root.find(".//title")) or tidy(given or "")
    described = _nearness(data.headline, document) < _NEAR <= _nearness(data.name, document)
    headline = data.name if described else data.headline
    declared = [_clean(meta.get(name, ""), site) for name in DECLARED]
    document = _COUNT.sub("", document)
    plain = _without_site(document, site) if document else ""
    found = [text for text in (_clean(headline, site), *declared, plain) if text]
    stated = [text for text in found if not _same(text, site)] or found
    if book := _book(root, stated):
        site, stated = book, [_cut_site(text, book) for text in stated]
    heading = _heading(root, stated, site)
    shown = _element_text(heading)
    if heading is None or not stated:
        return stated[0] if stated else shown
    told = stated[0]
    if _is_vouched_for(heading, shown, told, root) or _is_headline(heading, shown, told, told_by_data=bool(headline)):
        return shown
    if headline or any(_same(_element_text(other), told) for tag in ("h1", "h2") for other in root.iter(tag)):
        return told
    near = max(_nearness(shown, text) for text in stated)
    length = len(_words(shown))
    if f" {' '.join(_words(shown))} " in f" {' '.join(_words(told))} ":
        return shown if length >= _ENOUGH or 2 * length >= len(_words(told)) else told
    return shown if near < _NEAR and length >= _FULL else told


def _heading(root: HtmlElement, stated: list[str], site: str) -> HtmlElement | None:
    """The main heading nearest to what the page declares; the first one where none is near."""
    best, most = None, -1.0
    for element in list(root.iter("h1"))[:_MOST_HEADINGS]:
        text = _element_text(element)
        if not _words(text) or _same(text, site):
            continue
        near = max((_nearness(text, other) for other in stated), default=0.0)
        if near > most:
            best, most = element, near
    return best


def _book(root: HtmlElement, stated: list[str]) -> str:
    """The heading that a declared title ends with, behind what another one says: it names the site or the book."""
    headings = [_element_text(each) for tag in ("h1", "h2") for each in list(root.iter(tag))[:_MOST_HEADINGS]]
    for text in stated:
        last = _SEPARATOR.split(text)[-1]
        first = text[: text.rindex(last)]
        if (
            _words(first)
            and any(_same(last, each) for each in headings)
            and any(_same(first, each) for each in headings)
        ):
            return last
    return ""


def _is_vouched_for(heading: HtmlElement, shown: str, told: str, root: HtmlElement) -> bool:
    """Whether something on the page says that the heading, not the declared title, is the article's.

    It is marked as the headline, or the breadcrumbs end with it; or it holds every word of the declared title and more;
    or it names a year that the declared title doesn't: headings are kept up to date, what only machines read is not.
    """
    words, others = set(_words(shown)), set(_words(told))
    if words == others:
        return False
    if words > others or set(_YEAR.findall(shown)) - set(_YEAR.findall(told)):
        return not shown.isupper()
    return "headline" in (heading.get("itemprop") or "").split() or _is_last_crumb(shown, root)


def _is_headline(heading: HtmlElement, shown: str, told: str, *, told_by_data: bool) -> bool:
    """Whether the heading is the same title in other words, and named as a headline, or the declared one is data's.

    What machines are told is written to be found; readers know an article by what stands above it.
    """
    words, others = _words(shown), _words(told)
    if len(words) < _ENOUGH or len(shown) > _LONGEST_HEADLINE or shown.isupper():
        return False
    if f" {' '.join(words)} " in f" {' '.join(others)} " and 2 * len(words) < len(others):
        return False
    named = _NAMED.search(f"{heading.get('class') or ''} {heading.get('id') or ''}") is not None
    return (named or told_by_data) and _nearness(shown, told) >= _SAME_MATTER


def _is_last_crumb(shown: str, root: HtmlElement) -> bool:
    for crumbs in root.xpath("(.//*[contains(@class, 'breadcrumb')])[position() <= 5]"):
        last = list(crumbs.iter("li", "a", "span"))[-3:]  # nested, so several hold the same words
        if any(_same(_element_text(item), shown) for item in last):
            return True
    return False


def _nearness(first: str, second: str) -> float:
    """Share of the shorter title's words that are in the other."""
    words, others = set(_words(first)), set(_words(second))
    return len(words & others) / min(len(words), len(others)) if words and others else 0.0


def _element_text(element: HtmlElement | None) -> str:
    """The text of a title or heading, without icons, buttons and the mark that links to it."""
    if element is None:
        return ""
    aside = {
        part for each in element.iter(*_NO_TITLE) if each is not element for part in each.itertext(with_tail=False)
    }
    texts = [text for text in element.itertext() if text not in aside] if aside else element.itertext()
    return _MARK.sub("", tidy(" ".join(texts)))[:_LONGEST]


def _clean(text: str, site: str) -> str:
    text = tidy(entities.unescape(_MARKUP.sub("", text)))[:_LONGEST]
    return _without_site(_COUNT.sub("", text), site)


def _cut_site(text: str, site: str) -> str:
    """The text without the site's name at its end or start."""
    parts = _SEPARATOR.split(text)
    if len(parts) > 1 and _is_site(parts[-1], site):
        return text[: text.rindex(parts[-1])].rstrip(" |-–—·•»«›‹/:~")
    if len(parts) > 1 and _is_site(parts[0], site):
        return text[text.index(parts[1]) :]
    return text


def _without_site(text: str, site: str) -> str:
    """A document's title without the site's name, known or guessed by its place and length."""
    cut = _cut_site(text, site) if site else text
    if cut != text:
        return cut
    parts = _SEPARATOR.split(text)
    if len(parts) < 2 or len(_words(parts[-1])) > _SITE_WORDS:
        return text
    rest = text[: text.rindex(parts[-1])].rstrip(" |-–—·•»«›‹/:~") if parts[-1] else text
    return rest if len(_words(rest)) > max(2, len(_words(parts[-1]))) else text


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _same(first: str, second: str) -> bool:
    return bool(second) and _words(first) == _words(second)


def _is_site(part: str, site: str) -> bool:
    """Whether a part of a title is the site's name, with or without its domain."""
    name, found = "".join(_words(site)), "".join(_words(part))
    return bool(name) and found.startswith(name) and bool(_DOMAIN.fullmatch(found[len(name) :]))
