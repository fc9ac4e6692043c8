"""Claims turned (one word, name, number or mark) beside faithful paraphrases of the same sentences, all written for
this test: `claims.tsv` has kind, source, turned, faithful."""

from __future__ import annotations

from pathlib import Path

from notime.summary.check import check

ROWS = [line.split("\t") for line in (Path(__file__).parent / "claims.tsv").read_text(encoding="utf-8").splitlines()]


def caught(written: str, source: str) -> bool:
    return not check(written, source=source, given=source).supported


def test_turned_claims_are_caught():
    missed = [turned for _, source, turned, _ in ROWS if not caught(turned, source)]
    assert len(ROWS) >= 80
    assert len(missed) <= len(ROWS) // 10, missed


def test_every_kind_is_caught_more_often_than_not():
    for kind in {row[0] for row in ROWS}:
        rows = [row for row in ROWS if row[0] == kind]
        assert sum(caught(row[2], row[1]) for row in rows) > len(rows) / 2, kind


def test_faithful_paraphrases_hold():
    flagged = [faithful for _, source, _, faithful in ROWS if caught(faithful, source)]
    assert len(flagged) <= len(ROWS) // 20, flagged
