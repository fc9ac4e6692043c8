from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from notime.model import Part
from notime.model.ranking import encoder
from notime.model.ranking.encoder import SENTENCE_TOKENS, WHOLE_WINDOWS, WINDOW_TOKENS, EncoderModel, Window

EXPECTED = json.loads((Path(__file__).parents[1] / "expected.json").read_text(encoding="utf-8"))
SENTENCES = [row["sentence"] for row in EXPECTED["rows"]]

pytestmark = pytest.mark.model


def windows(ranker: EncoderModel, sentences: list[str]) -> list[Window]:
    return list(ranker.windows(sentences, np.zeros(len(sentences), dtype=np.float32)))


@pytest.fixture(scope="module")
def ranker(default_parts: dict[str, Part]) -> EncoderModel:
    return EncoderModel(default_parts["encoder"].folder)


def test_token_ids_and_segments(ranker: EncoderModel):
    ids = [[*e.ids, 102] for e in ranker.tokenizer.encode_batch(SENTENCES, add_special_tokens=False)]
    tokens, segments = ranker.pack(ids)
    assert tokens == EXPECTED["ranker_ids"]
    assert segments == EXPECTED["ranker_segments"]


def test_quantised_scores_keep_the_order(ranker: EncoderModel):
    """Of every two sentences that the unquantised scores part by more than the rounding of int8 (0.1) the order."""
    (window,) = windows(ranker, SENTENCES)
    want = np.array([row["score"] for row in EXPECTED["rows"]])
    assert np.abs(window.scores - want).max() < 0.1
    for a, b in combinations(range(len(want)), 2):
        if abs(want[a] - want[b]) > 0.1:
            assert (window.scores[a] > window.scores[b]) == (want[a] > want[b])


def test_every_sentence_of_a_long_article_is_scored_once(ranker: EncoderModel):
    found = windows(ranker, SENTENCES * 12)
    assert 2 < len(found) <= WHOLE_WINDOWS
    assert [window.start for window in found] == list(np.cumsum([0, *(len(w.scores) for w in found[:-1])]))
    assert sum(len(window.scores) for window in found) == len(SENTENCES) * 12
    assert all(window.tokens <= WINDOW_TOKENS and window.whole.all() for window in found)
    assert all(window.vectors is not None and window.vectors.shape == (len(window.scores), 384) for window in found)
    assert [window.done for window in found] == [(i + 1) / len(found) for i in range(len(found))]


def test_of_a_book_the_promising_windows_go_through_all_layers(ranker: EncoderModel, monkeypatch: pytest.MonkeyPatch):
    sentences = [f"In chapter {i} {text[0].lower()}{text[1:]}" for i in range(60) for text in SENTENCES]
    prior = np.zeros(len(sentences), dtype=np.float32)
    prior[200:] = 10
    found = list(ranker.windows(sentences, prior))
    early = [window for window in found if window.vectors is None]
    late = found[len(early) :]
    assert len(early) > len(late) == WHOLE_WINDOWS
    assert sum(len(window.scores) for window in early) == len(sentences)
    assert all(window.vectors is not None and window.tokens == 0 for window in late)
    assert min(window.start + len(window.scores) for window in late) > 200
    assert np.diff([window.done for window in found]).min() > 0
    assert found[-1].done == 1
    monkeypatch.setattr(encoder, "WHOLE_WINDOWS", 100)
    whole = {window.start: window for window in ranker.windows(sentences, prior)}
    assert all(np.abs(window.scores - whole[window.start].scores).max() < 0.1 for window in late)
    told, meant = (np.concatenate([window.scores for window in each]) for each in (early, whole.values()))
    assert np.corrcoef(told, meant)[0, 1] > 0.9


def test_a_sentence_too_long_is_read_in_part_and_said_so(ranker: EncoderModel):
    (window,) = windows(ranker, ["word " * (2 * SENTENCE_TOKENS), SENTENCES[0]])
    assert list(window.whole) == [False, True]
    assert np.isfinite(window.scores).all()
