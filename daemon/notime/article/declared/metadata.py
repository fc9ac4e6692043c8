"""What a page says about its article: title, byline, site, date, language.

Comes in: a tree before cleaning, its structured data, what the caller knows. Goes out: `Metadata`. Must not know: the
text.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from notime.article.declared import bylines
from notime.article.declared.structured import Structured
from notime.article.declared.titles import choose_title
from notime.article.pieces.piece import tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:app:name:iphone")
_DATE = tuple(
    "article:published_time og:published_time datepublished date pubdate publishdate publish_date dc.date "
    "dc.date.issued dcterms.created dcterms.date parsely-pub-date sailthru.date article.published "
    "cxenseparse:recs:publishtime citation_publication_date originalpublicationdate".split()
)
_LANGUAGE = ("og:locale", "content-language", "language", "dc.language")
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about the article, not in it."""

    title: str
    byline: str | None
    site_name: str | None
    published: str | None
    languages: list[str]
    """BCP 47 tags the page declares, most trusted first."""
    kind: str
    """`og:type`, lower-cased."""
    description: str


def read(root: HtmlElement, structured: Structured, url: str | None, title: str | None) -> Metadata:
    """The page's metadata.

    Args:
        root: the page before anything was removed from it.
        structured: its JSON-LD.
        url: where it is from, where known.
        title: the title its reader sees, where known.
    """
    meta = _meta(root)
    site = _first([*(meta.get(name, "") for name in _SITE), structured.publisher])
    languages = [root.get("lang") or root.get("xml:lang") or "", structured.language]
    return Metadata(
        title=choose_title(root, meta, structured, site, title),
        byline=bylines.read(root, meta, structured),
        site_name=site or None,
        published=_published(root, meta, structured),
        languages=[tag for tag in [*languages, *(meta.get(name, "") for name in _LANGUAGE)] if tag],
        kind=meta.get("og:type", "").lower(),
        description=meta.get("og:description") or meta.get("description") or "",
    )


def _meta(root: HtmlElement) -> dict[str, str]:
    """Content of the `meta` elements by lower-cased name; each may have several, and the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        for each in (name or "").lower().split() if content else ():
            found.setdefault(each, tidy(entities.unescape(content)))
    return found


def _published(root: HtmlElement, meta: dict[str, str], structured: Structured) -> str | None:
    times = [element.get("datetime") or "" for element in root.xpath("(.//time[@datetime])[position() <= 3]")]
    marked = [
        element.get("content") or element.get("datetime") or ""
        for element in root.xpath("(.//*[@itemprop='datePublished'])[position() <= 3]")
    ]
    for value in [structured.published, *(meta.get(name, "") for name in _DATE), *marked, *times]:
        date = parse_date(value)
        if date:
            return date
    return None


def parse_date(value: str) -> str | None:
    """A date as pages write it for machines, in ISO 8601; None for any other text."""
    value = value.strip()
    found = _ISO.match(value)
    try:
        if found:
            year, month, day, hour, minute, second, zone = found.groups()
            date = f"{year}-{month}-{day}"
            if hour:
                zone = "+00:00" if zone == "Z" else (f"{zone[:3]}:{zone[-2:]}" if zone else "")
                date = f"{date}T{hour}:{minute}:{second or '00'}{zone}"
            return datetime.fromisoformat(date).isoformat() if hour else datetime.fromisoformat(date).date().isoformat()
        return parsedate_to_datetime(value).isoformat() if re.search(r"\d{4}", value) and len(value) < 60 else None
    except (ValueError, OverflowError):
        return None


def _first(values: Iterable[str]) -> str:
    return next((tidy(entities.unescape(value)) for value in values if value and value.strip()), "")
