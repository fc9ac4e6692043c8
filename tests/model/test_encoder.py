from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from notime.model import Part
from notime.model.encoder import SENTENCE_TOKENS, WINDOW_TOKENS, EncoderModel

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
SENTENCES = [row["sentence"] for row in EXPECTED["rows"]]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def ranker(default_parts: tuple[Part, Part]) -> EncoderModel:
    return EncoderModel(default_parts[0].folder)


def test_token_ids_and_segments(ranker: EncoderModel):
    ids = [[*e.ids, 102] for e in ranker.tokenizer.encode_batch(SENTENCES, add_special_tokens=False)]
    tokens, segments = ranker.pack(ids)
    assert tokens == EXPECTED["ranker_ids"]
    assert segments == EXPECTED["ranker_segments"]


def test_quantised_scores_keep_the_order(ranker: EncoderModel):
    """Of every two sentences that the unquantised scores part by more than the rounding of int8 (0.1) the order."""
    (window,) = ranker.windows(SENTENCES)
    want = np.array([row["score"] for row in EXPECTED["rows"]])
    assert np.abs(window.scores - want).max() < 0.1
    for a, b in combinations(range(len(want)), 2):
        if abs(want[a] - want[b]) > 0.1:
            assert (window.scores[a] > window.scores[b]) == (want[a] > want[b])


def test_every_sentence_of_a_long_article_is_scored_once(ranker: EncoderModel):
    windows = list(ranker.windows(SENTENCES * 12))
    assert len(windows) > 2
    assert [window.start for window in windows] == list(np.cumsum([0, *(len(w.scores) for w in windows[:-1])]))
    assert sum(len(window.scores) for window in windows) == len(SENTENCES) * 12
    assert all(window.tokens <= WINDOW_TOKENS and window.whole.all() for window in windows)
    assert all(window.vectors.shape == (len(window.scores), 384) for window in windows)


def test_a_sentence_too_long_is_read_in_part_and_said_so(ranker: EncoderModel):
    (window,) = ranker.windows(["word " * (2 * SENTENCE_TOKENS), SENTENCES[0]])
    assert list(window.whole) == [False, True]
    assert np.isfinite(window.scores).all()
