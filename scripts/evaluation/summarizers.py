"""LexRank and TextRank, sumy's, over our own sentences. Needs the environment that `scripts/eval` makes."""

from __future__ import annotations

import re

from sumy.nlp.stemmers import Stemmer
from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer

from notime.article.sentences.splitting import spans

PEERS = {"LexRank": LexRankSummarizer, "TextRank": TextRankSummarizer}
SENTENCES = 3


class Cut:
    """Our own sentences for sumy: its tokenizer wants data that is fetched apart."""

    def to_sentences(self, text: str) -> tuple[str, ...]:
        """Sentences of a paragraph."""
        return tuple(text[start:end] for start, end in spans(text))

    def to_words(self, text: str) -> tuple[str, ...]:
        """Words of a sentence."""
        return tuple(re.findall(r"[^\W_]+", text))


def picked(name: str, language: str, text: str) -> list[str]:
    """Three sentences of a text, one paragraph a line, by one of them."""
    document = PlaintextParser(text, Cut()).document
    return [str(sentence) for sentence in PEERS[name](Stemmer(language))(document, SENTENCES)]
