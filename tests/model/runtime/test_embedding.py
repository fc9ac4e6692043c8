from __future__ import annotations

from pathlib import Path

import numpy as np

from notime.model.runtime.embedding import Embedding, quantized, write_embedding


def test_q8_0_weights_come_through_unchanged(tmp_path: Path):
    codes = np.random.default_rng(4).integers(-127, 128, (40, 2, 32))
    codes[:, :, 0] = 127
    weight = (codes * np.float32(0.01)).astype(np.float32).reshape(40, 64)
    assert (quantized(weight)[0].astype(int) - 128 == codes).all()
    write_embedding([weight], tmp_path / "rows")
    ids = [3, 39, 0, 3]
    np.testing.assert_allclose(Embedding(tmp_path / "rows", 64).rows(ids), weight[ids], rtol=1e-6)


def test_a_scale_a_row(tmp_path: Path):
    weight = np.random.default_rng(5).normal(size=(6, 64)).astype(np.float32)
    write_embedding([weight], tmp_path / "rows", block=64)
    assert (tmp_path / "rows").stat().st_size == 6 * (64 + 4)
    found = Embedding(tmp_path / "rows", 64, block=64).rows([5, 0])
    assert np.abs(found - weight[[5, 0]]).max() <= np.abs(weight).max() / 127 / 2 + 1e-6


def test_a_row_of_zeros(tmp_path: Path):
    write_embedding([np.zeros((2, 32), dtype=np.float32)], tmp_path / "rows")
    assert not Embedding(tmp_path / "rows", 32).rows([1]).any()
