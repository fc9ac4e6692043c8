"""What is pinned, what is told of it, and what is asked for are the same."""

from __future__ import annotations

import re
import tomllib

import pytest

from conftest import TESTS
from notime.model import Catalog

ROOT = TESTS.parent
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)(?: ; ([^\\]+))? \\$", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pinned(name: str) -> dict[str, set[str]]:
    """Versions by package: one may differ by Python."""
    found: dict[str, set[str]] = {}
    for package, version, _ in PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", ["daemon", "dev"])
def test_every_dependency_is_pinned_by_hash(name: str):
    """Else: scripts/lock."""
    asked = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["dev"] if name == "dev" else [])
    assert {re.split(r"[<>=\[]", each)[0] for each in asked} <= set(pinned(name))
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block


def test_the_tests_run_with_what_a_reader_installs():
    daemon, dev = pinned("daemon"), pinned("dev")
    assert {name: dev[name] for name in daemon} == daemon


def test_every_licence_is_told():
    """Else: scripts/release."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| ([a-z0-9-]+) \| .+ \|$", page, re.MULTILINE))
    elsewhere = {"colorama", "httpx2-jsfetch"}  # Windows alone, and browsers
    assert set(pinned("daemon")) - elsewhere <= told
    assert [spec.id for spec in Catalog() if f"(`{spec.id}`) | {spec.licence} |" not in page] == []
