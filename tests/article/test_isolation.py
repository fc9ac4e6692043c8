"""Findings 2 and 13, case 35: the reading process answers what it was asked, can do nothing else, outlives nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from made_pages import ARTICLE, article
from notime.article import Reader, ReaderLimits, from_text, wire
from notime.errors import Cancelled, NotAnArticle, NotimeError, ReaderFailed
from notime.types import Page

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these limits")

OTHER = article("<p>The harbour master of Quillon counts the ships that come in and go out each day of the year.</p>")
ENDLESS = ("<div>" * 200 + "x" + "</div>" * 200) * 2_000


class NoThreads(threading.Timer):
    """What a system does that gives no more threads."""

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("when", ["starting", "asking"])
def test_finding_2_page_b_is_never_answered_with_page_a(when: str, monkeypatch: pytest.MonkeyPatch):
    with Reader() as reader:
        if when == "asking":
            reader.read(Page(article()))
        with monkeypatch.context() as patched:
            patched.setattr("threading.Timer", NoThreads)
            with pytest.raises(ReaderFailed, match="cannot be started"):
                reader.read(Page(article()))
        assert "Quillon" in reader.read(Page(OTHER)).text
        assert "Quillon" not in reader.read(Page(article())).text


@pytest.mark.parametrize("problem", [KeyboardInterrupt, MemoryError, ValueError])
@pytest.mark.parametrize("where", ["send", "receive"])
def test_finding_2_whatever_goes_wrong_the_next_page_gets_its_own_answer(
    where: str, problem: type[BaseException], monkeypatch: pytest.MonkeyPatch
):
    with Reader() as reader:
        reader.read(Page(article()))
        real = getattr(wire, where)

        def broken(*arguments: object) -> object:
            real(*arguments) if where == "send" else None
            raise problem

        with monkeypatch.context() as patched:
            patched.setattr(wire, where, broken)
            with pytest.raises(problem):
                reader.read(Page(article()))
        assert reader._process is None
        assert "Quillon" in reader.read(Page(OTHER)).text


def test_finding_2_a_frame_with_another_number_ends_the_process(monkeypatch: pytest.MonkeyPatch):
    with Reader() as reader:
        reader.read(Page(article()))
        with monkeypatch.context() as patched:
            real = wire.send
            patched.setattr(wire, "send", lambda stream, message: real(stream, {**message, "id": message["id"] + 1}))
            with pytest.raises(ReaderFailed):
                reader.read(Page(article()))
        assert "Quillon" in reader.read(Page(OTHER)).text


def test_a_frame_that_says_it_is_huge_is_not_read(tmp_path: Path):
    (tmp_path / "frame").write_bytes(b"\xff\xff\xff\xff{}")
    with (tmp_path / "frame").open("rb") as stream, pytest.raises(wire.Closed):
        wire.receive(stream)


def test_the_process_is_recycled_after_so_many_pages():
    with Reader(ReaderLimits(pages=2)) as reader:
        seen = []
        for _ in range(4):
            reader.read(Page(article()))
            seen.append(reader._process)
        assert [process is None for process in seen] == [False, True, False, True]
        assert seen[0] is not seen[2]


def test_a_read_that_is_stopped_before_it_begins_does_nothing():
    with Reader() as reader:
        with pytest.raises(Cancelled):
            reader.read(Page(article()), stopped=lambda: True)
        assert reader._process is None


def test_plain_text_is_read_in_the_process_too():
    with Reader() as reader:
        text = "\n\n".join(ARTICLE)
        found = reader.read_text(text, title="T", url="https://x.example/")
        assert found == from_text(text, title="T", url="https://x.example/")
        assert found.sentences is not None
        assert [found.blocks[s.block].text[s.start : s.end] for s in found.sentences] == [
            s.text for s in found.sentences
        ]


def test_titles_are_bounded_and_text_is_made_harmless():
    body = article("<p>Turned \u202eround\u202c and \x9b2Jcleared, with a family \U0001f468\u200d\U0001f469 here.</p>")
    with Reader() as reader:
        found = reader.read(Page(body, title="T" * 5_000))
    assert len(found.title) <= wire.MOST_LABEL
    assert "Turned round and" in found.text
    assert "\U0001f468\u200d\U0001f469" in found.text
    assert not {"\u202e", "\u202c", "\x9b"} & set(found.text)


CONFINED = """
import os, socket, subprocess, sys
from notime.article import confine
import notime.article.page
print(*confine.confine(10**9))
def refused(name, attempt):
    try:
        attempt()
    except (OSError, MemoryError) as problem:
        print(name, "refused", type(problem).__name__)
    else:
        print(name, "done")
refused("socket", lambda: socket.socket())
refused("unix", lambda: socket.socketpair())
refused("program", lambda: subprocess.run(["/bin/true"]))
refused("fork", os.fork)
refused("signal", lambda: os.kill(os.getppid(), 0))
refused("read", lambda: open("/etc/hostname").read())
refused("home", lambda: os.listdir(os.path.expanduser("~")))
refused("write", lambda: open("/tmp/notime-confined", "w"))
refused("remove", lambda: os.unlink("/etc/hostname"))
refused("import", lambda: __import__("wsgiref.util"))
import resource
print("core", resource.getrlimit(resource.RLIMIT_CORE))
"""


@linux
def test_the_process_has_no_network_no_files_and_no_other_process():
    told = subprocess.run(
        [sys.executable, "-c", CONFINED], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    held = told[0].split()
    assert "memory" in held
    if {"files", "network"} - set(held):
        pytest.skip(f"this kernel can do no more than {held}")
    assert told[1:] == [
        *(f"{name} refused PermissionError" for name in ("socket", "unix", "program", "fork", "signal", "read")),
        *(f"{name} refused PermissionError" for name in ("home", "write", "remove")),
        "import done",
        "core (0, 0)",
    ]


ORPHAN = """
import sys
from notime.article import Reader, ReaderLimits
from notime.types import Page
html = ("<div>" * 200 + "x" + "</div>" * 200) * 2_000
with Reader(ReaderLimits(seconds=600)) as reader:
    reader.read_text("One word. " * 100)
    print(reader._process.pid, flush=True)
    while True:
        try:
            reader.read(Page(html))
        except Exception:
            pass
"""


@linux
def test_a_reading_process_ends_with_a_parent_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        before = sum(child.cpu_times()[:2])
        while sum(child.cpu_times()[:2]) < before + 0.2:  # it is in the middle of the page
            os.sched_yield()
        parent.kill()
    gone, alive = psutil.wait_procs([child], timeout=30)
    assert (len(gone), alive) == (1, [])


@linux
def test_case_35_a_page_may_compute_for_so_long_whoever_looks_after_it(monkeypatch: pytest.MonkeyPatch):
    """The kernel's limit, where the parent's clock does not go off."""
    monkeypatch.setattr("threading.Timer.start", lambda self: None)
    with (
        Reader(ReaderLimits(seconds=0.1, max_html_bytes=1 << 27)) as reader,
        pytest.raises(ReaderFailed, match="unexpectedly"),
    ):
        reader.read(Page(ENDLESS * 20))


@linux
def test_case_35_memory_that_runs_out_ends_the_page_and_nothing_else():
    with Reader(ReaderLimits(seconds=60, memory_bytes=24 * 1024 * 1024)) as poor:
        with pytest.raises((ReaderFailed, NotAnArticle)):
            poor.read(Page("<p><a href=x>text</a></p>" * 200_000))
        assert poor.read(Page(article())).blocks


def test_case_35_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    with Reader() as reader:
        with monkeypatch.context() as patched:
            patched.setattr("subprocess.Popen", refused)
            with pytest.raises(NotimeError, match="cannot be started"):
                reader.read(Page(article()))
        assert reader.read(Page(article())).blocks
