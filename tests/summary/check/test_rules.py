from __future__ import annotations

import pytest

from notime.summary.check import check

FERRY = (
    "The last diesel ferry on the Sarn will make her final crossing on 28 March, ending 61 years of service "
    "between Larkmouth and Saltby."
)


def reasons(text: str, source: str, given: str = "", *, complete: bool = True) -> str:
    verdict = check(text, source=source, given=f"{given} {source}", complete=complete)
    assert verdict.supported == (not verdict.reasons)
    return "; ".join(verdict.reasons)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (FERRY, "The last diesel ferry on the Sarn will make her final crossing on 28 March."),
        (FERRY, "The ferry will make her final crossing on 28 March."),
        (
            "Trade rose 11 percent to $1.2 trillion last year, the ministry said.",
            "Trade rose 11 percent, the ministry says.",
        ),
        ("“Nobody is asking for new walls,” she said.", '"Nobody is asking for new walls," she says.'),
        ("Speaking in Singapore, Maria Keller told reporters that members agree.", "Maria Keller says members agree."),
        ("If the plan is revived, it would need the consent of all 32 members.", "If revived, it would need consent."),
        ("The alliance will not open an office.", "The alliance won't open an office."),
        ("Ministers' plans cost 1,200 crowns.", "Minister's plans cost 1200 crowns."),
    ],
)
def test_faithful(source: str, text: str):
    assert reasons(text, source) == ""


def test_a_name_may_come_from_what_the_writer_saw():
    assert reasons("Keller arrives on Friday.", "She arrives on Friday.", "Maria Keller is the envoy.") == ""


@pytest.mark.parametrize(
    ("source", "text", "reason"),
    [
        ("The envoy arrives on Friday.", "The envoy Keller arrives on Friday.", "Keller is not"),
        ("The envoy arrives on Friday.", "Keller arrives on Friday.", "Keller is not"),
        ("It has 40 members of staff.", "It has 400 members of staff.", "number 400"),
        ("It has forty members of staff.", "It has fifty members of staff.", "number fifty"),
        ("The alliance will not open an office.", "The alliance will open an office.", "negation"),
        ("The alliance will open an office.", "The alliance will not open an office.", "negation"),
        ("The trust declined to publish the price.", "The trust published the price.", "negation"),
        ("The deal is done if he passes a medical.", "The deal is done.", "condition"),
        ("Unless it rains, the boat sails at noon.", "The boat sails at noon.", "condition"),
        ("The boat may sail at noon.", "The boat will sail at noon.", "doubt"),
        ("The mayor allegedly took 40 crowns.", "The mayor took 40 crowns.", "doubt"),
        ("The blaze began in the attic, police said.", "The blaze began in the attic.", "who said it"),
        ("She lost the race in Chile.", "She lost the Chilean race.", "Chilean is not"),
        ("It sank two boats.", "It sank 2 boats.", "number 2"),
        ("Is the boat safe?", "The boat is safe.", "question"),
        ("“We may sail,” she said.", "“We will sail at noon,” she said.", "verbatim"),
        ("The plan was accepted by the board.", "The plan was rejected by the board.", "opposite"),
        ("It sold 40 boats and 12 cars.", "It sold 12 boats.", "counts something else"),
        ("The boat sails at noon.", "The weather forecast promises sunshine.", "too much"),
        (FERRY, "Larkmouth and Saltby will make final crossing on 28 March.", "somebody or something else"),
        ("The boat sails.", "The boat sails and the boat sails and the boat sails.", "longer"),
        ("The boat sails at noon.", "", "nothing"),
        ("The boat sails at noon.", "…", "nothing"),
    ],
)
def test_unfaithful(source: str, text: str, reason: str):
    assert reason in reasons(text, source)


def test_a_name_from_before_needs_a_pronoun_to_stand_for():
    before = "Senator Bell spoke after the vote."
    assert "Bell is not what" in reasons("Bell has to run.", "Marsh has to run.", before)
    assert reasons("Bell has to run.", "He has to run.", before) == ""


def test_the_sentence_before_is_not_retold():
    before = "The Leap remains one of the most disputed plays in history."
    told = "The Leap is one of the most disputed plays in history."
    assert "too much" in reasons(told, "Mention The Leap in a bar and be prepared for a string of oaths.", before)


def test_a_sentence_that_breaks_off_does_not_hold():
    assert "breaks off" in reasons("The boat sails at", "The boat sails at noon.", complete=False)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "The senator did not answer, but Lotte Vries of the Courier says the vote tells us about the mood.",
            "Lotte Vries says the vote tells us about the mood.",
        ),
        ("Its song had a rare success, reaching the No. 1 spot in the charts.", "Its song had a rare success."),
        ("More than a billion people are at risk, the agency (not the band) says.", "A billion are at risk, it says."),
        ("The 25-year-old photographer began with old maps.", "Felix Brandt began with old maps."),
        ("Brandt and Olsen have quarrelled for years.", "Jonas Brandt and Olsen have quarrelled for years."),
    ],
)
def test_a_mark_goes_with_the_words_that_it_rules(source: str, text: str):
    assert reasons(text, source, "Felix Brandt is a photographer. Jonas Brandt quarrels.") == ""
