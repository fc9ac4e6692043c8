"""Words looked for in the history."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notime.errors import BadRequest
from notime.history.store import Store
from support.http_entries import numbers, put


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ferry", [3, 1]), ("FERRY larkm", [1]), ("larkm ferry", []), ("ferry larkmouth", [1]), ("cafe", [2]),
        ("Café", [2]), ("courier.example", [3]), ("gazette", [2]), ("ferry's", [3]), ("bridge AND", []),
        ("  ferry\t", [3, 1]), ("東京", [4]), ("京の天", [4]), ("東天", []), ("부산", [5]), ("산에", [5]),
        ("", [5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_searching(store: Store, query: str, found: list[int]):
    put(store, 1, "A ferry is retired.", title="Larkmouth")
    put(store, 2, "A café opens.", site_name="The Gazette")
    put(store, 3, "The ferry's crew.", url="https://courier.example/x")
    put(store, 4, "東京の天気は晴れです。")
    put(store, 5, "부산에서 열린다.")
    assert numbers(store, query) == found


ODD = ['"', '""', "*", "a*b", "NEAR(", "NEAR(a b, 3)", "a AND", "OR", "NOT a", "title:x", "^a", "-a", "{a}", "(", "a)",
       "\0", "a\0b", "\ud800", "😀", "😀 ferry", "'; DROP TABLE summaries; --", "\\", "a " * 250, "a" * 500, "東" * 500,
       "‮", "%", "?", ":1", "a + b", "\n", "columns : a"]  # fmt: skip


@pytest.mark.parametrize("query", ODD)
def test_odd_queries_are_words_like_others(store: Store, query: str):
    put(store, 1)
    assert numbers(store, query) in ([], [1])
    assert numbers(store) == [1]
    put(store, 2, f"{query} ferry")
    assert 2 in numbers(store)


@given(query=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_no_query_is_an_error(store: Store, query: str):
    if not store.holds("place 1"):
        put(store, 1)
    numbers(store, query)


def test_signs_do_not_hide_words(store: Store):
    put(store, 1)
    assert numbers(store, "😀 ferry * retired") == [1]


def test_a_query_too_long(store: Store):
    with pytest.raises(BadRequest, match="query"):
        store.search("a" * 501)
