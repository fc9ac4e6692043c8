"""The outline that a summary carries: which of the article's headings are in it."""

from __future__ import annotations

from notime.summary.outline import MOST, outline
from notime.types import Block

TEXT = Block("A paragraph with some words in it.")


def parts(*names: str) -> list[Block]:
    return [block for name in names for block in (Block(name, "heading"), TEXT)]


def names(blocks: list[Block], title: str = "") -> list[str]:
    found = outline(blocks, title)
    assert [blocks[each.block].text for each in found] == [each.text for each in found]
    return [each.text for each in found]


def test_headings_in_their_order() -> None:
    assert names([TEXT, *parts("One", "Two", "Three")]) == ["One", "Two", "Three"]


def test_two_headings_are_no_outline() -> None:
    assert names(parts("One", "Two")) == []
    assert names([TEXT]) == []


def test_the_title_and_what_leads_nowhere_are_left_out() -> None:
    blocks = [*parts("The title!", "One", "Two"), Block("A group", "heading"), *parts("Three", "one")]
    assert names(blocks, "The Title") == ["One", "Two", "Three"]


def test_a_sentence_set_large_is_no_heading() -> None:
    assert names(parts("One", "Two", "Three", "word " * 40)) == ["One", "Two", "Three"]


def test_of_many_those_with_the_most_under_them() -> None:
    blocks = [block for place in range(20) for block in (Block(f"Part {place}", "heading"), *[TEXT] * (1 + place % 2))]
    found = names(blocks)
    assert len(found) == MOST
    assert found == sorted(found, key=lambda name: int(name.split()[1]))
    assert {f"Part {place}" for place in range(1, 20, 2)} <= set(found)
