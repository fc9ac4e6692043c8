from __future__ import annotations

import numpy as np

from notime.model.graph.smooth import DOWN, LLAMA_NORMS, UP, outliers, places, smoothed


def test_a_smoothed_layer_computes_the_same_from_smaller_activations():
    rng = np.random.default_rng(6)

    def matrix(out: int, width: int) -> np.ndarray:
        return rng.normal(size=(out, width)).astype(np.float32)

    layer = {name: matrix(6, 4) for readers in LLAMA_NORMS.values() for name in readers}
    layer |= {norm: np.abs(matrix(1, 4)[0]) + 0.5 for norm in LLAMA_NORMS} | {DOWN: matrix(4, 6)}
    hidden, gate = matrix(9, 4), np.abs(matrix(9, 6))
    hidden[:, 1] *= 50

    def run(layer: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
        inner = hidden * layer["post_attention_layernorm"]
        gated = gate * (inner @ layer[UP].T)
        queries = hidden * layer["input_layernorm"] @ layer["self_attn.q_proj"].T
        return inner, gated, gated @ layer[DOWN].T, queries

    def usual(values: np.ndarray) -> np.ndarray:
        return np.sqrt((values**2).mean(axis=0))

    before = run(layer)
    seen = {
        "input_layernorm": usual(hidden * layer["input_layernorm"]),
        "post_attention_layernorm": usual(before[0]),
        DOWN: usual(before[1]),
    }
    after = run(smoothed(layer, seen, [2]))
    np.testing.assert_allclose(after[2], before[2], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(after[3], before[3], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(after[1][:, 2], before[1][:, 2], rtol=1e-3)  # it is not rounded, and so not scaled

    def spread(values: np.ndarray) -> float:
        channels = np.abs(values).max(axis=0)
        return float(channels.max() / np.median(channels))

    assert spread(after[0]) < spread(before[0])


def test_large_inputs_of_the_head_are_split():
    assert places(np.array([1, 1, 30, 1, 9000], dtype=np.float32)).tolist() == [0, 1, 2, 2, 2, 2, 3, *[4] * 12]


def test_inputs_far_above_the_others_are_left_out():
    assert outliers(np.array([1, 2, 3000, 2, 1, 40, 101], dtype=np.float32)) == [2, 6]
    assert outliers(np.ones(8, dtype=np.float32)) == []
