from __future__ import annotations

import numpy as np

from notime.summary.central import WIDTH, Centrality

BRIDGE = [
    "Le conseil a voté pour le nouveau pont sur la rivière.",
    "Il pleuvait ce jour-là, et les pigeons dormaient sous les tuiles.",
    "Le nouveau pont coûtera neuf millions, et la rivière sera déviée.",
    "Les travaux du pont commenceront quand la rivière sera basse.",
]


def scores(texts: list[str]) -> list[float]:
    (window,) = Centrality().windows(texts, np.zeros(len(texts)))
    assert window.vectors.shape == (len(texts), WIDTH)
    assert window.whole.all()
    return [float(score) for score in window.scores]


def test_what_the_article_is_about_stands_before_what_it_mentions():
    found = scores(BRIDGE)
    assert min(found[0], found[2], found[3]) > found[1]


def test_scripts_without_spaces():
    found = scores(["市議会は新しい橋の建設を決めた。", "その日は雨が降っていた。", "新しい橋の建設は春に始まる。"])
    assert min(found[0], found[2]) > found[1]


def test_deterministic_and_finite_whatever_comes():
    texts = ["", "…", "1 2 3", "a" * 10_000, *BRIDGE]
    assert scores(texts) == scores(texts)
    assert np.isfinite(scores(texts)).all()


def test_the_same_again_has_the_same_vector():
    (window,) = Centrality().windows([*BRIDGE, BRIDGE[0]], np.zeros(len(BRIDGE) + 1))
    assert np.allclose(window.vectors[0], window.vectors[-1])
