"""When a text is too short to be summarised.

Comes in: an `Article`. Goes out: nothing, or `TooShort`. Must not know: how the text was found.
"""

from __future__ import annotations

from itertools import islice

from notime.article.sentences.splitting import iterate
from notime.errors import TooShort
from notime.types import Article
from notime.words import count_words

LEAST_WORDS = 60
"""A quarter of a minute's reading at 238 words a minute: below that the summary saves nobody time."""

LEAST_SENTENCES = 3
"""As many as a brief summary has."""


def require_length(article: Article) -> None:
    """Pass an article that is worth a summary.

    Raises:
        TooShort: it has fewer than `LEAST_WORDS` words or `LEAST_SENTENCES` sentences.
    """
    if sum(count_words(block.text) for block in article.blocks) < LEAST_WORDS:
        raise TooShort("This text is too short to need a summary.")
    if sum(1 for _ in islice(iterate(article), LEAST_SENTENCES)) < LEAST_SENTENCES:
        raise TooShort("This text has too few sentences to summarise.")
