"""Case 35: where the model gets no memory, whoever asked is told, and the daemon lives."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from notime.errors import OutOfMemory
from notime.http.keys import WORKER
from notime.model.ranking.decoder import PageModel
from notime.model.runtime.memory import enough
from support.http_client import Client
from support.http_daemon import Daemon

PROSE = "The council of Larkmouth voted on day {} for a new bridge over the river, said engineer {} at length."
BOOK = "\n\n".join(" ".join(PROSE.format(day, f"Olin {place}") for day in range(9)) for place in range(40))

STARVED = """
import resource, sys
from pathlib import Path
from notime.article import from_text
from notime.errors import OutOfMemory
from notime.summary import Summarizer

article = from_text(sys.stdin.read())
with Summarizer() as summarizer:
    summarizer.summarize(article)  # threads and libraries are all there: some end the process where they get none
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (1 << 20), resource.RLIM_INFINITY))
    try:
        summarizer.summarize(article)
    except OutOfMemory as told:
        print(told.message)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(len(summarizer.summarize(article).sentences) > 0)
"""


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_case_35_a_model_that_gets_no_memory_says_so_and_goes_on_when_there_is_some():
    done = subprocess.run([sys.executable, "-c", STARVED], input=BOOK, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["There is not enough memory for the model.", "True"]


@pytest.mark.model
async def test_case_35_whoever_asked_is_told_and_what_the_model_held_is_given_back(
    client: Client, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
):
    def greedy(*_: Any) -> None:
        np.empty(1 << 56, dtype=np.uint8)

    with monkeypatch.context() as patched:
        patched.setattr(PageModel, "_pass", greedy)
        told = await client.ask("POST", "/v1/summaries", 503, {"text": BOOK})
    assert told["error"]["code"] == "out_of_memory"
    assert daemon.app[WORKER].model_state == "unloaded"
    assert (await client.ask("GET", "/v1/status"))["model"]["state"] == "unloaded"
    assert (await client.summarize({"text": BOOK}))["summary"]["sentences"]


@pytest.mark.parametrize("kind", ["python", "runtime"])
def test_case_35_memory_that_is_refused_is_ours_to_tell(kind: str):
    problem = type("Fail", (Exception,), {"__module__": "onnxruntime.capi.x"})("BFCArena: Failed to allocate memory")
    with pytest.raises(OutOfMemory), enough():
        raise MemoryError if kind == "python" else problem


def test_case_35_other_faults_stay_what_they_are():
    with pytest.raises(ValueError, match="allocate"), enough():
        raise ValueError("Failed to allocate memory")
