"""`notime history …`: what was summarised, read from its file, whether or not the daemon runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from notime import shapes
from notime.errors import NotFound
from notime.history.store import MOST, Store

if TYPE_CHECKING:
    import argparse

    from notime.settings import Settings

SHORT_ID = 8
"""Characters of an id in the table; 5,000 of them are alike once in 300 histories, and then more can be given."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    group = commands.add_parser("history", help="what was summarised")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)

    listing = actions.add_parser("list", help="summaries, newest first")
    listing.add_argument("--query", default="", metavar="WORDS", help="that title, site, address or summary hold")
    listing.add_argument("--limit", type=int, default=50, help="how many; by default 50")
    listing.add_argument("--json", action="store_true", help="one JSON object a summary")
    listing.set_defaults(run=_list, usage=listing.error)

    show = actions.add_parser("show", help="one summary")
    show.add_argument("id", metavar="ID", help="or the beginning of one")
    show.add_argument("--json", action="store_true", help="all that is known of it")
    show.set_defaults(run=_show)

    delete = actions.add_parser("delete", help="delete one summary")
    delete.add_argument("id", metavar="ID", help="or the beginning of one")
    delete.set_defaults(run=_delete)

    clear = actions.add_parser("clear", help="delete all of them")
    clear.add_argument("--yes", action="store_true", help="without being asked")
    clear.set_defaults(run=_clear, usage=clear.error)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    if args.limit < 1:
        args.usage("--limit must be 1 or more")
    entries, _ = Store.of(settings).search(args.query, limit=min(args.limit, MOST))
    rows = [entry.listed for entry in entries]
    console = Console()
    if args.json:
        for row in rows:
            _print(row)
    elif console.is_terminal:
        table = Table(box=None, pad_edge=False)
        for name in ("id", "created", "title", "site"):
            table.add_column(name, overflow="fold")
        for row in rows:
            told = (row["id"][:SHORT_ID], row["created"][:10], row["title"], row["site_name"] or "")
            table.add_row(*(escape(_plain(text)) for text in told))
        console.print(table)
    else:
        for row in rows:
            print("\t".join(_plain(row[name] or "") for name in ("id", "created", "title", "url")))
    return 0


def _show(args: argparse.Namespace, settings: Settings) -> int:
    store = Store.of(settings)
    entry = store.get(_whole_id(store, args.id))
    if args.json:
        _print(entry.whole)
        return 0
    listed = entry.listed
    where = [listed["site_name"], listed["byline"], listed["url"]]
    lines = [listed["title"], " · ".join(text for text in where if text), ""]
    lines += [f"• {sentence['text']}" for sentence in entry.whole["summary"]["sentences"]]
    lines += ["", f"{listed['created']}, {listed['model']}, {listed['length']}"]
    print("\n".join(_plain(line) for line in lines))
    return 0


def _delete(args: argparse.Namespace, settings: Settings) -> int:
    store = Store.of(settings)
    store.delete(_whole_id(store, args.id))
    print("The summary is deleted.", file=sys.stderr)
    return 0


def _clear(args: argparse.Namespace, settings: Settings) -> int:
    if not args.yes:
        if not sys.stdin.isatty():
            args.usage("give --yes where nobody can be asked")
        print("Delete every summary in the history? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("notime: nothing was deleted.", file=sys.stderr)
            return 1
    Store.of(settings).clear()
    print("The history is empty.", file=sys.stderr)
    return 0


def _whole_id(store: Store, start: str) -> str:
    """The one id that begins so."""
    found = store.beginning(start) if start else []
    if len(found) != 1:
        many = "Several summaries have an id that begins so." if found else "There is no such summary."
        raise NotFound(many, hint="`notime history list` shows what there is.")
    return found[0]


def _plain(text: str) -> str:
    """What a page wrote, without what would steer a terminal or break a line."""
    return "".join(character if character.isprintable() else " " for character in text)


def _print(value: dict[str, Any]) -> None:
    sys.stdout.buffer.write(shapes.encode(value) + b"\n")
    sys.stdout.buffer.flush()
