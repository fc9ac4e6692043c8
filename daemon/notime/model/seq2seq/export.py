"""Export: a summarizer's own weights to ONNX, by optimum, in an environment of its own.

Comes in: a folder in the hub's format. Goes out: the same as the engine reads it, with `parity.json`. Must not know:
torch; what exports is a script that another Python runs (`scripts/exporting/summarizer.py`), so that torch and
transformers never enter the daemon's environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import requires
from pathlib import Path
from typing import TYPE_CHECKING

from notime.errors import ModelUnavailable
from notime.model.seq2seq.generation import read_config

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str, float], None]

SCRIPT = "export_summarizer.py"

FAMILIES = ("bart", "marian", "mt5", "pegasus", "t5")
"""`model_type`s whose export the tests hold against transformers, token for token (`tests/models/summarizers.py`)."""

STAMP = ".stamp"


def export(source: Path, out: Path, cache: Path, progress: Progress) -> None:
    """Write the exported and quantised model into `out`.

    Args:
        source: `config.json`, weights and tokenizer.
        out: an empty folder.
        cache: holds the environment, which is made once and takes some gigabytes.
        progress: called with what is going on and the share done, 0 to 1.

    Raises:
        ModelUnavailable: it is of a kind that cannot be exported, or the export fails.
    """
    kind = read_config(source).get("model_type")
    if kind not in FAMILIES:
        raise ModelUnavailable(
            f"A model of the kind {kind} cannot be exported.", hint=f"These can: {', '.join(FAMILIES)}."
        )
    progress("Installing what exports", 0.0)
    python = environment(cache)
    progress("Installing what exports", 1.0)
    progress(f"Exporting the {kind} model", 0.0)
    command = [str(python), str(script()), str(source), str(out)]
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=os.environ | offline)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ModelUnavailable(
            f"The export failed: {said[-1] if said else 'it was ended'}.",
            hint="`scripts/export-model` shows all that it says.",
        )
    progress(f"Exporting the {kind} model", 1.0)


def environment(cache: Path) -> Path:
    """The Python of the environment that exports: the checkout's, else one under `cache`.

    Raises:
        ModelUnavailable: it cannot be made.
    """
    here = Path(__file__).resolve().parents[4] / ".venv-export" / "bin" / "python"
    if here.is_file():
        return here
    wanted = wants()
    folder = cache / "export"
    stamp = hashlib.sha256("\n".join([sys.version, *wanted]).encode()).hexdigest()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / STAMP).is_file() and (folder / STAMP).read_text(encoding="utf-8") == stamp:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder)  # with our own pip: Debian's Python has none for it
        pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
        install = [*pip, "install", *wanted]
        subprocess.run(install, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ModelUnavailable(
            "The environment that exports cannot be installed.", hint="Is there a network?"
        ) from error
    (folder / STAMP).write_text(stamp, encoding="utf-8")
    return python


def wants() -> list[str]:
    """What the environment holds: notime's `export` extra."""
    return [each.split(";")[0].strip() for each in requires("notime") or () if each.endswith("extra == 'export'")]


def script() -> Path:
    """In the installed package or, in a checkout, among its scripts."""
    package = Path(__file__).resolve().parents[2]
    for path in (package / SCRIPT, package.parents[1] / "scripts" / "exporting" / "summarizer.py"):
        if path.is_file():
            return path
    raise ModelUnavailable(f"{SCRIPT} is missing.", hint="Install notime again.")
