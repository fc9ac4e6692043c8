"""The manual page, made from the commands themselves: `python -m notime.cli.documents.manual > docs/notime.1`.

Comes in: the parser. Goes out: roff for man(1). Must not know: what a command does.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from notime.cli.main import parser

if TYPE_CHECKING:
    from collections.abc import Iterator


def page() -> str:
    """The whole page."""
    whole = parser()
    lines = [
        '.TH NOTIME 1 "" "" "notime"',
        ".SH NAME",
        f"notime \\- {_escaped(whole.description or '')}",
        ".SH SYNOPSIS",
        ".B notime",
        "COMMAND \\fR[\\fIoptions\\fR]",
        ".SH COMMANDS",
        *_commands(whole, "notime"),
        ".SH EXIT STATUS",
        "0 done, 1 failed, 2 wrong usage, 78 failed for what no restart mends.",
        ".SH FILES",
        ".I config.toml",
        "in the configuration folder; each setting is also a variable \\fBNOTIME_\\fINAME\\fR. \\fBNOTIME_HOME\\fR "
        "puts everything into one folder.",
    ]
    return "\n".join(lines) + "\n"


def _commands(group: argparse.ArgumentParser, name: str) -> Iterator[str]:
    for action in group._actions:  # argparse shows them nowhere else
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, sub in action.choices.items():
                yield from (".TP", f".B {_escaped(f'{name} {word}')}", _escaped(helps.get(word, "")))
                yield from _options(sub)
                yield from _commands(sub, f"{name} {word}")


def _options(command: argparse.ArgumentParser) -> Iterator[str]:
    found = [
        each
        for each in command._actions
        if not isinstance(each, argparse._HelpAction | argparse._SubParsersAction) and each.help
    ]
    if not found:
        return
    yield ".RS"
    for each in found:
        name = ", ".join(each.option_strings) or str(each.metavar or each.dest)
        yield from (".TP", f".I {_escaped(name)}", _escaped(str(each.help)))
    yield ".RE"


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("%%", "%")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    sys.stdout.write(page())
