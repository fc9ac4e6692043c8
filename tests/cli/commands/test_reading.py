from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.cli_run import Run

TEXT = """The council of Larkmouth voted on Monday to build a new bridge over the river. Work on it will begin in the
spring and take three years. Shopkeepers along the quay welcomed the decision. Two members abstained because of the
price, which the county puts at 40 million crowns. The river floods the old road every autumn. A survey counted nine
hundred cars an hour in June. The ferry will not stop before the bridge is finished. Tolls are to pay for a third of the
cost. Nobody has asked for a tunnel so far. The county will lend the rest of the money over 20 years.
"""

NOTHING = "<!doctype html><title>Sign in</title><form><input><input type=password></form>"


@pytest.mark.model
def test_plain_text_from_standard_input(notime: Run):
    done = notime("summarize", "-", stdin=TEXT)
    assert done.returncode == 0, done.stderr
    sentences = [line for line in done.stdout.splitlines() if line.startswith("• ")]
    assert 2 <= len(sentences) <= 3
    assert "gemma3-270m-reader" in done.stdout.splitlines()[-1]
    assert done.stderr == ""


@pytest.mark.model
def test_a_page_as_json(notime: Run, pages: Path):
    page = str(pages / "sample-article.html")
    done = notime("summarize", page, "--json", "--length", "headline")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["file"] == page
    assert found["article"]["title"].startswith("Larkmouth retires")
    assert len(found["summary"]["sentences"]) == 1
    assert found["timings"]["total_ms"] >= found["timings"]["extract_ms"] > 0


@pytest.mark.model
def test_lines_in_lines_out(notime: Run, pages: Path):
    html = (pages / "sample-article.html").read_text(encoding="utf-8")
    rows = [
        json.dumps({"id": "a", "text": TEXT}),
        json.dumps({"id": 2, "html": html, "title": "A ferry"}),
        json.dumps({"id": "c", "text": "Too short."}),
        json.dumps({"id": "d", "html": NOTHING}),
        "not json",
        "",
    ]
    done = notime("summarize", "--jsonl", stdin="\n".join(rows))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", 2, "c", "d", None]
    assert 2 <= len(found[0]["summary"]["sentences"]) <= 3
    assert set(found[1]) == {"id", "summary", "coverage", "timings"}
    assert [row["error"]["code"] for row in found[2:]] == ["too_short", "not_an_article", "bad_request"]


def test_an_article_as_json(notime: Run, pages: Path):
    page = str(pages / "sample-article.html")
    done = notime("extract", page, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"file", "title", "byline", "site_name", "language", "published", "words", "text"} <= set(found)
    assert found["text"].count("\n") > 5
    assert "No time to read" not in found["text"]
    assert "Next Article" not in found["text"]


def test_what_is_no_article_fails_with_one_line(notime: Run, tmp_path: Path):
    page = tmp_path / "login.html"
    page.write_text(NOTHING, encoding="utf-8")
    done = notime("extract", str(page))
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "login.html" in done.stderr
    done = notime("extract", str(page), "--json")
    assert json.loads(done.stdout)["error"]["code"] == "not_an_article"


@pytest.mark.model
def test_one_bad_file_does_not_stop_the_others(notime: Run, pages: Path, tmp_path: Path):
    missing = str(tmp_path / "missing.html")
    done = notime("summarize", missing, str(pages / "sample-article.html"))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "missing.html" in done.stderr
    assert "• " in done.stdout


@pytest.mark.parametrize("arguments", [["summarize"], ["summarize", "--jsonl", "x"], ["extract"], ["nonsense"], []])
def test_wrong_usage(notime: Run, arguments: list[str]):
    done = notime(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_no_model_says_how_to_get_one(notime: Run, tmp_path: Path):
    done = notime("summarize", "-", stdin=TEXT, NOTIME_MODELS=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "notime: The model gemma3-270m-reader is not on this machine yet. Run `notime models build`."
    ]


def test_the_version(notime: Run):
    assert notime("--version").stdout.startswith("notime ")


def test_why_a_block_is_in_or_out(notime: Run, pages: Path):
    page = str(pages / "sample-article.html")
    found = json.loads(notime("extract", page, "--explain", "--json").stdout)
    assert found["outcome"] == "article"
    kept = {block["text"]: block["kept"] for block in found["blocks"]}
    assert kept["The Sarn Valley Courier"] is False
    assert kept["Fares will not rise"] is True
    assert all(block["reasons"] for block in found["blocks"])
    assert "+ " in notime("extract", page, "--explain").stdout


def test_a_short_page_is_extracted_but_not_summarised(notime: Run, tmp_path: Path):
    page = tmp_path / "short.html"
    text = "The museum opens again on Saturday after three months of repairs to its roof. Entry is free all day."
    page.write_text(
        f"<title>Museum opens</title><article><h1>Museum opens</h1><p>{text}</p></article>", encoding="utf-8"
    )
    assert "three months" in notime("extract", str(page)).stdout
    assert notime("summarize", str(page)).returncode == 1
