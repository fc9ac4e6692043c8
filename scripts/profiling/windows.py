"""What a long article's summary loses because its most promising windows alone go through all of the ranker's layers.

    scripts/profile windows FILE…

FILE as `scripts/training/corpus.py` reads it. Held-out articles, some one after the other, make texts of at least
`WORDS` words; their sentences are chosen once as the daemon does, once with every window read to the end.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from notime.article import from_text, split
from notime.model import Catalog, ModelStore
from notime.model.ranking import encoder
from notime.settings import Settings
from notime.summary.choose import choose
from notime.summary.lengths import bounds_of
from notime.summary.rank import rank
from notime.summary.rewrite import expected_words
from scripts.training.corpus import body, rows
from scripts.training.smollm import SMOLLM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.model import ModelSpec
    from notime.types import Article, Length, Sentence

WORDS, TEXTS = 7000, 40
LENGTHS: tuple[Length, ...] = ("brief", "full")
ALL = 1 << 30


def texts(files: Sequence[Path]) -> Iterator[Article]:
    """Held-out articles, joined."""
    parts: list[str] = []
    for row in rows(files, held=True):
        parts.append(body(row))
        if sum(len(part.split()) for part in parts) >= WORDS:
            yield from_text("\n".join(parts))
            parts = []


def chosen(
    network: encoder.EncoderModel, spec: ModelSpec, article: Article, sentences: Sequence[Sentence], windows: int
) -> list[set[int]]:
    """Places of the sentences that a summary of each length is made from."""
    encoder.WHOLE_WINDOWS = windows
    weights = spec.ranking
    progress = rank(sentences, network, place_weight=weights.place_weight, lead_weight=weights.lead_weight)
    while True:
        try:
            next(progress)
        except StopIteration as end:
            ranking = end.value
            break
    bounds = [bounds_of(length, words=article.words, sentences=len(sentences)).candidates for length in LENGTHS]
    expected = partial(expected_words, share=0.6)
    return [
        set(choose(sentences, ranking.salience, ranking.vectors, ranking.leaning, each, expected)) for each in bounds
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    settings = Settings.load()
    store = ModelStore(settings.models, settings.cache_dir)
    part = store.locate(Catalog().with_parts(SMOLLM)[0])
    network, shipped = encoder.EncoderModel(part.folder), encoder.WHOLE_WINDOWS
    alike, shared, count, words = [0] * len(LENGTHS), [0.0] * len(LENGTHS), 0, []
    for article, _ in zip(texts(args.files), range(TEXTS), strict=False):
        sentences = split(article)
        ours, whole = (chosen(network, part.spec, article, sentences, windows) for windows in (shipped, ALL))
        for place, (some, every) in enumerate(zip(ours, whole, strict=True)):
            alike[place] += some == every
            shared[place] += len(some & every) / len(every)
        count += 1
        words.append(article.words)
    print(f"{count} texts of {min(words)} to {max(words)} words, {shipped} windows through all layers")
    for length, same, share in zip(LENGTHS, alike, shared, strict=True):
        print(f"{length}: {same} of them alike, {share / count:.3f} of the chosen sentences the same")


if __name__ == "__main__":
    main()
