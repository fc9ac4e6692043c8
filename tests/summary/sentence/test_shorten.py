from __future__ import annotations

import pytest

from notime.summary.sentence.shorten import first_statement, shorten


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("(CNN)The ferry made her last crossing on Friday.", "The ferry made her last crossing on Friday."),
        ("Lagos, Nigeria (CNN) -- The ferry made her last crossing.", "The ferry made her last crossing."),
        ("LARKMOUTH — The council voted for the new bridge.", "The council voted for the new bridge."),
        ("A: The council voted for the new bridge.", "The council voted for the new bridge."),
        ("Question : Who voted for the new bridge on Friday?", "Who voted for the new bridge on Friday?"),
        ("A: However, the council voted for the new bridge.", "The council voted for the new bridge."),
        ("However, the council voted for the new bridge.", "The council voted for the new bridge."),
        ("But the council voted for the new bridge.", "The council voted for the new bridge."),
        ("Meanwhile, work on the bridge began in May.", "Work on the bridge began in May."),
        ("On the other hand, the council voted for the new bridge.", "The council voted for the new bridge."),
        ("So, therefore, the council voted for the new bridge.", "The council voted for the new bridge."),
        ("2.) Ask the harbour office for a berth in May.", "Ask the harbour office for a berth in May."),
        ("• Ask the harbour office for a berth in May.", "Ask the harbour office for a berth in May."),
        ("NEW SALTBY (WKLM) -- The council voted for the bridge.", "The council voted for the bridge."),
        ("The trust (founded in 1911) bought the old quay.", "The trust bought the old quay."),
        (
            "The ferry -- built in Saltby in 1964 -- carried lorries.",
            "The ferry -- built in Saltby in 1964 -- carried lorries.",
        ),
        (
            "The ferry -- built in Saltby in 1964 -- carried lorries to the island.",
            "The ferry carried lorries to the island.",
        ),
        ("Maria Keller, who runs the line, said the boat burns oil.", "Maria Keller said the boat burns oil."),
        ("Jonas Brandt, a farmer from Saltby, was at the meeting.", "Jonas Brandt was at the meeting."),
        ("Jonas Brandt, 46, was arrested at the harbour.", "Jonas Brandt was arrested at the harbour."),
        ("The bridge was closed on Monday, which delayed the trams.", "The bridge was closed on Monday."),
        (
            "Naps may help older drivers, according to a study published on Tuesday in a journal.",
            "Naps may help older drivers, according to a study.",
        ),
        ("The tram left the rails at noon, blocking two streets.", "The tram left the rails at noon."),
        (
            "The shop sells old things, including maps of the coast.",
            "The shop sells old things, including maps of the coast.",
        ),
        (
            "The shop on the quay sells old things, including maps of the coast.",
            "The shop on the quay sells old things.",
        ),
    ],
)
def test_what_can_go_goes(sentence: str, short: str):
    assert shorten(sentence) == short


@pytest.mark.parametrize(
    "sentence",
    [
        "Since most boats meet one of these winds, following the heavy schedule is best.",
        "In the last cold weeks of winter, feeding the gulls helps them.",
        "To save on the price of a berth, sharing one works well.",
        "The committee of the harbour met, being late is the rule.",
        "I will write them down – from a sailor's view – The log of a beginner.",
        "2024 was a good year for the harbour office.",
        "The blaze was started by a heater, police said.",
        "According to the mayor, the bridge will open in May.",
        "The deal is done, if he passes a medical on Thursday.",
        "Jonas Brandt, who allegedly took the money, was arrested.",
        "Jonas Brandt, who was not charged, left the town.",
        "Maria Keller, who said she was ill, was not seen.",
        "The bridge, the road and the tunnel were closed.",
        "He met Brandt, the mayor, and the head of the school.",
        "“The tram, which was old, was painted red,” she said.",
        "The museum reopened in May, suggesting that the roof was mended.",
        "The boat sails at noon, unless it rains in the valley.",
        "The town lost 12, 14 and 19 houses in three years.",
        "She left.",
        "",
    ],
)
def test_what_must_stay_stays(sentence: str):
    assert shorten(sentence) == sentence


@pytest.mark.parametrize("sentence", ["But the council voted (twice) for it, blocking the old road for a year."])
def test_it_is_stable(sentence: str):
    assert shorten(shorten(sentence)) == shorten(sentence)


def test_a_first_statement_stands_alone_where_nothing_rules_both():
    bank = "The bank left its main rate at 3 percent and said it would not lower it."
    assert first_statement(bank) == "The bank left its main rate at 3 percent."
    for bound in (
        "The man who left his rate at 3 percent and said nothing was rich.",
        "The bank did not leave its rate at 3 percent and said so.",
        "It left and said so.",
        "The bank left its main rate at 3 percent.",
        "The bank left its “main rate” at 3 percent and said so.",
    ):
        assert first_statement(bound) == ""
