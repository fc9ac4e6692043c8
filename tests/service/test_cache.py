"""Finding 11: what is kept is bounded in bytes, whatever is asked for."""

from __future__ import annotations

import pytest

from notime.service import cache
from notime.service.cache import Cache
from notime.types import Article, Block, Coverage, ModelInfo, Sentence, Summary


def summary(text: str) -> Summary:
    article = Article((Block(text),), title="T", sentences=(Sentence(0, text, 0, 0, len(text)),))
    return Summary("id", article, (), Coverage(1, 1), ModelInfo("m", "1", "int8"))


def test_finding_11_answers_are_kept_up_to_so_many_bytes():
    found = Cache()
    for number in range(40):
        found.put(f"key {number}", summary(f"{number}" + "a" * 1_000_000), f"place {number}")
        assert found.size <= cache.MOST_BYTES
    assert found.get("key 39") is not None
    assert found.get("key 0") is None
    assert found.size > cache.MOST_BYTES * 0.8


def test_finding_11_a_wide_character_counts_for_what_it_takes():
    narrow, wide = Cache(), Cache()
    narrow.put("k", summary("a" * 100_000), "p")
    wide.put("k", summary("\N{PILE OF POO}" * 100_000), "p")
    assert wide.size > 3.9 * narrow.size


def test_finding_11_what_is_larger_than_all_is_not_kept():
    found = Cache()
    found.put("small", summary("a"), "p")
    found.put("large", summary("a" * (cache.MOST_BYTES + 1)), "p")
    assert found.get("large") is None
    assert found.size <= cache.MOST_BYTES


@pytest.mark.parametrize("how", ["drop", "clear", "again"])
def test_what_goes_is_taken_off(how: str):
    found = Cache()
    found.put("key", summary("a" * 1_000), "place")
    size = found.size
    assert size > 1_000
    if how == "drop":
        found.drop("place")
    elif how == "clear":
        found.clear()
    else:
        found.put("key", summary("a" * 1_000), "place")
        assert found.size == size
        return
    assert found.size == 0


def test_an_article_is_kept_without_its_sentences():
    found = Cache()
    found.put("key", summary("a"), "place")
    again = found.get("key")
    assert again is not None
    assert again.article.sentences is None
