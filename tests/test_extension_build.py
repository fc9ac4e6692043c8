"""What ships: the same bytes everywhere, only what runs, a manifest that each browser takes, texts that stores take."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import TESTS, load_module
from support.browsers.driver import node

ROOT = TESTS.parent
EXTENSION = ROOT / "extension"
STORE = ROOT / "docs" / "store"

builder = load_module(ROOT / "scripts" / "extension" / "build.py")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that nobody works on."""
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    build(checkout, checkout / "dist")
    return checkout / "dist"


def build(root: Path, out: Path) -> dict[str, str]:
    """The sha256 of each archive."""
    command = [sys.executable, str(root / "scripts" / "extension" / "build.py"), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.iterdir()
        if path.suffix in (".zip", ".xpi")
    }


def copied(to: Path) -> Path:
    """A checkout of what the build reads, somewhere else."""
    for name in ("LICENSE", "scripts/extension/build.py"):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, to / name)
    for name in ("source", "overlays", "node_modules/@mozilla/readability"):
        shutil.copytree(EXTENSION / name, to / "extension" / name)
    return to


def manifest(built: Path, browser: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built / browser / "manifest.json").read_bytes())
    return found


def test_the_same_bytes_everywhere(tmp_path: Path, checkout: Path):
    before = os.umask(0o077)
    try:
        there = tmp_path / "a place with another name" / "there"
        shutil.copytree(checkout, there, copy_function=shutil.copyfile)
        for number, path in enumerate(sorted(there.rglob("*"), reverse=True)):
            os.utime(path, (10**9 + number, 10**9 + number))
        digests = build(there, tmp_path / "there")
    finally:
        os.umask(before)
    assert len(digests) == 2
    assert build(checkout, tmp_path / "here") == digests


def test_a_second_build_touches_no_file_that_is_loaded(checkout: Path, built: Path):
    path = built / "chromium" / "manifest.json"
    (built / "chromium" / "left" / "over").mkdir(parents=True)
    before = path.stat().st_mtime_ns
    build(checkout, built)
    assert path.stat().st_mtime_ns == before
    assert not (built / "chromium" / "left" / "over").exists()


@pytest.mark.parametrize("browser", builder.ARCHIVES)
def test_the_archive_holds_the_folder(built: Path, browser: str):
    (archive,) = built.glob(f"notime-*-{browser}.*")
    folder = {
        path.relative_to(built / browser).as_posix(): path.read_bytes()
        for path in (built / browser).rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(archive) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == folder
        assert packed.namelist() == sorted(folder)
        assert {(entry.date_time, entry.external_attr, entry.extra) for entry in packed.infolist()} == {
            (builder.EPOCH, builder.READABLE_FILE, b"")
        }


@pytest.mark.parametrize("browser", builder.ARCHIVES)
def test_only_what_runs_ships(checkout: Path, built: Path, browser: str):
    folder = built / browser
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert not [name for name in names if re.search(r"(^|/)\.|tests?/|\.map$|\.d\.ts$|\.test\.", name)]
    for path in folder.rglob("*.html"):
        for link in re.findall(r'(?:src|href)="([^"#:]+)"', path.read_text("utf-8")):
            assert (path.parent / link).resolve().relative_to(folder.resolve()).as_posix() in names
    # Ours is shipped as it is written.
    source = checkout / "extension" / "source"
    for path in source.rglob("*.js"):
        assert (folder / path.relative_to(source)).read_bytes() == path.read_bytes()


def test_a_file_of_another_kind_or_a_missing_one_fails(tmp_path: Path):
    root = copied(tmp_path)
    stray = root / "extension" / "source" / "background" / "main.js.map"
    stray.write_text("{}")
    assert "main.js.map is of no kind that ships" in failure(root)
    stray.unlink()
    (root / "extension" / "source" / "icons" / "48.png").unlink()
    assert "names icons/48.png, which is not there" in failure(root)
    changed = root / "extension" / "node_modules" / "@mozilla" / "readability" / "Readability-readerable.js"
    changed.write_text("changed")
    assert "is not the file that was reviewed" in failure(root)
    changed.unlink()
    assert "npm ci" in failure(root)


def failure(root: Path) -> str:
    command = [sys.executable, str(root / "scripts" / "extension" / "build.py")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    return done.stderr


def test_each_browser_gets_its_own_manifest(checkout: Path, built: Path):
    chromium, firefox = manifest(built, "chromium"), manifest(built, "firefox")
    source = json.loads((checkout / "extension" / "source" / "manifest.json").read_bytes())
    assert chromium["background"] == {"service_worker": "background/main.js", "type": "module"}
    assert firefox["background"] == {"scripts": ["background/main.js"], "type": "module"}
    assert "browser_specific_settings" not in chromium
    assert "minimum_chrome_version" not in firefox
    assert chromium["permissions"] == [*source["permissions"], "sidePanel"]
    assert firefox["permissions"] == source["permissions"]
    assert chromium["side_panel"]["default_path"] == firefox["sidebar_action"]["default_panel"]
    assert firefox["sidebar_action"]["open_at_install"] is False


def test_overlays_merge_add_and_take_away():
    base = {"kept": 1, "gone": 2, "list": ["a"], "object": {"kept": 1, "gone": 2}}
    overlay = {"gone": None, "list": ["b"], "object": {"gone": None, "new": 3}, "new": {"key": 4}}
    assert builder.laid_over(base, overlay) == {
        "kept": 1,
        "list": ["a", "b"],
        "object": {"kept": 1, "new": 3},
        "new": {"key": 4},
    }


LONGEST_NAME = 45
"""Characters that both stores and the browsers show whole."""
LONGEST_SUMMARY = 132
"""Characters, of the Chrome Web Store; addons.mozilla.org takes 250."""
LONGEST_DESCRIPTION = 15_000
LONGEST_ANSWER = 1_000
"""Characters in a field of the Chrome Web Store's form."""


def locales() -> list[str]:
    return sorted(path.name for path in (EXTENSION / "source" / "_locales").iterdir())


@pytest.mark.parametrize("locale", locales())
def test_the_stores_take_the_texts_and_they_are_the_extensions_own(locale: str):
    messages = json.loads((EXTENSION / "source" / "_locales" / locale / "messages.json").read_bytes())
    heading, summary, description = (STORE / "listing" / f"{locale}.md").read_text("utf-8").split("\n\n", 2)
    assert heading == f"# {messages['extension_name']['message']}"
    assert summary == messages["extension_description"]["message"]
    assert len(heading) - 2 <= LONGEST_NAME
    assert len(summary) <= LONGEST_SUMMARY
    assert len(description) <= LONGEST_DESCRIPTION
    assert not re.search(r"[*`#]|\]\(", description), "the stores show plain text"


def test_there_is_no_text_for_a_language_that_the_extension_does_not_speak():
    assert sorted(path.stem for path in (STORE / "listing").iterdir()) == locales()


@pytest.mark.parametrize("browser", builder.ARCHIVES)
def test_each_permission_has_its_reason(built: Path, browser: str):
    found = manifest(built, browser)
    text = (STORE / "permissions.md").read_text("utf-8")
    reasons = dict(re.findall(r"^###? (.+)\n\n((?:(?!#).*\n)+)", text, re.MULTILINE))
    for key in ("permissions", "host_permissions", "optional_permissions", "optional_host_permissions"):
        for permission in found.get(key, []):
            assert 0 < len(reasons[permission].strip()) <= LONGEST_ANSWER
    assert 0 < len(reasons["Single purpose"].strip()) <= LONGEST_ANSWER


def test_links_of_the_store_texts_lead_somewhere():
    for path in STORE.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (STORE / link).exists()


@pytest.mark.browser
@pytest.mark.parametrize(("browser", "what"), [("chromium", "chromium"), ("firefox", "notime-*-firefox.xpi")])
def test_case_43_the_browser_has_no_complaint(built: Path, browser: str, what: str):
    (path,) = built.glob(what)
    assert tool("opinion.js", browser, str(path)) == ""


@pytest.mark.browser
def test_the_icons_are_what_the_svg_gives():
    assert tool("icons.js", "--check") == ""


def tool(name: str, *arguments: str) -> str:
    command = [node(), str(EXTENSION / "tools" / name), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
