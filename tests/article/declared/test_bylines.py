"""Bylines are names: no badges, no trades, no words of links."""

import pytest

from notime.article.declared.bylines import clean


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Max Alder", "Max Alder"),
        ("By Max Alder", "Max Alder"),
        ("Author by Max Alder", "Max Alder"),
        ("Written by Max Alder", "Max Alder"),
        ("Von Jana Roth", "Jana Roth"),
        ("Par Anne-Marie Lefèvre", "Anne-Marie Lefèvre"),
        ("Max Alder 1,197 2 silver badges", "Max Alder"),
        ("Max Alder, Senior Reporter", "Max Alder"),
        ("Max Alder Science Editor", "Max Alder"),
        ("Max Alder is a writer who lives in Oslo", "Max Alder"),
        ("Max Alder | 4 May 2026", "Max Alder"),
        ("Max Alder and Ines Dahl", "Max Alder and Ines Dahl"),
        ("Max Alder, Ines Dahl", "Max Alder, Ines Dahl"),
        ("Ludwig van der Meer", "Ludwig van der Meer"),
        ("tidewatcher42", "tidewatcher42"),
        ("浜口恵", "浜口恵"),
        ("View my complete profile", None),
        ("Read more articles by this author", None),
        ("https://post.example/authors/alder", None),
        ("A week on the river taught me more than any book ever could", None),
        ("4 May 2026", None),
        ("", None),
    ],
)
def test_a_byline_is_a_name_or_nothing(said, name):
    assert clean(said) == name
