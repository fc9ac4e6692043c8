"""Decoder-only networks of every family and common quantisation, held against transformers, which reads the same files.

See `tests/models/decoders.py`: transformers dequantises by `gguf`, and computes in float32.
"""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
import pytest

from conftest import load_module
from notime.errors import Corrupt
from notime.model.decoding.causal import CausalModel
from notime.model.graph.weights import DecoderWeights
from notime.model.graph.writer import write_decoder
from notime.model.tokens.tokenizer import open_vocabulary, write_vocabulary

MODELS = Path(__file__).parent.parent / "models"
DECODERS = load_module(MODELS / "decoders.py")
EXPECTED = json.loads((MODELS / "decoders.json").read_text(encoding="utf-8"))


def built(folder: Path, path: Path) -> CausalModel:
    weights = DecoderWeights(path)
    write_decoder(weights, folder, lambda _share: None)
    write_vocabulary(weights, folder)
    return CausalModel(folder, context=DECODERS.CONTEXT, threads=1)


@pytest.mark.parametrize("family", DECODERS.FAMILIES)
@pytest.mark.parametrize("kind", DECODERS.KINDS)
def test_logits_and_tokens_are_those_of_transformers(tmp_path: Path, family: str, kind: str):
    expected = EXPECTED[f"{family}-{kind}"]
    model = built(tmp_path, DECODERS.make(tmp_path, family, kind))
    got, want = model.logits(expected["prompts"][:1])[0], np.array(expected["logits"])
    assert np.corrcoef(got, want)[0, 1] > 0.99  # weights of 7 bits, activations of 8
    assert np.abs(got - want).max() < 0.1 * np.ptp(want)
    rows: list[list[int]] = [[] for _ in expected["prompts"]]
    for tokens in model.generate(expected["prompts"], max_new_tokens=len(expected["tokens"][0])):
        for token in tokens:
            rows[token.row].append(token.id)
    assert rows == expected["tokens"]


def test_every_family_is_expected_in_every_quantisation():
    assert set(EXPECTED) == {f"{family}-{kind}" for family in DECODERS.FAMILIES for kind in DECODERS.KINDS}


@pytest.mark.parametrize("family", ["llama", "qwen2"])
def test_text_is_split_as_the_family_splits_it(tmp_path: Path, family: str):
    """Llama 3 takes three digits together, Qwen one; what the vocabulary has no token for falls into bytes."""
    write_vocabulary(DecoderWeights(DECODERS.make(tmp_path, family, "F16")), tmp_path)
    tokens = open_vocabulary(tmp_path)
    text = "the 12345 It's\n\n don't naïve 日本"
    assert tokens.decode(tokens.encode(text)) == text
    twelve = tokens.id("12")
    assert (twelve in tokens.encode("12345")) == (family == "llama")
    assert twelve not in tokens.encode("3412")
    assert tokens.encode("<|user|>the<|end|>") == [1, tokens.id("the"), 0]


def test_turns_of_a_chat_are_what_they_are_called(tmp_path: Path):
    write_vocabulary(DecoderWeights(DECODERS.make(tmp_path, "gemma3", "F16")), tmp_path)
    tokens = open_vocabulary(tmp_path)
    start, end = tokens.id("<start_of_turn>"), tokens.id("<end_of_turn>")
    ids = tokens.encode("<bos><start_of_turn>user\nx<end_of_turn>\n")
    assert (ids[:2], ids.count(start), ids.count(end)) == ([2, start], 1, 1)
    assert ids[2:-2] == tokens.encode("user\nx")


def test_a_head_of_its_own_has_no_shortlist(tmp_path: Path):
    weights = DecoderWeights(DECODERS.make(tmp_path, "llama", "F16"))
    assert not weights.tied
    with pytest.raises(Corrupt, match="has another"):
        write_decoder(weights, tmp_path, lambda _share: None, shortlist=True)


def test_positions_that_are_stretched_in_another_way_are_refused(tmp_path: Path):
    writer = gguf.GGUFWriter(tmp_path / "yarn.gguf", "qwen2")
    writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(Corrupt, match="yarn"):
        DecoderWeights(tmp_path / "yarn.gguf")
