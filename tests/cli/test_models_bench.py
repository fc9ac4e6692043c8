"""Installed models side by side: what is counted, never how long it takes."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from conftest import TESTS
from notime.article import from_text, split
from support.cli_run import Run

ENTRY = """id = "tiny-bart"
title = "Seeded noise"
licence = "Apache-2.0"
languages = ["en"]
source = {{ kind = "file", path = "{path}" }}
limits = {{ context = 64 }}
generation = {{ max_length = 24, num_beams = 1 }}
"""

TEXTS = [
    f"The council of {town} voted on Monday for a new bridge. Work on it will begin in the spring of next year. "
    + " ".join(f"Reason {i} for the bridge in {town} was told by engineer {i} at length." for i in range(9))
    for town in ("Larkmouth", "Ostwick")
]


@pytest.fixture
def home(notime: Run, environment: dict[str, str], tmp_path: Path) -> Run:
    """With one model beside the ranker, which is always there."""
    environment["NOTIME_MODELS"] = str(tmp_path / "home" / "models")
    with tarfile.open(TESTS / "models" / "summarizers" / "bart.tar.xz") as archive:
        archive.extractall(tmp_path / "bart", filter="data")
    entry = tmp_path / "home" / "catalog" / "tiny-bart" / "model.toml"
    entry.parent.mkdir(parents=True)
    entry.write_text(ENTRY.format(path=tmp_path / "bart"), encoding="utf-8")
    assert notime("models", "pull", "tiny-bart").returncode == 0
    return notime


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages" / "more"
    folder.mkdir(parents=True)
    for number, text in enumerate(TEXTS):
        body = "".join(f"<p>{sentence}.</p>" for sentence in text.rstrip(".").split(". "))
        page = (
            f"<html><head><title>A bridge</title></head><body><article><h1>A bridge</h1>{body}</article></body></html>"
        )
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
    (folder / "empty.html").write_text("<html></html>", encoding="utf-8")
    (folder / "notes.txt").write_text("no page", encoding="utf-8")
    return tmp_path / "pages"


def read(texts: list[str]) -> str:
    """As somebody read them: the first sentence is the point."""
    rows = []
    for number, text in enumerate(texts):
        sentences = [each.text for each in split(from_text(text))]
        brief = [{"s": [0], "t": sentences[0]}, {"s": [], "t": "Ninety zebras danced."}]
        row = {"id": str(number), "title": "A bridge", "blocks": [["paragraph", text]], "sentences": sentences}
        rows.append(row | {"brief": brief})
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_every_installed_model_on_the_users_own_pages(home: Run, pages: Path):
    done = home("models", "bench", str(pages), "--json")
    assert done.returncode == 0, done.stderr
    found = {side["id"]: side for side in map(json.loads, done.stdout.splitlines())}
    assert set(found) == {"minilm-l6-ranker", "tiny-bart"}
    for side in found.values():
        assert (side["pages"], side["refused"], side["problem"], side["points"]) == (2, 0, None, None)
        assert side["load_ms"] > 0
        assert side["total_ms"] > 0
        assert side["sentences_per_second"] > 0
        assert side["peak_mb"] is None or side["peak_mb"] > 30
    assert found["tiny-bart"]["tokens_per_second"] > 0
    assert found["minilm-l6-ranker"]["tokens_per_second"] is None


def test_points_where_somebody_has_summarised_the_pages(home: Run, tmp_path: Path):
    (tmp_path / "read.jsonl").write_text(read(TEXTS), encoding="utf-8")
    done = home("models", "bench", str(tmp_path / "read.jsonl"), "--model", "minilm-l6-ranker", "--json")
    assert done.returncode == 0, done.stderr
    side = json.loads(done.stdout)
    assert (side["id"], side["pages"]) == ("minilm-l6-ranker", 2)
    assert side["points"] == 0.5  # nobody danced
    (tmp_path / "read.jsonl").write_text('{"id": 3}', encoding="utf-8")
    done = home("models", "bench", str(tmp_path / "read.jsonl"))
    assert done.returncode == 1
    assert "does not hold pages that somebody has summarised." in done.stderr


def test_as_a_table_with_what_went_wrong(home: Run, pages: Path):
    models = ("--model", "minilm-l6-ranker", "--model", "t5-small")
    done = home("models", "bench", str(pages / "more" / "0.html"), *models, COLUMNS="120")
    assert done.returncode == 0, done.stderr
    header, ranker, absent = done.stdout.splitlines()
    assert header.split()[:2] == ["model", "pages"]
    assert ranker.split()[:2] == ["minilm-l6-ranker", "1"]
    assert absent.split() == ["t5-small", "0", *"––––––"]
    assert done.stderr == "t5-small: The model t5-small is not on this machine yet.\n"


def test_what_is_no_page_is_told(home: Run, pages: Path, tmp_path: Path):
    for path, told in ((pages / "more" / "empty.html", "no article"), (tmp_path / "none.html", "cannot be read")):
        done = home("models", "bench", str(path))
        assert done.returncode == 1
        assert told in done.stderr
