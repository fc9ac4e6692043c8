from pathlib import Path

import pytest

from notime.article import split
from notime.article.sentences.splitting import spans
from notime.types import Article, Block


def sentences(text, language="en"):
    return [text[start:end] for start, end in spans(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (["Sen. Ted Cruz spoke first.", "Ohio Gov. John Kasich did not."], "en"),
        (["(CNN)A man walked into the bank.", "He was calm."], "en"),
        (["(CNN)Gov. Mina Dahl signed the act.", "She was calm."], "en"),
        (["J. K. Rowling met George W. Bush.", "They talked."], "en"),
        (["It cost $3.5 million, or 2.75 a head.", "No. 5 was sold."], "en"),
        (["She lives in the U.S. with her sister.", "The U.S. Senate voted."], "en"),
        (["He left at 5 p.m. on Monday.", "At 9 a.m. Eastern time it began."], "en"),
        (['"It is good."', "She left."], "en"),
        (["“We knew it.”", "Nobody was ready."], "en"),
        (["First post, be gentle :)", "We bought a house.", "Paint peels \U0001f600", "Why?"], "en"),
        (["It says (a), (b) and c) Then comes D."], "en"),
        (["See No. 5 and Fig. 3 for it.", "It is on p. 12 too."], "en"),
        (["(He had run.)", "She sat down."], "en"),
        (["Er kam am 3. Oktober nach Bonn.", "Das ist z. B. gut."], "de"),
        (["Der 2. Weltkrieg war vorbei.", "Alle gingen nach Hause."], "de"),
        (["Er sagte: „Nein. Das geht nicht.“", "Danach ging er."], "de"),
        (["M. Dupont est là.", "Mme. Martin part."], "fr"),
        (["他来了。", "她走了！", "真的吗？"], "zh"),
        (["「行くよ。」と彼は言った。", "はい。"], "ja"),
        (["هل أنت هنا؟", "نعم."], "ar"),
        (["यह एक वाक्य है।", "वह दूसरा है।"], "hi"),
    ],
)
def test_sentences_are_cut_where_a_reader_would_cut_them(text, language):
    joined = ("" if language in {"zh", "ja"} else " ").join(text)
    assert sentences(joined, language) == text


LISTED = [
    line.split(" ", 1)
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("language", "text"), LISTED)
def test_no_cut_stands_inside_a_name_or_an_abbreviation(language, text):
    parts = text.split(" ¦ ")
    assert sentences(("" if language in {"zh", "ja"} else " ").join(parts), language) == parts


def test_the_list_has_two_hundred_paragraphs_in_ten_languages():
    assert len(LISTED) >= 200
    assert len({language for language, _ in LISTED}) >= 10


def test_an_enumeration_stays_with_its_sentence():
    assert sentences("1. First boil the water. 2. Then add the tea.") == [
        "1. First boil the water.",
        "2. Then add the tea.",
    ]


def test_long_quoted_speech_is_cut_at_its_sentences():
    speech = (
        "“"
        + " ".join(f"This is sentence number {n} of a very long speech that nobody interrupts." for n in range(8))
        + "”"
    )
    assert len(sentences(speech)) == 8


def test_split_gives_offsets_into_blocks_and_never_crosses_them():
    article = Article(
        (
            Block("A heading that is no sentence", "heading"),
            Block("The first ends. The second does not"),
            Block("goes on here, in another block. Then stops."),
            Block("a | b", "table"),
            Block("x = 1.", "code"),
            Block("An item.", "item"),
            Block("A quotation.", "quote"),
        )
    )
    found = split(article)
    assert [s.index for s in found] == list(range(6))
    assert [s.block for s in found] == [1, 1, 2, 2, 5, 6]
    assert all(article.blocks[s.block].text[s.start : s.end] == s.text for s in found)


def test_open_quotation_marks_do_not_take_quadratic_time():
    text = "“word " * 40_000
    assert "".join(text[start:end].replace(" ", "") for start, end in spans(text)) == text.replace(" ", "")


def test_a_million_words_in_one_block_are_split():
    text = "The man ran home to his wife and sat down. " * 100_000
    assert len(spans(text)) == 100_000


def test_labels_before_the_first_sentence_are_none():
    blocks = ("Transport", "By Odile Tarrant", "The ferry retires.", "Prices", "It is old.")
    found = split(Article(tuple(map(Block, blocks))))
    assert [(sentence.index, sentence.block, sentence.text) for sentence in found] == [
        (0, 2, "The ferry retires."),
        (1, 3, "Prices"),
        (2, 4, "It is old."),
    ]
    assert len(split(Article((Block("no stops here"), Block("nor here"))))) == 2
