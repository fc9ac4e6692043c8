"""Words are counted in scripts with and without spaces."""

import pytest

from notime.types import Article, Block
from notime.words import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three.", 3),
        ("Was — hier — so steht", 6),
        ("他来了。", 2),
        ("彼は九時に来た。", 4),
        ("iPhone的价格", 3),
        ("นายสมชายไปตลาด", 4),
        ("그는 시장에 갔다.", 3),
        ("वह बाज़ार गया।", 3),
        ("", 0),
    ],
)
def test_words_are_counted(text, words):
    assert count_words(text) == words


def test_the_reading_time_of_an_article_without_spaces_is_told():
    article = Article((Block("市場は、若い人が戻るきっかけをつくるための計画の一つである。" * 40),))
    assert article.words > 500
    assert article.minutes > 1
