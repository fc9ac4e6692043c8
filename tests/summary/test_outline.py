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
    return [each.text for each in found if each.depth == 0]


def nested(*names: str) -> list[Block]:
    """Headings with text under them; the level of each is the number of marks before it."""
    return [
        block
        for name in names
        for block in (Block(name.lstrip("#"), "heading", len(name) - len(name.lstrip("#"))), TEXT)
    ]


def tree(blocks: list[Block], title: str = "") -> list[str]:
    """The outline, with a mark before what is folded."""
    return ["> " * each.depth + each.text for each in outline(blocks, title)]


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


def test_smaller_headings_belong_to_the_one_before() -> None:
    blocks = nested("#The title", "##One", "###a", "###b", "##Two", "##Three", "####c")
    assert tree(blocks, "The title") == ["One", "> a", "> b", "Two", "Three", "> c"]


def test_where_there_are_too_few_of_one_level_the_next_is_the_outline() -> None:
    assert tree(nested("##All of them", "###One", "###Two", "####a", "###Three")) == [
        "All of them",
        "One",
        "Two",
        "> a",
        "Three",
    ]
    assert tree(nested("###One", "##Two", "##Three", "##Four")) == ["One", "Two", "Three", "Four"]
    assert tree(nested("##One", "###a", "##Two")) == ["One", "a", "Two"]


def test_what_stands_under_several_is_left_out() -> None:
    blocks = nested("##One", "###Pros", "###Its lamp", "##Two", "###Pros", "##Three", "###Pros")
    assert tree(blocks) == ["One", "> Its lamp", "Two", "Three"]


def test_a_long_outline_keeps_what_has_the_most_under_it() -> None:
    short = [f"##Short {place}" for place in range(MOST)]
    found = tree(nested(*short, "##Long", *[f"###Part {place}" for place in range(2 * MOST)]))
    assert "Long" in found
    assert sum(name.startswith("> ") for name in found) == MOST
    assert sum(not name.startswith("> ") for name in found) == MOST
