"""Words to look for, as the full-text index takes them.

Comes in: what people typed, and text. Goes out: an expression that is never a syntax error, and text that is split the
same way. Must not know: SQLite's tables.
"""

from __future__ import annotations

import re

from notime.errors import BadRequest

MOST_CHARACTERS = 500
"""Of a query; some 250 words, which the index still takes as one expression."""

UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
"""Kana, Han and Hangul: written without spaces, or with endings that grow onto the word. Each character is a word of
its own, and words are found as phrases of them."""


def spaced(text: str) -> str:
    """The text as it is indexed."""
    return UNSPACED.sub(r" \g<0> ", text)


def expression(query: str) -> str:
    """A query in the language of FTS5: every word has to be there, the last one may go on.

    Returns:
        "" where there is nothing to look for.

    Raises:
        BadRequest: it is too long.
    """
    if len(query) > MOST_CHARACTERS:
        raise BadRequest(f"The query must not be longer than {MOST_CHARACTERS} characters.")
    # Neither can stand in a string of SQLite.
    words = query.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").split()
    phrases = ['"{}"'.format(spaced(word).replace('"', '""')) for word in words]
    return " ".join(phrases) + "*" if phrases else ""
