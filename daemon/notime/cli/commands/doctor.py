"""`notime doctor`: what is wrong, and what mends it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from notime.cli import client
from notime.errors import NotimeError

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

MARKS = {"good": "✓", "note": "·", "bad": "✗"}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    doctor = commands.add_parser("doctor", help="say what is wrong, and what mends it")
    doctor.add_argument("--fix", action="store_true", help="mend what can be mended without taking anything away")
    doctor.add_argument("--json", action="store_true", help="one JSON object a finding")
    doctor.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace, settings: Settings) -> int:
    # Imported here: it reads models and asks the service manager, which no other command need load.
    from notime.doctor import examine

    findings = examine(settings, lambda: _is_ours(settings))
    if args.fix and (fixes := [each for each in findings if each.fix is not None]):
        for each in fixes:
            assert each.fix is not None
            try:
                each.fix()
                print(f"Mended: {each.message}", file=sys.stderr)
            except (NotimeError, OSError) as error:
                print(f"Not mended: {each.message} {error}", file=sys.stderr)
        findings = examine(settings, lambda: _is_ours(settings))
    for each in findings:
        if args.json:
            told = {"code": each.code, "level": each.level, "message": each.message, "mend": each.mend}
            print(json.dumps(told | {"fixable": each.fix is not None}, ensure_ascii=False))
        else:
            print(f"{MARKS[each.level]} {each.message}{f' {each.mend}' if each.mend else ''}")
    return 1 if any(each.level == "bad" for each in findings) else 0


def _is_ours(settings: Settings) -> bool:
    try:
        client.token(settings)
    except (NotimeError, OSError):
        return False
    return True
