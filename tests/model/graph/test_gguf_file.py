from __future__ import annotations

import tracemalloc
from pathlib import Path

import gguf
import numpy as np
import pytest

from conftest import TESTS, load_module
from notime.errors import Corrupt
from notime.model.graph.gguf_file import GgufFile
from notime.model.graph.weights import DecoderWeights
from notime.model.graph.writer import write_decoder

DECODERS = load_module(TESTS / "models" / "decoders.py")


@pytest.mark.parametrize(("family", "kind"), [("llama", "Q4_K"), ("gemma3", "BF16"), ("qwen2", "F16")])
def test_fields_and_tensors_are_those_that_gguf_reads(tmp_path: Path, family: str, kind: str):
    path = DECODERS.make(tmp_path, family, kind)
    found, want = GgufFile(path), gguf.GGUFReader(path)
    assert found.fields == {key: field.contents() for key, field in want.fields.items() if not key.startswith("GGUF.")}
    assert set(found.tensors) == {tensor.name for tensor in want.tensors}
    for tensor in want.tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        assert (found.tensor(tensor.name) == values).all()
        if values.ndim == 2:
            parts = [*found.parts(tensor.name, rows=100)]
            assert [len(part) for part in parts] == [
                min(100, len(values) - start) for start in range(0, len(values), 100)
            ]
            assert (np.concatenate(parts) == values).all()


def test_a_file_that_was_cut_or_changed_is_refused(tmp_path: Path):
    whole = DECODERS.make(tmp_path, "llama", "Q8_0").read_bytes()
    path = tmp_path / "changed.gguf"
    begin = min(tensor.offset for tensor in GgufFile(tmp_path / "llama-Q8_0.gguf").tensors.values())
    for end in (0, 3, 20, 100, begin // 2, begin - 40):
        path.write_bytes(whole[:end])
        with pytest.raises(Corrupt, match=r"changed\.gguf is not a GGUF file"):
            GgufFile(path)
    path.write_bytes(whole[:-1000])
    with pytest.raises(Corrupt, match="cannot be read"):
        GgufFile(path).tensor("output_norm.weight")
    with pytest.raises(Corrupt, match="lacks the tensor other"):
        GgufFile(path).tensor("other")
    for place in range(0, begin, 7):  # nothing that it says makes it more than refused
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 : begin])
        try:
            GgufFile(path)
        except Corrupt:
            continue


def test_a_build_holds_a_part_of_the_embedding_and_not_the_whole(tmp_path: Path):
    """In float32 each of the embedding and the head takes 126 MB; in 8-bit integers the head takes 31."""
    tokens, width = 61_440, 512
    path = tmp_path / "wide.gguf"
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_block_count(0)
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_token_list([str(number) for number in range(tokens)])
    for name in ("token_embd", "output"):
        writer.add_tensor(f"{name}.weight", np.ones((tokens, width), dtype=np.float16))
    writer.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (tmp_path / "built").mkdir()
    tracemalloc.start()
    try:
        write_decoder(DecoderWeights(path), tmp_path / "built", lambda _share: None)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 126e6
