"""Greedy and beam search.

Comes in: a decoder that scores next tokens. Goes out: the tokens of one answer, as soon as they are certain. Must not
know: ONNX Runtime, text.

Beam search follows the hub's `generate` step by step (Wu et al. 2016 for the length penalty), and adds one thing: what
all beams and all finished answers begin with is certain, since every later answer descends from one of them. So it
can be shown while the search goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from notime.model.seq2seq.processors import process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from notime.model.seq2seq.generation import Generation

    Floats = npt.NDArray[np.float32]

NEVER = np.float32(-1e9)
"""The score of a beam that is not there yet: all begin alike, and the first alone may be followed."""


class Decoder(Protocol):
    """Scores next tokens; it remembers what its rows have read."""

    def first(self, token: int, rows: int) -> Floats:
        """Logits after the start token, [rows, vocabulary]."""
        ...

    def next(self, tokens: Sequence[int], parents: Sequence[int]) -> Floats:
        """Logits after one more token a row, [rows, vocabulary]; `parents` says which row each one goes on from."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """After one pass."""

    ids: tuple[int, ...]
    """Tokens that are certain so far, start and end tokens left out."""
    rows: int
    """That took part."""
    final: bool
    ended: bool = False
    """The model ended the answer by itself; known at the end."""


@dataclass(frozen=True, slots=True)
class _Answer:
    score: np.float32
    tokens: tuple[int, ...]


def search(decoder: Decoder, settings: Generation, source: Sequence[int]) -> Iterator[Step]:
    """The answer, after each pass what is certain of it; the last step is final.

    Args:
        decoder: has read the source.
        settings: how to search.
        source: its tokens.
    """
    if settings.num_beams == 1:
        return _greedy(decoder, settings, source)
    return _beams(decoder, settings, source)


def _greedy(decoder: Decoder, settings: Generation, source: Sequence[int]) -> Iterator[Step]:
    written = [settings.decoder_start_token_id]
    logits = decoder.first(written[0], 1)
    while True:
        written.append(int(process(logits[0], written, source, settings).argmax()))
        ended = written[-1] in settings.eos_token_id
        final = ended or len(written) >= settings.max_length
        yield _step(written, settings, 1, final=final)
        if final:
            return
        logits = decoder.next(written[-1:], (0,))


def _beams(decoder: Decoder, settings: Generation, source: Sequence[int]) -> Iterator[Step]:
    beams = settings.num_beams
    kept = max(2, 1 + len(settings.eos_token_id)) * beams
    running: list[tuple[int, ...]] = [(settings.decoder_start_token_id,)] * beams
    scores = np.full(beams, NEVER, dtype=np.float32)
    scores[0] = 0
    finished: list[_Answer] = []
    logits = decoder.first(settings.decoder_start_token_id, beams)
    while True:
        found = _log_softmax(logits)
        for row, written in zip(found, running, strict=True):
            process(row, written, source, settings)
        found += scores[:, None]
        best = _best(found.reshape(-1), kept)
        parents, tokens = np.divmod(best, found.shape[1])
        candidates = [(*running[parent], int(token)) for parent, token in zip(parents, tokens, strict=True)]
        values = found.reshape(-1)[best]
        length = len(candidates[0])
        hits = np.array([each[-1] in settings.eos_token_id for each in candidates]) | (length >= settings.max_length)
        penalty = np.float32((length - 1) ** settings.length_penalty)
        finished += [_Answer(values[i] / penalty, candidates[i]) for i in range(beams) if hits[i]]
        finished = sorted(finished, key=lambda answer: -answer.score)[:beams]
        open_ = np.where(hits, values + NEVER, values)
        going = _best(open_, beams)
        running, scores = [candidates[i] for i in going], open_[going]
        if hits.all() or _decided(settings, scores[0], finished, length):
            yield _step(finished[0].tokens, settings, beams, final=True)
            return
        alive = [written for written, score in zip(running, scores, strict=True) if score > NEVER / 2]
        yield _step(_shared([*alive, *(answer.tokens for answer in finished)]), settings, beams, final=False)
        logits = decoder.next([written[-1] for written in running], parents[going].tolist())


def _decided(settings: Generation, best: np.float32, finished: Sequence[_Answer], length: int) -> bool:
    """Nothing that still runs is taken to become better than what is finished."""
    if len(finished) < settings.num_beams:
        return False
    if settings.early_stopping is True:
        return True
    longest = settings.early_stopping == "never" and settings.length_penalty > 0
    hoped = (settings.max_length if longest else length) - 1
    return bool(best / np.float32(hoped**settings.length_penalty) <= finished[-1].score)


def _step(written: Sequence[int], settings: Generation, rows: int, *, final: bool) -> Step:
    ended = written[-1] in settings.eos_token_id
    return Step(tuple(written[1 : -1 if ended else None]), rows, final=final, ended=final and ended)


def _shared(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """What all of them begin with."""
    first, last = min(rows), max(rows)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def _best(values: Floats, count: int) -> npt.NDArray[np.intp]:
    """Places of the highest, the highest first."""
    places = np.argpartition(-values, count - 1)[:count]
    return places[np.argsort(-values[places], kind="stable")]


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found
