"""Who wrote an article, as a name.

Comes in: a tree, its `meta` elements, its structured data. Goes out: names without *by*, dates, badges and what the
person does; or None. Must not know: the text.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

from notime.article.pieces.piece import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from notime.article.declared.structured import Structured

_AUTHOR = (
    "author",
    "article:author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
)
_PLACES = (
    ".//*[@rel='author']",
    ".//*[@itemprop='author']",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    ".//*[contains(@class, 'author-name') or contains(@class, 'author__name') or contains(@class, 'byline')]",
)
_BY = re.compile(
    r"^\W*(?:(?:article|story|text|author|autore?|auteur|autor|written|posted|reported|published|words|photos?)\W+)?"
    r"(?:by|von|par|por|di|door|av|af|od|przez)\b[:\s]+|^\W*(?:authors?|autore?|auteur|autor|writer)\s*:\s*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|•·]|\s[-–—]\s|\d|[(\[@]"
    r"|\b(?:published|updated|posted|last modified|via|on (?=\d|[A-Z][a-z]{2,8} \d))\b\s?"
    r"|https?:|\bis (?:a|an|the)\b"
    r"|\b(?:has|was|writes|covers|works|lives)\b).*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\s*,?\s*\b(?:(?:senior|staff|chief|deputy|managing|associate|assistant|executive|contributing|special|political|"
    r"science|business|foreign|sports?|health|technology|news|guest|freelance)\s+)*(?:reporter|editor|writer|correspondent|"
    r"journalist|columnist|contributor|author|producer|professor|director|analyst|founder|co-founder|ceo|cto|president|"
    r"photographer|critic|manager|specialist|redakteur(?:in)?|redaktion|journaliste|redactora?|periodista)\b.*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:view|profile|complete|read|more|click|follow|posts?|articles?|stories|subscribe|comments?|share|sign|log|login|"
    r"about|contact|website|home|all|author|reply|undefined|null|none|unknown|anonymous|www|com)\b",
    re.IGNORECASE,
)
_LONGEST = 120
_MOST_WORDS = 6
"""Words of one name; titles of nobility and the double names of Spain and Portugal stay below."""
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b)\s*")


def read(root: HtmlElement, meta: dict[str, str], structured: Structured) -> str | None:
    """The article's byline, or None where the page names nobody."""
    for declared in [", ".join(structured.authors), *(meta.get(name, "") for name in _AUTHOR)]:
        found = clean(declared)
        if found:
            return found
    for path in _PLACES:  # searched only now: it takes as long as reading the whole text
        for element in root.xpath(path)[:3]:
            links = [clean(" ".join(link.itertext())) for link in list(element.iter("a"))[:3] if link is not element]
            found = next(filter(None, links), None) or clean(" ".join(element.itertext()))
            if found:
                return found
    return None


def clean(name: str) -> str | None:
    """A byline as names alone; None for what is no name."""
    name = tidy(entities.unescape(name))
    if not name or name.startswith(("http:", "https:", "@", "/", "www.")):
        return None
    name = _BY.sub("", name)
    name = _ROLE.sub("", _AFTER_NAME.sub("", name)).strip(" ,;:|-–—.&") if not _is_handle(name) else name
    if not 2 < len(name) <= _LONGEST and not (len(name) == 2 and not name.isascii()):
        return None
    parts = [part for part in _AND.split(name) if part]
    if not any(map(str.isalpha, name)) or _NO_NAME.search(name) or any(len(p.split()) > _MOST_WORDS for p in parts):
        return None
    return name


def _is_handle(name: str) -> bool:
    """One word, as accounts are named: its digits are its own."""
    return name.isascii() and name.replace("_", "").replace("-", "").isalnum() and any(map(str.isalpha, name))
