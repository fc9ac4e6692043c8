"""`notime bench`: how fast this machine summarises, and what memory that takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from notime.cli.console import status
from notime.errors import BadRequest

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

REPETITIONS = 10
SECONDS = 180.0


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    bench = commands.add_parser("bench", help="latency, throughput and memory on this machine")
    bench.add_argument("--quick", action="store_true", help="articles of up to 1,000 words only")
    bench.add_argument("--repetitions", type=int, default=REPETITIONS, metavar="N", help="at most, of each; default 10")
    bench.add_argument("--seconds", type=float, default=SECONDS, help="about how long all of it may take; default 180")
    bench.add_argument("--json", action="store_true", help="one JSON object on standard output")
    bench.add_argument("--html", type=Path, metavar="FILE", help="also write a page with plots")
    bench.add_argument("--model", metavar="ID", help="see `notime models list`")
    bench.set_defaults(run=_bench, usage=bench.error)


def _bench(args: argparse.Namespace, settings: Settings) -> int:
    if args.repetitions < 1 or args.seconds <= 0:
        args.usage("--repetitions and --seconds must be more than 0")
    # Imported here: numpy and the models take time that the other commands need not spend.
    from notime.cli.commands.bench import document, measure, table

    lengths = measure.QUICK_LENGTHS if args.quick else measure.LENGTHS
    with status() as say:
        report = measure.measure(settings, measure.Plan(lengths, args.repetitions, args.seconds), say)
    if args.html:
        try:
            args.html.write_text(document.html_page(report), encoding="utf-8")
        except OSError as error:
            raise BadRequest(f"{args.html} cannot be written: {error.strerror}.") from error
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.buffer.flush()
    else:
        table.show(report)
    return 0
