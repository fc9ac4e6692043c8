"""A second opinion: what readability-lxml would keep.

Comes in: the page's text and pieces. Goes out: one number a piece, 1 where readability-lxml keeps its words. Must not
know: what is made of it.

It costs more than all the rest of reading (45 ms a page, median), so only pages that the forest is unsure of are
asked about: one in fifteen of the development sets.
"""

from __future__ import annotations

import logging
import re

from lxml import etree
from readability import Document
from readability.readability import Unparseable

from notime.article import tree
from notime.article.pieces import Piece

_WORD = re.compile(r"\w+")


def opinion(text: str, pieces: list[Piece]) -> list[float]:
    """1.0 for each piece whose words readability-lxml keeps in a row, else 0.0; all 0.0 where it finds nothing.

    Args:
        text: the page.
        pieces: its pieces.
    """
    logging.getLogger("readability").disabled = True
    root = tree.parse(text)
    try:
        kept = tree.parse(Document(root).summary(html_partial=True)) if root is not None else None
    except (Unparseable, etree.LxmlError, ValueError):
        kept = None
    joined = "" if kept is None else f" {' '.join(_WORD.findall(' '.join(kept.itertext()).lower()))} "
    return [float(f" {' '.join(_WORD.findall(piece.text.lower()))} " in joined) for piece in pieces]
