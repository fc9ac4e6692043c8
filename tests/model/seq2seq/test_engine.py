"""Encoder–decoders in the engine, held against transformers' `generate`; see `tests/models/summarizers.py`."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import msgspec
import pytest

from notime.errors import Corrupt
from notime.model.seq2seq.engine import Seq2SeqModel
from notime.model.seq2seq.generation import read_generation

SUMMARIZERS = Path(__file__).parents[2] / "models" / "summarizers"
EXPECTED = json.loads((SUMMARIZERS / "expected.json").read_text(encoding="utf-8"))
FAMILIES = sorted(EXPECTED)
MAX_LENGTH = 24


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for family in FAMILIES:
        found[family] = tmp_path_factory.mktemp(family)
        with tarfile.open(SUMMARIZERS / f"{family}.tar.xz") as archive:
            archive.extractall(found[family], filter="data")
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_tokens_are_those_of_transformers(folders: dict[str, Path], family: str):
    folder = folders[family]
    model = Seq2SeqModel(folder, context=64, threads=1)
    for case in EXPECTED[family]:
        model.settings = read_generation(folder, case["settings"] | {"max_length": MAX_LENGTH})
        *_, last = model.generate(case["source"])
        ends = model.settings.eos_token_id
        want = [token for token in case["tokens"][1:] if token not in ends]
        assert list(last.ids) == want, case["settings"]
        assert last.ended == (case["tokens"][-1] in ends)


@pytest.mark.parametrize("family", FAMILIES)
def test_text_to_tokens_and_back_are_those_of_transformers(folders: dict[str, Path], family: str):
    model = Seq2SeqModel(folders[family], context=64, threads=1)
    for case in EXPECTED[family]:
        assert model.encode(case["text"]) == case["source"]
        ends = case["settings"]["eos_token_id"]
        ids = [token for token in case["tokens"][1:] if token not in ends]
        assert model.decode(ids) == case["said"]


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_certain_is_never_taken_back(folders: dict[str, Path], family: str):
    folder = folders[family]
    model = Seq2SeqModel(folder, context=64, threads=1)
    for case in EXPECTED[family]:
        model.settings = read_generation(folder, case["settings"] | {"max_length": MAX_LENGTH})
        steps = list(model.generate(case["source"]))
        assert [step.final for step in steps] == [False] * (len(steps) - 1) + [True]
        for step in steps:
            assert steps[-1].ids[: len(step.ids)] == step.ids


def test_a_source_is_cut_off_where_the_network_ends(folders: dict[str, Path]):
    model = Seq2SeqModel(folders["bart"], context=1000, threads=1, prefix="summarize: ")
    ids = model.encode("word " * 100)
    assert len(ids) == model.context == 64
    assert ids[-1] == model.encode("")[-1]
    assert model.decode(ids).startswith("summarize: word")


def test_settings_of_the_model_stand_where_nothing_else_is_said(folders: dict[str, Path], tmp_path: Path):
    config = msgspec.json.decode((folders["bart"] / "config.json").read_bytes())
    (tmp_path / "config.json").write_bytes(msgspec.json.encode(config | {"num_beams": 3}))
    assert read_generation(tmp_path, {}).num_beams == 3
    (tmp_path / "generation_config.json").write_bytes(b'{"eos_token_id": [2, 5], "max_new_tokens": 7}')
    found = read_generation(tmp_path, {"min_new_tokens": 2})
    assert (found.num_beams, found.max_length, found.min_length) == (1, 8, 3)
    assert (found.decoder_start_token_id, found.eos_token_id) == (2, (2, 5))
    (tmp_path / "generation_config.json").write_bytes(b'{"num_beams": "many"}')
    with pytest.raises(Corrupt, match="num_beams"):
        read_generation(tmp_path, {})


def test_what_is_no_summarizer_is_refused(folders: dict[str, Path], tmp_path: Path):
    for path in folders["bart"].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "decoder_model_merged.onnx").write_bytes((folders["bart"] / "encoder_model.onnx").read_bytes())
    with pytest.raises(Corrupt, match="lacks the input"):
        Seq2SeqModel(tmp_path, context=64)
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(Corrupt, match="no tokenizer"):
        Seq2SeqModel(tmp_path, context=64)
