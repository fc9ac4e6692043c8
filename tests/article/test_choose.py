"""The choice among pieces, with probabilities made up."""

import pytest

from made_pages import ARTICLE, paragraphs
from notime.article import blocks, tree
from notime.article.choose import choose

EXCERPT = (
    "The island’s new bridge opened to traffic on Sunday, four weeks before the date that the builders had promised."
)


def pieces_of(body):
    return blocks.read(tree.parse(f"<html><body>{body}</body></html>"))[0]


def kept(body, score=0.95):
    found = pieces_of(body)
    choice = choose(found, [score] * len(found))
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
    assert choose(boxed, [0.95] * len(boxed)).expected == choose(plain, [0.95] * len(plain)).expected
