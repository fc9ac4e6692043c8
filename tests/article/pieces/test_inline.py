"""What inline elements do to the sentence they stand in."""

import pytest

from notime.article.document import preformatted, tree
from notime.article.pieces import blocks

LINE = "The survey counted the otters of the lowland rivers for the first time in nine years"


def texts(body):
    root = tree.parse(f"<html><body>{body}</body></html>")
    preformatted.unfold(root)
    return [piece.text for piece in blocks.read(root)[0]]


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("10<sup>6</sup> eggs", "10⁶ eggs"),
        ("10<sup>-3</sup> m", "10⁻³ m"),
        ("40 km<sup>2</sup> of marsh", "40 km² of marsh"),
        ("E = mc<sup>2</sup> holds", "E = mc² holds"),
        ("x<sup>n</sup> grows", "x^n grows"),
        ("the 21<sup>st</sup> day", "the 21st day"),
        ("M<sup>me</sup> Roux", "Mme Roux"),
        ("the north.<sup>1</sup> And", "the north. And"),
        ("the north<sup>12</sup> and", "the north and"),
        ('farms.<sup class="fn">3</sup> The', "farms. The"),
        ('farms.<a href="#n2"><sup>2</sup></a> The', "farms. The"),
        ('farms<sup><a href="#n2">[2]</a></sup> and', "farms and"),
        ("in May <del>as planned</del> two years late", "in May two years late"),
        ("<s>in May</s> in June", "in June"),
        ('<span style="text-decoration: line-through">in May</span> in June', "in June"),
        ("melt <glossary-term>bottles</glossary-term> alone", "melt bottles alone"),
        ("so that <mjx-container><mjx-math>a+b</mjx-math></mjx-container> holds", "so that a+b holds"),
        ('needs <img class="latex" src="/l.php" alt="t"> minutes', "needs t minutes"),
        ('a speed of <img src="x.png" alt="v"> metres', "a speed of v metres"),
        ('a photo <img src="x.jpg" alt="Two men on a boat in the rain"> of it', "a photo of it"),
        ("the <button>tide table</button> at the quay", "the tide table at the quay"),
        ("H<sub>2</sub>O is wet", "H2O is wet"),
    ],
)
def test_a_sentence_reads_as_it_looks(inside, read):
    assert texts(f"<p>{LINE}, {inside}.</p>") == [f"{LINE}, {read}."]


def test_a_large_first_letter_belongs_to_its_word():
    assert texts(f'<p><span class="dropcap">T</span> {LINE[1:]}</p>') == [LINE]
    assert texts('<p><span class="dropcap">A</span> bridge fell.</p>') == ["A bridge fell."]


def test_components_that_html_does_not_know_break_the_line_where_they_hold_paragraphs():
    assert texts(f"<my-card><p>{LINE}</p></my-card><my-card><p>Two</p></my-card>") == [LINE, "Two"]


def test_an_anchor_without_address_is_no_link():
    root = tree.parse(f'<html><body><p><a name="x">{LINE}</a> <a href="/y">more</a></p></body></html>')
    assert [piece.links for piece in blocks.read(root)[0]] == [4]


def test_the_question_of_an_accordion_is_a_heading_and_a_menus_button_is_none():
    menu = "<nav><button aria-expanded='false'>All our many news</button></nav>"
    body = f"<h2><button>Who pays for it?</button></h2><p>{LINE}</p>{menu}"
    root = tree.parse(f"<html><body>{body}</body></html>")
    assert [(piece.kind, piece.text) for piece in blocks.read(root)[0]] == [
        ("heading", "Who pays for it?"),
        ("paragraph", LINE),
    ]


@pytest.mark.parametrize("mode", ["shadowrootmode", "shadowroot"])
def test_a_declared_shadow_root_is_read_and_other_templates_are_not(mode):
    assert texts(f"<my-page><template {mode}='open'><p>{LINE}</p></template></my-page>") == [LINE]
    assert texts(f"<template><p>{LINE}</p></template><p>Two</p>") == ["Two"]


def test_a_frame_that_carries_its_document_is_read():
    inner = "".join(f"<p>{LINE} {number}.</p>" for number in range(8)).replace('"', "&quot;")
    assert len(texts(f'<iframe srcdoc="{inner}"></iframe>')) == 8


def test_what_is_hidden_from_screen_readers_alone_is_read():
    assert texts(f'<div id="root" aria-hidden="true"><p><b>{LINE}</b></p></div><p>Two</p>') == [LINE, "Two"]
    assert texts(f'<div class="modal" aria-hidden="true"><p>{LINE}</p></div><p>Two</p>') == ["Two"]
    assert texts('<p>Two<span aria-hidden="true">#</span></p>') == ["Two"]


def test_prose_for_browsers_without_scripts_is_read_where_there_is_no_other():
    posts = "".join(f"<p>{LINE} {number}.</p>" for number in range(8))
    assert len(texts(f"<noscript>{posts}</noscript>")) == 8
    assert len(texts(f"<div>{posts}</div><noscript>{posts}</noscript>")) == 8


def test_preformatted_prose_is_paragraphs_and_code_stays_code():
    prose = (
        "The keeper of the light walked up the stairs\nand lit the lamp for the last time.\n\n"
        "He wrote the hour into the book, put out his pipe, and went home to his wife."
    )
    root = tree.parse(
        f"<html><body><pre>{prose}</pre><pre>if (x) {{ return y; }}\nfor (;;) {{ z += 1; }}</pre></body></html>"
    )
    preformatted.unfold(root)
    assert [piece.kind for piece in blocks.read(root)[0]] == ["paragraph", "paragraph", "code"]


@pytest.mark.parametrize(
    "text",
    [
        "Vergrößern Die Brücke über die Werle. © Jana Roth",
        "Foto: J. Hale",
        "[Ilustración: el puente]",
        "The bridge from the boat. Photo: J. Hale",
        "Fig. 3. The bridge.",
    ],
)
def test_a_caption_is_one_wherever_it_stands(text):
    root = tree.parse(f"<html><body><p>{text}</p></body></html>")
    assert [piece.kind for piece in blocks.read(root)[0]] == ["caption"]


def test_pieces_of_dense_scripts_are_measured_by_what_they_say():
    root = tree.parse(
        "<html><body><p>並んだのは朝に揚がったばかりのイカやアジ、町の畑でとれた野菜など六十二の店である。</p></body></html>"
    )
    assert blocks.read(root)[0][0].prose
