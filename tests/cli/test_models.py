from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_run import Run


@pytest.mark.model
def test_what_there_is(notime: Run):
    rows = [json.loads(line) for line in notime("models", "list", "--json").stdout.splitlines()]
    assert {row["id"]: row["state"] for row in rows} == {
        "minilm-l6-ranker": "ready",
        "smollm2-135m-rewriter": "ready",
    }
    assert "smollm2-135m-rewriter" in notime("models", "list").stdout


@pytest.mark.model
def test_built_already(notime: Run):
    done = notime("models", "build")
    assert done.returncode == 0
    assert "Downloading" not in done.stderr


@pytest.mark.model
def test_verify(notime: Run, tmp_path: Path):
    assert notime("models", "verify").returncode == 0
    done = notime("models", "verify", NOTIME_MODELS=str(tmp_path))
    assert done.returncode == 1
    assert "smollm2-135m-rewriter: absent" in done.stdout


def test_an_unknown_model(notime: Run):
    done = notime("models", "build", "gpt-17")
    assert done.returncode == 1
    assert done.stderr == "notime: There is no model called 'gpt-17'. `notime models list` shows what there is.\n"
