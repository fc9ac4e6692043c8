"""Web pages as expert readers read them, and what a summary is worth beside theirs.

Comes in: a file with one page a line, {"id", "kind", "title", "blocks", "sentences", "brief": [{"s", "t"}], "more",
"junk"}: `t` is a sentence of the expert's summary, `s` the sentences of the page that bear it, `junk` those that no
summary may be made from; and summaries. Goes out: the measures. Must not know: who made the summaries.

The measures are those of `score_readers.py` beside the data, written anew; tests/quality holds the two to each other.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from notime.article import split
from notime.article.sentences.language import detect
from notime.types import Article, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rouge_score.rouge_scorer import RougeScorer

SETS = Path(__file__).resolve().parents[3] / "shared" / "readers"
"""Where the pages lie, beside the checkout."""

Half = Literal["even", "odd"]
Row = dict[str, Any]

NEWS = "shd_"
"""How the ids of the set's news pages begin; every other page is a web page of whatever kind."""

STEM = 6
"""Letters by which two words are the same."""

SAME_WORDS = 0.8
"""Share of the words of two sentences, taken together, that both have: one is the other, cut or split otherwise."""

MADE = 0.6
"""Share of a point's content words with which a summary sentence makes it, wherever it was taken from."""

GRAMMAR = frozenset(
    "a an the of to in on at by for and or but with from as is are was were be been it its this that these those he "
    "she they his her their your you we our i who which what when where how not no if than then so such can could may "
    "might will would should must do does did has have had more most very also into over under about after before "
    "between during through because while there here out up down off only just one two some any all other".split()
)
"""Words that make no point."""

LABELS = ("ok", "dangling", "lossy", "untrue", "broken")
"""What an editor says of a rewriting."""

LEAD, SENTENCES = "lead-3", 3
"""The system that takes the first so many sentences."""

MEASURES = ("points", "good", "junk", "rouge1", "rouge2", "words")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary, and the page's sentences that it was made from."""

    text: str
    sources: tuple[str, ...]


def pages(path: Path) -> list[Row]:
    """The pages that an expert could summarise."""
    return [row for row in saved(path) if row["brief"]]


def saved(path: Path) -> list[Row]:
    """The objects of a file with one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def keep(path: Path, rows: Sequence[Row]) -> None:
    """One JSON object a line."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def digest(identity: str) -> int:
    """A number that is the same for an id everywhere."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big")


def half(identity: str) -> Half:
    """Settings are chosen on the even half and quoted on the odd one."""
    return "odd" if digest(identity) % 2 else "even"


def is_news(row: Row) -> bool:
    """A page of the news set."""
    return str(row["id"]).startswith(NEWS)


def subset(rows: Sequence[Row], each: int) -> list[Row]:
    """So many web and so many news pages, the same ones every time."""
    ordered = sorted(rows, key=lambda row: digest(row["id"]))
    web, news = ([row for row in ordered if is_news(row) == wanted][:each] for wanted in (False, True))
    return [*web, *news]


def article(row: Row) -> Article:
    """The page as extraction left it."""
    blocks = tuple(Block(text, kind) for kind, text in row["blocks"])
    return Article(blocks, title=row["title"], language=detect("\n".join(block.text for block in blocks)))


def prose(row: Row) -> str:
    """What sentences are taken from, a block a line."""
    return "\n".join(sentence.text for sentence in split(article(row)))


def told(prediction: Row) -> list[Told]:
    """The sentences of `{"summary": {"sentences": [{"text", "sources"}]}}`; without sources they are quotations."""
    return [
        Told(each["text"], tuple(source["text"] for source in each.get("sources", ())) or (each["text"],))
        for each in (prediction.get("summary") or {}).get("sentences", ())
    ]


def quoted(sentences: Iterable[str]) -> list[Told]:
    """Sentences of the page as they stand."""
    return [Told(text, (text,)) for text in sentences]


def same(one: str, other: str) -> bool:
    """Two sentences are one, but for how they were cut."""
    ours, theirs = (re.findall(r"\w+", text.lower()) for text in (one, other))
    if not ours or not theirs:
        return False
    shared, both = set(ours) & set(theirs), set(ours) | set(theirs)
    return ours == theirs or len(shared) / len(both) >= SAME_WORDS


def makes(sentence: Told, point: Row, of: Sequence[str]) -> bool:
    """A summary sentence makes an expert's point: by where it comes from, or by what it says."""
    if any(same(source, of[place]) for place in point["s"] for source in sentence.sources):
        return True
    wanted = _content(point["t"])
    return bool(wanted) and len(wanted & _content(sentence.text)) >= MADE * len(wanted)


def judged(row: Row, summary: Sequence[Told], scorer: RougeScorer) -> dict[str, float]:
    """The measures of one summary: shares from 0 to 1, ROUGE F1 × 100, words. Of an empty summary all are 0."""
    of = row["sentences"]
    points = [any(makes(sentence, point, of) for sentence in summary) for point in row["brief"]]
    every = [*row["brief"], *row["more"]]
    good = [any(makes(sentence, point, of) for point in every) for sentence in summary]
    junk = [any(same(source, of[place]) for place in row["junk"] for source in each.sources) for each in summary]
    reference = "\n".join(point["t"] for point in row["brief"])
    rouge = scorer.score(reference, "\n".join(sentence.text for sentence in summary))
    return {
        "points": _mean(points),
        "good": _mean(good),
        "junk": _mean(junk),
        "rouge1": 100 * rouge["rouge1"].fmeasure,
        "rouge2": 100 * rouge["rouge2"].fmeasure,
        "words": sum(len(sentence.text.split()) for sentence in summary),
    }


def means(scores: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of many summaries."""
    return {name: round(_mean([score[name] for score in scores]), 3) for name in MEASURES}


def rouge_scorer() -> RougeScorer:
    """As the measures want it: stemmed."""
    from rouge_score.rouge_scorer import RougeScorer  # its import takes longer than most of what is done here

    return RougeScorer(["rouge1", "rouge2"], use_stemmer=True)


def _content(text: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"[^\W_]+", text.lower()) if word not in GRAMMAR}


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values)) if values else 0.0
