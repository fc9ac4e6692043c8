"""The extension's own unit tests, which run in Node."""

from __future__ import annotations

import subprocess

from support.browsers.driver import EXTENSION, node


def test_the_modules_do_what_their_tests_say() -> None:
    command = [node(), "--test", "tests/*.test.js"]
    run = subprocess.run(command, cwd=EXTENSION, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
