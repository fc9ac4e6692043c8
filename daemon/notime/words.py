"""How many words a text has, in scripts with and without spaces.

Comes in: text. Goes out: a number. Must not know: what the text is.
"""

from __future__ import annotations

import re

_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_IDEOGRAPHS_A_WORD = 2
"""Characters of Chinese and Japanese; dictionaries' segmentations have 1.5 to 2.5."""
_LETTERS_A_WORD = 4
"""Letters, vowel signs and tone marks of Thai, Lao, Khmer and Burmese, whose words are as long as English ones."""


def count_words(text: str) -> int:
    """Words; where no spaces part them, characters divided by the length of a word."""
    if text.isascii():
        return len(text.split())
    dense, text = len(_IDEOGRAPHS.findall(text)), _IDEOGRAPHS.sub(" ", text)
    unspaced, text = len(_UNSPACED.findall(text)), _UNSPACED.sub(" ", text)
    others = sum(any(map(str.isalnum, word)) for word in text.split()) if dense or unspaced else len(text.split())
    return others + -(-dense // _IDEOGRAPHS_A_WORD) + -(-unspaced // _LETTERS_A_WORD)
