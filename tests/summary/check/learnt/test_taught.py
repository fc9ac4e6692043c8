"""The check that was taught: what it is told, it hears; what it says, it says in words."""

from __future__ import annotations

import pytest

from notime.summary.check.learnt.taught import EMPTY, Context, judge, leans

SOURCE = "The town of Varn has 3,100 roofs, and 412 of them are older than the ministry, the mayor said on Friday."
WHOLE = "Varn has 3,100 roofs, and 412 of them are older than the ministry, the mayor said."


def context(source: str, before: str = "", title: str = "The roofs of Varn", lead: str = "") -> Context:
    return Context(title, lead, before, source)


def certain(text: str, probability: float) -> tuple[list[str], list[float]]:
    pieces = [f" {word}" for word in text.split()]
    return pieces, [probability] * (len(pieces) + 1)


def test_nothing_is_never_shown():
    judged = judge(context(SOURCE), " ")
    assert (judged.bad, judged.shown, judged.reason) == (1.0, False, EMPTY)


def test_a_writer_that_was_unsure_is_believed_less():
    sure, unsure = (judge(context(SOURCE), WHOLE, *certain(WHOLE, value)) for value in (0.97, 0.6))
    assert sure.bad < unsure.bad
    assert not unsure.shown
    assert unsure.reason


def test_the_same_is_judged_the_same():
    assert judge(context(SOURCE), WHOLE) == judge(context(SOURCE), WHOLE)


@pytest.mark.parametrize("opening", ["It has", "They have", "These have", "This one has"])
def test_an_opening_that_points_leans_more_than_a_name(opening: str):
    source = f"{opening} promised to look at 2,300 letters by the end of June."
    named = "The ministry of housing in Varn has promised to look at 2,300 letters by the end of June."
    before = "The ministry goes by a list from 1988."
    assert judge(context(source, before), source).leaning > 2 * judge(context(named, before), named).leaning


def test_the_reason_names_the_word_that_leans():
    source = "It has promised to look at 2,300 letters by the end of June."
    assert judge(context(source, "The ministry goes by a list."), source).reason == "it does not say what “It” is"


@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("He used to be a baker.", "Otto Brandt has trained her since she was six."),
        ("This approach saves time.", "You can paint the hulls in one go."),
        ("It has promised to look at 2,300 letters.", "The ministry goes by a list."),
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str, before: str):
    assert leans([sentence], [before], "Roofs, again", "")[0] > 0.5


@pytest.mark.parametrize(
    "sentence",
    ["The town of Varn has 3,100 roofs.", "Lena Marsh, the minister of housing, spoke about roofs on Friday."],
)
def test_a_sentence_that_names_what_it_tells_of_does_not(sentence: str):
    assert leans([sentence], [""], "Roofs, again", "")[0] < 0.2
