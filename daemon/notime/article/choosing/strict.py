"""What speaks against showing a panel that nobody asked for.

Comes in: a page with its choice and its kind. Goes out: the reason, or None where the page is an article. Must not
know: the other measure, which a page has passed before it comes here.

An article is prose, in one place, about one thing. What a page declares counts only where the text agrees: sites mark
home pages as articles and articles as web pages.
"""

from __future__ import annotations

import re

from notime.article.choosing.evidence import Evidence, span
from notime.article.choosing.judged import Judged
from notime.article.sentences.length import LEAST_WORDS
from notime.article.weighing.genre import CART

LIST = "This is a list of links or teasers, not an article."
PRODUCT = "This is a product page, not an article."
_KINDS = {
    "discussion": "This is a discussion between many people, not an article.",
    "product": PRODUCT,
    "listing": LIST,
    "other": "This page is about a site and what it offers, not an article.",
}
VIDEO = "This is a video or music page, not an article."
_SEARCH = "This is a list of search results, not an article."

_PRODUCTS = frozenset("Product ProductGroup IndividualProduct Offer Vehicle Hotel Restaurant Event JobPosting".split())
_FORUMS = frozenset(("DiscussionForumPosting", "QAPage"))
_LISTS = frozenset("CollectionPage SearchResultsPage ItemList ProfilePage".split())
_POSTED = re.compile(
    r"\b(?:\d+\s*(?:points?|upvotes?|posts|replies|karma)|joined:?\s|reputation\b|(?:quote|reply|report"
    r"|permalink)\W*$|\d+ (?:hours?|days?|months?|years?) ago)",
    re.IGNORECASE,
)
_SEARCH_URL = re.compile(r"/search\b|[?&](?:q|query|s|search|keyword)=", re.IGNORECASE)
_RESULTS = re.compile(r"\b(?:\d[\d,.]* results?\b|results? for\b|no results\b|showing \d+|sort by\b)", re.IGNORECASE)
_ROOT_URL = re.compile(r"https?://[^/]+/?(?:index\.\w+)?(?:[?#].*)?", re.IGNORECASE)

_SOME_PROSE = 150
"""Words of prose from which a page with a video is an article with one beside it."""
_MUCH_PROSE = 800
"""Words of prose from which doubt about a page's edges is no doubt about its being an article."""
_POSTS = 6
"""Marks of posts (points, "3 days ago", "Reply") from which a page is a forum: one or more a post."""
_TEASERS = 4
_TEASER_WORDS = 60
"""Words of prose a linked heading up to which they are teasers; chapters of long articles whose headings link have
90."""
_CERTAIN = 0.75
"""Certainty of the kind from which nothing that is counted on the page overrules it."""
_SURE = 0.9
"""Expected F1 from which nothing that is counted on the page overrules it either."""


def objection(page: Judged, evidence: Evidence) -> str | None:
    """What the page is instead of an article, in one sentence."""
    if page.kind in _KINDS and (page.certainty >= 0.5 or not evidence.declared):
        return _KINDS[page.kind]
    if page.certainty >= _CERTAIN and evidence.sure >= _SURE and evidence.words >= LEAST_WORDS:
        return None
    if not evidence.declared:
        if page.is_video and evidence.prose < 2 * _SOME_PROSE:
            return VIDEO
        if _is_forum(page):
            return _KINDS["discussion"]
        if _is_shop(page, evidence):
            return PRODUCT
        if _is_search(page) and (evidence.sure < 0.93 or evidence.links > 0.2):
            return _SEARCH
        if evidence.teasers >= _TEASERS and evidence.prose < _TEASER_WORDS * evidence.teasers and evidence.sure < _SURE:
            return LIST
    return LIST if _is_list(page, evidence) else None


def _is_forum(page: Judged) -> bool:
    """Posts by many: their marks stand between what was kept; under an article they stand behind it."""
    if page.data.types & _FORUMS:
        return True
    first, last = span(page.kept)
    between = page.pieces[first : last + 1]
    return sum(len(piece.text) < 80 and _POSTED.search(piece.text) is not None for piece in between) >= _POSTS


def _is_shop(page: Judged, evidence: Evidence) -> bool:
    said = bool(page.data.types & _PRODUCTS) or page.about.kind.startswith(("product", "og:product"))
    buttons = ["".join(button.itertext())[:60] for button in list(page.root.iter("button"))[:200]]
    short = [piece.text for piece in page.pieces if len(piece.text) < 60]
    cart = CART.search(" ".join([*short, *buttons])) is not None
    return (said + cart + bool(page.prices)) >= 2 and evidence.prose < 5 * _SOME_PROSE


def _is_search(page: Judged) -> bool:
    return (
        "SearchResultsPage" in page.data.types
        or bool(page.url and _SEARCH_URL.search(page.url))
        or page.about.title.lower().startswith(("search", "results for", "suche", "recherche"))
        or any(len(piece.text) < 80 and _RESULTS.search(piece.text) for piece in page.pieces)
    )


def _is_list(page: Judged, evidence: Evidence) -> bool:
    """Teasers: the forest is unsure of them, or the address is a site's root."""
    least = 0.55 if evidence.declared else 0.68
    if _ROOT_URL.fullmatch(page.url or ""):
        least += 0.15
    if page.data.types & _LISTS:
        least += 0.1
    if evidence.prose > _MUCH_PROSE:
        least -= 0.15
    return evidence.sure < least
