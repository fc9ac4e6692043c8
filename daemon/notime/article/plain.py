"""Plain text → Article.

Comes in: text as a person would paste or pipe it. Goes out: an `Article` of paragraphs. Must not know: HTML.
"""

from __future__ import annotations

import re
from itertools import pairwise

from notime.article.document.encoding import tidy
from notime.article.sentences.language import detect
from notime.article.sentences.length import require_length
from notime.types import Article, Block

_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?…:。！？؟।][\"'”’»)\]]*$")
_ITEM = re.compile(r"(?:[-*•‣–]|\d{1,2}[.)])\s+")


def from_text(text: str, *, title: str | None = None, url: str | None = None) -> Article:
    """The article that plain text is.

    Paragraphs are separated by blank lines; where there are none, each line is one, unless the lines were cut at a
    fixed width, which is undone.

    Args:
        text: the text.
        title: its title, where known.
        url: where it is from, where known.

    Raises:
        TooShort: fewer than `length.LEAST_WORDS` words or `length.LEAST_SENTENCES` sentences.
    """
    text = tidy(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")).strip()
    blocks = tuple(Block(paragraph) for part in _GAP.split(text) for paragraph in _paragraphs(part))
    article = Article(blocks, title=" ".join((title or "").split()), url=url, language=detect(text))
    require_length(article)
    return article


def _paragraphs(part: str) -> list[str]:
    """The paragraphs of text without blank lines."""
    lines = [" ".join(line.split()) for line in part.split("\n")]
    lines = [line for line in lines if line]
    if len(lines) < 2 or not _is_wrapped(lines):
        return lines
    widest = max(map(len, lines))
    joined = [[lines[0]]]
    for before, line in pairwise(lines):
        ends = len(before) < 0.7 * widest and _SENTENCE_END.search(before)
        if ends or _ITEM.match(line):
            joined.append([line])
        elif before.endswith("-") and line[:1].islower() and before[-2:-1].isalpha():
            joined[-1].append(line)  # the hyphen may be the word's own: keep it
        else:
            joined[-1] += (" ", line)
    return ["".join(parts) for parts in joined]


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines were cut at a width: most are of one length, and stop in mid-sentence."""
    widest = max(map(len, lines))
    if not 40 <= widest <= 120:
        return False
    full = [line for line in lines[:-1] if len(line) > 0.7 * widest]
    open_ended = [line for line in lines[:-1] if not _SENTENCE_END.search(line)]
    return len(full) * 2 > len(lines) - 1 and len(open_ended) * 2 >= len(lines) - 1
