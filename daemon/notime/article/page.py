"""Page → Article, inside the reading process.

Comes in: a `Page`. Goes out: an `Article`, or `NotAnArticle`, or `TooShort`. Must not know: processes, pipes, limits.

The stages, in order: decode, parse, read what the page declares, cut it into pieces, tell its kind, describe each
piece in numbers, ask the forest, choose, refuse what has no prose, make blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from notime.article.choosing import Choice, Judged, choose, refuse
from notime.article.declared import metadata, structured
from notime.article.declared.bylines import clean
from notime.article.document import encoding, preformatted, tree
from notime.article.explanation import Explanation, Verdict
from notime.article.pieces import blocks
from notime.article.pieces.kinds import level_of
from notime.article.pieces.piece import Box, Piece
from notime.article.sentences.language import decide
from notime.article.sentences.length import require_length
from notime.article.weighing import features, genre
from notime.article.weighing.forest import FILE, load
from notime.errors import NotAnArticle, Unsummarizable
from notime.types import Article, Block, Page, PageKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A page taken apart, before anything is chosen."""

    source: str
    root: HtmlElement
    data: structured.Structured
    about: metadata.Metadata
    pieces: list[Piece]
    boxes: list[Box]
    genre: list[float]
    """The page as a whole in numbers, in the order of `genre.NAMES`."""

    def rows(self, kinds: tuple[float, ...]) -> list[list[float]]:
        """A row a piece, given the probability of each kind of page."""
        context = features.Context(self.about.title, self.about.description, self.data.body, kinds)
        return features.rows(self.pieces, self.boxes, context)


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
    preformatted.unfold(root)
    pieces, boxes = blocks.read(root)
    if not pieces:
        raise NotAnArticle("There is no text on this page.", hint="It may be drawn by a script, or be an image.")
    around = genre.Surroundings(root, source, genre.address(root, page.url), about, data)
    return Reading(source, root, data, about, pieces, boxes, genre.row(pieces, boxes, around))


_CERTAIN = 0.8
"""Certainty below which a discussion under a long post is a post with comments."""
_SURE = 0.9
"""Probability from which a piece under a post is its text, though its box is named as comments: papers have a section
called discussion."""


class PageReader:
    """Reads pages with the forests, loaded once.

    Args:
        forests: the file that they are in.
    """

    def __init__(self, forests: Path = FILE) -> None:
        self._forests = load(forests)

    def read(self, page: Page, *, short: bool = False) -> Article:
        """The text of a page.

        Args:
            page: the page.
            short: also give a text that is too short for a summary.

        Raises:
            NotAnArticle: there is none, or, where nobody asked for the page, it is no article.
            TooShort: it is read faster than its summary.
        """
        reading = parse(page)
        told = self._kind(reading)
        choice, _ = self._choose(reading, told)
        return _article(page, reading, choice, told, short=short)

    def explain(self, page: Page) -> Explanation:
        """Why each block of a page is in or out; refusals are told, not raised."""
        try:
            reading = parse(page)
        except NotAnArticle as exc:
            return Explanation(exc.code, exc.message, "", (), ())
        told = self._kind(reading)
        choice, rows = self._choose(reading, told)
        outcome, message = (
            "article",
            f"Kept {sum(choice.kept)} of {len(choice.kept)} blocks of a page of the kind {told.kind}.",
        )
        try:
            _article(page, reading, choice, told, short=False)
        except Unsummarizable as exc:
            outcome, message = exc.code, exc.message
        forest = self._forests["pieces"]
        verdicts = tuple(
            _verdict(piece, choice, place, forest.reasons(rows[place])) for place, piece in enumerate(reading.pieces)
        )
        return Explanation(outcome, message, reading.about.title, _candidates(reading, choice, told, rows), verdicts)

    def _kind(self, reading: Reading) -> Told:
        odds = [float(self._forests[kind].scores([reading.genre])[0]) for kind in genre.KINDS]
        total = sum(odds) or 1.0
        told = Told(tuple(each / total for each in odds))
        doubtful = told.kind == "discussion" and told.certainty < _CERTAIN
        if (doubtful or told.kind == "article") and genre.has_post(reading.pieces, reading.data):
            return told.as_article()
        return told

    def _choose(self, reading: Reading, told: Told) -> tuple[Choice, list[list[float]]]:
        """The choice, and the rows it was made on."""
        rows = reading.rows(told.probabilities)
        scores = self._forests["pieces"].scores(rows).tolist()
        if told.commented:
            scores = [
                0.0 if score < _SURE and genre.is_comment(piece) else score
                for piece, score in zip(reading.pieces, scores, strict=True)
            ]
        return choose(reading.pieces, scores, told.kind), rows


@dataclass(frozen=True, slots=True)
class Told:
    """What kind a page is."""

    probabilities: tuple[float, ...]
    """In the order of `genre.KINDS`."""
    commented: bool = False
    """It is a post, and the discussion under it is none of it."""

    @property
    def kind(self) -> PageKind:
        """The most probable kind."""
        return genre.KINDS[self.probabilities.index(max(self.probabilities))]

    @property
    def certainty(self) -> float:
        """Its probability."""
        return max(self.probabilities)

    def as_article(self) -> Told:
        """The same as a post: the probabilities of an article and the most probable kind exchanged."""
        odds = list(self.probabilities)
        one, other = genre.KINDS.index("article"), genre.KINDS.index(self.kind)
        odds[one], odds[other] = odds[other], odds[one]
        return Told(tuple(odds), commented=True)


def _article(page: Page, reading: Reading, choice: Choice, told: Told, *, short: bool) -> Article:
    """The chosen pieces as an article.

    Raises:
        NotAnArticle, TooShort: as `PageReader.read`.
    """
    about = reading.about
    judged = Judged(
        reading.root,
        reading.pieces,
        choice.kept,
        choice.expected,
        about,
        reading.data,
        page.url,
        told.kind,
        told.certainty,
    )
    kept = refuse(judged, asked=page.asked)
    if len(kept) > 1 and kept[0].kind == "paragraph" and kept[0].text.casefold() == about.title.casefold():
        kept = kept[1:]  # a title that is not marked up as one
    kept = [piece for place, piece in enumerate(kept) if place >= _TOP or not _is_byline(piece, about.byline)]
    article = Article(
        tuple(Block(piece.text, piece.kind, level_of(piece.box, piece.kind)) for piece in kept),
        title=about.title,
        byline=about.byline,
        site_name=about.site_name,
        published=about.published,
        url=page.url,
        kind=told.kind,
        certainty=round(told.certainty, 3),
    )
    article = replace(article, language=decide(article.text, about.languages))
    if not short:
        require_length(article)
    return article


_TOP = 5
"""Blocks among which the line with the author's name is looked for."""


def _is_byline(piece: Piece, byline: str | None) -> bool:
    """Whether a piece is the line that names the author, with whatever stands behind the name."""
    return bool(byline) and piece.kind == "paragraph" and not piece.prose and clean(piece.text) == byline


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


def _candidates(reading: Reading, choice: Choice, told: Told, rows: list[list[float]]) -> tuple[str, ...]:
    """What proposed text, and how much of the chosen text each proposal holds."""
    names = features.NAMES
    total = sum(len(piece.text) for piece, kept in zip(reading.pieces, choice.kept, strict=True) if kept) or 1
    proposals = {
        "the box with the best paragraph sum": "in_best",
        "the deepest box with 75 % of the prose": "core_75",
        "<article>": "in_article",
        "<main>": "in_main",
        "articleBody in structured data": "in_declared",
    }
    found = [
        f"expected F1 {choice.expected:.3f}, threshold {choice.threshold:.2f}",
        ", ".join(f"{kind} {odds:.2f}" for kind, odds in zip(genre.KINDS, told.probabilities, strict=True)),
    ]
    for label, name in proposals.items():
        at = names.index(name)
        held = sum(
            len(piece.text)
            for piece, kept, row in zip(reading.pieces, choice.kept, rows, strict=True)
            if kept and row[at]
        )
        proposed = sum(len(piece.text) for piece, row in zip(reading.pieces, rows, strict=True) if row[at])
        found.append(f"{label}: {proposed} characters, {held / total:.0%} of the choice")
    return tuple(found)
