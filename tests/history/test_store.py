"""The history's file, by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from notime import shapes
from notime.errors import NotFound
from notime.history import store as store_module
from notime.history.store import Store
from support.http_entries import SECRET, Clock, all_bytes, numbers, put, summary

MARK = "zanzibarian"


def test_what_goes_in_comes_out(store: Store):
    made = summary(1, site_name="The Courier", byline="A. Writer", url="https://courier.example/a", language="en")
    store.put(made, place="p", length="full")
    answered = json.loads(shapes.encode(shapes.summary(made)))
    entry = store.get(made.id)
    assert entry.body == answered
    assert entry.whole == {**answered, "created": "2027-01-15T08:00:00Z", "length": "full"}
    assert entry.listed == {
        "id": made.id, "created": "2027-01-15T08:00:00Z", "title": "Title 1", "site_name": "The Courier",
        "byline": "A. Writer", "url": "https://courier.example/a", "language": "en", "words": 5, "minutes": 1,
        "length": "full", "model": "m", "sentences": 1, "text": "The ferry is retired.",
    }  # fmt: skip


def test_nothing_yet(store: Store, folder: Path):
    assert store.search("x") == ([], None)
    assert store.size() == (0, 0)
    assert not store.holds("p")
    store.clear()
    for ask in (store.get, store.delete):
        with pytest.raises(NotFound):
            ask("0" * 32)
    assert not folder.exists()


def test_the_article_is_not_written_down(store: Store, folder: Path):
    put(store, 1, f"{MARK} sails.")
    assert MARK.encode() in all_bytes(folder)
    assert SECRET.encode() not in all_bytes(folder)


def test_the_same_place_is_one_entry(store: Store):
    for number in (1, 2):
        put(store, number)
    store.put(summary(3, "The new ferry sails."), place="place 1", length="brief")
    assert numbers(store) == [3, 2]
    assert numbers(store, "retired") == [2]
    with pytest.raises(NotFound):
        store.get(f"{1:032x}")


def test_pages_of_entries(store: Store):
    for number in range(1, 8):
        put(store, number)
    seen, before = [], None
    while True:
        entries, before = store.search(before=before, limit=3)
        seen.append([int(entry.body["id"], 16) for entry in entries])
        if before is None:
            break
        put(store, 100 + len(seen))  # what comes in meanwhile moves nothing
    assert seen == [[7, 6, 5], [4, 3, 2], [1]]
    assert store.search(limit=9)[1] is None


def test_what_is_deleted_leaves_no_bytes(store: Store, folder: Path):
    for number in range(30):
        put(store, number, f"Common {number} words.")
    put(store, 99, f"{MARK} sails to {MARK}.", title=MARK, url=f"https://{MARK}.example/")
    for number in range(30, 60):
        put(store, number, f"Common {number} words.")
    assert numbers(store, MARK[:5]) == [99]
    assert store.delete(f"{99:032x}") == "place 99"
    # The index keeps beginnings of words apart from their ends.
    assert MARK[3:].encode() not in all_bytes(folder)
    assert len(numbers(store, "common")) == 60
    assert [path.name for path in folder.iterdir()] == ["history.db"]


def test_what_is_cleared_leaves_no_bytes(store: Store, folder: Path):
    for number in range(40):
        put(store, number, f"{MARK} sails {number}.", title=MARK)
    full = (folder / "history.db").stat().st_size
    store.clear()
    assert MARK[3:].encode() not in all_bytes(folder)
    assert (folder / "history.db").stat().st_size < full
    assert store.size()[0] == 0
    put(store, 1)
    assert numbers(store, "ferry") == [1]


def test_what_is_too_old_is_forgotten(folder: Path, clock: Clock):
    store, endless = Store(folder, days=2, now=clock), Store(folder, days=0, now=clock)
    put(store, 1, f"{MARK} sails.")
    clock.now += 86_400
    put(store, 2)
    clock.now += 86_401
    assert numbers(endless) == [2, 1]
    assert numbers(store) == [2]
    assert MARK[3:].encode() not in all_bytes(folder)
    clock.now += 86_401
    put(store, 3)
    assert store.size()[0] == 1
    clock.now -= 10 * 86_400
    put(store, 4)
    assert numbers(store) == [4, 3]  # the newest first, whatever the clock says


def test_there_are_not_too_many(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store_module, "MOST", 3)
    for number in range(5):
        put(store, number)
    assert numbers(store) == [4, 3, 2]
    assert numbers(store, "ferry") == [4, 3, 2]


def test_ids_by_their_beginning(store: Store):
    for number in (1, 2, 16):
        put(store, number)
    assert store.beginning(f"{16:032x}"[:31]) == [f"{16:032x}"]
    assert len(store.beginning("0")) == 2
    assert store.beginning("%") == []


def test_text_that_cannot_be_stored(store: Store):
    put(store, 1, "A \ud800 word.", title="\udfff title")
    assert numbers(store, "word") == [1]
    assert store.search()[0][0].listed["title"] == "? title"


def test_cached_or_not_is_kept_as_it_was_answered(store: Store):
    store.put(replace(summary(1), cached=True), place="p", length="brief")
    assert store.get(f"{1:032x}").body["cached"] is True
