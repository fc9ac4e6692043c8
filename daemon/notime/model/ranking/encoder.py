"""Salience of every sentence of an article, read window by window with a small encoder.

Comes in: sentences as text, in order. Goes out: a raw score and a vector for each, a window at a time. Must not
know: how many are chosen, or why.

A window is `[CLS] s1 [SEP] s2 [SEP] …`, as many whole sentences as fit; the next begins where it ended, so that an
article of any length costs one linear pass. The idea is BertSumExt's (Liu and Lapata 2019), on all-MiniLM-L6-v2.

The network is cut in two. Of a long article every window goes through the first layers, where an early head says what
the last one would; the most promising windows go on through the others (early exits: Xin et al. 2020).

    first.onnx   embedded [1, T, width], pooling [1, S, T], features [1, S, 8] → early [1, S], hidden [1, T, width]
    rest.onnx    hidden, pooling, features → scores [1, S], vectors [1, S, width]

All are float32; `pooling` has 1/n at each of a sentence's n tokens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from notime.errors import Corrupt
from notime.model.runtime.embedding import FILE, Embedding
from notime.model.runtime.session import SHRINKS, give_back, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Halves = npt.NDArray[np.float16]
    Ids = npt.NDArray[np.int64]

WINDOW_TOKENS = 510
"""The network has 512 places; the weights were trained on windows of this size."""

SENTENCE_TOKENS = 120
"""A longer sentence is read up to here."""

FIRST, REST = "first.onnx", "rest.onnx"
"""The layers before the early head, it included, and those behind it."""

WHOLE_WINDOWS = 12
"""So many windows go through all layers: all of an article of some 4,600 words, the most promising of a longer one.
What that changes, and what it costs: docs/model.md, docs/performance.md."""

ARTICLE_SENTENCES = 60
"""Training articles were cut here: the features that tell an article's length stop growing."""

SHORT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Window:
    """What one window's pass says of sentences `start` … `start + len(scores) - 1`."""

    start: int
    scores: Floats
    """[n], higher is more worth telling; comparable within an article."""
    vectors: Floats | None
    """[n, width], for telling repetition; none where the first layers alone have seen the window, so far."""
    whole: npt.NDArray[np.bool_]
    """[n], which sentences were read to their end: a very long one is cut at `SENTENCE_TOKENS`."""
    tokens: int
    """Read anew."""
    done: float
    """Share of the work on the article."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A window before it is read."""

    start: int
    tokens: list[int]
    segments: list[int]
    features: Floats
    whole: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.features)


class EncoderModel:
    """The ranker's network and tokenizer.

    Args:
        folder: holds `tokenizer.json` and what `scripts/export-model` makes.
        threads: see `open_session`.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self._cls, self._sep = (_special(self.tokenizer, token) for token in ("[CLS]", "[SEP]"))
        self._first, self._rest = (open_session(folder / name, threads=threads, arena=True) for name in (FIRST, REST))
        widths = {each.name: each.shape[2] for each in self._rest.get_inputs()}
        width = widths["hidden"]
        self._least = widths | {"pooling": 1}
        """Last axes of a window of one token."""
        self._embedding = Embedding(folder / FILE, width, block=width)

    def windows(self, sentences: Sequence[str], prior: Floats) -> Iterator[Window]:
        """Score all sentences; closing the iterator stops before the next window.

        Args:
            sentences: an article's, in order.
            prior: [n], what will be added to their scores: windows are promising by both together.

        Yields:
            Every window once; of an article with more than `WHOLE_WINDOWS`, after that the most promising ones again.
        """
        try:
            yield from self._windows(self._packed(sentences), prior)
        finally:
            self._give_back()

    def _windows(self, packed: Sequence[_Packed], prior: Floats) -> Iterator[Window]:
        if len(packed) <= WHOLE_WINDOWS:
            for index, window in enumerate(packed, 1):
                _, hidden = self._begin(window)
                yield self._finish(window, hidden, len(window.tokens), index / len(packed))
            return
        passes = len(packed) + WHOLE_WINDOWS
        promising: list[tuple[float, int, Halves]] = []
        for index, window in enumerate(packed):
            early, hidden = self._begin(window)
            best = float((early + prior[window.start : window.start + len(window)]).max())
            if len(promising) < WHOLE_WINDOWS or best > promising[-1][0]:
                # In half the memory, and not where ONNX Runtime put it, which would keep its arena from shrinking.
                kept = (best, index, hidden.astype(np.float16))
                promising = sorted([*promising, kept], key=lambda each: -each[0])[:WHOLE_WINDOWS]
            yield Window(window.start, early, None, window.whole, len(window.tokens), (index + 1) / passes)
        for done, (_, index, halves) in enumerate(promising, len(packed) + 1):
            yield self._finish(packed[index], halves.astype(np.float32), 0, done / passes)

    def pack(self, ids: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
        """One window's tokens and the sentence that each belongs to (-1: `[CLS]`)."""
        tokens, segments = [self._cls], [-1]
        for index, sentence in enumerate(ids):
            if len(tokens) + len(sentence) > WINDOW_TOKENS and index:
                break
            tokens += sentence
            segments += [index] * len(sentence)
        return tokens, segments

    def _packed(self, sentences: Sequence[str]) -> list[_Packed]:
        encoded = self.tokenizer.encode_batch(list(sentences), add_special_tokens=False)
        ids = [[*e.ids[:SENTENCE_TOKENS], self._sep] for e in encoded]
        found: list[_Packed] = []
        start = 0
        while start < len(ids):
            tokens, segments = self.pack(ids[start:])
            end = start + segments[-1] + 1
            words = [len(text.split()) for text in sentences[start:end]]
            features = sentence_features(len(ids), start, words)
            whole = np.array([len(e.ids) <= SENTENCE_TOKENS for e in encoded[start:end]])
            found.append(_Packed(start, tokens, segments, features, whole))
            start = end
        return found

    def _begin(self, window: _Packed) -> tuple[Floats, Floats]:
        """Early scores and hidden states."""
        embedded = self._embedding.rows(window.tokens)
        early, hidden = self._first.run(["early", "hidden"], {"embedded": embedded[None], **_beside(window)})
        return early[0].copy(), hidden

    def _finish(self, window: _Packed, hidden: Floats, tokens: int, done: float) -> Window:
        scores, vectors = self._rest.run(["scores", "vectors"], {"hidden": hidden, **_beside(window)})
        return Window(window.start, scores[0].copy(), vectors[0].copy(), window.whole, tokens, done)

    def _give_back(self) -> None:
        """The memory that the passes used."""
        nothing = {name: np.zeros((1, 1, size), np.float32) for name, size in self._least.items()}
        self._rest.run(["scores"], nothing, SHRINKS)
        give_back()


def _beside(window: _Packed) -> dict[str, Floats]:
    """What both halves take beside the hidden states."""
    member = np.array(window.segments)[None] == np.arange(len(window))[:, None]
    pooling = (member / member.sum(axis=1, keepdims=True)).astype(np.float32)
    return {"pooling": pooling[None], "features": window.features[None]}


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
