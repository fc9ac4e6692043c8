"""Scale channels so that int8 activations lose less: SmoothQuant (Xiao et al. 2023).

Comes in: a layer's matrices and the largest activations that each of its inputs had on some texts. Goes out: matrices
that compute the same. Must not know: how they are rounded.

A channel that is often large takes the scale of its whole token. It is divided by what the matrix behind it is
multiplied by: in the norm before, or in `up_proj`, which `down_proj`'s input is linear in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SHARE = 0.35
"""Of the activations' range that goes over to the weights, as an exponent; docs/model.md has what was tried."""

LEAST = 1e-5

NORMS = {
    "input_layernorm": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "post_attention_layernorm": ("mlp.gate_proj", "mlp.up_proj"),
}
"""Norms and the matrices that read them."""

DOWN, UP = "mlp.down_proj", "mlp.up_proj"


def smoothed(layer: Mapping[str, Floats], largest: Mapping[str, Floats]) -> dict[str, Floats]:
    """The layer with its channels scaled.

    Args:
        layer: matrices [out, in] and norms [width] by name.
        largest: absolute values by channel, [in]: of the output of each of `NORMS` and of the input of `mlp.down_proj`.
    """
    out = dict(layer)
    scales = _scales(largest[DOWN], out[DOWN])
    out[UP] = out[UP] / scales[:, None]
    out[DOWN] = out[DOWN] * scales
    for norm, readers in NORMS.items():
        scales = _scales(largest[norm], np.concatenate([out[name] for name in readers]))
        out[norm] = out[norm] / scales
        for name in readers:
            out[name] = out[name] * scales
    return out


def _scales(largest: Floats, weight: Floats) -> Floats:
    """One a channel, their geometric mean 1."""
    scales = largest.clip(min=LEAST) ** SHARE / np.abs(weight).max(axis=0).clip(min=LEAST) ** (1 - SHARE)
    found: Floats = (scales / np.exp(np.log(scales).mean())).astype(np.float32)
    return found
