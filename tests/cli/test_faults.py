"""Faults that a whole daemon has to get through; which number is tested where: docs/reliability.md."""

from __future__ import annotations

import json
import re
import signal
import urllib.request
from pathlib import Path

import pytest

from cli_run import Run
from cli_serving import serving
from conftest import TESTS
from ports import free_port


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


def test_every_fault_in_the_table_has_its_test():
    rows = re.findall(r"^\| (\d+) \| .* \| `(tests/\S+)::(\w+)` \|$", _table(), re.MULTILINE)
    assert {int(number) for number, _, _ in rows} >= {26, 28, 29, 30, 31, 32, 34}
    for _, path, name in rows:
        assert f"def {name}(" in (TESTS.parent / path).read_text(encoding="utf-8"), name


def _table() -> str:
    return (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
