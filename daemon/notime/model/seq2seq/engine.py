"""An encoder–decoder summarizer (BART, T5, Pegasus, Marian and their kin), as optimum exports it.

Comes in: text. Goes out: the answer's tokens, as soon as they are certain. Must not know: what the text says.

Two graphs: `encoder_model.onnx`, and `decoder_model_merged.onnx`, which reads the start token with the encoder's states
and then one token a pass with the keys and values of what it has read. Those of the encoder are computed once and stay
bound; the decoder's go from the outputs of one pass to the inputs of the next, in place where a search has one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnxruntime import OrtValue

from notime.errors import Corrupt
from notime.model.runtime.session import open_session
from notime.model.seq2seq.beams import search
from notime.model.seq2seq.generation import read_config, read_generation
from notime.model.seq2seq.texts import open_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.seq2seq.beams import Step

    Floats = npt.NDArray[np.float32]

ENCODER, DECODER = "encoder_model.onnx", "decoder_model_merged.onnx"

PAST, PRESENT = "past_key_values", "present"
BRANCH = "use_cache_branch"


class Seq2SeqModel:
    """The two networks and their tokenizer.

    Args:
        folder: holds both graphs, the tokenizer and the model's settings, in the hub's format.
        context: most tokens of a source; less where the network has fewer places.
        prefix: what stands before each source.
        generation: settings that go before the model's own.
        threads, spins: see `open_session`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        context: int,
        prefix: str = "",
        generation: Mapping[str, Any] | None = None,
        threads: int = 0,
        spins: bool = False,
    ) -> None:
        self.settings = read_generation(folder, generation or {})
        config = read_config(folder)
        self.context = min(context, config.get("max_position_embeddings") or context)
        """Most tokens of a source, its prefix and special tokens included."""
        self._texts = open_texts(folder, config)
        self._prefix = prefix
        self.room = self.context - len(self.encode(""))
        """Tokens of a source beside its prefix and special tokens."""
        self._encoder = open_session(folder / ENCODER, threads=threads, spins=spins)
        self._decoder = open_session(folder / DECODER, threads=threads, spins=spins)
        missing = {"input_ids", "encoder_hidden_states", BRANCH} - {each.name for each in self._decoder.get_inputs()}
        if missing:
            raise Corrupt(f"{DECODER} lacks the input {min(missing)}.", hint="Export the model with notime.")

    def encode(self, text: str) -> list[int]:
        """Token ids of a source with its prefix, cut off where the network ends."""
        return self._texts.encode(self._prefix + text, self.context)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out."""
        return self._texts.decode(ids)

    def generate(self, source: Sequence[int]) -> Iterator[Step]:
        """The answer to one source, one pass at a time; closing the iterator stops the work before the next.

        Args:
            source: from `encode`.
        """
        asked = np.array([source], dtype=np.int64)
        inputs = {"input_ids": asked, "attention_mask": np.ones_like(asked)}
        (states,) = self._encoder.run(["last_hidden_state"], inputs)
        yield from search(_Rows(self._decoder, states), self.settings, source)


class _Rows:
    """The decoder's rows in one search; see `search.Decoder`."""

    def __init__(self, session: Any, states: Floats) -> None:
        self._session = session
        self._states = states
        self._binding = session.io_binding()
        self._pasts = {each.name: each.shape for each in session.get_inputs() if each.name.startswith(PAST)}
        self._own = [name for name in self._pasts if ".encoder." not in name]
        """Keys and values of what the decoder itself has read; the others are the encoder's."""
        self._masked = any(each.name == "encoder_attention_mask" for each in session.get_inputs())
        self._outputs: dict[str, OrtValue] = {}
        """Of the last pass, by the inputs that they become."""
        self._standing: dict[str, npt.NDArray[Any]] = {}
        """What is bound; the binding holds no reference of its own."""

    def first(self, token: int, rows: int) -> Floats:
        # All rows begin alike: one is read, and then stands for all.
        for name, (_, heads, _, width) in self._pasts.items():
            self._bind(name, np.zeros((1, heads, 1, width), dtype=np.float32))
        self._bind_states(1)
        logits = self._run([token], list(self._pasts), cached=False)
        for name, value in self._outputs.items():
            if rows == 1:
                self._binding.bind_ortvalue_input(name, value)
            else:
                self._bind(name, np.repeat(value.numpy(), rows, axis=0))
        self._bind_states(rows)
        return np.repeat(logits, rows, axis=0)

    def next(self, tokens: Sequence[int], parents: Sequence[int]) -> Floats:
        order = list(parents)
        if order != list(range(len(order))):
            for name in self._own:
                self._bind(name, self._standing[name][order])
        logits = self._run(tokens, self._own, cached=True)
        for name, value in self._outputs.items():
            if len(order) == 1:
                self._binding.bind_ortvalue_input(name, value)
            else:
                self._bind(name, value.numpy())
        return logits

    def _bind(self, name: str, value: npt.NDArray[Any]) -> None:
        self._standing[name] = value
        self._binding.bind_cpu_input(name, value)

    def _bind_states(self, rows: int) -> None:
        states = np.repeat(self._states, rows, axis=0)
        self._bind("encoder_hidden_states", states)
        if self._masked:
            self._bind("encoder_attention_mask", np.ones(states.shape[:2], dtype=np.int64))

    def _run(self, tokens: Sequence[int], wanted: Sequence[str], *, cached: bool) -> Floats:
        """One pass; `wanted` are the inputs whose new values are fetched."""
        self._binding.bind_cpu_input("input_ids", np.array([tokens], dtype=np.int64).T.copy())
        self._binding.bind_cpu_input(BRANCH, np.array([cached]))
        self._binding.clear_binding_outputs()
        for name in ("logits", *(name.replace(PAST, PRESENT, 1) for name in wanted)):
            self._binding.bind_output(name, "cpu")
        self._session.run_with_iobinding(self._binding)
        logits, *presents = self._binding.get_outputs()
        self._outputs = dict(zip(wanted, presents, strict=True))
        found: Floats = logits.numpy()[:, -1]
        return found
