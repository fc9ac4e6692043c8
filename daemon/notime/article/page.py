"""Page → Article, inside the reading process.

Comes in: a `Page`. Goes out: an `Article`, or `NotAnArticle`, or `TooShort`. Must not know: processes, pipes, limits.

The stages, in order: decode, parse, read what the page declares, cut it into pieces, describe each in numbers, ask the
forest, choose, refuse what is no article, make blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notime.article import blocks, encoding, features, metadata, structured, tree
from notime.article.choose import Choice, choose
from notime.article.explanation import Explanation, Verdict
from notime.article.forest import Forest, load
from notime.article.language import decide
from notime.article.length import require_length
from notime.article.pieces import Piece
from notime.article.refuse import refuse
from notime.errors import NotAnArticle, Unsummarizable
from notime.types import Article, Block, Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DOUBT = 0.9
"""Expected F1 below which readability-lxml is asked too: 6 of 100 development pages, on which it is worth 0.02 to
0.05."""
_LARGEST_DOUBT = 2_000_000
"""Characters of a page above which nobody else is asked, since readability-lxml might take all the time there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A page taken apart, before anything is chosen."""

    source: str
    root: HtmlElement
    data: structured.Structured
    about: metadata.Metadata
    pieces: list[Piece]
    rows: list[list[float]]


def parse(page: Page) -> Reading:
    """A page taken apart.

    Raises:
        NotAnArticle: there is no text on it.
    """
    source = encoding.tidy(page.html) if isinstance(page.html, str) else encoding.decode(page.html)
    root = tree.parse(source)
    if root is None:
        raise NotAnArticle("There is no text on this page.")
    data = structured.read(root)
    about = metadata.read(root, data, page.url, page.title)
    pieces, boxes = blocks.read(root)
    if not pieces:
        raise NotAnArticle("There is no text on this page.", hint="It may be drawn by a script, or be an image.")
    context = features.Context(about.title, about.description, data.body)
    return Reading(source, root, data, about, pieces, features.rows(pieces, boxes, context))


class PageReader:
    """Reads pages with the two forests, loaded once."""

    def __init__(self) -> None:
        self._alone = load("alone")
        self._seconded: Forest | None = None

    def read(self, page: Page, *, short: bool = False) -> Article:
        """The article on a page.

        Args:
            page: the page.
            short: also give an article that is too short for a summary.

        Raises:
            NotAnArticle: there is none.
            TooShort: it is read faster than its summary.
        """
        reading = parse(page)
        choice, _ = self._choose(reading)
        return _article(page, reading, choice, short=short)

    def explain(self, page: Page) -> Explanation:
        """Why each block of a page is in or out; refusals are told, not raised."""
        try:
            reading = parse(page)
        except NotAnArticle as exc:
            return Explanation(exc.code, exc.message, "", (), ())
        choice, rows = self._choose(reading)
        outcome, message = "article", f"Kept {sum(choice.kept)} of {len(choice.kept)} blocks."
        try:
            _article(page, reading, choice, short=False)
        except Unsummarizable as exc:
            outcome, message = exc.code, exc.message
        seconded = len(rows[0]) > len(features.NAMES)
        forest = self._second() if seconded else self._alone
        verdicts = tuple(
            _verdict(piece, choice, place, forest.reasons(rows[place])) for place, piece in enumerate(reading.pieces)
        )
        return Explanation(outcome, message, reading.about.title, _candidates(reading, choice, rows), verdicts)

    def _choose(self, reading: Reading) -> tuple[Choice, list[list[float]]]:
        """The choice, and the rows it was made on."""
        choice = choose(reading.pieces, self._alone.scores(reading.rows).tolist())
        if choice.expected >= DOUBT or len(reading.source) > _LARGEST_DOUBT:
            return choice, reading.rows
        from notime.article.second import opinion  # costs 0.1 s to import, and is seldom needed

        kept = opinion(reading.source, reading.pieces)
        rows = [[*row, held] for row, held in zip(reading.rows, kept, strict=True)]
        return choose(reading.pieces, self._second().scores(rows).tolist()), rows

    def _second(self) -> Forest:
        if self._seconded is None:
            self._seconded = load("seconded")
        return self._seconded


def _article(page: Page, reading: Reading, choice: Choice, *, short: bool) -> Article:
    """The chosen pieces as an article.

    Raises:
        NotAnArticle, TooShort: as `PageReader.read`.
    """
    about = reading.about
    kept = refuse(reading.root, reading.pieces, choice.kept, choice.expected, about, reading.data, page.url)
    if len(kept) > 1 and kept[0].kind == "paragraph" and kept[0].text.casefold() == about.title.casefold():
        kept = kept[1:]  # a title that is not marked up as one
    article = Article(
        tuple(Block(piece.text, piece.kind) for piece in kept),
        title=about.title,
        byline=about.byline,
        site_name=about.site_name,
        published=about.published,
        url=page.url,
    )
    article = replace(article, language=decide(article.text, about.languages))
    if not short:
        require_length(article)
    return article


def _verdict(piece: Piece, choice: Choice, place: int, moved: list[tuple[str, float]]) -> Verdict:
    reasons = tuple(f"{name} {shift:+.2f}" for name, shift in moved)
    if place in choice.vetoed:
        reasons = ("says that it is a box of the site", *reasons)
    elif choice.scores[place] > choice.threshold and not choice.kept[place]:
        reasons = ("a heading with nothing under it", *reasons)
    where: list[str] = []
    box = piece.box
    while box.parent is not None and len(where) < 6:
        where.append(box.label)
        box = box.parent
    return Verdict(
        piece.text[:80],
        piece.kind,
        " > ".join(reversed(where)),
        choice.kept[place],
        round(choice.scores[place], 3),
        reasons,
    )


def _candidates(reading: Reading, choice: Choice, rows: list[list[float]]) -> tuple[str, ...]:
    """What proposed text, and how much of the chosen text each proposal holds."""
    names = [*features.NAMES, "readability"]
    total = sum(len(piece.text) for piece, kept in zip(reading.pieces, choice.kept, strict=True) if kept) or 1
    told = {
        "the box with the best paragraph sum": "in_best",
        "the deepest box with 75 % of the prose": "core_75",
        "<article>": "in_article",
        "<main>": "in_main",
        "articleBody in structured data": "in_declared",
        "readability-lxml": "readability",
    }
    found = [f"expected F1 {choice.expected:.3f}, threshold {choice.threshold:.2f}"]
    for label, name in told.items():
        at = names.index(name)
        if at >= len(rows[0]):
            continue
        held = sum(
            len(piece.text)
            for piece, kept, row in zip(reading.pieces, choice.kept, rows, strict=True)
            if kept and row[at]
        )
        proposed = sum(len(piece.text) for piece, row in zip(reading.pieces, rows, strict=True) if row[at])
        found.append(f"{label}: {proposed} characters, {held / total:.0%} of the choice")
    return tuple(found)
