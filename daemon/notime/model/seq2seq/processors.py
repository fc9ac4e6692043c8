"""What a summarizer may not write next, by its settings.

Comes in: scores of the next tokens, and what was written before. Goes out: the scores, -inf where a token is ruled out.
Must not know: networks, or how a token is chosen. Names and order are those of the hub's `generate`.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from notime.model.seq2seq.generation import Generation

    Floats = npt.NDArray[np.float32]


def process(scores: Floats, written: Sequence[int], source: Sequence[int], settings: Generation) -> Floats:
    """The scores of one row, changed in place.

    Args:
        scores: [vocabulary], logits or their log-softmax.
        written: the row's tokens, the start token first.
        source: the encoder's tokens.
        settings: what rules.
    """
    length = len(written)
    if settings.repetition_penalty != 1.0:
        seen = np.unique(np.asarray(written))
        scores[seen] *= np.where(scores[seen] < 0, settings.repetition_penalty, 1 / settings.repetition_penalty)
    banned = chain(
        _repeats(written, written, settings.no_repeat_ngram_size),
        _repeats(written, source, settings.encoder_no_repeat_ngram_size),
        _bad(written, settings.bad_words_ids),
        settings.eos_token_id if length < settings.min_length else (),
    )
    scores[list(banned)] = -np.inf
    if settings.forced_bos_token_id is not None and length == 1:
        return _only(scores, (settings.forced_bos_token_id,))
    if settings.forced_eos_token_id and length == settings.max_length - 1:
        return _only(scores, settings.forced_eos_token_id)
    scores[list(settings.suppress_tokens)] = -np.inf
    if length == 1 + (settings.forced_bos_token_id is not None):
        scores[list(settings.begin_suppress_tokens)] = -np.inf
    return scores


def _repeats(written: Sequence[int], text: Sequence[int], size: int) -> Iterator[int]:
    """What would make, with the last tokens written, `size` tokens in a row that the text has."""
    if size < 1 or len(written) + 1 < size:
        return
    last = list(written[len(written) - size + 1 :])
    for start in range(len(text) - size + 1):
        if list(text[start : start + size - 1]) == last:
            yield text[start + size - 1]


def _bad(written: Sequence[int], sequences: Sequence[Sequence[int]]) -> Iterator[int]:
    """What would end one of these."""
    for *before, last in sequences:
        if not before or list(written[-len(before) :]) == before:
            yield last


def _only(scores: Floats, tokens: Sequence[int]) -> Floats:
    scores[:] = -np.inf
    scores[list(tokens)] = 0.0
    return scores
