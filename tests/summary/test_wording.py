from __future__ import annotations

from notime.summary.lengths import Bounds, bounds_of
from notime.summary.rewrite import Task
from notime.summary.wording import Wording
from notime.types import Sentence

BRIEF = bounds_of("brief", words=900, sentences=40)
SOURCES = [
    "The town council of Larkmouth voted on Monday evening for a new bridge over the river Sarn.",
    "Work on it, which engineers from the county have planned for years, will begin in the spring.",
    "The ferry that has linked both banks since 1965 keeps running until the bridge is finished.",
    "Shopkeepers along the quay said they welcomed the decision after two hard winters.",
]
SHORT = [
    "The council voted on Monday for a new bridge.",
    "Work on it will begin in the spring.",
    "The ferry keeps running until the bridge is finished.",
    "Shopkeepers said they welcomed the decision.",
]


def tell(telling: Wording, place: int, text: str, source: str | None = None, *, complete: bool = True, doubt: str = ""):
    text_of = source or SOURCES[place]
    sentence = Sentence(place, text_of, place, 0, len(text_of))
    return telling.next(text, Task("", "", text_of, 10), sentence, complete=complete, doubt=doubt)


def test_a_rewriting_that_holds_stands_with_its_source():
    telling = Wording(BRIEF, 5)
    told = [tell(telling, place, text) for place, text in enumerate(SHORT)]
    assert [each.text for each in told if each] == SHORT
    assert [each.index for each in told if each] == [0, 1, 2, 3]
    assert all(each.method == "generated" and each.sources[0].text == SOURCES[each.index] for each in told if each)


def test_one_that_its_writer_doubts_is_quoted_with_the_reason():
    told = tell(Wording(BRIEF, 4), 0, SHORT[0], doubt="the model was not sure how to say it")
    assert told is not None
    assert (told.text, told.method, told.reasons) == (
        SOURCES[0],
        "extracted",
        ("the model was not sure how to say it",),
    )


def test_one_that_does_not_is_quoted_with_the_reason():
    told = tell(Wording(BRIEF, 4), 0, "The council voted against a new bridge in Paris.")
    assert told is not None
    assert (told.text, told.method) == (SOURCES[0], "extracted")
    assert told.reasons


def test_what_was_told_is_not_told_again():
    telling = Wording(BRIEF, 4)
    tell(telling, 0, SHORT[0])
    assert tell(telling, 0, SHORT[0]) is None


def test_a_quotation_that_finds_no_room_is_left_out():
    telling = Wording(BRIEF, 4)
    long = "The council, " + "which sat until late in the night and heard everybody, " * 8 + "voted for the bridge."
    assert tell(telling, 0, "", long) is None
    assert tell(telling, 1, SHORT[1]) is not None


def test_rather_too_long_than_nothing():
    telling = Wording(Bounds(1, 1, 1, 8, 8), 2)
    assert tell(telling, 0, "Nonsense about Paris.") is None
    told = tell(telling, 2, "Nonsense about Paris.")
    assert told is not None
    assert told.text == SOURCES[2]


def test_the_only_sentence_is_the_first_that_holds():
    telling = Wording(Bounds(1, 1, 1, 12, 12), 3)
    assert tell(telling, 0, "Nonsense about Paris.") is None
    told = tell(telling, 2, SHORT[2])
    assert told is not None
    assert told.text == SHORT[2]
    assert telling.full


def test_the_last_makes_up_for_rewritings_that_are_very_short():
    wanted = Bounds(1, 3, 24, 30, 70)
    telling = Wording(wanted, 2)
    tell(telling, 0, SHORT[0])
    told = tell(telling, 1, SHORT[1])
    assert told is not None
    assert told.text == SOURCES[1]
    assert told.method == "extracted"
