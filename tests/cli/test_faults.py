"""Faults that a whole daemon has to get through; which number is tested where: docs/reliability.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from conftest import TESTS, linked
from notime.settings import Settings
from support.cli_run import Run
from support.cli_serving import serving
from support.ports import free_port

linux = pytest.mark.skipif(sys.platform != "linux", reason="as Linux maps files")


@pytest.mark.model
def test_fault_32_told_to_stop_in_mid_stream(notime: Run, environment: dict[str, str], pages: Path):
    port = free_port()
    with serving(environment, port, "--cold") as process:
        token = notime("token", "--port", str(port)).stdout.strip()
        body = json.dumps({"html": (pages / "sample-article.html").read_text(encoding="utf-8")}).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        headers["Accept"] = "application/x-ndjson"
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/summaries", body, headers)
        with urllib.request.urlopen(request) as answer:
            assert json.loads(answer.readline())["type"] == "accepted"
            process.send_signal(signal.SIGTERM)
            last = [json.loads(line) for line in answer][-1]
        assert last["type"] == "error"
        assert "shutting down" in last["error"]["message"]
        assert process.wait() == 0


def ask(port: int, token: str, pages: Path) -> tuple[int, dict[str, Any]]:
    """A summary made anew, or why there is none."""
    body = {"html": (pages / "sample-article.html").read_text(encoding="utf-8"), "refresh": True}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/summaries", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@pytest.mark.model
@linux
def test_fault_29_a_model_file_cut_while_it_is_in_use(
    notime: Run, environment: dict[str, str], settings: Settings, tmp_path: Path, pages: Path
):
    """Whoever has mapped it ends, as every program does; what the service then starts says what is wrong."""
    models, built = tmp_path / "models", settings.models / settings.model
    shutil.copytree(built, models / settings.model, copy_function=linked)
    read, mapped = (models / settings.model / name for name in ("embedding.bin", "model.onnx.data"))
    for path in (read, mapped):
        path.unlink()
        shutil.copyfile(built / path.name, path)
    # One thread meets the cut: where two do, the second ends the process before Python has told of the first, whose
    # handler stands back while it writes.
    own = environment | {"NOTIME_MODELS": str(models), "NOTIME_THREADS": "1"}

    def refused() -> bool:
        status, answer = ask(port, token, pages)
        return (status, answer["error"]["code"]) == (503, "model_corrupt") and "models build" in answer["error"]["hint"]

    with serving(own, port := free_port(), "--cold") as process:
        token = notime("token", "--port", str(port)).stdout.strip()
        assert ask(port, token, pages)[0] == 200
        os.truncate(read, 0)
        assert refused()
        assert refused()
        shutil.copyfile(built / read.name, read)
        assert ask(port, token, pages)[0] == 200
        os.truncate(mapped, 0)
        with pytest.raises(ConnectionError):
            ask(port, token, pages)
        assert process.wait() == -signal.SIGBUS
    with serving(own, port, "--cold", before=1):
        token = notime("token", "--port", str(port)).stdout.strip()
        assert refused()
        shutil.copyfile(built / mapped.name, mapped)
        assert ask(port, token, pages)[0] == 200
    assert "Bus error" in (Path(own["NOTIME_HOME"]) / "state" / "crash.log").read_text()


def test_every_fault_in_the_table_has_its_test():
    rows = re.findall(r"^\| (\d+) \| .* \| `(tests/\S+)::(\w+)` \|$", _table(), re.MULTILINE)
    assert {int(number) for number, _, _ in rows} == set(range(26, 37))
    for _, path, name in rows:
        assert f"def {name}(" in (TESTS.parent / path).read_text(encoding="utf-8"), name


def _table() -> str:
    return (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
