"""The choice among pieces, with probabilities made up."""

import pytest

from notime.article.choosing.choice import choose
from notime.article.document import tree
from notime.article.pieces import blocks
from support.made_pages import ARTICLE, paragraphs

EXCERPT = (
    "The island’s new bridge opened to traffic on Sunday, four weeks before the date that the builders had promised."
)


def pieces_of(body):
    return blocks.read(tree.parse(f"<html><body>{body}</body></html>"))[0]


def kept(body, score=0.95):
    found = pieces_of(body)
    choice = choose(found, [score] * len(found), "article")
    return [piece.text for piece, keep in zip(found, choice.kept, strict=True) if keep]


@pytest.mark.parametrize(
    "name", ["jp-relatedposts", "related-articles", "RelatedStories", "c-recommended-content__wrap"]
)
def test_a_box_named_after_other_articles_is_left_out_however_likely(name):
    body = f'<div>{paragraphs()}<div class="box {name}"><p>{EXCERPT}</p><p>{EXCERPT}</p></div></div>'
    assert kept(body) == list(ARTICLE)


@pytest.mark.parametrize(
    "body",
    [
        f'<body class="related-posts"><div>{paragraphs()}</div></body>',
        f'<article id="related-articles">{paragraphs()}</article>',
        f'<div class="related-content">{paragraphs()}</div>',
        f'<div class="unrelated-things has-related-posts-below">{paragraphs()}</div>',
    ],
)
def test_the_article_stays_whatever_its_own_box_is_named(body):
    assert kept(body) == list(ARTICLE)


def test_such_a_box_does_not_make_the_page_doubtful():
    plain = pieces_of(paragraphs())
    boxed = pieces_of(f'{paragraphs()}<div class="related-posts"><p>{EXCERPT}</p></div>')
    doubts = [choose(each, [0.95] * len(each), "article").expected for each in (boxed, plain)]
    assert doubts[0] == doubts[1]


def test_what_was_kept_before_somewhere_else_is_left_out():
    copy = f'<div><div>{paragraphs()}</div><div class="small-screen"><p>{ARTICLE[2]}</p></div></div>'
    assert kept(copy) == list(ARTICLE)
    assert kept(f"<div>{paragraphs((*ARTICLE, ARTICLE[2]))}</div>") == [*ARTICLE, ARTICLE[2]]


def test_a_manual_says_the_same_of_several_things():
    found = pieces_of(f"<div>{paragraphs()}</div><div><div><p>{ARTICLE[2]}</p></div></div>")
    assert all(choose(found, [0.9] * len(found), "documentation").kept)


ELSEWHERE = ["Otters are back", "A bridge opens early", "The mill is sold", "Rain until Friday"]
HEADINGS = "".join(f'<h3><a href="/{place}">{line}</a></h3>' for place, line in enumerate(ELSEWHERE))


def test_rows_of_linked_headings_are_left_out_beside_a_text_and_kept_where_they_are_the_page():
    assert kept(f"{HEADINGS}{paragraphs()}") == list(ARTICLE)
    assert kept(f"{HEADINGS}<p>{EXCERPT}</p>") == [*ELSEWHERE, EXCERPT]


def test_headings_at_the_end_are_left_out_unless_they_are_a_list():
    names = [f"<h3>The Orrin {size}</h3>" for size in range(40, 44)]
    assert kept(f"<p>{EXCERPT}</p>{''.join(names[:2])}") == [EXCERPT]
    assert len(kept(f"<p>{EXCERPT}</p>{''.join(names)}")) == 5


def test_since_when_somebody_is_a_member_is_no_text():
    assert kept(f"<p>mirrorman Joined: May 2019 12 posts</p>{paragraphs()}") == list(ARTICLE)


def test_a_standfirst_is_kept_behind_whatever_stands_between_it_and_the_text():
    between = "".join(
        f"<div class='tool'>{word}</div>" for word in "Nature Dahl May Share Mail Print Save Listen".split()
    )
    found = pieces_of(f"<h1>Otters</h1><p class='standfirst'>{EXCERPT}</p>{between}<div>{paragraphs()}</div>")
    scores = [0.95 if piece.text in ARTICLE else 0.05 for piece in found]
    choice = choose(found, scores, "article")
    assert [piece.text for piece, keep in zip(found, choice.kept, strict=True) if keep] == [EXCERPT, *ARTICLE]


def test_the_name_of_a_lists_entry_is_kept_between_what_is_said_of_it():
    found = pieces_of(f"<p>{ARTICLE[0]}</p><h3>The Orrin 40</h3><p>{ARTICLE[1]}</p>")
    choice = choose(found, [0.9, 0.2, 0.9], "listing")
    assert all(choice.kept)


def test_the_best_is_taken_where_nothing_is_likely():
    found = pieces_of(paragraphs())
    assert any(choose(found, [0.05] * len(found), "other").kept)
