"""Salience of every sentence of an article, read window by window with a small encoder.

Comes in: sentences as text, in order. Goes out: a raw score and a vector for each, a window at a time. Must not
know: how many are chosen, or why.

A window is `[CLS] s1 [SEP] s2 [SEP] …`, as many whole sentences as fit; the next begins where it ended, so that an
article of any length costs one linear pass. The idea is BertSumExt's (Liu and Lapata 2019), on all-MiniLM-L6-v2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from notime.errors import Corrupt
from notime.model.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ids = npt.NDArray[np.int64]

WINDOW_TOKENS = 510
"""The network has 512 places; the weights were trained on windows of this size."""

SENTENCE_TOKENS = 120
"""A longer sentence is read up to here."""

ARTICLE_SENTENCES = 60
"""Training articles were cut here: the features that tell an article's length stop growing."""

SHORT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Window:
    """What one window's pass says of sentences `start` … `start + len(scores) - 1`."""

    start: int
    scores: Floats
    """[n], higher is more worth telling; comparable within an article."""
    vectors: Floats
    """[n, width], for telling repetition."""
    whole: npt.NDArray[np.bool_]
    """[n], which sentences were read to their end: a very long one is cut at `SENTENCE_TOKENS`."""
    tokens: int


class EncoderModel:
    """The ranker's network and tokenizer.

    Args:
        folder: holds `model.onnx` and `tokenizer.json`; the graph is told in `scripts/ranker_network.py`.
        threads: see `open_session`.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._cls, self._sep = (_special(self.tokenizer, token) for token in ("[CLS]", "[SEP]"))
        self._session = open_session(folder / "model.onnx", threads=threads)

    def windows(self, sentences: Sequence[str]) -> Iterator[Window]:
        """Score all sentences; closing the iterator stops before the next window."""
        encoded = self.tokenizer.encode_batch(list(sentences), add_special_tokens=False)
        ids = [[*e.ids[:SENTENCE_TOKENS], self._sep] for e in encoded]
        start = 0
        while start < len(ids):
            tokens, segments = self.pack(ids[start:])
            count = segments[-1] + 1
            words = [len(text.split()) for text in sentences[start : start + count]]
            scores, vectors = self._run(tokens, segments, sentence_features(len(ids), start, words))
            whole = np.array([len(e.ids) <= SENTENCE_TOKENS for e in encoded[start : start + count]])
            yield Window(start, scores, vectors, whole, len(tokens))
            start += count

    def pack(self, ids: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
        """One window's tokens and the sentence that each belongs to (-1: `[CLS]`)."""
        tokens, segments = [self._cls], [-1]
        for index, sentence in enumerate(ids):
            if len(tokens) + len(sentence) > WINDOW_TOKENS and index:
                break
            tokens += sentence
            segments += [index] * len(sentence)
        return tokens, segments

    def _run(self, tokens: list[int], segments: list[int], features: Floats) -> tuple[Floats, Floats]:
        owner = np.array(segments)
        member = owner[None] == np.arange(len(features))[:, None]
        pooling = member / member.sum(axis=1, keepdims=True)
        scores, vectors = self._session.run(
            ["scores", "vectors"],
            {
                "input_ids": np.array([tokens], dtype=np.int64),
                "attention_mask": np.ones((1, len(tokens)), dtype=np.int64),
                "pooling": pooling[None].astype(np.float32),
                "features": features[None],
            },
        )
        return scores[0], vectors[0]


def _special(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise Corrupt(f"The ranker's tokenizer lacks {token}.")
    return number


def sentence_features(total: int, start: int, words: Sequence[int]) -> Floats:
    """Eight figures a sentence, [n, 8]: its place, its length, the article's length."""
    total = min(total, ARTICLE_SENTENCES)
    rows = [
        (
            math.log1p(place) / 4,
            place / max(total, 1),
            float(place == 0),
            float(place == 1),
            float(place == 2),
            math.log1p(count) / 4,
            float(count < SHORT_WORDS),
            math.log1p(total) / 4,
        )
        for place, count in enumerate(words, start)
    ]
    return np.array(rows, dtype=np.float32)
