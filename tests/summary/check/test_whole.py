"""Whole summaries against whole articles."""

from __future__ import annotations

from notime.summary.check import judge

ARTICLE = (
    "The last diesel ferry on the Sarn will make her final crossing on 28 March. Maria Keller, who runs the line, said "
    "the boat burns 900 litres a day. An electric ferry built in Saltby takes over in April. It will not carry "
    "lorries.\nJonas Brandt, a farmer in Larkmouth, fears for his trade."
)


def test_the_articles_own_sentences_are_supported():
    judged = judge(ARTICLE, "An electric ferry built in Saltby takes over in April. It will not carry lorries.")
    assert judged.supported
    assert [sentence.sources for sentence in judged.sentences] == [
        ("An electric ferry built in Saltby takes over in April.",),
        ("It will not carry lorries.",),
    ]
    assert all(not sentence.reasons for sentence in judged.sentences)


def test_an_invention_is_not():
    judged = judge(ARTICLE, "A strike of bakers closed every shop in Ghent.")
    assert not judged.supported
    assert judged.sentences[0].reasons


def test_joining_what_the_article_keeps_apart_costs():
    whole = judge(ARTICLE, "Jonas Brandt, a farmer in Larkmouth, fears for his trade.").score
    joined = judge(ARTICLE, "Jonas Brandt, who runs the line, takes over in April.").score
    assert joined < whole


def test_a_lost_negation_is_told_and_costs():
    kept, lost = (judge(ARTICLE, f"It will {word}carry lorries.") for word in ("not ", ""))
    assert lost.score < kept.score
    assert "a negation was lost" in lost.sentences[0].reasons


def test_lower_cased_summaries_are_read():
    assert judge(
        ARTICLE, "an electric ferry built in saltby takes over in april .\nit will not carry lorries ."
    ).supported


def test_nothing_is_not_supported():
    for nothing in ("", "…", "\n"):
        judged = judge(ARTICLE, nothing)
        assert not judged.supported
        assert judged.score == 0
    assert not judge("", "A word.").supported
