"""Our own pages, each with what an expert reader would take of it: `tests/pages/NAME/reader.json`.

Comes in: the folders, as docs/quality.md tells. Goes out: the article and a row as `experts.py` has it. Must not know:
who summarises.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from notime import extract
from notime.errors import Unsummarizable
from notime.types import Article, Block

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scripts.evaluation.experts import Row

PAGES = Path(__file__).resolve().parents[2] / "tests" / "pages"


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page that we wrote and read ourselves."""

    name: str
    article: Article
    extracted: bool
    """False where extraction refuses the page as yet: the article is the text that is wanted of it."""
    row: Row
    """As in the set of expert readers; its sentences are those that somebody named."""

    @property
    def language(self) -> str:
        """ISO 639-1."""
        code: str = self.row["language"]
        return code


def own_pages(only: Iterable[str] = ()) -> list[OwnPage]:
    """All of them, or those of these names, by name."""
    wanted = set(only)
    folders = sorted(path.parent for path in PAGES.glob("*/reader.json"))
    return [_read(folder) for folder in folders if not wanted or folder.name in wanted]


def _read(folder: Path) -> OwnPage:
    told = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    try:
        article, extracted = extract((folder / "source.html").read_bytes()), True
    except Unsummarizable:
        title, _, text = (folder / "wanted.txt").read_text(encoding="utf-8").partition("\n\n")
        article = Article(tuple(map(Block, text.splitlines())), title=title, language=told["language"])
        extracted = False
    sentences: list[str] = []

    def places(texts: Iterable[str]) -> list[int]:
        found = []
        for text in texts:
            found.append(len(sentences))
            sentences.append(text)
        return found

    row = {
        "id": folder.name,
        "kind": told["kind"],
        "language": told["language"],
        "title": article.title,
        "brief": [{"s": places(point["s"]), "t": point["t"]} for point in told["brief"]],
        "more": [{"s": places([text]), "t": ""} for text in told["more"]],
        "junk": places(told["junk"]),
        "sentences": sentences,
    }
    return OwnPage(folder.name, article, extracted, row)
