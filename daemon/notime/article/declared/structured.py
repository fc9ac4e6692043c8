"""JSON-LD of a page, as far as it speaks of an article.

Comes in: a tree. Goes out: `Structured`. Must not know: what the page shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ARTICLES = frozenset(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle LiveBlogPosting TechArticle ScholarlyArticle Report SocialMediaPosting "
    "SatiricalArticle AdvertiserContentArticle MedicalScholarlyArticle Review Recipe HowTo".split()
)
_LARGEST = 2_000_000
"""Characters of JSON-LD read a page."""

_WRAPPED = re.compile(r"^\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?|(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*$")
"""How old parsers were kept from reading a script."""

_CONTROL = re.compile(r"[\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Structured:
    """What the page's structured data say of its article, each empty where they don't."""

    types: frozenset[str] = frozenset()
    """All schema.org types at the top of the page's graphs."""
    headline: str = ""
    name: str = ""
    """Where it has both: of some pages this is the title, and the headline a description."""
    authors: tuple[str, ...] = ()
    published: str = ""
    publisher: str = ""
    language: str = ""
    body: str = ""
    free: bool = True
    """False where `isAccessibleForFree` says so."""


def read(root: HtmlElement) -> Structured:
    """The page's structured data; malformed data count as none."""
    types: set[str] = set()
    best: dict[str, Any] = {}
    for node in _nodes(root):
        kinds = _kinds(node)
        types |= kinds
        if kinds & ARTICLES and _worth(node) > _worth(best):
            best = node
    return Structured(
        types=frozenset(types),
        headline=_text(best.get("headline") or best.get("name")),
        name=_text(best.get("name")),
        authors=tuple(dict.fromkeys(filter(None, map(_name, _list(best.get("author")))))),
        published=_text(best.get("datePublished")),
        publisher=_name(best.get("publisher")),
        language=_text(best.get("inLanguage")),
        body=_text(best.get("articleBody")),
        free=str(best.get("isAccessibleForFree", True)).lower() not in {"false", "no"},
    )


def _worth(node: dict[str, Any]) -> int:
    return sum(bool(node.get(key)) for key in ("headline", "author", "datePublished", "publisher")) + bool(node)


def _nodes(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """All objects of the page's JSON-LD, graphs unfolded, some levels deep."""
    read = 0
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        source = script.text or ""
        read += len(source)
        if read > _LARGEST:
            return
        source = _WRAPPED.sub("", source).strip().rstrip(";")
        try:
            data = json.loads(_CONTROL.sub(" ", source))
        except (ValueError, RecursionError):
            continue
        yield from _unfold(data, 4)


def _unfold(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for one in data[:100]:
            yield from _unfold(one, depth)
    elif isinstance(data, dict) and depth:
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if key in data:
                yield from _unfold(data[key], depth - 1)


def _kinds(node: dict[str, Any]) -> set[str]:
    return {str(kind).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in _list(node.get("@type"))}


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value[:20] if isinstance(value, list) else [value]


def _name(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return value.strip() if isinstance(value, str) else ""
