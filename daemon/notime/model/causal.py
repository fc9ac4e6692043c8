"""Greedy decoding of several prompts side by side with a decoder-only network.

Comes in: token ids of B prompts. Goes out: tokens, one pass of the network at a time. Must not know: what the
prompts say. The graph's inputs and outputs are told in `graph.py`.

The cache of keys and values is allocated once a call and bound as past and as present, so that the network writes
it in place: handing it back and forth costs more than half of a step (docs/model.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnxruntime import OrtValue
from tokenizers import Tokenizer

from notime.errors import BadRequest
from notime.model.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Token:
    """One token of one row."""

    row: int
    id: int
    probability: float
    """That the network gave it, 0 to 1."""
    final: bool
    """No token of this row follows."""
    stopped: bool
    """The row ended by the stop token, which is not part of its text."""


class CausalModel:
    """A decoder-only network and its tokenizer.

    Args:
        folder: holds `model.onnx`, its data file and `tokenizer.json`.
        context: most tokens a row may have, prompt and answer together.
        threads: see `open_session`.
    """

    def __init__(self, folder: Path, *, context: int, threads: int = 0) -> None:
        self.context = context
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._session = open_session(folder / "model.onnx", threads=threads)
        caches = [i for i in self._session.get_inputs() if i.name.startswith("past_key_values.")]
        self._caches = [(i.name, i.name.replace("past_key_values", "present")) for i in caches]
        self._kv_heads, self._head_width = caches[0].shape[1], caches[0].shape[3]
        self._vocabulary = self._session.get_outputs()[0].shape[2]

    def encode(self, text: str) -> list[int]:
        """Token ids of a prompt, its special tokens recognised."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out."""
        text: str = self.tokenizer.decode(list(ids), skip_special_tokens=True)
        return text

    def logits(self, prompts: Sequence[Sequence[int]]) -> Floats:
        """Logits after each prompt's last token, [B, vocabulary]."""
        run = _Run(self, prompts, capacity=max(map(len, prompts)))
        run.prefill()
        return run.logits.copy()

    def generate(
        self, prompts: Sequence[Sequence[int]], *, stop: int, max_new_tokens: int
    ) -> Iterator[tuple[Token, ...]]:
        """Continue each prompt with its most probable tokens.

        Closing the iterator stops the work before the next pass.

        Args:
            prompts: token ids, none empty.
            stop: the token that ends a row.
            max_new_tokens: most tokens a row.

        Yields:
            After each pass the new token of every row that is not finished, in the order of the rows.

        Raises:
            BadRequest: a prompt is empty or does not fit the context.
        """
        longest = max(map(len, prompts), default=0)
        if not longest or not min(map(len, prompts)) or longest + max_new_tokens > self.context:
            raise BadRequest("A prompt is empty or longer than the model's context.")
        run = _Run(self, prompts, capacity=longest + max_new_tokens)
        run.prefill()
        going = dict.fromkeys(range(len(prompts)))
        for step in range(max_new_tokens):
            chosen, probabilities = most_probable(run.logits)
            last = step == max_new_tokens - 1
            tokens = tuple(
                Token(
                    row,
                    int(chosen[row]),
                    float(probabilities[row]),
                    final=last or bool(chosen[row] == stop),
                    stopped=bool(chosen[row] == stop),
                )
                for row in going
            )
            yield tokens
            for token in tokens:
                if token.final:
                    del going[token.row]
            if not going:
                return
            run.step(chosen)


def most_probable(logits: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Of each row of [B, vocabulary] the most probable token and its probability."""
    chosen = logits.argmax(axis=1)
    best = np.take_along_axis(logits, chosen[:, None], axis=1)
    return chosen, 1 / np.exp(logits - best).sum(axis=1)


class _Run:
    """The buffers of one call: cache, logits, and how far each row is."""

    def __init__(self, model: CausalModel, prompts: Sequence[Sequence[int]], *, capacity: int) -> None:
        rows = len(prompts)
        self._session = model._session
        self._prompts = prompts
        self._lengths = np.array([len(p) for p in prompts], dtype=np.int32)
        self._binding = self._session.io_binding()
        # The binding borrows the arrays' memory and does not keep them alive: this list does.
        self._bound: list[OrtValue] = []
        shape = (rows, model._kv_heads, capacity, model._head_width)
        for past, present in model._caches:
            cache = self._borrowed(np.zeros(shape, dtype=np.float32))
            self._binding.bind_ortvalue_input(past, cache)
            self._binding.bind_ortvalue_output(present, cache)
        self._logits = np.zeros((rows, 1, model._vocabulary), dtype=np.float32)
        self._binding.bind_ortvalue_output("logits", self._borrowed(self._logits))

    @property
    def logits(self) -> Floats:
        """Of the last pass, [B, vocabulary]; overwritten by the next."""
        return self._logits[:, 0]

    def prefill(self) -> None:
        """Read the prompts, padded on the right; each row is masked by its own length."""
        ids = np.zeros((len(self._prompts), int(self._lengths.max())), dtype=np.int64)
        for row, prompt in enumerate(self._prompts):
            ids[row, : len(prompt)] = prompt
        self._pass(ids, self._lengths[:, None] - 1)

    def step(self, tokens: npt.NDArray[np.int64]) -> None:
        """Append one token to every row; what finished rows write there is never read."""
        self._lengths += 1
        self._pass(tokens[:, None], np.zeros((len(tokens), 1)))

    def _pass(self, ids: npt.NDArray[np.int64], positions: npt.NDArray[np.generic]) -> None:
        feeds = {
            "input_ids": ids.astype(np.int64),
            "seqlens_k": self._lengths - np.int32(1),
            "total_sequence_length": np.array(self._lengths.max(), dtype=np.int32),
            "logit_positions": positions.astype(np.int64),
        }
        for name, value in feeds.items():
            self._binding.bind_cpu_input(name, value)
        self._session.run_with_iobinding(self._binding)

    def _borrowed(self, array: npt.NDArray[np.generic]) -> OrtValue:
        value = OrtValue.ortvalue_from_numpy(array)
        self._bound.append(value)
        return value
