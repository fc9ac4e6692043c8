"""The manual page is what the commands say of themselves."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from conftest import TESTS
from notime.cli.documents import manual

PAGE = TESTS.parent / "docs" / "notime.1"


def test_it_is_up_to_date():
    """Else: python -m notime.cli.documents.manual > docs/notime.1."""
    assert PAGE.read_text(encoding="utf-8") == manual.page()


def test_man_has_nothing_to_say_against_it():
    if shutil.which("groff") is None:
        pytest.skip("needs groff")
    command = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", str(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("notime setup", "notime doctor", "notime service install"):
        assert word.replace("-", "\\-") in PAGE.read_text(encoding="utf-8")
