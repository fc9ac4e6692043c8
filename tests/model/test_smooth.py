from __future__ import annotations

import numpy as np

from notime.model.smooth import DOWN, NORMS, UP, smoothed


def test_a_smoothed_layer_computes_the_same_from_smaller_activations():
    rng = np.random.default_rng(6)

    def matrix(out: int, width: int) -> np.ndarray:
        return rng.normal(size=(out, width)).astype(np.float32)

    layer = {name: matrix(6, 4) for readers in NORMS.values() for name in readers}
    layer |= {norm: np.abs(matrix(1, 4)[0]) + 0.5 for norm in NORMS} | {DOWN: matrix(4, 6)}
    hidden, gate = matrix(9, 4), np.abs(matrix(9, 6))
    hidden[:, 1] *= 50

    def run(layer: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
        inner = hidden * layer["post_attention_layernorm"]
        gated = gate * (inner @ layer[UP].T)
        queries = hidden * layer["input_layernorm"] @ layer["self_attn.q_proj"].T
        return inner, gated, gated @ layer[DOWN].T, queries

    before = run(layer)
    largest = {
        "input_layernorm": np.abs(hidden * layer["input_layernorm"]).max(axis=0),
        "post_attention_layernorm": np.abs(before[0]).max(axis=0),
        DOWN: np.abs(before[1]).max(axis=0),
    }
    after = run(smoothed(layer, largest))
    np.testing.assert_allclose(after[2], before[2], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(after[3], before[3], rtol=1e-3, atol=1e-3)

    def spread(values: np.ndarray) -> float:
        channels = np.abs(values).max(axis=0)
        return float(channels.max() / np.median(channels))

    assert spread(after[0]) < spread(before[0])
