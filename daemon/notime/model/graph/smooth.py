"""Make activations even before they are rounded to int8, so that less is lost.

Comes in: matrices, and how large their inputs were on some texts, channel by channel. Goes out: matrices that compute
the same, and which inputs are better not rounded. Must not know: how they are rounded.

Rounding has one scale a token, so a channel that is often large takes the scale of all others (SmoothQuant; Xiao et al.
2023): it is divided by what the matrix behind it is multiplied by, in the norm before, or in `up_proj`, which
`down_proj`'s input is linear in. A few inputs of `down_proj` are hundreds of times as large as the others, mostly for
the first token, which all others attend to (massive activations; Sun et al. 2024): no scale helps there, and those stay
in float32 (as in LLM.int8(); Dettmers et al. 2022).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SHARE = 0.5
"""Of the activations' range that goes over to the weights, as an exponent; docs/model.md has what was tried."""

LEAST = 1e-5

ATTENTION, GATED = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), ("mlp.gate_proj", "mlp.up_proj")

LLAMA_NORMS = {"input_layernorm": ATTENTION, "post_attention_layernorm": GATED}
GEMMA_NORMS = {"input_layernorm": ATTENTION, "pre_feedforward_layernorm": GATED}
"""Norms and the matrices that read them."""


def norms(layer: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of a layer with these weights."""
    return GEMMA_NORMS if "pre_feedforward_layernorm" in layer else LLAMA_NORMS


DOWN, UP = "mlp.down_proj", "mlp.up_proj"

LARGEST = f"{DOWN}.largest"
"""Name of the largest inputs of `DOWN`, beside the usual ones."""

PART = 8.0
"""How many times as large as the middle one an input of the head may be; a larger one is split."""

MOST_PARTS = 12

OUTLIER = 50.0
"""An input is not rounded whose largest value is so many times the middle channel's: seven inputs in five of the 30
layers of the default model, the same ones on whatever texts were tried."""


def outliers(largest: Floats) -> list[int]:
    """The inputs that are better not rounded.

    Args:
        largest: absolute values by channel, over many tokens, the first ones of texts included.
    """
    found: list[int] = np.flatnonzero(largest > OUTLIER * np.median(largest)).tolist()
    return found


def smoothed(layer: Mapping[str, Floats], usual: Mapping[str, Floats], apart: Sequence[int] = ()) -> dict[str, Floats]:
    """The layer with its channels scaled.

    Args:
        layer: matrices [out, in] and norms [width] by name.
        usual: root mean squares by channel, [in]: of the output of each of `norms` and of the input of `DOWN`.
        apart: inputs of `DOWN` that are not rounded, and so not scaled.
    """
    out = dict(layer)
    scales = _scales(usual[DOWN], out[DOWN], apart)
    out[UP] = out[UP] / scales[:, None]
    out[DOWN] = out[DOWN] * scales
    for norm, readers in norms(layer).items():
        scales = _scales(usual[norm], np.concatenate([layer[name] for name in readers]))
        out[norm] = out[norm] / scales
        for name in readers:
            out[name] = out[name] * scales
    return out


def places(usual: Floats) -> npt.NDArray[np.int64]:
    """How the head's inputs are spread over more: of each the input it is made from, those far larger several times.

    Each of several takes an equal part of what it is made from, and the head's column as it is (outlier channel
    splitting; Zhao et al. 2019): the head's weights are uneven already, and would lose what `smoothed` takes off the
    activations.

    Args:
        usual: root mean squares of the last norm's output, [width].
    """
    parts = np.ceil(usual / (PART * np.median(usual))).clip(1, MOST_PARTS).astype(np.int64)
    return np.repeat(np.arange(len(usual)), parts)


def _scales(usual: Floats, weight: Floats, apart: Sequence[int] = ()) -> Floats:
    """One a channel, their geometric mean 1."""
    scales = usual.clip(min=LEAST) ** SHARE / np.abs(weight).max(axis=0).clip(min=LEAST) ** (1 - SHARE)
    within = np.ones(len(scales), dtype=bool)
    within[list(apart)] = False
    found: Floats = np.where(within, scales / np.exp(np.log(scales[within]).mean()), 1).astype(np.float32)
    return found
