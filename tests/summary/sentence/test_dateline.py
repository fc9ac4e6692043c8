import pytest

from notime.summary.sentence.dateline import without_dateline


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("(CNN)A man walked in.", "A man walked in."),
        ("Washington (CNN)there should be blossoms.", "There should be blossoms."),
        ("LARKMOUTH (Reuters) - The ferry sails on.", "The ferry sails on."),
        ("Omoa, Honduras (AP) -- He walks slowly.", "He walks slowly."),
        ("(The Larkmouth Courier)It's official: she won.", "It's official: she won."),
        ("BERLIN — The wall is gone.", "The wall is gone."),
    ],
)
def test_a_dateline_goes(sentence: str, rest: str):
    assert without_dateline(sentence) == rest


@pytest.mark.parametrize(
    "sentence",
    [
        "NATO met on Monday.",
        "The firm (AP) is small.",
        "She joined CNN in 1990.",
        "Three — no, four — came.",
        "(He had run.)",
    ],
)
def test_nothing_else_does(sentence: str):
    assert without_dateline(sentence) == sentence
