"""Case 37: nothing is looked up, nothing is sent, and no file is left outside our folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from notime.settings import Settings
from notime.silence import SWITCHES, remove_left

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

FIRST_UPLOAD = 12
"""Seconds from ONNX Runtime's import by which its telemetry has looked its host up (measured: under 12 with the machine
busy): so long a program is watched at least."""

ON_A_BUILD_SERVER = {
    "APPVEYOR", "BITBUCKET_BUILD_NUMBER", "BUILDKITE", "CI", "CIRCLECI", "CODEBUILD_BUILD_ID", "GITHUB_ACTIONS",
    "GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD", "TRAVIS",
}  # fmt: skip
"""Variables by which ONNX Runtime knows a build server, where telemetry keeps still; a reader's machine has none."""

BROWSERS_OWN = (
    "google.com", "googleapis.com", "gvt1.com", "mozilla.com", "mozilla.net", "mozilla.org",
)  # fmt: skip
"""Where the browsers themselves look for updates and settings, whatever is in them."""

WITH_TELEMETRY = (
    "import os, sys, notime; os.environ['ORT_DISABLE_TELEMETRY'] = '0'; import onnxruntime; "
    "onnxruntime.enable_telemetry_events(); from notime.summary import Summarizer; Summarizer.load(); "
    "import threading; threading.Event().wait()"
)


def _namespaces() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare") or not shutil.which("ip"):
        return False
    return subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(not _namespaces(), reason="needs Linux, root, unshare and ip")
pytestmark = pytest.mark.model

Watch = Callable[..., dict[str, Any]]


@pytest.fixture
def watch(tmp_path: Path, settings: Settings) -> Iterator[Watch]:
    """A function that runs a command under `watch.py`, with a home of its own; `strays` are files not in our folder."""

    def run(*command: str, least: float = 0, until_seen: float = 0) -> dict[str, Any]:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        # A short name: Ray puts sockets there, whose paths may have 107 characters.
        temporary = Path(stack.enter_context(TemporaryDirectory(prefix="n", ignore_cleanup_errors=True)))
        folders = {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"}
        gone = folders | SWITCHES.keys() | ON_A_BUILD_SERVER
        kept = {name: value for name, value in os.environ.items() if name not in gone}
        places = {"HOME": str(home), "TMPDIR": str(temporary), "NOTIME_HOME": str(home / "notime")}
        quiet = {"NOTIME_MODELS": str(settings.models), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            ["unshare", "--net", "--mount", sys.executable, str(HERE / "watch.py"),
             f"--least={least}", f"--until-seen={until_seen}", "--", *command],
            env=kept | places | quiet, capture_output=True, check=True, cwd=home,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        found["strays"] = sorted(
            str(path)
            for folder in (home, temporary)
            for path in folder.rglob("*")
            if not path.is_dir() and home / "notime" not in path.parents
        )
        return found

    with ExitStack() as stack:
        yield run


def assert_silent(found: dict[str, Any]) -> None:
    told = {name: found[name] for name in ("names", "connections", "others", "strays")}
    assert told == {"names": [], "connections": [], "others": [], "strays": []}
    assert found["status"] == 0, found["errors"]


@needs_namespaces
def test_case_37_the_watch_sees_telemetry_when_it_is_switched_on_again(watch: Watch):
    found = watch(sys.executable, "-c", WITH_TELEMETRY, until_seen=120)
    assert found["names"] == ["mobile.events.data.microsoft.com"]
    assert [path for path in found["strays"] if path.endswith(".onnxruntime/deviceid")]


@needs_namespaces
def test_case_37_the_daemon_sends_nothing(watch: Watch, pages: Path):
    page = pages / "sample-article.html"
    # It works on for so long itself.
    found = watch(sys.executable, str(HERE / "main_job.py"), str(page), str(FIRST_UPLOAD))
    assert_silent(found)
    assert int(found["output"]) >= 3


@needs_namespaces
@pytest.mark.browser
@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_case_37_the_extension_speaks_to_the_daemon_alone(watch: Watch, browser: str):
    found = watch(sys.executable, str(HERE / "panel_job.py"), browser)
    assert (found["status"], found["others"]) == (0, []), found["errors"]
    assert int(found["output"]) >= 3
    # Every name leads to one address: who connects elsewhere has not looked it up.
    assert [name for name in found["names"] if not name.endswith(BROWSERS_OWN)] == []
    assert [to for to in found["connections"] if not to.startswith("198.51.100.7:")] == []


@needs_namespaces
def test_case_37_the_command_line_sends_nothing(watch: Watch, pages: Path):
    page = pages / "sample-article.html"
    assert_silent(watch(sys.executable, "-m", "notime", "summarize", "--json", str(page), least=FIRST_UPLOAD))
    assert_silent(watch(sys.executable, "-m", "notime", "extract", str(page)))


@needs_namespaces
def test_case_37_the_benchmark_sends_nothing(watch: Watch):
    assert_silent(watch(sys.executable, "-m", "notime", "bench", "--quick", "--repetitions", "1"))


@needs_namespaces
def test_case_37_a_batch_sends_nothing_but_to_this_machine(watch: Watch, pages: Path, tmp_path: Path):
    python = ROOT / ".venv-batch/bin/python"
    if not python.exists():
        pytest.skip("needs the environment of scripts/batch")
    shutil.copy(pages / "sample-article.html", tmp_path / "one.html")
    found = watch(
        "env", f"PYTHONPATH={ROOT}", str(python), "-P", "-m", "scripts.batching.pages", str(tmp_path / "one.html"),
        "--out", str(tmp_path / "home" / "notime" / "out.parquet"), "--workers", "1",
    )  # fmt: skip
    assert found["status"] == 0, found["errors"]
    assert (found["names"], found["connections"]) == ([], [])
    assert not [path for path in found["strays"] if "Microsoft" in path]


def test_every_script_switches_the_same_off():
    common = (ROOT / "scripts/common.sh").read_text(encoding="utf-8")
    assert all(f"{name}={value}" in common for name, value in SWITCHES.items())
    for script in (ROOT / "scripts").iterdir():
        if script.is_file() and not script.suffix and script.name != "train-reader":
            assert "common.sh" in script.read_text(encoding="utf-8"), script.name


def test_the_switches_are_set_before_any_library_is_imported():
    told = subprocess.run(
        [sys.executable, "-c", "import notime, os, sys; print('onnxruntime' in sys.modules, dict(os.environ))"],
        env={name: value for name, value in os.environ.items() if name not in SWITCHES} | {"DO_NOT_TRACK": "0"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.startswith("False")
    assert all(f"{name!r}: {value!r}" in told for name, value in SWITCHES.items())


def test_what_telemetry_left_is_removed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    left = tmp_path / "cache/Microsoft/DeveloperTools/.onnxruntime"
    left.mkdir(parents=True)
    (left / "deviceid").write_text("1")
    assert remove_left(tmp_path / "ours") == left
    assert not (tmp_path / "cache/Microsoft").exists()
    left.mkdir(parents=True)  # another program's
    assert remove_left(tmp_path / "ours") is None
    assert left.exists()


def test_what_stands_beside_it_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    beside = tmp_path / "cache/Microsoft/other"
    beside.mkdir(parents=True)
    (tmp_path / "cache/Microsoft/DeveloperTools/.onnxruntime").mkdir(parents=True)
    assert remove_left(tmp_path / "ours") is not None
    assert beside.exists()
