"""docs/security.md tells the truth: each case has its tests where the table says, and each check its mutant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TESTS
from scripts.robustness.mutants import MUTANTS

ROOT = TESTS.parent
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CASES = range(1, 44)

NAMED = re.compile(
    r"""^(?:(?:async )?def \w*?_|test\(")(?:cases?|fault)[_ ](\d\d)((?:_(?:and|to)_\d\d)*)""",
    re.MULTILINE,
)
"""A test by its case: `test_case_07_and_10_…`, `test_cases_20_to_22_…`, `test_fault_32_…`, or `test("case 39: …`."""


def numbers(source: str) -> Iterator[int]:
    """The cases that the tests of a file are named after."""
    for first, more in NAMED.findall(source):
        last = int(first)
        yield last
        for word, number in re.findall(r"_(and|to)_(\d\d)", more):
            yield from range(last + 1 if word == "to" else int(number), int(number) + 1)
            last = int(number)


def held() -> set[tuple[int, str]]:
    """Every case and the file in which a test is named after it."""
    files = [*TESTS.rglob("test_*.py"), *(ROOT / "extension" / "tests").glob("*.test.js")]
    return {(case, _name(path)) for path in files for case in numbers(path.read_text(encoding="utf-8"))}


def told() -> dict[int, set[str]]:
    """What the table says: each case and its files."""
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", DOCUMENT, re.MULTILINE)
    return {int(case): set(re.findall(r"`([^`]+)`", files)) for case, files in rows}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_table_has_every_case_and_every_test_that_is_named_after_one():
    assert list(told()) == list(CASES)
    assert {(case, file) for case, files in told().items() for file in files} == held()


def test_names_are_understood():
    source = (
        'async def test_case_07_and_10_x():\ndef test_cases_20_to_22_x():\ntest("case 39: x", () => {\ndef test_8():'
    )
    assert list(numbers(source)) == [7, 10, 20, 21, 22, 39]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.what)
def test_a_check_that_is_removed_is_where_the_list_says(mutant: object):
    assert mutant.check in (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.check != mutant.without
    assert (ROOT / mutant.tests.partition("::")[0]).exists()


def test_every_mutant_was_found_out():
    rows = dict(re.findall(r"^\| ([^|]+) \| `[^|]+` \| ([^|]+) \|$", DOCUMENT.partition("scripts/mutate -->")[2], re.M))
    assert list(rows) == [each.what for each in MUTANTS]
    assert "**alive**" not in rows.values()
