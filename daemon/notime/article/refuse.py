"""Whether a page has an article on it at all.

Comes in: what was chosen, and what the page says of itself. Goes out: the pieces, or `NotAnArticle` with the
reason. Must not know: how the choice was made.

An article is prose, in one place, about one thing. Lists of links, shops, videos, forums and log-in pages each lack
one of these in a way of their own, and most say what they are. What a page declares counts only where the text
agrees: sites mark home pages as articles and articles as web pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notime.article.evidence import Evidence, span, weigh
from notime.article.length import LEAST_WORDS
from notime.article.metadata import Metadata
from notime.article.pieces import Piece
from notime.article.structured import Structured
from notime.article.vocabulary import Trait
from notime.errors import NotAnArticle, TooShort

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SELECT = "Select the text that you want summarised, and summarise the selection."

_PRODUCTS = frozenset(
    "Product ProductGroup IndividualProduct Offer Vehicle SoftwareApplication MobileApplication Hotel Restaurant "
    "Event JobPosting".split()
)
_VIDEOS = frozenset("VideoObject Movie TVEpisode TVSeries MusicRecording MusicAlbum Clip".split())
_FORUMS = frozenset(("DiscussionForumPosting", "QAPage"))
_LISTS = frozenset("CollectionPage SearchResultsPage ItemList ProfilePage".split())
_POSTED = re.compile(
    r"\b(?:\d+\s*(?:points?|upvotes?|posts|replies|karma)|joined:?\s|reputation\b|(?:quote|reply|report"
    r"|permalink)\W*$|\d+ (?:hours?|days?|months?|years?) ago)",
    re.IGNORECASE,
)
_SEARCH_URL = re.compile(r"/search\b|[?&](?:q|query|s|search|keyword)=", re.IGNORECASE)
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|£|kr|zł|USD|EUR)\b")
_CART = re.compile(
    r"\b(?:add to (?:cart|bag|basket|wishlist)|buy now|in stock|out of stock|free shipping|checkout|in den "
    r"warenkorb|ajouter au panier|add to trolley|sku)\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\b(?:subscribe (?:now )?to (?:read|continue|keep)|(?:sign|log) in to (?:read|continue|keep)|already a subscriber"
    r"|to continue reading|subscribers? only"
    r"|this (?:article|content|story) is (?:for|reserved|only|exclusive|available)|"
    r"unlock this)",
    re.IGNORECASE,
)
_RESULTS = re.compile(r"\b(?:\d[\d,.]* results?\b|results? for\b|no results\b|showing \d+|sort by\b)", re.IGNORECASE)
_ROOT_URL = re.compile(r"https?://[^/]+/?(?:index\.\w+)?(?:[?#].*)?", re.IGNORECASE)
_PAYWALL = int(Trait.PAYWALL)
_STUB = "This page shows only the beginning of the article; the rest is for subscribers."

_LIST = "This is a list of links or teasers, not an article."
_NOTHING = "There is no article on this page."
_MOSTLY_LINKS = 0.55
_TEASERS = 4
_TEASER_WORDS = 60
"""Words of prose a linked heading up to which they are teasers; chapters of long articles whose headings link have
90."""
_SCRAPS = 10
"""Pieces without one paragraph among them from which a page is a table, a gallery or a list."""
_FEW_PIECES = 12
"""Pieces up to which a page is small as a whole: then its text is too short rather than no article."""
_SOME_PROSE = 150
"""Words of prose from which a page with a log-in form or a video is an article with one beside it."""
_MUCH_PROSE = 800
"""Words of prose from which doubt about a page's edges is no doubt about its being an article."""
_ALL_LINKS = 0.6
"""Share of the kept text inside links from which it is a list; the most linked of 276 articles has 0.42."""
_POSTS = 6
"""Marks of posts (points, "3 days ago", "Reply") from which a page is a forum: one or more a post."""


def refuse(
    root: HtmlElement,
    pieces: list[Piece],
    kept: tuple[bool, ...],
    sure: float,
    about: Metadata,
    data: Structured,
    url: str | None,
) -> list[Piece]:
    """The kept pieces, where they are an article.

    Raises:
        NotAnArticle: with the kind of page it is instead.
        TooShort: only the beginning is there, before a paywall.
    """
    evidence = weigh(pieces, kept, sure, about, data)
    if evidence.words < LEAST_WORDS and _is_walled(pieces, data) and not _has_password(root):
        raise TooShort(_STUB, hint="Sign in on the site, then try again.")
    reason = _reason(root, pieces, kept, evidence, about, data, url)
    if reason:
        raise NotAnArticle(reason, hint=_SELECT)
    return [piece for piece, keep in zip(pieces, kept, strict=True) if keep]


def _reason(
    root: HtmlElement,
    pieces: list[Piece],
    kept: tuple[bool, ...],
    evidence: Evidence,
    about: Metadata,
    data: Structured,
    url: str | None,
) -> str | None:
    """What the page is instead of an article, in one sentence; None where it is one."""
    if _has_password(root) and evidence.prose < _SOME_PROSE:
        return "This is a log-in page, not an article."
    if not evidence.words:
        return _LIST if _is_linked(pieces) else _NOTHING
    kind = about.kind
    if not evidence.declared:
        if evidence.teasers >= _TEASERS and evidence.prose < _TEASER_WORDS * evidence.teasers:
            return _LIST
        if (data.types & _VIDEOS or kind.startswith(("video", "music"))) and evidence.prose < 2 * _SOME_PROSE:
            return "This is a video or music page, not an article."
        if _is_forum(pieces, kept, evidence, data):
            return "This is a discussion between many people, not an article."
        if _is_shop(root, pieces, evidence, kind, data):
            return "This is a product page, not an article."
        if _is_search(pieces, about, data, url) and (evidence.sure < 0.93 or evidence.links > 0.2):
            return "This is a list of search results, not an article."
    if _is_list(evidence, about, data, url):
        return _LIST
    if evidence.paragraphs == 0 and evidence.pieces >= _SCRAPS:
        return _LIST if _is_linked(pieces) else "There is no article on this page, only short pieces of text."
    if evidence.words < LEAST_WORDS and evidence.spread < 0.5 and len(pieces) > _FEW_PIECES:
        return _LIST if _is_linked(pieces) else _NOTHING
    if evidence.paragraphs == 0 and any(
        piece.kind == "table" for piece, keep in zip(pieces, kept, strict=True) if keep
    ):
        return "This is a table, not an article."
    return None


def _is_linked(pieces: list[Piece]) -> bool:
    return sum(piece.links for piece in pieces) > _MOSTLY_LINKS * sum(len(piece.text) for piece in pieces)


def _has_password(root: HtmlElement) -> bool:
    return any((element.get("type") or "").lower() == "password" for element in root.iter("input"))


def _is_forum(pieces: list[Piece], kept: tuple[bool, ...], evidence: Evidence, data: Structured) -> bool:
    """Posts by many: their marks stand between what was kept; under an article they stand behind it."""
    if data.types & _FORUMS:
        return True
    marked = [place for place, piece in enumerate(pieces) if len(piece.text) < 80 and _POSTED.search(piece.text)]
    first, last = span(kept)
    between = sum(first < place < last for place in marked)
    return between >= _POSTS or (len(marked) >= _POSTS and evidence.words < 2 * _SOME_PROSE)


def _is_shop(root: HtmlElement, pieces: list[Piece], evidence: Evidence, kind: str, data: Structured) -> bool:
    said = bool(data.types & _PRODUCTS) or kind.startswith(("product", "og:product"))
    cart = (
        _CART.search(" ".join([*(piece.text for piece in pieces if len(piece.text) < 60), *_buttons(root)])) is not None
    )
    prices = sum(len(piece.text) < 60 and _PRICE.search(piece.text) is not None for piece in pieces)
    return (said + cart + (prices > 0)) >= 2 and evidence.prose < 5 * _SOME_PROSE


def _buttons(root: HtmlElement) -> list[str]:
    return ["".join(button.itertext())[:60] for button in root.iter("button")][:200]


def _is_search(pieces: list[Piece], about: Metadata, data: Structured, url: str | None) -> bool:
    return (
        "SearchResultsPage" in data.types
        or bool(url and _SEARCH_URL.search(url))
        or about.title.lower().startswith(("search", "results for", "suche", "recherche"))
        or any(len(piece.text) < 80 and _RESULTS.search(piece.text) for piece in pieces)
    )


def _is_list(evidence: Evidence, about: Metadata, data: Structured, url: str | None) -> bool:
    """Teasers: the forest is unsure of them, or they are nearly all links, or the address is a site's root."""
    least = 0.55 if evidence.declared else 0.68
    if _ROOT_URL.fullmatch(url or ""):
        least += 0.15
    if data.types & _LISTS:
        least += 0.1
    if evidence.prose > _MUCH_PROSE:
        least -= 0.15
    return evidence.sure < least or evidence.links > _ALL_LINKS


def _is_walled(pieces: list[Piece], data: Structured) -> bool:
    return not data.free or any(
        piece.box.all & _PAYWALL or (len(piece.text) < 200 and _WALL.search(piece.text)) for piece in pieces
    )
