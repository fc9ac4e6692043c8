from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from notime.model import Part
from notime.model.ranking.decoder import PageModel
from notime.model.ranking.layout import Layout
from notime.model.ranking.probe import Probe


def test_a_linear_function_of_the_states(tmp_path: Path):
    weight, bias = np.array([1.0, -2.0], dtype=np.float32), np.array([0.5], dtype=np.float32)
    save_file({"weight": weight, "bias": bias}, tmp_path / "leaning.safetensors")
    odds = Probe(tmp_path / "leaning.safetensors").odds(np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32))
    assert odds.tolist() == [1.5, -1.5, 0.5]


@pytest.mark.model
@pytest.mark.parametrize(
    "sentences",
    [
        (
            "The town of Varn has 3,100 roofs.",
            "It has promised to look at 2,300 letters by the end of June.",
            "Roofs in Varn must have slates.",
        ),
        (
            "Die Stadt Varn hat 3.100 Dächer, und 412 davon sind älter als das Ministerium.",
            "Dort hatte sie ihn zuletzt gesehen.",
            "Das Wohnungsministerium in Varn zählt Dächer nach einer Liste von 1988.",
        ),
    ],
)
def test_the_readers_states_tell_what_leans(gemma_parts: dict[str, Part], sentences: tuple[str, ...]):
    reader = PageModel(gemma_parts["page"].folder)
    (read,) = reader.read(Layout("Roofs in Varn", (), sentences, (0, 1, 2)))
    odds = reader.leaning(read.vectors)
    assert odds is not None
    assert odds.argmax() == 1
    assert odds[1] > max(odds[0], odds[2]) + 1
