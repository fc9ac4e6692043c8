"""Greedy decoding of several prompts side by side with a decoder-only network.

Comes in: token ids of B prompts, and for each a text that the answer is likely to copy from. Goes out: tokens, one
pass of the network at a time. Must not know: what the prompts say. The graph's inputs and outputs are told in
`graph/writer.py`.

Rows run in the lanes of the graph, one behind the other in one sequence, so that nothing is padded; a row that is
finished makes room for the next. Several tokens of a row are verified in one pass (speculative decoding; Leviathan et
al. 2023), drafted by looking up what followed the last tokens in the row's source (prompt lookup; Saxena 2023).

The tokens are those of plain greedy decoding, and so are their logits, to the bit: the matrices' integers are added up
exactly, and attention is given at least two tokens of a lane, since for a single one ONNX Runtime adds up in another
order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from notime.errors import BadRequest
from notime.model.decoding.lanes import LEAST_SHARED, Lanes, common
from notime.model.decoding.lookup import WIDEST, Lookup
from notime.model.runtime.embedding import FILE, Embedding
from notime.model.runtime.session import open_session
from notime.model.tokens.shortlist import FILE as WORDS
from notime.model.tokens.shortlist import Words
from notime.model.tokens.tokenizer import open_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from notime.model.decoding.lanes import Logits
    from notime.model.tokens.tokenizer import Vocabulary

    Floats = npt.NDArray[np.float32]

PASS_TOKENS = 512
"""A longer prompt is read in pieces, between which the work can be stopped."""

KEPT_CAPACITY = 512
"""Tokens; wider lanes are given back when their call ends."""


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
    """The row ended by a stop token, which is not part of its text."""


class CausalModel:
    """A decoder-only network and its tokenizer.

    Args:
        folder: what `graph.write_decoder` wrote, the tokenizer and, for a large vocabulary, the common words.
        context: most tokens a row may have, prompt and answer together.
        threads, spins: see `open_session`.
        vocabulary: of another network of the same base, which is there already.
    """

    def __init__(
        self,
        folder: Path,
        *,
        context: int,
        threads: int = 0,
        spins: bool = False,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.folder = folder
        self.context = context
        self._tokens = vocabulary or open_vocabulary(folder)
        self._session = open_session(folder / "model.onnx", threads=threads, spins=spins)
        (width,) = (each.shape[2] for each in self._session.get_inputs() if each.name == "embedded")
        self._embedding = Embedding(folder / FILE, width)
        size = self._session.get_outputs()[0].shape[2]
        self._words = None if isinstance(size, int) else Words(self._embedding, folder / WORDS)
        self.vocabulary: int = size if isinstance(size, int) else self._embedding.count
        """Tokens that there are."""
        self._lanes: Lanes | None = None

    def encode(self, text: str) -> list[int]:
        """Token ids of a prompt, its special tokens recognised."""
        return self._tokens.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out."""
        return self._tokens.decode(ids)

    def id(self, token: str) -> int:
        """Of one token by its name.

        Raises:
            Corrupt: there is none of that name.
        """
        return self._tokens.id(token)

    def logits(self, prompts: Sequence[Sequence[int]]) -> Floats:
        """Logits after each prompt's last token, [B, vocabulary]."""
        rows = [_Row(i, prompt, Lookup(())) for i, prompt in enumerate(prompts)]
        found = np.zeros((len(rows), self.vocabulary), dtype=np.float32)
        for passed in self._passes(rows, 1):
            for row, logits in passed:
                found[row.index] = logits.whole(self.vocabulary)[-1]
                row.done = True
        return found

    def all_logits(self, ids: Sequence[int]) -> Floats:
        """Logits after each token of one text, [n, vocabulary]."""
        lanes = Lanes(self._session, self._embedding)
        lanes.reserve(len(ids))
        if self._words:
            lanes.write_with(self._words.shortlist([ids]))
        return lanes.run({0: (ids, len(ids))})[0].whole(self.vocabulary)

    def generate(
        self,
        prompts: Sequence[Sequence[int]],
        *,
        max_new_tokens: int,
        stops: Sequence[int] = (),
        sources: Sequence[Sequence[int]] | None = None,
    ) -> Iterator[tuple[Token, ...]]:
        """Continue each prompt with its most probable tokens.

        Closing the iterator stops the work before the next pass.

        Args:
            prompts: token ids, none empty.
            max_new_tokens: most tokens a row.
            stops: the tokens that end a row.
            sources: for each prompt what its answer may copy; it changes how many passes are made, not the tokens.

        Yields:
            After each pass the new tokens of the rows that took part, in the order of the rows; none after a piece of a
            prompt that is not its last.

        Raises:
            BadRequest: a prompt is empty or does not fit the context.
        """
        longest = max(map(len, prompts), default=0)
        if not longest or not min(map(len, prompts)) or longest + max_new_tokens > self.context:
            raise BadRequest("A prompt is empty or longer than the model's context.")
        lookups = [Lookup([*source, *stops[:1]]) for source in sources] if sources else [Lookup(()) for _ in prompts]
        rows = [_Row(i, prompt, lookups[i]) for i, prompt in enumerate(prompts)]
        for passed in self._passes(rows, max_new_tokens, stops):
            yield tuple(token for row, logits in passed for token in row.accept(logits, stops, max_new_tokens))

    def _passes(
        self, rows: Sequence[_Row], max_new_tokens: int, stops: Sequence[int] = ()
    ) -> Iterator[list[tuple[_Row, Logits]]]:
        """One pass after the other until all rows are done; after each the rows that got logits, of `wanted` places.

        Who asks for the next pass has taken them in.
        """
        # A call within a call finds no lanes and has its own.
        lanes, self._lanes = self._lanes or Lanes(self._session, self._embedding), None
        lanes.reserve(max(len(row.prompt) for row in rows) + max_new_tokens + WIDEST)
        if self._words:
            words = self._words.shortlist([row.prompt for row in rows], stops)
            lanes.write_with(words)
            for row, allowed in zip(rows, words.allowed, strict=True):
                row.allowed = allowed
        waiting = deque(rows)
        at_work: dict[int, _Row] = {}
        try:
            while True:
                _admit(waiting, at_work, lanes)
                if not at_work:
                    return
                for row in at_work.values():
                    row.feed(max_new_tokens)
                logits = lanes.run({lane: (row.fed, row.wanted) for lane, row in at_work.items()})
                passed = [(row, logits[lane]) for lane, row in at_work.items() if row.wanted]
                yield sorted(passed, key=lambda each: each[0].index)
                for lane, row in at_work.items():
                    lanes.keep(lane, row.stood())
                at_work = {lane: row for lane, row in at_work.items() if not row.done}
        finally:
            lanes.rest()
            self._lanes = lanes if lanes.capacity <= KEPT_CAPACITY else None


def _admit(waiting: deque[_Row], at_work: dict[int, _Row], lanes: Lanes) -> None:
    """Rows into free lanes; one that shares its beginning with one that is just being read waits for a pass."""
    starting: list[_Row] = []
    while waiting and len(at_work) < len(lanes):
        row = waiting[0]
        known = lanes.known(row.prompt)
        shared = max((common(row.prompt, other.prompt) for other in starting), default=0)
        if shared >= LEAST_SHARED and shared > max(known):
            return
        lane = max((lane for lane in range(len(lanes)) if lane not in at_work), key=lambda free: known[free])
        row.read = lanes.begin(lane, row.prompt)
        at_work[lane] = waiting.popleft()
        starting.append(row)


@dataclass(slots=True)
class _Row:
    """How far one answer is."""

    index: int
    prompt: Sequence[int]
    lookup: Lookup
    read: int = 0
    """Tokens of the prompt that stand in the lane."""
    ids: list[int] = field(default_factory=list)
    """The answer so far; its last token is not read yet."""
    done: bool = False
    fed: Sequence[int] = ()
    """What the pass reads: a piece of the prompt, or the answer's last token and a draft of what follows."""
    wanted: int = 0
    """Of how many of these logits are wanted."""
    allowed: npt.NDArray[np.int64] | None = None
    """The places of the shortlist that the answer may be written with; none: any token."""
    accepted: int = 0
    """How many tokens the last logits gave."""

    def feed(self, most: int) -> None:
        if self.read < len(self.prompt):
            self.fed = self.prompt[self.read : self.read + PASS_TOKENS]
            self.wanted = int(self.read + len(self.fed) == len(self.prompt))
        else:
            self.fed = [self.ids[-1], *self.lookup.draft(self.ids, most - len(self.ids) - 1)]
            self.wanted = len(self.fed)

    def accept(self, logits: Logits, stops: Sequence[int], most: int) -> list[Token]:
        """The tokens that the logits give, as long as the draft was what they give."""
        drafted = self.fed[1:] if self.wanted > 1 else ()
        tokens: list[Token] = []
        for place, (choice, probability) in enumerate(logits.among(self.allowed).choices()):
            self.ids.append(choice)
            stopped = choice in stops
            self.done = stopped or len(self.ids) == most
            tokens.append(Token(self.index, choice, probability, final=self.done, stopped=stopped))
            if self.done or place == len(drafted) or drafted[place] != choice:
                break
        self.accepted = len(tokens)
        self.lookup.learn(len(tokens) - 1, len(drafted))
        return tokens

    def stood(self) -> Sequence[int]:
        """What stands of what was fed."""
        if self.read < len(self.prompt):
            self.read += len(self.fed)
            return self.fed
        return self.fed[: self.accepted]
