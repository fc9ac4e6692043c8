"""scripts/batch as it runs: processes of the environment that scripts/test makes for it, and a Ray of two workers."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import psutil
import pytest

from notime.settings import Settings
from support.made_pages import ARTICLE, page, paragraphs

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-batch" / "bin" / "python"
PATIENCE = 120.0
"""Seconds until a test that waits for something gives up."""
TOWNS = "Vennes Marrow Tilde Oster Halm Quill Brack Sorn Elder Finn".split()
NAMES = "Marta Olin|Greta Solberg|Ines Kaur|Ruth Adler|Nora Falk".split("|")
FORM = "<main><h1>Contact</h1><form><input name='name'><button>Send</button></form></main>"
FAILURES = {
    "form.html": ("not_an_article", page(FORM)),
    "empty.html": ("not_an_article", "<html><body><div id='root'></div></body></html>"),
    "short.html": ("too_short", page(f"<main><article>{paragraphs(ARTICLE[:2])}</article></main>")),
    "short.txt": ("too_short", "The pier closed on Monday. Nobody came."),
}
Run = Callable[..., Popen[str]]
Rows = list[dict[str, Any]]


def story(number: int) -> str:
    """The article of `support.made_pages` with names and numbers of its own."""
    texts = [
        text.replace("Vennes", TOWNS[number % 10]).replace("Marta Olin", NAMES[number // 10 % 5])
        .replace("two hundred", f"{number + 200}").replace("40 million", f"{number + 3} million")
        for text in ARTICLE
    ]  # fmt: skip
    return page(
        f"<main><article><h1>Pier {number} closes</h1>{paragraphs(tuple(texts))}</article></main>",
        f"Pier {number} closes",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred pages, a few of which are no articles."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "pages" / "more").mkdir(parents=True)
    for number in range(95):
        where = folder / "pages" / "more" if number % 2 else folder / "pages"
        (where / f"story-{number:02}.html").write_text(story(number), encoding="utf-8")
    (folder / "pages" / "text.txt").write_text("\n\n".join(ARTICLE), encoding="utf-8")
    for name, (_, html) in FAILURES.items():
        (folder / "pages" / name).write_text(html, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def batch(folder: Path, settings: Settings) -> Run:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOTIME_", "RAY_"))}
    environment = kept | {
        "NOTIME_HOME": str(folder / "home"),
        "NOTIME_MODELS": str(settings.models),
        "PYTHONPATH": str(ROOT),
    }

    def run(*arguments: str) -> Popen[str]:
        return Popen([PYTHON, *arguments], cwd=folder, env=environment, text=True, stdout=PIPE, stderr=PIPE)

    return run


@contextmanager
def running(process: Popen[str]) -> Iterator[Popen[str]]:
    """Ended with whatever it started, however the test goes."""
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def ended(process: Popen[str], code: int = 0) -> tuple[str, str]:
    """What it said on standard output and on standard error."""
    with running(process):
        said = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, said
    return said


def wait_until(process: Popen[str], condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


READ = """
import json, sys
import pyarrow.parquet as pq
print(json.dumps([row for file in sys.argv[1:] for row in pq.read_table(file).to_pylist()]))
"""


def read(*files: Path) -> Rows:
    return json.loads(subprocess.run([PYTHON, "-c", READ, *files], check=True, capture_output=True).stdout)


def workers(process: Popen[str]) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.Error):  # gone meanwhile
            if " ".join(child.cmdline()).startswith("ray::MapWorker"):
                found.append(child)
    return found


def listening(process: Popen[str]) -> Iterator[str]:
    """Addresses on which it and its children accept connections."""
    for child in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
        with suppress(psutil.Error):  # gone meanwhile
            for connection in child.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    yield connection.laddr.ip.removeprefix("::ffff:")


@pytest.fixture(scope="module")
def command() -> list[str]:
    """Of all runs over the hundred pages; the ranker alone, which is fast."""
    module = ["-P", "-m", "scripts.batching.pages"]
    return [*module, "pages", "--out", "out/summaries.parquet", "--model", "minilm-l6-ranker"]


@pytest.fixture(scope="module")
def stopped(folder: Path, batch: Run, command: list[str]) -> Rows:
    """What a run without Ray had done when it was killed."""
    parts = folder / "out" / "summaries.parquet.parts"
    with running(batch(*command, "--plain")) as process:
        wait_until(process, lambda: any(parts.glob("*.parquet")))
        process.kill()
    return read(*parts.glob("*.parquet"))


@pytest.fixture(scope="module")
def heard() -> set[str]:
    """The addresses that Ray's processes listened on while they worked."""
    return set()


@pytest.fixture(scope="module")
def said(folder: Path, batch: Run, command: list[str], stopped: Rows, heard: set[str]) -> tuple[str, str]:
    """What the run said that went on from there, on Ray, and one of whose two workers was killed."""
    parts = folder / "out" / "summaries.parquet.parts"
    before = set(parts.glob("*.parquet"))
    with running(batch(*command, "--workers", "2")) as process:
        wait_until(process, lambda: set(parts.glob("*.parquet")) > before and len(workers(process)) == 2)
        heard.update(listening(process))
        workers(process)[0].kill()
        return ended(process)


@pytest.fixture(scope="module")
def rows(folder: Path, said: tuple[str, str]) -> Rows:
    return read(folder / "out" / "summaries.parquet")


def test_a_killed_worker_loses_nothing_and_does_nothing_twice(folder: Path, rows: Rows):
    files = [str(path.relative_to(folder)) for path in sorted((folder / "pages").rglob("*")) if path.is_file()]
    assert len(files) == 100
    assert [row["file"] for row in rows] == files


def test_failures_are_rows(rows: Rows):
    failed = {Path(row["file"]).name: row for row in rows if row["error_code"]}
    assert {name: row["error_code"] for name, row in failed.items()} == {
        name: code for name, (code, _) in FAILURES.items()
    }
    assert all(row["error_message"] and row["text"] is None for row in failed.values())


def test_a_summary_is_told_with_its_sources(rows: Rows):
    done = {row["file"]: row for row in rows if not row["error_code"]}
    row = done["pages/story-42.html"]
    assert row["title"] == "Pier 42 closes"
    assert row["language"] == "en"
    assert row["model"] == "minilm-l6-ranker"
    assert row["text"] == "\n".join(sentence["text"] for sentence in row["sentences"])
    assert all(sentence["method"] == "extracted" and len(sentence["sources"]) == 1 for sentence in row["sentences"])
    assert "Tilde" in row["text"]
    assert all(row["words"] > 150 and row["coverage"] == 1.0 for row in done.values())


def test_a_run_goes_on_where_another_was_killed(stopped: Rows, rows: Rows, said: tuple[str, str]):
    assert 0 < len(stopped) < 100
    assert said[1] == f"{100 - len(stopped)} pages to summarise, {len(stopped)} done before.\n"
    assert said[0].startswith(f"{100 - len(stopped)} pages in ")
    kept = {row["file"]: row for row in rows}
    assert [kept[row["file"]] for row in stopped] == stopped


def test_ray_is_heard_on_this_machine_only(said: tuple[str, str], heard: set[str]):
    assert heard == {"127.0.0.1"}


def test_a_second_run_does_nothing_new(folder: Path, batch: Run, command: list[str], rows: Rows):
    before = (folder / "out" / "summaries.parquet").read_bytes()
    assert ended(batch(*command)) == ("", f"0 pages to summarise, {len(rows)} done before.\n")
    assert (folder / "out" / "summaries.parquet").read_bytes() == before
    assert [path.name for path in (folder / "out").iterdir()] == ["summaries.parquet"]


def test_rows_of_two_lengths_are_not_mixed(folder: Path, batch: Run, command: list[str], rows: Rows):
    _, told = ended(batch(*command, "--length", "headline"), code=1)
    assert "was made with length brief, not headline" in told
    assert [path.name for path in (folder / "out").iterdir()] == ["summaries.parquet"]


DEADLY = """
import os
import pyarrow as pa
from pathlib import Path
from scripts.batching import cluster
from scripts.batching.table import SCHEMA

class Worker:
    def __call__(self, pages):
        if "deadly" in pages["file"].to_pylist():
            os.kill(os.getpid(), 9)
        return pa.Table.from_pylist([dict(file=name, text=name) for name in pages["file"].to_pylist()], SCHEMA)

pages = [Path(name) for name in ("a", "b", "deadly", "c", "d")]
cluster.start(None, 2)
for table in cluster.rows(Worker, (), pages, 4, 2):
    for row in table.to_pylist():
        print(row["file"], row["error_code"])
"""


def test_a_page_that_kills_its_workers_is_left_alone_and_told(batch: Run):
    out, err = ended(batch("-c", DEADLY))
    assert err == ""
    assert Counter(out.splitlines()) == Counter(["a None", "b None", "c None", "d None", "deadly internal"])
