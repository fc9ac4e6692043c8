"""From the wheel alone, in a new environment and a new home: installed, used, upgraded, taken out.

Nothing is fetched: `scripts/test` has put the wheels that requirements/daemon.txt pins into .cache/wheels, and the
models are this user's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import notime
from conftest import linked
from notime.settings import Settings
from support.cli_serving import answering
from support.ports import free_port
from support.user_systemd import beside_systemd
from support.wheels import ROOT, WHEELS, built, run

TREE = (
    *("daemon", "models", "extension/source", "scripts/exporting/summarizer.py"),
    *("docs/notime.1", "README.md", "LICENSE", "pyproject.toml"),
)
OLDER = "0.0.9"

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(os.name == "nt", reason="paths as on Linux and macOS"),
    pytest.mark.skipif(not (WHEELS / "stamp").is_file(), reason="needs .cache/wheels, which scripts/test downloads"),
]


@pytest.fixture(scope="module")
def older_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same source, as the version before."""
    tree = tmp_path_factory.mktemp("older") / "tree"
    for name in TREE:
        source = ROOT / name
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, tree / name)
    package = tree / "daemon" / "notime" / "__init__.py"
    told = package.read_text(encoding="utf-8").replace(
        f'__version__ = "{notime.__version__}"', f'__version__ = "{OLDER}"'
    )
    package.write_text(told, encoding="utf-8")
    return built(tree, tree.parent / "wheel")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def env(home: Path, settings: Settings, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A user who has nothing but the models."""
    models = home / ".local" / "share" / "notime" / "models"
    shutil.copytree(settings.models, models, copy_function=linked)
    path = os.pathsep.join([str(home / ".local" / "bin"), "/usr/bin", "/bin"])
    yield {
        "HOME": str(home),
        "PATH": path,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(WHEELS),
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_OFFLINE": "1",
        "UV_NO_CONFIG": "1",
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(WHEELS),
        "UV_PYTHON": sys.executable,
        "PIPX_DEFAULT_PYTHON": sys.executable,
    }
    shutil.rmtree(home)


@contextmanager
def serving(command: Path, env: dict[str, str], port: int) -> Iterator[None]:
    """The daemon, to a good end."""
    with answering([str(command), "serve"], env, port) as process:
        yield
        process.terminate()
        assert process.wait() == 0


def left(home: Path) -> list[str]:
    """Every file and link in the home."""
    found = [path for path in home.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted(path.relative_to(home).as_posix() for path in found)


def summary(port: int, token: str, pages: Path) -> dict[str, Any]:
    body = json.dumps({"html": (pages / "sample-article.html").read_text(encoding="utf-8")}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/v1/summaries", body, headers)
    ) as answer:
        return json.load(answer)


KEPT = [".config/notime/config.toml", ".config/notime/key", ".local/share/notime/data/history.db"]


def test_installed_used_upgraded_and_taken_out(
    wheel: Path, older_wheel: Path, home: Path, env: dict[str, str], tmp_path: Path, pages: Path
):
    run(sys.executable, "-m", "venv", tmp_path / "env", env=env)
    python, command = (tmp_path / "env" / "bin" / name for name in ("python", "notime"))
    run(python, "-m", "pip", "install", "--quiet", older_wheel, env=env)
    assert run(command, "--version", env=env) == f"notime {OLDER}\n"
    (home / ".config" / "notime").mkdir(parents=True)
    (home / KEPT[0]).write_text(f"port = {(port := free_port())}\nlength = 'headline'\n")

    first = run(command, "setup", "--no-service", env=env)
    key = run(command, "pair", env=env).strip()
    assert key in first
    placed = home / ".local" / "share" / "notime" / "extension" / "manifest.json"
    assert placed.read_bytes() == (ROOT / "extension" / "source" / "manifest.json").read_bytes()
    with serving(command, env, port):
        made = summary(port, run(command, "token", env=env).strip(), pages)
    assert len(made["summary"]["sentences"]) == 1

    run(python, "-m", "pip", "install", "--quiet", wheel, env=env)
    assert run("notime", "--version", env=env) == f"notime {notime.__version__}\n"
    assert key in run(command, "setup", "--no-service", env=env)
    with serving(command, env, port):
        listed = json.loads(run(command, "history", "list", "--json", env=env).splitlines()[0])
        assert listed["id"] == made["id"]
        assert len(summary(port, run(command, "token", env=env).strip(), pages)["summary"]["sentences"]) == 1
        busy = subprocess.run([command, "uninstall"], env=env, capture_output=True, text=True, check=False)
        assert (busy.returncode, "still runs" in busy.stderr) == (1, True)

    assert "pip uninstall notime" in run(command, "uninstall", env=env)
    assert left(home) == KEPT
    run(command, "uninstall", "--all", env=env)
    assert left(home) == []
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "notime", env=env)
    assert not command.exists()


def test_uv_a_service_that_is_there_after_an_upgrade_and_a_reboot(
    wheel: Path, older_wheel: Path, home: Path, env: dict[str, str]
):
    """Two service managers, one after the other, with the same home."""
    uv = Path(sys.executable).with_name("uv")
    run(uv, "tool", "install", older_wheel, env=env)
    (home / ".config" / "notime").mkdir(parents=True)
    (home / KEPT[0]).write_text(f"port = {(port := free_port())}\n")
    ask = f"""
    curl -s "http://127.0.0.1:{port}/v1/summaries" -H @<(notime token --header) -H 'Content-Type: application/json' \
      --data "{{\\"text\\": \\"$(seq -s '. A town of ' 500)\\"}}" | head -c 7
    """
    upgrade = f"""
    notime setup
    notime status
    {uv} tool install --quiet --force {wheel}
    notime setup
    notime status
    {ask}
    """
    told = beside_systemd(home, upgrade, **env)
    assert told.index(f"notime {OLDER} runs") < told.index(f"notime {notime.__version__} runs")
    assert told.endswith('{"id":"')
    after = f"""
    until [ "$(systemctl --user show --value --property=ActiveState notime)" = active ]; do sleep 0.1; done
    {ask}
    notime uninstall --all
    """
    told = beside_systemd(home, f"systemctl --user start default.target; {after}", **env)
    assert told.startswith('{"id":"')
    assert "uv tool uninstall notime" in told
    run(uv, "tool", "uninstall", "notime", env=env)
    assert not [name for name in left(home) if "notime" in name]


def test_pipx(wheel: Path, home: Path, env: dict[str, str]):
    pipx = [sys.executable, "-m", "pipx"]
    run(*pipx, "install", "--backend", "pip", wheel, env=env)
    assert run("notime", "models", "verify", env=env)
    assert "pipx uninstall notime" in run("notime", "uninstall", "--all", env=env)
    run(*pipx, "uninstall", "notime", env=env)
    assert not (home / ".local" / "bin" / "notime").exists()
