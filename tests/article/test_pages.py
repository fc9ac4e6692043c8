"""Pages in `tests/pages/NAME/`: `source.html`, and in `expected.txt` the title, an empty line, one block a line.

A bug of extraction starts as a page here (`scripts/add-page`). A page of ours that is not read as it should be as yet
has its text in `wanted.txt`; `reader.json` has the sentences that an expert would take (docs/quality.md).
"""

import json
from pathlib import Path

import pytest

from notime.article import split
from notime.article.page import PageReader
from notime.article.sentences.language import detect
from notime.errors import Unsummarizable
from notime.types import Article, Block, Page

PAGES = Path(__file__).parents[1] / "pages"
FOLDERS = sorted(path.parent for path in PAGES.glob("*/expected.txt"))
READ = sorted(path.parent for path in PAGES.glob("*/reader.json"))
JOINED = {"de-news", "it-guide", "docs-retry-queue"}
"""Two sentences of theirs are taken for one: *30 km/h. Einsturzgefahr …*, *non va più via. Il ferro …*, *… job.attempt
counts from 1 …*."""


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
    assert READ


@pytest.mark.parametrize("folder", READ, ids=lambda folder: folder.name)
def test_an_experts_sentences_are_sentences_of_the_page(folder):
    told = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    path = next(folder / name for name in ("expected.txt", "wanted.txt") if (folder / name).exists())
    _, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    assert detect(text) == told["language"]
    blocks = tuple(map(Block, text.splitlines()))
    found = {sentence.text for sentence in split(Article(blocks, language=told["language"]))}
    named = {sentence for point in told["brief"] for sentence in point["s"]} | {*told["more"]}
    assert named <= found or folder.name in JOINED
