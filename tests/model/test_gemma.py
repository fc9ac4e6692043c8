"""Gemma 3 in the engine, held against the numpy reference: what it writes with, and what it reads pages with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import load_module
from notime.model.decoding.causal import CausalModel
from notime.model.graph.reader import write_reader
from notime.model.graph.weights import DecoderWeights
from notime.model.graph.writer import write_decoder
from notime.model.ranking.decoder import PageModel
from notime.model.ranking.layout import Layout
from notime.model.ranking.pieces import PIECE_TOKENS, sentence_features
from notime.model.runtime.embedding import Embedding
from notime.model.tokens.shortlist import Words
from notime.model.tokens.tokenizer import open_vocabulary, write_vocabulary

HERE = Path(__file__).parent
NumpyGemma = load_module(HERE / "gemma_numpy.py").NumpyGemma
TEXT = "<bos>the then other boat, the other: then the boat 42 the he"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gemma")
    load_module(HERE.parent / "models" / "gemma.py").make(folder)
    return folder


@pytest.fixture(scope="module")
def writer(made: Path, tmp_path_factory: pytest.TempPathFactory) -> CausalModel:
    """Built with a shortlist, which the real one's large vocabulary asks for."""
    folder = tmp_path_factory.mktemp("writer")
    weights = DecoderWeights(made / "gemma.gguf", made)
    write_decoder(weights, folder, lambda _share: None, shortlist=True)
    write_vocabulary(weights, folder)
    np.arange(1, 300, dtype="<u4").tofile(folder / "words.bin")
    return CausalModel(folder, context=128, threads=1)


@pytest.fixture(scope="module")
def reader(made: Path, tmp_path_factory: pytest.TempPathFactory) -> PageModel:
    folder = tmp_path_factory.mktemp("reader")
    weights = DecoderWeights(made / "gemma.gguf", made)
    write_reader(weights, made / "head.safetensors", folder, lambda _share: None)
    write_vocabulary(weights, folder)
    return PageModel(folder, threads=1)


def test_logits_are_those_of_the_reference_beyond_the_window(made: Path, writer: CausalModel):
    ids = writer.encode(TEXT)
    assert len(ids) > 12  # twice the window
    want = NumpyGemma(made / "gemma.gguf", made).logits(ids)
    got = writer.all_logits(ids)
    there = np.isfinite(got[0])
    assert there.sum() >= 299
    for place in range(len(ids)):
        assert np.corrcoef(got[place, there], want[place, there])[0, 1] > 0.99


def test_an_answer_is_written_with_common_words_and_its_own_prompts(writer: CausalModel):
    prompts = [writer.encode("<bos>the then ~"), writer.encode("<bos>other boat }")]
    alone = []
    for prompt in prompts:
        allowed = {*range(1, 300), *prompt}
        tokens = [token for each in writer.generate([prompt], max_new_tokens=12, stops=(1,)) for token in each]
        assert {token.id for token in tokens} <= allowed
        assert all(0 < token.probability <= 1 for token in tokens)
        alone.append([token.id for token in tokens])
    rows: list[list[int]] = [[], []]
    for each in writer.generate(prompts, max_new_tokens=12, stops=(1,), sources=prompts):
        for token in each:
            rows[token.row].append(token.id)
    assert rows == alone


def test_a_shortlist_has_the_heads_rows(writer: CausalModel):
    words = Words(Embedding(writer.folder / "embedding.bin", 64), writer.folder / "words.bin")
    shortlist = words.shortlist([[5, 340], [341, 300, 7]])
    assert shortlist.ids.tolist() == [*range(1, 300), 300, 340, 341]
    assert [shortlist.ids[each].tolist()[299:] for each in shortlist.allowed] == [[340], [300, 341]]
    ending = words.shortlist([[5, 340], [7]], also=(1, 350))
    assert [ending.ids[each].tolist()[299:] for each in ending.allowed] == [[340, 350], [350]]
    rows = Embedding(writer.folder / "embedding.bin", 64).rows(shortlist.ids.tolist())
    assert np.abs(shortlist.codes.T * shortlist.scales[:, None] - rows).max() <= shortlist.scales.max() / 2 + 1e-6


def test_text_to_pieces_and_back(writer: CausalModel):
    tokens = open_vocabulary(writer.folder)
    for text in (" the boat", "a\nthe  then", "naïve 日本 👍"):
        assert tokens.decode(tokens.encode(text)) == text
    assert tokens.encode("<bos>the")[0] == tokens.id("<bos>") == 2
    assert 2 not in tokens.encode("the <bos>the"), "only a prompt begins with it"


def test_scores_of_sentences_are_the_references(made: Path, reader: PageModel):
    page = Layout("the boat", ((0, "other"),), ("the then boat.", "he the other!", "then 42"), (1, 1, 2))
    (read,) = reader.read(page)
    encode = reader.vocabulary.encode
    ids = [
        2,
        *encode("Title: the boat\n"),
        *encode("Sections: other"),
        encode("\n")[-1],
        *encode("# other"),
        encode("\n")[-1],
    ]
    firsts, lasts = [], []
    for sentence in page.sentences:
        firsts.append(len(ids))
        ids += [*encode(f" {sentence}"), encode("\n")[-1]]
        lasts.append(len(ids) - 1)
    want = NumpyGemma(made / "gemma.gguf", made).scores(
        ids, firsts, lasts, sentence_features(3, range(3), page.sentences)
    )
    assert read.tokens == len(ids)
    assert np.abs(read.scores - want).max() < 0.1 * max(1.0, np.ptp(want))


def test_a_long_page_is_read_in_pieces_and_kept_sentences_alone(reader: PageModel):
    sentences = tuple(f"the boat {number} then other" for number in range(200))
    page = Layout("the", (), sentences, tuple(range(200)))
    pieces = list(reader.read(page))
    assert len(pieces) > 1
    assert [place for piece in pieces for place in piece.places] == list(range(200))
    assert all(piece.tokens <= PIECE_TOKENS for piece in pieces)
    assert pieces[-1].done == 1.0
    some = list(reader.read(page, [3, 5, 150]))
    assert [place for piece in some for place in piece.places] == [3, 5, 150]
    again = list(reader.read(page, [3, 5, 150]))
    assert (some[0].scores == again[0].scores).all()
