"""Sentences that lost more than words; each is what a rewriter really wrote of a page of ours."""

from __future__ import annotations

import pytest

from notime.summary.check import check

LOST = [
    (
        "The state has set aside 36 million crowns, which is enough for 240,000 journeys.",
        "The state has set aside 36 million crowns, which according to the ministry is enough for some 240,000 "
        "journeys.",
        "",
        "who said it was lost",
    ),
    (
        "The alliance has no intention of opening a command in the region, officials say.",
        "Mats Lindqvist told a conference of defence officials that the alliance had no intention of opening a command "
        "in the region.",
        "",
        "it tells it of somebody or something else",
    ),
    (
        "Dahl came into the team three weeks earlier, when the first-choice keeper.",
        "Dahl had come into the team three weeks earlier, when the first-choice keeper, Sofie Lund, broke a finger.",
        "",
        "it lacks a verb",
    ),
    (
        "The central bank said it would not lower its interest rate before inflation was clear.",
        "The central bank left its main interest rate at 3.25 percent on Thursday and said it would not lower it "
        "before inflation was clearly on its way to 2 percent.",
        "",
        "clear is not in the article here",
    ),
    (
        "Comets will be closest to the sun in August.",
        "The comet will be closest to the sun in August.",
        "That is why scientists hope to find ice.",
        "Comets is not in the article here",
    ),
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
        "The former mayor has not declared, it is treated as settled.",
        "Although the former mayor has not declared, it is treated as settled that she will run.",
        "",
        "it joins two statements into one",
    ),
    (
        "The alliance has no intention of opening a command, he said.",
        "Mats Lindqvist told a conference that the alliance had no intention of opening a command in the region.",
        "",
        "it does not say who",
    ),
    (
        "My great-grandfather built it.",
        "My great-great-grandfather, Ove Lind, built it.",
        "",
        "great-grandfather is not in the article here",
    ),
    (
        "The new mayor of Larkmouth, Ove Lind, is the new mayor.",
        "The baths are under attack by the administration of Ove Lind, the new mayor of Larkmouth.",
        "",
        "it says the same words twice",
    ),
]
KEPT = [
    ("The mayor says the bridge is safe.", "The mayor told officials on Monday that the bridge is safe.", ""),
    ("He left when the vote was over.", "He left when the vote was over, and the others went home.", ""),
    ("She has not declared.", "Although she has not declared, it is treated as settled.", ""),
    ("The semi-final is on Monday.", "The semi final of the cup is on Monday.", ""),
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


UNSAID = [
    ("Genes decide whether we are thin.", "Genes decide whether we are thin or fat, the study found."),
    ("The student set fire to waste.", "Larkmouth Crown Court heard the student set fire to waste in a cage."),
    (
        '"The Lion," with four others, had been killed.',
        'The militia claimed that "The Lion," with four others, had been killed.',
    ),
]


@pytest.mark.parametrize(("text", "source"), UNSAID)
def test_who_said_or_found_it(text: str, source: str):
    assert "who said it was lost" in check(text, source=source, given=source).reasons


@pytest.mark.parametrize(("text", "source", "before"), KEPT)
def test_no_false_alarm(text: str, source: str, before: str):
    reasons = check(text, source=source, given=f"{before} {source}").reasons
    assert not [reason for reason in reasons if reason.endswith(("a verb", "into one", "twice", "in the article here"))]
