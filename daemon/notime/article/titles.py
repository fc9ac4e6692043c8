"""Which of a page's titles is the article's.

Comes in: a tree and its metadata. Goes out: one line, without the site's name. Must not know: the article's text.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

from notime.article.pieces import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from notime.article.structured import Structured

_SITE_WORDS = 3
"""Words up to which the last part of a title is taken for the site's name where nothing names the site."""
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«›‹/~]+\s+|\s*[|»«›‹]+\s*|\s+::\s+")
_WORD = re.compile(r"\w+")
DECLARED = ("og:title", "twitter:title", "dc.title", "dc:title", "dcterm:title", "parsely-title")
_LONGEST = 300
_MOST_HEADINGS = 20
_NEAR = 0.6
"""Share of words from which two titles say the same; then the declared one, which was written to stand alone, is
taken."""
_ENOUGH = 3
"""Words from which a heading that the declared title holds is all of it but the site's name."""
_FULL = 5
"""Words from which a heading that says something else is a headline, not a section's name."""


def choose_title(root: HtmlElement, meta: dict[str, str], data: Structured, site: str, given: str | None) -> str:
    """The article's title, agreed on between what the page shows and what it declares.

    What structured data call the headline comes first. A main heading that the declared titles hold is the title
    without what was added to it; one that says something else in a sentence's length is the headline that readers
    see, where the declared one was written for search engines. Else the declared title, without the site's name.

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
    stated = [text for text in (_clean(headline, site), *declared) if text]
    if stated and headline:
        return stated[0]
    plain = _without_site(document, site) if document else ""
    candidates = [text for text in (*declared, plain) if text]
    heading = _heading(root, candidates, site)
    if not candidates or not heading:
        return candidates[0] if candidates else heading
    near = max(_nearness(heading, text) for text in candidates)
    within = f" {' '.join(_words(heading))} " in f" {' '.join(_words(candidates[0]))} "
    if within and (len(_words(heading)) >= _ENOUGH or 2 * len(_words(heading)) > len(_words(candidates[0]))):
        return heading
    return heading if near < _NEAR and len(_words(heading)) >= _FULL else candidates[0]


def _heading(root: HtmlElement, stated: list[str], site: str) -> str:
    """The main heading nearest to what the page declares; the first one where none is near."""
    found = [_element_text(element) for element in list(root.iter("h1"))[:_MOST_HEADINGS]]
    headings = [heading for heading in found if _words(heading) and not _same(heading, site)]
    return max(
        headings, key=lambda heading: max((_nearness(heading, text) for text in stated), default=0.0), default=""
    )


def _nearness(first: str, second: str) -> float:
    """Share of the shorter title's words that are in the other."""
    words, others = set(_words(first)), set(_words(second))
    return len(words & others) / min(len(words), len(others)) if words and others else 0.0


def _element_text(element: HtmlElement | None) -> str:
    return "" if element is None else tidy(" ".join(element.itertext()))[:_LONGEST]


def _clean(text: str, site: str) -> str:
    text = tidy(entities.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text)))[:_LONGEST]
    return _without_site(text, site)


def _cut_site(text: str, site: str) -> str:
    """The text without the site's name at its end or start."""
    parts = _SEPARATOR.split(text)
    if len(parts) > 1 and _same(parts[-1], site):
        return text[: text.rindex(parts[-1])].rstrip(" |-–—·•»«›‹/:~")
    if len(parts) > 1 and _same(parts[0], site):
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
