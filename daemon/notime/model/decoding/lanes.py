"""The lanes of the graph: a cache each, and one pass of the network over what all of them are fed.

Comes in: token ids a lane. Goes out: logits. Must not know: who writes what, or why. The graph's inputs and outputs are
told in `graph/writer.py`.

A lane's cache is bound as past and as present, so that the network writes it in place: handing it back and forth costs
more than half of a step (docs/model.md). What follows the tokens that stand is overwritten by the next pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnxruntime import OrtValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from onnxruntime import InferenceSession

    from notime.model.runtime.embedding import Embedding
    from notime.model.tokens.shortlist import Shortlist

    Floats = npt.NDArray[np.float32]
    Ids = npt.NDArray[np.int64]

CAPACITY_STEP = 64
"""Tokens; caches grow by so many. One of the default model takes 46 KB a token."""

LEAST_TOKENS = 2
"""Given to attention of a lane that is at work: for a single token ONNX Runtime adds up in another order."""

LEAST_SHARED = 12
"""Tokens; a shorter common beginning is read again sooner than it is copied."""


@dataclass(frozen=True, slots=True)
class Logits:
    """Of n places of one text, as the graph puts them out."""

    parts: Floats
    """[n, vocabulary], to be multiplied by `steps`, which are not negative: the largest is the largest."""
    steps: Floats
    """[n, 1]"""
    ids: Ids | None = None
    """[vocabulary], which token each is of; none where all are there, in order."""

    def among(self, allowed: Ids | None) -> Logits:
        """The same of some places of the vocabulary alone."""
        if allowed is None or self.ids is None:
            return self
        return Logits(self.parts[:, allowed], self.steps, self.ids[allowed])

    def whole(self, vocabulary: int) -> Floats:
        """Logits of every token, [n, vocabulary]: -inf of those that are not there."""
        values: Floats = self.parts * self.steps
        if self.ids is None:
            return values
        found = np.full((len(values), vocabulary), -np.inf, dtype=np.float32)
        found[:, self.ids] = values
        return found

    def choices(self) -> list[tuple[int, float]]:
        """The most probable token of each place, and its probability among those that are there."""
        found = []
        for parts, step in zip(self.parts, self.steps, strict=True):
            best = int(parts.argmax())
            values = parts * step
            probability = 1 / float(np.exp(values - values[best]).sum())
            found.append((best if self.ids is None else int(self.ids[best]), probability))
        return found


class Lanes:
    """Caches and bindings of one session, for one call at a time.

    Args:
        session: of a graph that `write_decoder` wrote.
        embedding: of its tokens.
    """

    def __init__(self, session: InferenceSession, embedding: Embedding) -> None:
        shapes = {each.name: each.shape for each in session.get_inputs()}
        self._session = session
        self._embedding = embedding
        self._binding = session.io_binding()
        self._count: int = shapes["lane_tokens"][0]
        self._caches = [[n for n in shapes if n.startswith(f"lane.{lane}.past.")] for lane in range(self._count)]
        _, self._heads, _, self._width = shapes[self._caches[0][0]]
        size = session.get_outputs()[0].shape[2]
        self._vocabulary: int = size if isinstance(size, int) else 0
        self._words: Shortlist | None = None
        self.rest()
        self._arrays: list[list[Floats]] = []
        # The binding borrows the arrays' memory and does not keep them alive: this does.
        self._bound: list[OrtValue] = []
        self._tokens: list[list[int]] = [[] for _ in range(self._count)]
        """Of each lane what stands in its cache."""
        self.capacity = 0
        """Tokens that a lane holds."""

    def __len__(self) -> int:
        return self._count

    def reserve(self, tokens: int) -> None:
        """Make every lane hold so many tokens; what stands is lost where it must grow."""
        if tokens + LEAST_TOKENS <= self.capacity:
            return
        self.capacity = -(-(tokens + LEAST_TOKENS) // CAPACITY_STEP) * CAPACITY_STEP
        self._tokens = [[] for _ in range(self._count)]
        self._bound.clear()
        shape = (1, self._heads, self.capacity, self._width)
        self._arrays = [[np.zeros(shape, dtype=np.float32) for _ in names] for names in self._caches]
        for names, arrays in zip(self._caches, self._arrays, strict=True):
            for name, array in zip(names, arrays, strict=True):
                value = OrtValue.ortvalue_from_numpy(array)
                self._bound.append(value)
                self._binding.bind_ortvalue_input(name, value)
                self._binding.bind_ortvalue_output(name.replace(".past.", ".present."), value)

    def write_with(self, words: Shortlist) -> None:
        """The words of the passes to come, for a graph that takes them."""
        self._words = words
        self._vocabulary = len(words.ids)
        self._bind("head.codes", words.codes)
        self._bind("head.scales", words.scales)

    def rest(self) -> None:
        """Between two calls the logits' memory is given back; the caches stay."""
        self._logits = np.empty(0, dtype=np.float32)
        """Used by one pass after the other: megabytes that the system need not clear each time."""

    def known(self, prompt: Sequence[int]) -> list[int]:
        """Of each lane how many of the prompt's first tokens stand in it; the last one must be read in any case."""
        return [common(tokens, prompt[:-1]) for tokens in self._tokens]

    def begin(self, lane: int, prompt: Sequence[int]) -> int:
        """Start a lane on a prompt, with what some lane has read of it already.

        Returns:
            How many of the prompt's tokens stand.
        """
        known = self.known(prompt)
        best = max(range(self._count), key=lambda other: (known[other], other == lane))
        shared = known[best] if best == lane or known[best] >= LEAST_SHARED else 0
        if best != lane and shared:
            for source, target in zip(self._arrays[best], self._arrays[lane], strict=True):
                target[:, :, :shared] = source[:, :, :shared]
        self._tokens[lane] = list(prompt[:shared])
        return shared

    def keep(self, lane: int, tokens: Iterable[int]) -> None:
        """Of what the last pass read these stand."""
        self._tokens[lane].extend(tokens)

    def run(self, fed: Mapping[int, tuple[Sequence[int], int]]) -> dict[int, Logits]:
        """One pass.

        Args:
            fed: for each lane at work its next tokens, and of how many of the last of them logits are wanted.

        Returns:
            For each of these lanes logits of `wanted` places, which stand until the next pass.
        """
        ids: list[int] = []
        counts: list[int] = []
        places: list[int] = []
        for lane, standing in enumerate(self._tokens):
            tokens, wanted = fed.get(lane, ((0,), 0))
            places.extend(range(len(ids) + len(tokens) - wanted, len(ids) + len(tokens)))
            padding = max(LEAST_TOKENS - len(tokens), 0) if lane in fed else 0
            counts.append(len(tokens) + padding)
            ids.extend([*tokens, *[0] * padding])
            total = len(standing) + counts[-1]
            self._bind(f"lane.{lane}.seqlens_k", np.array([total - 1], dtype=np.int32))
            self._bind(f"lane.{lane}.total_sequence_length", np.array(total, dtype=np.int32))
        self._bind("embedded", self._embedding.rows(ids)[None])
        self._bind("lane_tokens", np.array(counts, dtype=np.int64))
        # The graph wants one place at least.
        self._bind("logit_positions", np.array([places or [0]], dtype=np.int64))
        count = max(len(places), 1)
        if self._logits.size < count * self._vocabulary:
            self._logits = np.empty(count * self._vocabulary, dtype=np.float32)
        logits = self._logits[: count * self._vocabulary].reshape(1, count, self._vocabulary)
        steps = np.empty((1, count, 1), dtype=np.float32)
        values = [OrtValue.ortvalue_from_numpy(each) for each in (logits, steps)]
        for name, value in zip(("logits", "logit_steps"), values, strict=True):
            self._binding.bind_ortvalue_output(name, value)
        self._session.run_with_iobinding(self._binding)
        ends = np.cumsum([fed[lane][1] if lane in fed else 0 for lane in range(self._count)])
        asked = {lane: slice(ends[lane] - fed[lane][1], ends[lane]) for lane in fed}
        words = self._words.ids if self._words else None
        return {lane: Logits(logits[0, places], steps[0, places], words) for lane, places in asked.items()}

    def _bind(self, name: str, value: npt.NDArray[np.generic]) -> None:
        self._binding.bind_cpu_input(name, value)


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two beginnings share."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
