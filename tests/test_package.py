from __future__ import annotations

import hashlib
import inspect
import os
import pickle
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import notime
from conftest import TESTS
from notime import errors

ROOT = TESTS.parent


def kinds() -> list[type[errors.NotimeError]]:
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.NotimeError)]
    assert len(found) > 20
    return found


def test_every_export_is_there():
    assert all(hasattr(notime, name) for name in notime.__all__)


@pytest.mark.parametrize("kind", kinds())
def test_every_error_is_drawn_in_the_tree(kind: type[errors.NotimeError]):
    assert errors.__doc__ is not None
    (line,) = [row for row in errors.__doc__.splitlines() if f" {kind.__name__} " in f" {row} "]
    if kind.code != "internal" and kind is not errors.Unsummarizable:
        assert kind.code in line.split()
    error = pickle.loads(pickle.dumps(kind("It went wrong.", hint="Do this.")))
    assert (type(error), error.message, error.hint) == (kind, "It went wrong.", "Do this.")


def test_every_code_is_one_errors():
    codes = [kind.code for kind in kinds() if kind is not errors.NotimeError and "code" in vars(kind)]
    assert len(set(codes)) == len(codes)


def test_torch_and_transformers_stay_out():
    modules = "notime.cli.main, notime.http.app, notime.model.decoding.causal, notime.model.ranking.encoder"
    found = "[m for m in ('torch', 'transformers', 'optimum', 'lxml') if m in sys.modules]"
    script = f"import sys, {modules}; print({found})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_wheel_holds_the_catalog(tmp_path: Path):
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (ROOT / "models").rglob("*"):
        if path.is_file():
            assert f"notime/models/{path.relative_to(ROOT / 'models')}" in names
    assert "notime/py.typed" in names
    assert "notime/extension/manifest.json" in names
    assert "notime/extension/vendor/readerable.js" in names  # git ignores it: scripts/node.sh puts it there
    assert "notime/export_summarizer.py" in names
    assert not [name for name in names if name.startswith(("tests", "daemon"))]


def test_the_same_source_makes_the_same_wheel_and_sdist(tmp_path: Path):
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"SOURCE_DATE_EPOCH": "1795000000"})
        made.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert len(made[0]) == 2
    (sdist,) = (tmp_path / "one").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = [Path(*Path(name).parts[1:]) for name in archive.getnames()]
    assert {name.parts[0] for name in names} == {
        *("daemon", "models", "extension", "scripts", "docs"),
        *("README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", ".gitignore", "PKG-INFO"),
    }
    assert {name.parts[1] for name in names if name.parts[0] == "extension"} == {"source"}  # none of its tools' files
