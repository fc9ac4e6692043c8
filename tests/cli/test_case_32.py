"""Case 32 and finding 4: SIGTERM is obeyed in the middle of each stage, and whoever listens is told."""

from __future__ import annotations

import http.client
import json
import signal
import sys
from typing import Any

import pytest

from support.cli_run import Run
from support.cli_serving import serving
from support.ports import free_port

pytestmark = [pytest.mark.model, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")]

PROSE = "The council of Larkmouth voted on day {} for a new bridge over the river, said engineer {} at length."
BOOK = "\n\n".join(" ".join(PROSE.format(day, place) for day in range(30)) for place in range(60))

STAGES: dict[str, tuple[str, dict[str, str]]] = {
    "parsing": ("accepted", {"html": ("<div>" * 200 + "x" + "</div>" * 200) * 3_000}),
    "splitting": (
        "accepted",
        {"html": f"<html lang=da><article><h1>A</h1>{('<p>' + 'a.a.a.' * 20_000 + '</p>') * 4}</article></html>"},
    ),
    "plain text": ("accepted", {"text": ("the harbour master counts the ships that go out each day\n" * 60_000)}),
    "ranking": ("progress", {"text": BOOK}),
    "writing": ("token", {"text": BOOK[:20_000], "length": "full"}),
}


@pytest.mark.parametrize("stage", STAGES)
def test_case_32_sigterm_is_obeyed_in_the_middle_of(stage: str, notime: Run, environment: dict[str, str]):
    until, body = STAGES[stage]
    port = free_port()
    model = {"NOTIME_MODEL": "smollm2-135m-rewriter"} if stage == "writing" else {}
    with serving(environment | model, port) as process:
        token = notime("token", "--port", str(port)).stdout.strip()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/x-ndjson",
        }
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/v1/summaries", json.dumps(body), headers)
        answer = connection.getresponse()
        last: dict[str, Any] = {}
        while last.get("type") != until:
            last = json.loads(answer.readline())
        process.send_signal(signal.SIGTERM)
        rest = [json.loads(line) for line in answer]
        assert rest[-1]["type"] == "error"
        assert process.wait(60) == 0
        connection.close()
