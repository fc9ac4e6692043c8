"""What people see while they wait: progress on standard error, only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from notime.silence import remove_left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notime.settings import Settings


@contextmanager
def progress_bars() -> Iterator[Callable[[str, float], None]]:
    """A function that shows how far something is: `show("Downloading …", 0.4)`, a bar for each name.

    Without a terminal it says once that something began.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        told: set[str] = set()

        def say(what: str, _share: float) -> None:
            if what not in told:
                told.add(what)
                console.print(f"{what} …", highlight=False)

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, int] = {}

        def show(what: str, share: float) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=1.0)
            bars.update(tasks[what], completed=share)  # type: ignore[arg-type] # TaskID is an int

        yield show


@contextmanager
def status() -> Iterator[Callable[[str], None]]:
    """One line that says what is going on and is gone at the end; nothing without a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _text: None
        return
    with console.status("") as spinner:
        yield lambda text: spinner.update(text)


def clean_up(settings: Settings) -> None:
    """Remove what ONNX Runtime's telemetry left when earlier versions let it run, and say so, once."""
    removed = remove_left(settings.cache_dir)
    if removed is not None:
        print(
            "notime: earlier versions let ONNX Runtime send usage data to Microsoft. That is off now, and what it kept "
            f"in {removed} is removed.",
            file=sys.stderr,
        )
