"""Kinds of fault that are certain where they are seen; each beside a shortening that is fine."""

from __future__ import annotations

import pytest

from notime.summary.check import check
from notime.summary.check.faults.rare import DOUBT, GUESS, HALF, SECOND_HAND
from notime.summary.check.faults.seams import BROKEN, JOINED, NAMELESS, OTHER
from notime.summary.check.learnt.taught import CERTAIN, Context, judge

FAULTS = [
    (
        DOUBT,
        "The clerk should perhaps be dismissed for what he did with the seals, three of the judges wrote.",
        "The clerk should be dismissed for what he did with the seals, three of the judges wrote.",
    ),
    (
        DOUBT,
        "The tower would probably have fallen without the ivy, a mason told the council.",
        "The tower would fall without the ivy, a mason told the council.",
    ),
    (GUESS, "My guess is that Lorn will sell, since the mill has no water.", "The mill has no water."),
    (GUESS, "I suspect that the ferry will never run again in winter.", "The ferry will never run again in winter."),
    (
        HALF,
        "The organ was paid for by two sisters, Ada and Ruth Holm, and by a bank from Hallam.",
        "The organ was paid for by two sisters, Ada and Ruth Holm.",
    ),
    (
        HALF,
        "The pass will open again on 2 June, though at first for mules only.",
        "The pass will open again on 2 June.",
    ),
    (HALF, "The museum is free on Mondays, but not in August.", "The museum is free on Mondays."),
    (HALF, "Members pay nothing for the boat if they row.", "Members pay nothing for the boat."),
    (
        HALF,
        "In the cart sat three smiths, Otto Quill, Leo Park and Tim Rowe, and one judge, Ada Lorn.",
        "In the cart sat three smiths, Leo Park and Ada Lorn.",
    ),
    (
        SECOND_HAND,
        "Teachers told parents that the mayor had told them that the bridge was safe.",
        "Teachers told parents that the bridge was safe.",
    ),
    (
        OTHER,
        "Lorn said the painters' wish for a day off is being mistaken for laziness.",
        "Lorn said the painters' wish for a day off is mistaken.",
    ),
    (OTHER, "Otto Quill has coached her since she was nine.", "Otto Quill coached since she was nine."),
    (
        NAMELESS,
        "Holm's uncle Leo said that he had always known of Holm's voice, long before she could speak.",
        "Holm's uncle Leo said he had always known of his voice.",
    ),
    (
        JOINED,
        "The bishop came to Varn on Sunday and looked at the tower from a ladder.",
        "The bishop came to the tower from a ladder.",
    ),
    (
        BROKEN,
        "There is something new in the yard: two copper kettles, dented and filled with rain.",
        "Two copper kettles, dented and filled with rain.",
    ),
]

FINE = [
    (
        "The clerk should perhaps be dismissed, three of the judges wrote on Friday.",
        "The clerk should perhaps be dismissed, three of the judges wrote.",
    ),
    (
        "The organ was paid for by two sisters, Ada and Ruth Holm, and by a bank from Hallam, in March.",
        "The organ was paid for by two sisters, Ada and Ruth Holm, and by a bank from Hallam.",
    ),
    (
        "Teachers told parents that the bridge was safe, the paper of Hallam wrote on Sunday.",
        "Teachers told parents that the bridge was safe, the paper of Hallam wrote.",
    ),
    ("Otto Quill has coached her since she was nine.", "Otto Quill has coached her since she was nine."),
    (
        "The bishop came to Varn on Sunday and looked at the tower from a ladder.",
        "The bishop came to Varn and looked at the tower.",
    ),
    (
        "In the cart sat three smiths, Otto Quill, Leo Park and Tim Rowe, who had met on the quay.",
        "In the cart sat three smiths, Otto Quill, Leo Park and Tim Rowe.",
    ),
]


@pytest.mark.parametrize(("reason", "source", "text"), FAULTS)
def test_the_rules_see_it(reason: str, source: str, text: str):
    assert reason in check(text, source=source, given=source).reasons


@pytest.mark.parametrize(("reason", "source", "text"), FAULTS)
def test_it_is_not_shown_however_sure_the_writer_was(reason: str, source: str, text: str):
    pieces = [f" {word}" for word in text.split()]
    judged = judge(Context("News of the quay", "", "", source), text, pieces, [0.999] * (len(pieces) + 1))
    assert not judged.shown
    assert judged.bad >= CERTAIN
    assert judged.reason


@pytest.mark.parametrize(("source", "text"), FINE)
def test_a_fair_shortening_passes(source: str, text: str):
    assert check(text, source=source, given=source).reasons == ()
