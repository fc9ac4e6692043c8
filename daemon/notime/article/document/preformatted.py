"""Prose in `<pre>` → paragraphs.

Comes in: a tree. Goes out: the same tree, with `<p>` elements in the place of each `<pre>` that holds prose: a text
file as a browser shows it, a mail in an archive. Must not know: which text is the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_WIDEST = 160
"""Characters of a line from which lines are paragraphs, since nobody cuts lines at that width."""
_LEAST_WORDS = 25
_SIGNS = re.compile(r"[{}<>=;|\\_$`#~^]|\(\)|::|->|//")
_MOST_SIGNS = 0.01
"""Share of the characters that are signs of code, above which a `<pre>` is no prose; prose has next to none."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = 0.6
_ENDS = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*(?:$|[A-ZÀ-ÞА-Я\"“«„])", re.MULTILINE)
_LABELLED = re.compile(
    r"(?:^|[\s_-])(?:code|highlight|language-|lang-|prettyprint|syntax|terminal|console)", re.IGNORECASE
)


def unfold(root: HtmlElement) -> None:
    """Put paragraphs in the place of preformatted prose."""
    for pre in list(root.iter("pre")):
        if next(pre.iter("code", "samp", "kbd"), None) is not None or _LABELLED.search(pre.get("class") or ""):
            continue
        text = "".join(pre.itertext()).replace("\r", "")
        if not _is_prose(text):
            continue
        tail = pre.tail
        pre.clear()
        pre.tag, pre.tail = "div", tail
        for part in _GAP.split(text.strip()):
            for paragraph in part.split("\n") if max(map(len, part.split("\n"))) > _WIDEST else [part]:
                etree.SubElement(pre, "p").text = paragraph


def _is_prose(text: str) -> bool:
    words = len(_WORD.findall(text))
    if words < _LEAST_WORDS or not _ENDS.search(text):
        return False
    letters = sum(map(str.isalpha, text))
    size = len(text) - sum(map(str.isspace, text))
    return letters >= _LETTERS * size and len(_SIGNS.findall(text)) <= _MOST_SIGNS * size
