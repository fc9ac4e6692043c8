"""Findings 2 and 13, case 35: the reading process answers what it was asked, can do nothing else, outlives nobody."""

from __future__ import annotations

import ctypes
import io
import os
import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from notime.article import Reader, ReaderLimits, from_text
from notime.article.process import messages
from notime.article.process import reader as module
from notime.errors import Cancelled, NotimeError, ReaderFailed
from notime.types import Article, Block, Page
from support.made_pages import ARTICLE, article

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these limits")

PR_SET_CHILD_SUBREAPER = 36

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
        real = getattr(messages, where)

        def broken(*arguments: object) -> object:
            real(*arguments) if where == "send" else None
            raise problem

        with monkeypatch.context() as patched:
            patched.setattr(messages, where, broken)
            with pytest.raises(problem):
                reader.read(Page(article()))
        assert reader._process is None
        assert "Quillon" in reader.read(Page(OTHER)).text


def test_finding_2_a_frame_with_another_number_ends_the_process(monkeypatch: pytest.MonkeyPatch):
    with Reader() as reader:
        reader.read(Page(article()))
        with monkeypatch.context() as patched:
            real = messages.send
            patched.setattr(
                messages, "send", lambda stream, message: real(stream, {**message, "id": message["id"] + 1})
            )
            with pytest.raises(ReaderFailed):
                reader.read(Page(article()))
        assert "Quillon" in reader.read(Page(OTHER)).text


class Counting(io.BytesIO):
    """A stream that remembers how much was asked of it at once."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        self.most = max(self.most, size or 0)
        return super().read(size)


def test_a_frame_that_says_it_is_huge_is_not_read():
    stream = Counting(b"\xff\xff\xff\xff{}")
    with pytest.raises(messages.Closed):
        messages.receive(stream)
    assert stream.most == 4


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\2[]", b"\0\0\0\2{", b"\0\0\0\1{", b"\0\0\0\4null"])
def test_what_is_no_frame_ends_the_conversation(sent: bytes):
    with pytest.raises(messages.Closed):
        messages.receive(io.BytesIO(sent))


def test_the_process_is_recycled_after_so_many_pages():
    with Reader(ReaderLimits(pages=2)) as reader:
        seen = []
        for _ in range(4):
            reader.read(Page(article()))
            seen.append(reader._process)
        assert [process is None for process in seen] == [False, True, False, True]
        assert seen[0] is not seen[2]


def test_a_cancel_that_comes_too_late_costs_no_process():
    with Reader() as reader:
        reader.read(Page(article()))
        before = reader._process
        reader.cancel()
        assert reader.read(Page(article())).blocks
        assert reader._process is before


def test_a_cancel_while_the_process_starts_is_heard(monkeypatch: pytest.MonkeyPatch):
    started = module._start

    def cancelled(limits: ReaderLimits) -> object:
        reader.cancel()
        return started(limits)

    with Reader() as reader:
        with monkeypatch.context() as patched:
            patched.setattr(module, "_start", cancelled)
            with pytest.raises(Cancelled):
                reader.read(Page(article()))
        assert reader.read(Page(article())).blocks


def test_a_reader_that_is_closed_while_it_reads_stays_closed():
    with Reader() as reader:
        reader.read(Page(article()))
    with pytest.raises(ReaderFailed, match="closed"):
        reader.read(Page(article()))
    assert reader._process is None


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
    assert len(found.title) <= messages.MOST_LABEL
    assert "Turned round and" in found.text
    assert "\U0001f468\u200d\U0001f469" in found.text
    assert not {"\u202e", "\u202c", "\x9b"} & set(found.text)


def test_what_is_told_of_an_article_is_bounded_and_harmless():
    label = "\u202e" + "T" * 5_000
    told = messages.article_to_wire(Article((Block("A word."),), title=label, byline=label, language="en"))
    assert told["title"] == told["byline"] == "T" * messages.MOST_LABEL


CONFINED = """
import os, socket, subprocess, sys
from notime.article.process import confine
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
refused("read", lambda: open(sys.argv[1] + "/there").read())
refused("list", lambda: os.listdir(sys.argv[1]))
refused("write", lambda: open(sys.argv[1] + "/new", "w"))
refused("remove", lambda: os.unlink(sys.argv[1] + "/there"))
refused("change", lambda: open(os.__file__, "r+b"))
refused("import", lambda: __import__("wsgiref.util"))
import ctypes, resource
libc = ctypes.CDLL(None, use_errno=True)
print("another table", libc.syscall(X32 + 41, 2, 1, 0), ctypes.get_errno())
print("dumpable", libc.prctl(3, 0, 0, 0, 0))
for name in ("CORE", "NOFILE", "FSIZE"):
    print(name.lower(), *resource.getrlimit(getattr(resource, "RLIMIT_" + name)))
print("grows", 0 < resource.getrlimit(resource.RLIMIT_AS)[0] < 3 * 10**9)
"""


def kernels() -> set[str]:
    """What this machine can take away, asked of the kernel itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    can = {"files"} if libc.syscall(444, None, 0, 1) >= 1 else set()
    return can | ({"network"} if libc.prctl(21, 0, 0, 0, 0) >= 0 and platform.machine() == "x86_64" else set())


@linux
def test_the_process_has_no_network_no_files_and_no_other_process(tmp_path: Path):
    (tmp_path / "there").touch()
    if kernels() != {"files", "network"}:
        pytest.skip(f"this kernel can do no more than {kernels()}")
    told = subprocess.run(
        [sys.executable, "-c", CONFINED.replace("X32", str(0x40000000)), str(tmp_path)],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert told == [
        "memory files network",
        *(f"{name} refused PermissionError" for name in ("socket", "unix", "program", "fork", "signal", "read")),
        *(f"{name} refused PermissionError" for name in ("list", "write", "remove", "change")),
        "import done",
        "another table -1 1",
        "dumpable 0",
        "core 0 0",
        "nofile 64 64",
        "fsize 0 0",
        "grows True",
    ]


LOUD = """
import atexit, sys
if "notime.article.process.worker" in sys.orig_argv:
    atexit.register(print, "a library says something", flush=True)
"""


def test_the_reading_process_is_confined_says_so_and_nothing_else(tmp_path: Path):
    (tmp_path / "usercustomize.py").write_text(LOUD)
    (tmp_path / "sitecustomize.py").write_text(LOUD)
    done = subprocess.run(
        [sys.executable, "-m", "notime.article.process.worker", str(10**9), "60"],
        input=b"", capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )  # fmt: skip
    stream = io.BytesIO(done.stdout)
    told = messages.receive(stream)
    assert told["id"] == 0
    if sys.platform == "linux":
        assert {"memory", *kernels()} == set(told["held"])
    assert stream.read() == b""


def test_nothing_of_the_reading_process_is_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    with Reader() as reader:
        assert reader.read(Page(article())).blocks
    assert capfd.readouterr().err == ""


def test_the_reading_process_takes_no_code_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "json.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    with Reader() as reader:
        assert reader.read(Page(article())).blocks


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


@pytest.fixture
def heir() -> Iterator[None]:
    """Orphans become this process's children, so that how they ended is told."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@linux
@pytest.mark.usefixtures("heir")
def test_a_reading_process_ends_with_a_parent_that_was_killed_in_the_middle_of_its_page():
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        before = sum(child.cpu_times()[:2])
        while sum(child.cpu_times()[:2]) < before + 0.2:  # it is in the middle of the page
            os.sched_yield()
        parent.kill()
    assert child.wait(30) == -signal.SIGIO  # where it had read to the end first, it would be 0


@linux
def test_a_word_from_its_parent_does_not_end_the_page_that_is_read():
    """On a busy machine the kernel tells of what was written when it has been read already."""
    text = {"verb": "text", "text": "\n\n".join(ARTICLE), "title": None, "url": None}
    with subprocess.Popen(
        [sys.executable, "-m", "notime.article.process.worker", str(10**9), "60"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            messages.send(process.stdin, {"id": number, **text})
        process.stdin.close()
        assert process.wait() == 0
        assert [messages.receive(process.stdout)["id"] for _ in range(3)] == [0, 1, 2]


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
        with pytest.raises(ReaderFailed, match="too much memory"):
            poor.read(Page("<p>" + "<b>text</b> " * 400_000))
        assert poor._process is None
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
