"""What kind of page it is, and how surely.

Comes in: a page's pieces and boxes, what it says of itself, its source. Goes out: a row of numbers in the order of
`NAMES`, and from it the probability of each of `KINDS`. Must not know: which pieces are the article's text.

A page shows its kind by what it is made of (prose, prices, posts, code, cards that are alike), by what it declares, by
the system that made it and by its address. None of these is believed alone: a small forest for each kind weighs them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit

from notime.article.declared.metadata import Metadata
from notime.article.declared.structured import ARTICLES, Structured
from notime.article.pieces.piece import Box, Piece
from notime.article.pieces.vocabulary import Trait
from notime.types import PageKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

KINDS: tuple[PageKind, ...] = get_args(PageKind)

_TYPES = {
    "article": ARTICLES - {"TechArticle", "Review"},
    "product": frozenset(
        "Product ProductGroup IndividualProduct Offer AggregateOffer Vehicle Hotel Restaurant Book".split()
    ),
    "forum": frozenset("DiscussionForumPosting QAPage Question Answer Comment".split()),
    "list": frozenset("CollectionPage SearchResultsPage ItemList OfferCatalog".split()),
    "manual": frozenset("TechArticle APIReference HowTo SoftwareSourceCode".split()),
    "service": frozenset(
        "Service LocalBusiness ProfessionalService Organization Corporation FAQPage AboutPage".split()
    ),
    "video": frozenset("VideoObject Movie TVEpisode MusicRecording".split()),
}
_ADDRESSES = {
    "forum": r"forum|thread|topic|/t/|communit|discuss|questions?/|answers?/|viewtopic|boards?/",
    "manual": r"docs?[./]|documentation|manual|reference|/api|wiki|/help|tutorial|/learn|guide|readthedocs|/en/latest",
    "product": r"products?/|/p/|/dp/|item|/shop/|/buy|store",
    "list": r"categor|collections?|/tags?/|search|archive|/c/|/browse|/list|topics?/?$",
    "article": r"blog|news|article|stor(?:y|ies)|press|/20\d\d/|\d{4}/\d\d|post",
    "service": r"service|solution|about|pricing|platform|features?|company|/use-cases?|industr|contact",
}
_SYSTEMS = {
    "forum": ("discourse", "xenforo", "vbulletin", "phpbb", "flarum", "invision community", "stackexchange", "mybb"),
    "manual": (
        "sphinx",
        "docusaurus",
        "mkdocs",
        "gitbook",
        "vuepress",
        "javadoc",
        "doxygen",
        "readthedocs",
        "vitepress",
    ),
    "product": ("cdn.shopify", "woocommerce", "magento", "prestashop", "bigcommerce"),
    "article": ("wp-content", "ghost-", "newsarticle"),
}
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|£|kr|zł|USD|EUR)\b")
CART = re.compile(
    r"\b(?:add to (?:cart|bag|basket|wishlist|trolley)|buy now|in stock|out of stock|free shipping|checkout|in den "
    r"warenkorb|ajouter au panier|sku|aggiungi al carrello|añadir al carrito)\b",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"\b(?:\d+\s*(?:points?|upvotes?|posts|replies|karma|likes?)|joined:?\s|reputation\b|(?:quote|reply|report|permalink)"
    r"\W*$|\d+ (?:hours?|days?|months?|years?) ago|posted (?:by|on)|wrote:|said:)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:get (?:started|a quote)|book (?:a|now)|contact us|request a|free trial|schedule|sign up|learn more"
    r"|our team|why "
    r"choose|call us|demo)\b",
    re.IGNORECASE,
)
_SAMPLE = 400
"""Pieces of prose whose pronouns are counted."""
_WORD = re.compile(r"[a-z']+")
_PRONOUNS = {
    "us": {"we", "our", "us"},
    "you": {"you", "your"},
    "me": {"i", "my", "i'm", "me"},
    "they": {"he", "she", "said", "his"},
}
_TRAITS = (
    "COMMENTS",
    "POST",
    "PRODUCT",
    "DETAIL",
    "RELATED",
    "NAV",
    "BODY",
    "ARTICLE",
    "CONTENTS",
    "PAGER",
    "META",
    "FORM",
)

NAMES = (
    *(f"types_{name}" for name in _TYPES),
    *("og_article", "og_product", "og_site", "og_none"),
    *("has_address", "address_depth", "address_slug", "address_digits"),
    *(f"address_{name}" for name in _ADDRESSES),
    *(f"system_{name}" for name in _SYSTEMS),
    *("prices", "cart", "posted", "offers", "questions", "passwords", "buttons", "inputs", "images", "times", "videos"),
    *("articles", "h1", "h2", "h3", "code", "rows", "items", "headings", "linked_headings"),
    *("prose", "prose_share", "prose_pieces", "longest", "mean", "links", "pieces", "chars", "best", "core"),
    *("alike", "alike_prose", "alike_links", "authored", "dated", "described"),
    *(f"prose_in_{name}".lower() for name in _TRAITS),
    *(f"pieces_in_{name}".lower() for name in _TRAITS),
    *(f"says_{name}" for name in _PRONOUNS),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a page beside its pieces."""

    root: HtmlElement
    source: str
    url: str
    """Where the page is from, or says that it is; may be empty."""
    about: Metadata
    data: Structured


def row(pieces: list[Piece], boxes: list[Box], page: Surroundings) -> list[float]:
    """The numbers of one page, in the order of `NAMES`."""
    return [*_declared(page), *_made_of(page, pieces), *_text(pieces, boxes), *_said(pieces, page)]


def address(root: HtmlElement, url: str | None) -> str:
    """Where a page is from: as the caller knows, else as the page says."""
    if url:
        return url
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
            return str(element.get("href"))
    for element in root.iter("meta"):
        if element.get("property") == "og:url" and element.get("content"):
            return str(element.get("content"))
    return ""


def has_post(pieces: list[Piece], data: Structured) -> bool:
    """Whether most of a page's discussion is named as comments, under a long text that is not."""
    if data.types & _TYPES["forum"]:
        return False
    prose = [piece for piece in pieces if piece.prose]
    first = next((place for place, piece in enumerate(prose) if is_comment(piece)), len(prose))
    return first < len(prose) and sum(piece.size for piece in prose[:first]) >= _LONG_POST


def is_comment(piece: Piece) -> bool:
    """Whether a piece stands in a box that is named as comments."""
    return bool(piece.box.all & _COMMENTS)


_COMMENTS = int(Trait.COMMENTS)
_LONG_POST = 900
"""Letters of prose, a hundred and fifty words, before the first comment from which a page is about them."""


def _declared(page: Surroundings) -> list[float]:
    kind, parts = page.about.kind, urlsplit(page.url) if _is_address(page.url) else urlsplit("")
    path = [part for part in parts.path.split("/") if part]
    where = f"{parts.netloc}{parts.path}?{parts.query}".lower()
    source = page.source.lower() if len(page.source) < _LARGEST else page.source[:_LARGEST].lower()
    return [
        *(float(bool(page.data.types & types)) for types in _TYPES.values()),
        float(kind in {"article", "blog", "news"}),
        float("product" in kind),
        float(kind == "website"),
        float(not kind),
        float(bool(parts.netloc)),
        float(len(path)),
        float(path[-1].count("-") + path[-1].count("_") if path else -1),
        float(sum(map(str.isdigit, parts.path))),
        *(float(re.search(pattern, where) is not None) for pattern in _ADDRESSES.values()),
        *(float(any(name in source for name in names)) for names in _SYSTEMS.values()),
    ]


_LARGEST = 1_000_000
"""Characters of the source searched for the name of the system that made the page."""


def _is_address(url: str) -> bool:
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:
        return False


def _made_of(page: Surroundings, pieces: list[Piece]) -> list[float]:
    count = Counter(element.tag for element in page.root.iter(*_COUNTED))
    passwords = sum((element.get("type") or "").lower() == "password" for element in page.root.iter("input"))
    buttons = [" ".join("".join(button.itertext()).split())[:60] for button in list(page.root.iter("button"))[:200]]
    short = [*(piece.text for piece in pieces if len(piece.text) < 80), *buttons]
    kinds = Counter(piece.kind for piece in pieces)
    total = max(1, len(pieces))
    return [
        _log(sum(_PRICE.search(text) is not None for text in short)),
        _log(sum(CART.search(text) is not None for text in short)),
        _log(sum(_POSTED.search(text) is not None for text in short)),
        _log(sum(_OFFER.search(text) is not None for text in short)),
        _log(sum(piece.text.endswith("?") for piece in pieces)),
        float(passwords),
        *(_log(count[tag]) for tag in ("button", "input", "img", "time")),
        _log(count["video"] + count["iframe"]),
        *(_log(count[tag]) for tag in ("article", "h1", "h2", "h3")),
        _log(kinds["code"]),
        _log(kinds["table"]),
        kinds["item"] / total,
        kinds["heading"] / total,
        _log(sum(piece.kind == "heading" and piece.links > 0.8 * piece.size for piece in pieces)),
    ]


_COUNTED = ("button", "input", "img", "time", "video", "iframe", "article", "h1", "h2", "h3")


def _text(pieces: list[Piece], boxes: list[Box]) -> list[float]:
    prose = [piece for piece in pieces if piece.prose]
    size, chars = sum(piece.size for piece in prose), max(1, sum(piece.size for piece in pieces))
    holders = [piece.box.parent or piece.box for piece in prose]
    best = Counter[Box]()
    for piece, holder in zip(prose, holders, strict=True):
        best[holder] += piece.size
    core = max((box for box in boxes if box.prose >= 0.75 * size), key=lambda box: box.depth, default=boxes[0])
    alike = Counter(
        (box.parent, box.label) for box in boxes if box.chars > 40 and box.parent is not None and box.tag not in _PARTS
    )
    most = max(alike, key=lambda key: alike[key], default=None)
    members = [box for box in boxes if most is not None and (box.parent, box.label) == most]
    return [
        _log(size),
        size / chars,
        _log(len(prose)),
        _log(max((piece.size for piece in prose), default=0)),
        _log(size / max(1, len(prose))),
        sum(piece.links for piece in pieces) / chars,
        _log(len(pieces)),
        _log(chars),
        max(best.values(), default=0) / max(1, size),
        core.chars / chars,
        float(len(members)),
        sum(box.prose for box in members) / max(1, size),
        sum(box.links for box in members) / max(1, sum(box.chars for box in members)),
    ]


_PARTS = frozenset(("p", "tr", "td", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "pre"))


def _said(pieces: list[Piece], page: Surroundings) -> list[float]:
    prose = [piece for piece in pieces if piece.prose]
    size = max(1, sum(piece.size for piece in prose))
    words = Counter(word for piece in prose[:_SAMPLE] for word in _WORD.findall(piece.text.lower()))
    total = max(1, words.total())
    bits = [int(Trait[name]) for name in _TRAITS]
    return [
        float(page.about.byline is not None),
        float(page.about.published is not None),
        float(bool(page.about.description)),
        *(sum(piece.size for piece in prose if piece.box.all & bit) / size for bit in bits),
        *(sum(bool(piece.box.all & bit) for piece in pieces) / max(1, len(pieces)) for bit in bits),
        *(100 * sum(words[word] for word in said) / total for said in _PRONOUNS.values()),
    ]


def _log(value: float) -> float:
    return math.log1p(value)
