from __future__ import annotations

import json
from pathlib import Path

import pytest

from notime.settings import Settings
from support.cli_run import Run


@pytest.mark.model
def test_what_there_is(notime: Run):
    rows = [json.loads(line) for line in notime("models", "list", "--json").stdout.splitlines()]
    built = {"gemma3-270m-reader", "gemma3-270m-rewriter", "minilm-l6-ranker", "smollm2-135m-rewriter"}
    states = {row["id"]: row["state"] for row in rows}
    assert {name for name, state in states.items() if state == "ready"} >= built
    assert states["distilbart-cnn-6-6"] in ("absent", "ready")
    assert "gemma3-270m-rewriter" in notime("models", "list").stdout


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
    assert "gemma3-270m-reader: absent" in done.stdout


def test_an_unknown_model(notime: Run):
    done = notime("models", "build", "gpt-17")
    assert done.returncode == 1
    assert done.stderr == "notime: There is no model called 'gpt-17'. `notime models list` shows what there is.\n"


@pytest.mark.model
def test_calibrate_keeps_what_it_measured(notime: Run, settings: Settings, tmp_path: Path):
    for built in ("gemma3-270m-rewriter", "gemma3-270m-reader"):
        (tmp_path / built).symlink_to(settings.models / built)
    done = notime("models", "calibrate", "gemma3-270m-rewriter", "--json", NOTIME_MODELS=str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((tmp_path / "pace.json").read_text(encoding="utf-8"))
    assert found["pace"]["threads"] >= 1
    assert found["key"]["onnxruntime"]
    (tmp_path / "pace.json").unlink()
    done = notime("models", "build", "gemma3-270m-rewriter", NOTIME_MODELS=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pace.json").is_file()


@pytest.mark.model
def test_there_is_nothing_to_calibrate_without_a_rewriter(notime: Run):
    done = notime("models", "calibrate", "minilm-l6-ranker")
    assert done.returncode == 1
    assert done.stderr.endswith("This model does not write: there is nothing to measure.\n")
