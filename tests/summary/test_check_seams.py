"""Sentences that lost more than words; each is what a rewriter really wrote of a page of ours."""

from __future__ import annotations

import pytest

from notime.summary.check import check

LOST = [
    (
        "Those who had napped 0.2 seconds sooner on average.",
        "Those who had napped braked 0.2 seconds sooner on average when a child ran into the road.",
        "",
        "it lacks a verb",
    ),
    (
        "The former treasurer of the port accused of taking 2.4 million crowns.",
        "The former treasurer of the port went on trial on Monday, accused of taking 2.4 million crowns.",
        "",
        "it lacks a verb",
    ),
    (
        "Voss is not on trial for lack of evidence.",
        "Her brother, Anders Voss, is not on trial; prosecutors dropped the case in March for lack of evidence.",
        "If she is found guilty, Voss faces up to eight years in prison.",
        "it joins two statements into one",
    ),
    (
        "Voss is not on trial.",
        "Her brother, Anders Voss, is not on trial.",
        "Karin Voss denies all of the charges.",
        "it tells it of somebody or something else",
    ),
    (
        "The central bank said it would not lower its interest rate.",
        "The central bank said it would not lower its interest rate before inflation was on its way to 2 percent.",
        "",
        "a condition was lost",
    ),
    (
        "Sen. Mina Dahl says the clamour tells us something about the mood.",
        "The senator is likely to give the same answer as before, but Mina Dahl of the Courier says the clamour tells "
        "us something about the mood.",
        "Sen. Ove Lind has heard this one.",
        "Sen Mina is nobody's name in the article here",
    ),
    (
        "The new mayor of Larkmouth, Ove Lind, is the new mayor.",
        "The baths are under attack by the administration of Ove Lind, the new mayor of Larkmouth.",
        "",
        "it says the same words twice",
    ),
]
KEPT = [
    ("President Lind opened the bridge.", "On Monday President Ove Lind opened the bridge.", ""),
    ("Ministry of Defence staff saw it.", "Staff of the Ministry of Defence saw it.", ""),
    ("The bridge to the new bridge is closed.", "The bridge that leads to the new bridge is closed today.", ""),
    ("Dahl saved two penalties.", "Mina Dahl, 19, saved two penalties.", "The keeper had never played a final."),
    ("The damaged books are to be bought again.", "The badly damaged books are all to be bought again.", ""),
    ("Rates will not fall before March.", "Rates will not fall before March, most economists expect.", ""),
]


@pytest.mark.parametrize(("text", "source", "before", "reason"), LOST)
def test_what_went_with_the_words_left_out(text: str, source: str, before: str, reason: str):
    assert reason in check(text, source=source, given=f"{before} {source}").reasons


@pytest.mark.parametrize(("text", "source", "before"), KEPT)
def test_no_false_alarm(text: str, source: str, before: str):
    reasons = check(text, source=source, given=f"{before} {source}").reasons
    assert not [reason for reason in reasons if reason.endswith(("a verb", "into one", "twice", "in the article here"))]
