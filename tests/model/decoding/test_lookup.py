from __future__ import annotations

from notime.model.decoding.lookup import FIRST, WIDEST, Lookup

SOURCE = list(range(10, 60))


def test_the_first_draft_is_how_the_source_begins():
    assert Lookup(SOURCE).draft([], 99) == SOURCE[:FIRST]
    assert Lookup(SOURCE).draft([], 3) == SOURCE[:3]


def test_a_draft_goes_on_behind_the_longest_match():
    source = [1, 2, 3, 9, 2, 3, 4, 5]
    assert Lookup(source).draft([7, 2, 3], 9) == [9, 2, 3, 4, 5]
    assert Lookup(source).draft([9, 2, 3], 9) == [4, 5]


def test_of_equal_matches_the_nearest_ahead():
    lookup = Lookup([1, 5, 2, 5, 3, 5, 4])
    assert lookup.draft([8, 5], 1) == [2]
    assert lookup.draft([8, 5], 1) == [3]


def test_no_draft_without_a_match_or_room():
    assert Lookup(SOURCE).draft([99], 9) == []
    assert Lookup(SOURCE).draft([10], 0) == []
    assert Lookup(()).draft([10], 9) == []


def test_drafts_grow_where_they_are_right_and_shrink_where_they_are_not():
    lookup = Lookup(SOURCE)
    lookup.learn(FIRST, FIRST)
    assert len(lookup.draft([10], 99)) == WIDEST
    for _ in range(5):
        lookup.learn(0, WIDEST)
    assert len(lookup.draft([10], 99)) == 2
