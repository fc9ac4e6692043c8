"""Web pages as expert readers read them, and what a summary is worth beside theirs.

Comes in: a file with one page a line, {"id", "kind", "title", "blocks", "sentences", "brief": [{"s", "t"}], "more",
"junk"}: `t` is a sentence of the expert's summary, `s` the sentences of the page that bear it, `junk` those that no
summary may be made from; and summaries. Goes out: the measures. Must not know: who made the summaries.

The measures are those of `score_readers.py` beside the data, written anew; tests/quality holds the two to each other.
When a sentence makes a point is told in `notime/cli/bench/points.py`, which `notime models bench` uses as well.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from notime.article import split
from notime.cli.commands.bench.points import Told, article, makes, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rouge_score.rouge_scorer import RougeScorer

SETS = Path(__file__).resolve().parents[3] / "shared" / "readers"
"""Where the pages lie, beside the checkout."""

Half = Literal["even", "odd"]
Row = dict[str, Any]

NEWS = "shd_"
"""How the ids of the set's news pages begin; every other page is a web page of whatever kind."""

LABELS = ("ok", "dangling", "lossy", "untrue", "broken")
"""What an editor says of a rewriting."""

LEAD, SENTENCES = "lead-3", 3
"""The system that takes the first so many sentences."""

MEASURES = ("points", "good", "junk", "rouge1", "rouge2", "words")


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


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values)) if values else 0.0
