import pytest

from notime.article import from_text
from notime.errors import TooShort
from support.made_pages import ARTICLE


def test_blank_lines_separate_paragraphs():
    article = from_text("\n\n".join(ARTICLE), title="  A   title ", url="https://x.example/")
    assert [block.text for block in article.blocks] == list(ARTICLE)
    assert (article.title, article.url, article.language) == ("A title", "https://x.example/", "en")


def test_lines_are_paragraphs_where_nothing_else_separates_them():
    assert [block.text for block in from_text("\r\n".join(ARTICLE)).blocks] == list(ARTICLE)


def test_hard_wrapped_text_is_joined_again():
    wrapped, line = [], ""
    for word in " ".join(ARTICLE).split():
        if len(line) + len(word) > 70:
            wrapped.append(line)
            line = ""
        line = f"{line} {word}".strip()
    article = from_text("\n".join([*wrapped, line]))
    assert article.text.replace("\n", " ") == " ".join(ARTICLE)
    assert len(article.blocks) < len(wrapped) / 2


@pytest.mark.parametrize("text", ["", "Too short.", "One sentence only " * 30, "A b. C d. E f. G h."])
def test_short_text_is_refused(text):
    with pytest.raises(TooShort):
        from_text(text)


def test_text_without_spaces_is_counted_by_its_characters():
    assert from_text("港は月曜日に閉鎖され、そこで働いていた人々が最後の船を見に来た。" * 6).language == "ja"
