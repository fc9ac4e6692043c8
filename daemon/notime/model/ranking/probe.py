"""What the states of a reading network tell about a sentence, by a linear probe.

Comes in: the mean of its last states over each sentence. Goes out: log-odds. Must not know: what is done with them.

The network has read what stands before a sentence, so its states tell whether that is needed to understand it, and in
each of its languages alike (linear probes: Alain and Bengio 2016). `scripts/train leaning` writes the weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FILE = "leaning.safetensors"


class Probe:
    """One linear function.

    Args:
        file: `weight` [width] and `bias` [1].
    """

    def __init__(self, file: Path) -> None:
        weights = load_file(file)
        self._weight, self._bias = weights["weight"].astype(np.float32), weights["bias"].astype(np.float32)

    def odds(self, states: Floats) -> Floats:
        """Log-odds, [n], of states, [n, width]."""
        odds: Floats = states @ self._weight + self._bias
        return odds
