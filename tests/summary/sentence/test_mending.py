import pytest

from notime.summary.sentence.mending import closed, with_articles


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ('They will take part in it," the official said.', '"They will take part in it," the official said.'),
        ('He said, "We were ready.', 'He said, "We were ready."'),
        ("She added: “It is over.", "She added: “It is over.”"),
        ("It is over,” she added.", "“It is over,” she added."),
        ('He acts in "Modern Family"', 'He acts in "Modern Family".'),
        ("It had 'catastrophic consequences'", "It had 'catastrophic consequences'."),
    ],
)
def test_a_mark_gets_its_other(sentence: str, whole: str):
    assert closed(sentence) == whole


@pytest.mark.parametrize(
    "sentence",
    [
        'He said "yes," and she said "no."',
        "“We knew,” he said, “that it was over.”",
        'The board is 5" wide.',
        "It isn't the ministers' fault.",
        "Nothing to see here.",
        "",
    ],
)
def test_what_is_whole_stays(sentence: str):
    assert closed(sentence) == sentence


SOURCE = "The central bank sold it under the names Rye and a Best, and left the rate at 3 percent."


@pytest.mark.parametrize(
    ("rewritten", "whole"),
    [
        ("It sold it under names Rye.", "It sold it under the names Rye."),
        ("Central bank left rate at 3 percent.", "The central bank left the rate at 3 percent."),
        ("The central bank left the rate.", "The central bank left the rate."),
        ("Rye was sold by the bank.", "Rye was sold by the bank."),
        ("", ""),
    ],
)
def test_articles_that_the_rewriting_dropped_come_back(rewritten: str, whole: str):
    assert with_articles(rewritten, SOURCE) == whole


def test_an_opening_article_is_the_one_that_every_mention_has():
    assert with_articles("European probe is there.", "A European probe is there.") == "A European probe is there."
    assert with_articles("Bank said so.", "The Bank said so.") == "The Bank said so."
    assert with_articles("Rye is old.", "Some Rye is older than the Rye here.") == "Rye is old."
