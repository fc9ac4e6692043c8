"""What a reader gets who asks: the text, or a refusal with the right reason.

`answered.tsv` has a page a line: where it is, a tab, and `answered` or the sentence of the refusal, judged by what the
page shows. `made:` is in `asked_pages.py`, `own:` in `tests/pages`, `wcxb:` in the training file beside the checkout.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TESTS, load_module
from notime.article.page import PageReader
from notime.errors import Unsummarizable
from notime.types import Page

HERE = Path(__file__).parent
ARCHIVE = TESTS.parents[1] / "shared" / "eval" / "extraction-wcxb-train.tar.xz"
RIGHT = dict(line.split("\t") for line in (HERE / "answered.tsv").read_text(encoding="utf-8").splitlines())
MADE = load_module(HERE / "asked_pages.py").PAGES


def listed(source: str) -> dict[str, str]:
    """What is right, by the names of a source's pages."""
    pairs = ((*where.split(":", 1), right) for where, right in RIGHT.items())
    return {name: right for kind, name, right in pairs if kind == source}


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader()


def told(reader: PageReader, page: Page) -> str:
    try:
        reader.read(page)
    except Unsummarizable as refusal:
        return refusal.message
    return "answered"


def from_the_archive(names: set[str]) -> Iterator[tuple[str, Page]]:
    """The pages so named; their addresses stand behind them in the archive, or before."""
    sources: dict[str, bytes] = {}
    urls: dict[str, str | None] = {}
    with tarfile.open(ARCHIVE) as packed:
        for member in packed:
            path = Path(member.name)
            if path.stem in names or path.name == "gold.json":
                stream = packed.extractfile(member)
                assert stream is not None
                if path.name == "gold.json":
                    urls = {name: entry["url"] for name, entry in json.load(stream).items()}
                else:
                    sources[path.stem] = stream.read()
    yield from ((name, Page(source, urls[name])) for name, source in sources.items())


def test_the_list_is_long_and_half_of_it_is_to_be_answered():
    assert len(RIGHT) >= 150
    assert sum(right == "answered" for right in RIGHT.values()) * 2 >= len(RIGHT)
    assert listed("made").keys() == MADE.keys()


@pytest.mark.parametrize("name", MADE)
def test_a_page_made_for_it_gets_what_is_right(reader: PageReader, name: str):
    url, source = MADE[name]
    assert told(reader, Page(source, url)) == listed("made")[name]


@pytest.mark.parametrize("name", listed("own"))
def test_a_page_of_ours_gets_what_is_right(reader: PageReader, name: str):
    assert told(reader, Page((TESTS / "pages" / name / "source.html").read_bytes())) == listed("own")[name]


@pytest.mark.skipif(not ARCHIVE.exists(), reason="the training file is not beside this checkout")
def test_pages_of_the_training_file_get_what_is_right(reader: PageReader):
    right = listed("wcxb")
    found = {name: told(reader, page) for name, page in from_the_archive(set(right))}
    assert found == right
