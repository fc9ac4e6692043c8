"""A runner of `runners.py` as the benchmarks see it: a process that is asked and answers."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import sys
from typing import Any, Self

from scripts.benchmarks.pairs import Timed

ANSWER_SECONDS = 180.0
"""A peer that takes longer for one answer is left out: on a busy machine threads that spin wait for each other."""

TOKENS = 96
THREADS = 2


class Failed(Exception):
    """A runner cannot be had, or broke."""


class Process:
    """A runner of `runners.py`, from `__enter__` to `__exit__`."""

    def __init__(self, name: str, weights: str) -> None:
        self._name = name
        self._weights = weights

    def __enter__(self) -> Self:
        python = sys.executable
        prepare = [python, "-m", "scripts.benchmarks.prepare", self._weights]
        made = subprocess.run(prepare, capture_output=True, text=True, check=False)
        if made.returncode:
            raise Failed(f"its weights cannot be made: {made.stderr.splitlines()[-1] if made.stderr else 'no reason'}")
        path = made.stdout.splitlines()[-1]
        command = [python, "-m", "scripts.benchmarks.runners", self._name, path, str(THREADS)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]
        try:
            hello = self._answer()
        except Failed:
            self.__exit__()
            raise
        self.version, self.settings = hello["version"], hello["settings"]
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(self, prompt: str | list[int], *, ids: bool = False) -> dict[str, Any]:
        """Times, token ids and passes."""
        try:
            self._process.stdin.write(json.dumps({"prompt": prompt, "tokens": TOKENS, "ids": ids}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise Failed("it ended by itself") from error
        return self._answer()

    def time(self, prompt: str | list[int]) -> Timed:
        """Seconds to the first and to the last token."""
        answer = self.ask(prompt)
        return Timed(answer["first"], answer["total"])

    def _answer(self) -> dict[str, Any]:
        if not select.select([self._process.stdout], [], [], ANSWER_SECONDS)[0]:
            self._process.kill()
            raise Failed(f"no answer in {ANSWER_SECONDS:.0f} s; is the machine busy?")
        line = self._process.stdout.readline()
        if not line:
            raise Failed(f"its process ended (code {self._process.wait()})")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer
