"""When a page has nothing to give, and why.

Comes in: the choice, its evidence, the kind of page. Goes out: the pieces, or `NotAnArticle` with the reason. Must not
know: how the choice was made.

There are two measures. A reader who asks for a page gets what is on it: only pages without prose are refused, a bare
log-in page, a wall against robots, a video, a grid of goods or a list of links. Nobody asked where the panel comes by
itself: there the page must be an article, as far as anything on it tells (`strict`).
"""

from __future__ import annotations

import re

from notime.article.choosing.evidence import Evidence, weigh
from notime.article.choosing.judged import Judged
from notime.article.choosing.strict import LIST, PRODUCT, VIDEO, objection
from notime.article.pieces.piece import Piece
from notime.article.pieces.vocabulary import Trait
from notime.article.sentences.length import LEAST_WORDS
from notime.errors import NotAnArticle, TooShort

_SELECT = "Select the text that you want summarised, and summarise the selection."

_WALL = re.compile(
    r"\b(?:subscribe (?:now )?to (?:read|continue|keep)|(?:sign|log) in to (?:read|continue|keep)|already a subscriber"
    r"|to continue reading|subscribers? only"
    r"|this (?:article|content|story) is (?:for|reserved|only|exclusive|available)|"
    r"unlock this"
    r"|weiterlesen mit\b|(?:nur )?für abonnent|réservée? aux abonnés"
    r"|(?:exclusiv[oa]|s[oó]lo) para (?:su[bs]+cri\w*tor|assinante)"
    r"|(?:riservato|solo per) (?:agli )?abbonati|(?:alleen )?voor abonnees|dla subskrybent)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(
    r"\b(?:(?:verify|prove|confirm)(?:ing)? (?:that )?you(?:'|’)?(?: a)?re (?:a )?(?:human|not a (?:ro)?bot)"
    r"|sure you(?:'|’)re not a (?:ro)?bot|are you (?:a )?(?:human|robot)"
    r"|checking (?:your browser|if the site connection is secure)|just a moment\.\.\.|unusual (?:traffic"
    r"|activity)|captcha"
    r"|(?:enable|turn on) (?:javascript|cookies) (?:and|to) (?:cookies|continue)"
    r"|access (?:to this page has been )?denied|ray id"
    r"|(?:request (?:has been |was )?|you(?: have|(?:'|’)ve) been )blocked|security check"
    r"|kein roboter|pas un robot|no (?:es|eres|soy) un robot|non (?:sei|sono) un robot|não (?:é|sou) um robô"
    r"|geen robot|nie jesteś robotem)",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:log|sign)[ -]?(?:in|on)\b|\b(?:anmelden|einloggen|connexion|se connecter|iniciar (?:sesi[oó]n|sessão)|accedi"
    r"|inloggen|logga in|log ind|zaloguj|logowanie|giriş yap|войти)\b|ログイン|登录|登入|로그인",
    re.IGNORECASE,
)
_PAYWALL = int(Trait.PAYWALL)
_STUB = "This page shows only the beginning of the article; the rest is for subscribers."

GOODS = "This is a list of goods, not an article."
_NOTHING = "There is no article on this page."
_SCRAPS = "There is no article on this page, only short pieces of text."
_TABLE = "This is a table, not an article."
_LOGIN_PAGE = "This is a log-in page, not an article."
_ROBOT_PAGE = "This page asks whether you are human, and shows nothing else."

_GONE = re.compile(
    r"\b404\b|\b(?:page|seite|página|pagina) (?:was |wurde )?(?:not found|nicht gefunden|no encontrada|non trovata)\b"
    r"|\bdoes(?:n['’]t| not) exist\b|\bintrouvable\b|\b50[0234]\b.{0,20}\b(?:error|unavailable|gateway|timeout)\b"
    r"|\binternal server error\b",
    re.IGNORECASE,
)
_LONGEST_LOGIN = 180
"""Words up to which a page that is named after logging in is there for that."""
_MOSTLY_LINKS = 0.55
_SOME_LINKS = 0.15
_ALL_LINKS = 0.6
"""Share of the kept text inside links from which it is a list; the most linked of 276 articles has 0.42."""
_FEW = 10
"""Pieces without one paragraph among them up to which a page is a short text, and no list."""
_PRICED = 4
"""Prices from which a list is one of goods."""
_SURE = 0.9
"""Expected F1 from which no count of links, passwords or comments is asked."""


def refuse(page: Judged, *, asked: bool) -> list[Piece]:
    """The kept pieces, where they are something to read.

    Args:
        page: the page.
        asked: its reader asked for it.

    Raises:
        NotAnArticle: with the kind of page it is instead.
        TooShort: only the beginning is there, before a paywall.
    """
    evidence = weigh(page.pieces, page.kept, page.sure, page.about, page.data)
    stub = page.kind not in {"listing", "product"} and _is_walled(page)
    if evidence.words < LEAST_WORDS and stub and not page.has_password:
        raise TooShort(_STUB, hint="Sign in on the site, then try again.")
    reason = _reason(page, evidence) or (None if asked else objection(page, evidence))
    if reason:
        raise NotAnArticle(reason, hint=_SELECT)
    return page.mine


def _reason(page: Judged, evidence: Evidence) -> str | None:
    """What the page is instead of something to read, in one sentence; None where there is prose."""
    little = evidence.words < LEAST_WORDS
    if little and _is_robot_wall(page):
        return _ROBOT_PAGE
    if page.has_password and not evidence.declared:
        text = evidence.sure >= _SURE and evidence.prose >= LEAST_WORDS
        if evidence.words < _LONGEST_LOGIN and not text and _names(page, _LOGIN):
            return _LOGIN_PAGE
        if little and evidence.sure < _SURE and _shown(page) <= _LARGEST_WALL:
            return _LOGIN_PAGE
    if little and _names(page, _GONE):
        return _NOTHING
    if not evidence.words:
        return _list(page) if _is_linked(page.pieces) else _NOTHING
    bare = evidence.paragraphs == 0 or (page.kind == "product" and _has_labels_alone(page, evidence))
    if evidence.sure >= _SURE and not bare and evidence.links <= _ALL_LINKS:
        return None
    told = evidence.told >= LEAST_WORDS or evidence.told * 2 > evidence.words
    if (
        evidence.prose < LEAST_WORDS
        and evidence.told < LEAST_WORDS
        and not evidence.declared
        and page.is_video
        and page.kind != "product"
    ):
        return VIDEO
    if evidence.links > _ALL_LINKS and not evidence.paragraphs and not told:
        return _list(page)
    if bare and evidence.pieces >= _FEW and not told:
        return _without_a_paragraph(page)
    tables = sum(piece.kind == "table" for piece in page.mine)
    if evidence.paragraphs == 0 and tables * 2 > len(page.mine) and not any(piece.complete for piece in page.mine):
        return _TABLE
    if evidence.paragraphs == 0 and all(piece.kind in {"table", "heading", "caption"} for piece in page.mine):
        return _TABLE if tables else _NOTHING
    if little and not evidence.paragraphs and not evidence.declared:
        return _list(page) if page.kind == "product" or _is_linked(page.pieces) else None
    return None


def _has_labels_alone(page: Judged, evidence: Evidence) -> bool:
    """Whether what is long enough for a paragraph on it is the names of its choices: none ends as sentences do."""
    return evidence.prose < LEAST_WORDS and not any(piece.prose and piece.ends for piece in page.mine)


def _list(page: Judged) -> str:
    """What a page of names, links or prices is a list of."""
    if page.kind == "product":
        return PRODUCT
    if len(page.pieces) < _FEW:
        return _NOTHING  # the menu of a page whose text is not there
    return GOODS if page.prices >= _PRICED else LIST


def _without_a_paragraph(page: Judged) -> str:
    mine = page.mine
    if sum(piece.kind == "table" for piece in mine) * 2 > len(mine):
        return _TABLE
    links = sum(piece.links for piece in mine) / max(1, sum(piece.size for piece in mine))
    listed = links > _SOME_LINKS or page.prices >= _PRICED or _is_linked(page.pieces)
    return _list(page) if listed or page.kind == "product" else _SCRAPS


def _is_linked(pieces: list[Piece]) -> bool:
    return sum(piece.links for piece in pieces) > _MOSTLY_LINKS * sum(piece.size for piece in pieces)


def _names(page: Judged, pattern: re.Pattern[str]) -> bool:
    """Whether the page's title, its address or one of its headings says so."""
    headings = (piece.text for piece in page.pieces if piece.kind == "heading")
    return any(pattern.search(text) for text in (page.about.title, page.url or "", *headings))


def _is_robot_wall(page: Judged) -> bool:
    if _shown(page) > _LARGEST_WALL:
        return False
    return any(_ROBOTS.search(text) for text in (page.about.title, *(piece.text for piece in page.pieces)))


def _shown(page: Judged) -> int:
    return sum(piece.size for piece in page.pieces)


_LARGEST_WALL = 1_500
"""Letters on a page that asks for a password, or whether its reader is human, and has nothing else."""


def _is_walled(page: Judged) -> bool:
    return not page.data.free or any(
        piece.box.all & _PAYWALL or (len(piece.text) < 200 and _WALL.search(piece.text)) for piece in page.pieces
    )
