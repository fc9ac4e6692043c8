"""Words as the check sees them: folded, stemmed, with their places.

Comes in: text, cased or lower-cased, plain or tokenised (``did n't``, ``$ 600``). Goes out: words. Must not know: what
is held against what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?(?:\.\d+)?")
_SEPARATED = re.compile(r"(?<=\w) +(?=n't\b|'(?:s|re|ve|ll|d|m)\b)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", ""))

GRAMMAR = frozenset(
    "the a an of in on at to for with from by as and or but if is are was were be been being it its he she they his "
    "her their him them that this these those who which what when where while has have had do does did will would can "
    "could may might must shall should not no so than then there here i you we us our your my me s t "
    "after before about "
    "into over under up out off down said say also just more most very".split()
)
"""Stems that carry grammar more than matter."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    text: str
    """As it stands there."""
    start: int
    end: int
    """Offsets into the normalised text."""

    @property
    def lower(self) -> str:
        """Case folded."""
        return self.text.lower()

    @property
    def stem(self) -> str:
        """Without inflection."""
        return stem(self.lower)


def normal(text: str) -> str:
    """One kind of apostrophe and quotation mark, no thousands separators, contractions in one piece."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = text.replace("``", '"').replace("''", '"')
    return _SEPARATED.sub("", _THOUSANDS.sub("", text))


def words(text: str) -> list[Word]:
    """The words of a text that `normal` returned."""
    return [Word(match.group(), match.start(), match.end()) for match in WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """The stems of any text."""
    return [stem(match.lower()) for match in WORD.findall(normal(text))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its inflection: rough, but the same for *reports*, *reported* and *reporting*."""
    word = word.removesuffix("'s").rstrip("'")
    if len(word) > 4:
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: len(word) - len(ending)] + instead
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
            word = word[:-1]
        if len(word) > 3 and word[-1] == "e":
            word = word[:-1]
    return word
