"""Remove one check at a time, and see that a test notices.

    scripts/mutate [--only WORD] [--missing]

Comes in: the list of `mutants.py`, a place in a file and what it is without its check. Goes out: their rows of the
table in docs/security.md, and exit code 1 where a mutant is left alive. Works on a copy of the checkout, so that
nothing here changes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.robustness.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- scripts/mutate -->\n", "<!-- end -->\n"
HEAD = "| without | in | noticed by |\n|---|---|---|\n"

TIMEOUT_SECONDS = 300.0
"""A mutant that waits for ever is found out too."""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="WORD", help="mutants whose name or file holds it")
    parser.add_argument("--missing", action="store_true", help="those that the table has not yet")
    asked = parser.parse_args()
    known = _known() if asked.missing else {}
    chosen = [
        each for each in MUTANTS if (asked.only in each.what or asked.only in each.file) and each.what not in known
    ]
    rows, alive = {}, []
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "checkout"
        for part in ("daemon", "tests", "models", "extension/source"):
            shutil.copytree(ROOT / part, copy / part)
        shutil.copy(ROOT / "pyproject.toml", copy)
        for each in chosen:
            killer = _killed_by(copy, each)
            print(f"{each.what}: {killer or 'ALIVE'}", flush=True)
            rows[each.what] = _row(each, killer or "**alive**")
            if not killer:
                alive.append(each.what)
            _write(rows)
    sys.exit(f"Left alive: {', '.join(alive)}" if alive else 0)


def _killed_by(copy: Path, mutant: Mutant) -> str:
    """The first test that fails; nothing where all pass.

    Raises:
        SystemExit: the check is not where the list says, or the tests do not run.
    """
    path = copy / mutant.file
    before = path.read_text(encoding="utf-8")
    if mutant.check not in before:
        sys.exit(f"{mutant.file} has no {mutant.check!r}.")
    path.write_text(before.replace(mutant.check, mutant.without, 1), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", mutant.tests]
    environment = os.environ | {"PYTHONPATH": str(copy / "daemon"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "time-out"
    finally:
        path.write_text(before, encoding="utf-8")
    if done.returncode == 0:
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if not failed:
        sys.exit(f"The tests of {mutant.what!r} do not run:\n{done.stdout}{done.stderr}")
    return f"`{failed[0].split()[1].partition('::')[2].partition('[')[0]}`"


def _row(mutant: Mutant, killer: str) -> str:
    return f"| {mutant.what} | `{mutant.file.removeprefix('daemon/notime/')}` | {killer} |\n"


def _known() -> dict[str, str]:
    """The table's rows, by what each is without."""
    table = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    return {line.split("|")[1].strip(): line for line in table.splitlines(keepends=True)[2:]}


def _write(rows: dict[str, str]) -> None:
    """These rows anew, the others as they stand; what is on the list no more has none."""
    found = _known() | rows
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    body = "".join(found[each.what] for each in MUTANTS if each.what in found)
    DOCUMENT.write_text(f"{head}{BEGIN}{HEAD}{body}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
