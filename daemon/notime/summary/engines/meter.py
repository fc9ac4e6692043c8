"""What the networks do for one summary: their time, and the rewriter's passes.

Comes in: the networks. Goes out: the same behind stand-ins that count what they yield. Must not know: what is said.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notime.model.ranking.layout import Layout
    from notime.model.seq2seq.beams import Step
    from notime.summary.rank import Encoder, Floats, PageReader, Read, Window
    from notime.summary.rewrite import LanguageModel, Token
    from notime.types import Timings

T = TypeVar("T")


class Meter:
    """Counts from the first window to the last token of one summary; the fields are told in `notime.types.Timings`."""

    def __init__(self) -> None:
        self.ranker_ms = self.prefill_ms = self.decode_ms = 0.0
        self.tokens_in = self.tokens_out = 0
        self.passes = self.rows = self.steps = self.accepted = 0

    def added_to(self, timings: Timings) -> Timings:
        """The timings with what was counted."""
        return replace(timings, **vars(self))

    def windows(self, encoder: Encoder, sentences: Sequence[str], prior: Floats) -> Iterator[Window]:
        """The encoder's windows, while they are counted."""
        for window, spent in _clocked(encoder.windows(sentences, prior)):
            self.ranker_ms += spent
            self.tokens_in += window.tokens
            yield window

    def pieces(self, reader: PageReader, page: Layout, kept: Sequence[int] | None) -> Iterator[Read]:
        """The page reader's pieces, while they are counted."""
        for piece, spent in _clocked(reader.read(page, kept)):
            self.ranker_ms += spent
            self.tokens_in += piece.tokens
            yield piece

    def tokens(self, passes: Iterator[Sequence[Token]], prompts: Sequence[Sequence[int]]) -> Iterator[Sequence[Token]]:
        """The new tokens of each pass, while they are counted."""
        self.tokens_in += sum(map(len, prompts))
        begun: set[int] = set()
        for tokens, spent in _clocked(passes):
            self.passes += 1
            if begun:
                self.decode_ms += spent
            else:
                self.prefill_ms += spent
            rows = {token.row for token in tokens}
            steps = len(rows & begun)
            self.rows += len(rows - begun)
            self.steps += steps
            self.accepted += len(tokens) - len(rows)
            self.tokens_out += sum(not token.stopped for token in tokens)
            begun |= rows
            yield tokens

    def answer(self, passes: Iterator[Step], source: Sequence[int]) -> Iterator[Step]:
        """The passes of one answer to a whole text, while they are counted."""
        self.tokens_in += len(source)
        self.rows += 1
        written = 0
        for number, (step, spent) in enumerate(_clocked(passes)):
            self.passes += 1
            if number:
                self.decode_ms += spent
                self.steps += step.rows
            else:
                self.prefill_ms += spent
            self.tokens_out += len(step.ids) - written
            written = len(step.ids)
            yield step


class MeteredEncoder:
    """An `Encoder` whose windows are counted."""

    def __init__(self, encoder: Encoder, meter: Meter) -> None:
        self._encoder, self._meter = encoder, meter

    def windows(self, sentences: Sequence[str], prior: Floats) -> Iterator[Window]:
        """As the encoder's."""
        return self._meter.windows(self._encoder, sentences, prior)


class MeteredPage:
    """A `PageReader` whose pieces are counted."""

    def __init__(self, reader: PageReader, meter: Meter) -> None:
        self._reader, self._meter = reader, meter
        self.tokens = reader.tokens

    def read(self, page: Layout, kept: Sequence[int] | None = None) -> Iterator[Read]:
        """As the reader's."""
        return self._meter.pieces(self._reader, page, kept)


class MeteredModel:
    """A `LanguageModel` whose passes are counted."""

    def __init__(self, model: LanguageModel, meter: Meter) -> None:
        self._model, self._meter = model, meter
        self.encode, self.decode, self.id = model.encode, model.decode, model.id

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        *,
        max_new_tokens: int,
        stops: Sequence[int] = (),
        sources: Sequence[Sequence[int]] | None = None,
    ) -> Iterator[Sequence[Token]]:
        """As the model's."""
        passes = self._model.generate(prompts, max_new_tokens=max_new_tokens, stops=stops, sources=sources)
        return self._meter.tokens(passes, prompts)


def _clocked(values: Iterator[T]) -> Iterator[tuple[T, float]]:
    """Each value with the milliseconds that it took to come; closing this closes the iterator."""
    try:
        while True:
            clock = time.perf_counter()
            try:
                value = next(values)
            except StopIteration:
                return
            yield value, (time.perf_counter() - clock) * 1000
    finally:
        if hasattr(values, "close"):
            values.close()
