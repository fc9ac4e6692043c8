"""`scripts/eval judge` as it runs: blind sheets out, marks in, a table out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = 6


def judge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.evaluation.judge", "judge", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def keep(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def page(number: int) -> dict[str, Any]:
    sentences = [f"Sentence {place} of page {number} tells of the harbour." for place in range(5)]
    brief = [{"s": [3], "t": f"The harbour of page {number} is shut."}]
    blocks = [["paragraph", " ".join(sentences)]]
    whole = {"sentences": sentences, "brief": brief, "more": [], "junk": [0], "blocks": blocks}
    return {"id": f"page-{number}", "kind": "guide", "title": f"Page {number}", **whole}


def summary(row: dict[str, Any], *, written: bool) -> dict[str, Any]:
    source = row["sentences"][2]
    method = "generated" if written else "extracted"
    return {
        "id": row["id"],
        "summary": {"sentences": [{"text": f"So: {source}", "method": method, "sources": [{"text": source}]}]},
    }


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rows = [page(number) for number in range(PAGES)]
    summaries = [summary(row, written=number % 2 == 0) for number, row in enumerate(rows)]
    return keep(tmp_path / "pages.jsonl", rows), keep(tmp_path / "ours.jsonl", summaries)


def test_a_sheet_does_not_say_who_wrote_what_and_the_key_does(files: tuple[str, str], tmp_path: Path):
    pages, ours = files
    out = tmp_path / "sheets"
    judge("summaries", "--pages", pages, "--system", f"ours={ours}", "--out", str(out)).check_returncode()
    sheet, key = lines(out / "sheet.jsonl"), lines(out / "key.jsonl")
    assert len(sheet) == PAGES
    assert {tuple(row) for row in sheet} == {("item", "title", "text", "summaries")}
    assert all(sorted(row["summaries"]) == ["A", "B", "C"] for row in sheet)
    assert sorted(row["system"] for row in key) == sorted(["ours", "lead-3", "the expert"] * PAGES)
    ids = {row["item"]: row["title"].replace("Page ", "page-") for row in sheet}
    shown = {row["item"]: row["summaries"] for row in sheet}
    for row in key:
        assert ids[row["item"]] == row["page"]
        text = shown[row["item"]][row["summary"]]
        assert text[0].startswith({"ours": "So", "lead-3": "Sentence 0", "the expert": "The harbour"}[row["system"]])
    assert len({row["system"] for row in key if row["summary"] == "A"}) > 1


def test_the_same_seed_draws_the_same_sheet_and_another_another(files: tuple[str, str], tmp_path: Path):
    pages, ours = files
    for name, seed in (("one", "1"), ("again", "1"), ("two", "2")):
        place = ["--out", str(tmp_path / name), "--seed", seed]
        judge("summaries", "--pages", pages, "--system", f"ours={ours}", *place).check_returncode()
    sheets = [(tmp_path / name / "sheet.jsonl").read_text(encoding="utf-8") for name in ("one", "again", "two")]
    assert sheets[0] == sheets[1] != sheets[2]


def test_marks_become_a_table(tmp_path: Path):
    key = [
        {"item": "001", "summary": letter, "system": system, "page": "p", "kind": "news"}
        for letter, system in (("A", "ours"), ("B", "lead-3"))
    ]
    marks = [
        [{"item": "001", "summary": "A", "mark": 5}, {"item": "001", "summary": "B", "mark": 2, "junk": 2}],
        [{"item": "001", "summary": "A", "mark": 3, "leaning": 1}, {"item": "001", "summary": "B", "mark": 2}],
    ]
    files = [keep(tmp_path / f"{number}.jsonl", rows) for number, rows in enumerate(marks)]
    done = judge("read", "--key", keep(tmp_path / "key.jsonl", key), *files)
    assert done.stdout.splitlines()[2:] == [
        "| ours | 2 | 4.00 | 50% | 0.00 | 0.00 | 0.50 | 0.00 |",
        "| lead-3 | 2 | 2.00 | 0% | 0.00 | 0.00 | 0.00 | 1.00 |",
        "",
        "Two judges of one summary are 1.00 marks apart in the mean (2 pairs).",
    ]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ({"item": "002", "summary": "A", "mark": 3}, "no such item"),
        ({"item": "001", "summary": "A", "mark": 6}, "from 1 to 5"),
        ({"item": "001", "summary": "A", "mark": 3, "junk": -1}, "are counts"),
    ],
)
def test_a_mark_that_cannot_be_meant_stops_the_reading(tmp_path: Path, mark: dict[str, Any], told: str):
    key = [{"item": "001", "summary": "A", "system": "ours", "page": "p", "kind": "news"}]
    done = judge("read", "--key", keep(tmp_path / "key.jsonl", key), keep(tmp_path / "marks.jsonl", [mark]))
    assert done.returncode == 1
    assert "marks.jsonl, line 1" in done.stderr
    assert told in done.stderr


def test_written_sentences_are_judged_with_what_their_writer_saw(files: tuple[str, str], tmp_path: Path):
    pages, ours = files
    out = tmp_path / "sheets"
    judge("rewritings", "--pages", pages, "--system", f"ours={ours}", "--out", str(out)).check_returncode()
    sheet, key = lines(out / "sheet.jsonl"), lines(out / "key.jsonl")
    assert len(sheet) == PAGES / 2, "quotations are not judged"
    for row in sheet:
        assert row["text"] == f"So: {row['source']}"
        assert row["before"].startswith("Sentence 1")
        assert row["lead"].startswith("Sentence 0")
    labels = ["ok", "ok", "lossy"]
    marks = [{"item": row["item"], "label": label} for row, label in zip(key, labels, strict=True)]
    done = judge("read", "--key", str(out / "key.jsonl"), keep(tmp_path / "marks.jsonl", marks))
    assert "| ours | 3 | 66.7% | 0.0% | 33.3% | 0.0% | 0.0% |" in done.stdout
