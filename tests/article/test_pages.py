"""Pages in `tests/pages/NAME/`: `source.html`, and in `expected.txt` the title, an empty line, one block a line.

A bug of extraction starts as a page here (`scripts/add-page`).
"""

from pathlib import Path

import pytest

from notime.article.page import PageReader
from notime.errors import Unsummarizable
from notime.types import Page

FOLDERS = sorted(path.parent for path in Path(__file__).parents[1].glob("pages/*/source.html"))


@pytest.fixture(scope="module")
def reader():
    return PageReader()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_page_is_read_as_expected(reader, folder):
    try:
        article = reader.read(Page((folder / "source.html").read_bytes()))
        found = f"{article.title}\n\n{article.text}\n"
    except Unsummarizable as error:
        found = f"{error.code}: {error.message}\n"
    assert found == (folder / "expected.txt").read_text(encoding="utf-8")


def test_there_are_pages():
    assert FOLDERS
