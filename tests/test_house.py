"""The house itself: few rooms on a floor, no name twice next to each other, nothing private taken from a neighbour."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from conftest import TESTS

ROOT = TESTS.parent
NOTIME = ROOT / "daemon" / "notime"
MOST = 12
"""Modules on one floor, `__init__` apart."""
FOLDERS = sorted({path.parent for top in (NOTIME, ROOT / "scripts") for path in top.rglob("*.py")})
GROUPS = NOTIME / "cli"
"""A module there is named after its command, and so often after the room that it shows."""


def modules(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.py") if not path.stem.startswith("__")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: str(each.relative_to(ROOT)))
def test_a_floor_has_few_modules_and_says_what_it_is_for(folder: Path):
    assert len(modules(folder)) <= MOST
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("folder", sorted({path.parent for path in TESTS.rglob("*.py")}), ids=lambda each: each.name)
def test_a_floor_of_the_tests_has_few_modules(folder: Path):
    assert len([path for path in modules(folder) if path.stem != "conftest"]) <= MOST


@pytest.mark.parametrize("package", [path for path in NOTIME.iterdir() if (path / "__init__.py").exists()])
def test_no_two_modules_of_a_package_share_a_name(package: Path):
    floors = (modules(folder) for folder in FOLDERS if folder.is_relative_to(package))
    names = Counter(path.stem for path in chain.from_iterable(floors))
    assert [name for name, times in names.items() if times > 1] == []
    if package != GROUPS:
        assert not names.keys() & {path.stem for path in NOTIME.iterdir()}


def test_nothing_private_is_imported():
    taken = []
    for path in NOTIME.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("notime"):
                taken += [f"{path.name}: {each.name}" for each in node.names if each.name.startswith("_")]
    assert taken == []
