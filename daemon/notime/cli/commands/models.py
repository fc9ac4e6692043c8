"""`notime models …`: the catalog and what is on disk."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.table import Table

from notime.cli.console import clean_up, progress_bars, status
from notime.errors import BadRequest, Corrupt
from notime.files import make_private_folder, write_private
from notime.model import OWN, Catalog, ModelStore
from notime.model.runtime.memory import needed_mb
from notime.settings import CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notime.model import ModelSpec, Part
    from notime.model.calibrate import Calibration
    from notime.model.store import State
    from notime.settings import Settings


MANY = 4
"""Languages, from which on they are counted and not named."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare this group's commands."""
    group = commands.add_parser("models", help="the catalog and what is on disk")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)

    listing = actions.add_parser("list", help="what there is, and what is ready")
    listing.add_argument("--json", action="store_true", help="one JSON object a model")
    listing.set_defaults(run=_list)

    for name, text in (("build", "fetch and build"), ("pull", "the same as build")):
        action = actions.add_parser(name, help=text)
        action.add_argument("id", nargs="?", help="a model; by default the one that summarises")
        action.add_argument("--force", action="store_true", help="build anew in any case")
        action.add_argument(
            "--from",
            dest="near",
            metavar="DIR",
            type=Path,
            help="a folder that holds a hub repository: nothing is downloaded",
        )
        action.set_defaults(run=_build)

    use = actions.add_parser("use", help="summarise with this model from now on: writes it into config.toml")
    use.add_argument("id")
    use.set_defaults(run=_use)

    calibrate = actions.add_parser("calibrate", help="measure which threads are best here, as build does, and keep it")
    calibrate.add_argument("id", nargs="?", help="a model; by default the one that summarises")
    calibrate.add_argument("--json", action="store_true", help="one JSON object on standard output")
    calibrate.set_defaults(run=_calibrate)

    verify = actions.add_parser("verify", help="hold what is on disk against its checksums")
    verify.add_argument("id", nargs="?", help="a model; by default the one that summarises")
    verify.set_defaults(run=_verify)

    bench = actions.add_parser("bench", help="installed models side by side on your own pages")
    bench.add_argument("pages", nargs="+", type=Path, metavar="PATH", help="HTML files, folders of them, or .jsonl")
    bench.add_argument("--model", action="append", metavar="ID", help="one of them, again for more; by default all")
    bench.add_argument("--json", action="store_true", help="one JSON object a model")
    bench.set_defaults(run=_bench)

    remove = actions.add_parser("remove", help="delete a built model and its download")
    remove.add_argument("id")
    remove.set_defaults(run=_remove)


def _store(settings: Settings) -> ModelStore:
    return ModelStore(settings.models, settings.cache_dir)


def _specs(args: argparse.Namespace, settings: Settings) -> tuple[ModelSpec, ...]:
    return _catalog(settings).with_parts(args.id or settings.model)


def _catalog(settings: Settings) -> Catalog:
    return Catalog(own=settings.config_dir / OWN)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    store, catalog = _store(settings), _catalog(settings)
    states = {spec.id: store.state(spec) for spec in catalog}
    sizes = {spec.id: _bytes(store.folder(spec)) if states[spec.id] == "ready" else 0 for spec in catalog}
    memory = {spec.id: _memory_mb(store, catalog.with_parts(spec.id), states) for spec in catalog}
    rows = [
        {
            "id": spec.id,
            "title": spec.title,
            "style": spec.style,
            "languages": list(spec.languages),
            "licence": spec.licence,
            "quantization": spec.quantization,
            "revision": spec.revision,
            "state": states[spec.id],
            "bytes": sizes[spec.id],
            "memory_mb": memory[spec.id],
        }
        for spec in catalog
    ]
    if args.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    table = Table(box=None, pad_edge=False, expand=True)
    for name in ("id", "state", "style", "languages", "MB", "memory, MB"):
        table.add_column(name, no_wrap=True, justify="right" if "MB" in name else "left")
    table.add_column("title", ratio=1, no_wrap=True, overflow="ellipsis")
    for spec in catalog:
        table.add_row(
            spec.id,
            states[spec.id],
            spec.style,
            ", ".join(spec.languages) if len(spec.languages) < MANY else str(len(spec.languages)),
            _figure(sizes[spec.id] / 1e6 or None, ",.0f"),
            _figure(memory[spec.id], ",.0f"),
            spec.title,
        )
    Console().print(table)
    return 0


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _memory_mb(store: ModelStore, parts: Sequence[ModelSpec], states: dict[str, State]) -> float | None:
    """What the model takes with what it needs beside it; None where that is not all there."""
    if any(states[spec.id] != "ready" for spec in parts):
        return None
    return round(needed_mb(store.folder(spec) for spec in parts), 1)


def _use(args: argparse.Namespace, settings: Settings) -> int:
    store, path = _store(settings), settings.config_dir / CONFIG
    for spec in _catalog(settings).with_parts(args.id):
        store.locate(spec)
    line = f"model = {json.dumps(args.id)}"
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        changed, count = re.subn(r"^model\s*=.*$", lambda _: line, text, flags=re.MULTILINE)
        make_private_folder(settings.config_dir)
        write_private(path, changed if count else f"{line}\n{text}")
    except (OSError, ValueError) as error:
        raise BadRequest(f"{path} cannot be changed: {error}.") from error
    print(f"{args.id} summarises from now on; a daemon that runs, when it is started again.", file=sys.stderr)
    return 0


def _build(args: argparse.Namespace, settings: Settings) -> int:
    store, specs = _store(settings), _specs(args, settings)
    # Shown once, before the first download of what they go with.
    for terms in dict.fromkeys(spec.terms for spec in specs if spec.terms and store.state(spec) == "absent"):
        print(terms, file=sys.stderr)
    clean_up(settings)
    with progress_bars() as show:
        known = {spec.id: store.trusted(spec) for spec in specs}
        parts = [store.build(spec, show, force=args.force, near=args.near) for spec in specs]
        _calibrated(parts, settings, show, anew=args.force)
    for spec in specs:
        now = store.trusted(spec)
        if now.commit != known[spec.id].commit:
            print(f"{spec.id} is held to commit {now.commit} from now on.", file=sys.stderr)
        for name, digest in now.files.items():
            if known[spec.id].files.get(name) != digest and not spec.source.files.get(name):  # type: ignore[union-attr]
                print(f"Trusted from now on: {digest}  {name}", file=sys.stderr)
    print(f"Ready: {', '.join(spec.id for spec in specs)}", file=sys.stderr)
    return 0


def build(settings: Settings) -> None:
    """What `notime models build` does, for the model that summarises."""
    _build(argparse.Namespace(id=None, force=False, near=None), settings)


def _calibrate(args: argparse.Namespace, settings: Settings) -> int:
    store = _store(settings)
    parts = [store.locate(spec) for spec in _specs(args, settings)]
    with progress_bars() as show:
        found = _calibrated(parts, settings, show, anew=True)
    if found is None:
        raise BadRequest("This model does not write: there is nothing to measure.")
    if args.json:
        sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
        sys.stdout.buffer.flush()
        return 0
    table = Table("threads", "spinning", "time ÷ policy's", box=None, pad_edge=False)
    for pace, ratio in found.ratios:
        table.add_row(str(pace.threads), "yes" if pace.spins else "no", f"{ratio:.2f}")
    Console().print(table)
    print(f"Kept: {found.pace.threads} threads, {'spinning' if found.pace.spins else 'sleeping'} between operators.")
    if settings.threads:
        print(f"The setting threads = {settings.threads} goes before it.", file=sys.stderr)
    return 0


def _calibrated(
    parts: Sequence[Part], settings: Settings, show: Callable[[str, float], None], *, anew: bool
) -> Calibration | None:
    """Measured where nothing valid is kept, or in any case; None where it was not."""
    # Imported here: the other commands load no network.
    from notime.model.calibrate import calibrate, kept

    for part in parts:
        if part.spec.style == "rewrite" and (anew or kept(settings.models, part.spec) is None):
            show("Finding the best number of threads", 0.0)
            found = calibrate(part, settings.models)
            show("Finding the best number of threads", 1.0)
            return found
    return None


def _bench(args: argparse.Namespace, settings: Settings) -> int:
    # Imported here: the other commands load no network.
    from notime.cli.commands.bench.side import measure, read

    store, catalog = _store(settings), _catalog(settings)
    ids = args.model or [
        spec.id for spec in catalog if all(store.state(each) == "ready" for each in catalog.with_parts(spec.id))
    ]
    for name in ids:
        catalog.get(name)
    with status() as say:
        found = list(measure(settings, ids, read(args.pages, settings), say))
    if args.json:
        for side in found:
            sys.stdout.buffer.write(msgspec.json.encode(side) + b"\n")
        sys.stdout.buffer.flush()
        return 0
    table = Table(box=None, pad_edge=False)
    table.add_column("model", no_wrap=True)
    for name in ("pages", "load, ms", "summary, ms", "sentences/s", "tokens/s", "peak, MB", "points"):
        table.add_column(name, justify="right")
    for side in found:
        figures = (side.load_ms, side.total_ms, side.sentences_per_second, side.tokens_per_second, side.peak_mb)
        shown = [_figure(value, ",.0f" if value and value >= 10 else ".2f") for value in figures]
        table.add_row(side.id, str(side.pages), *shown, _figure(side.points, ".3f"))
    Console().print(table)
    for side in found:
        if side.problem:
            print(f"{side.id}: {side.problem}", file=sys.stderr)
    return 0


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _verify(args: argparse.Namespace, settings: Settings) -> int:
    states = {spec.id: _store(settings).state(spec) for spec in _specs(args, settings)}
    for name, state in states.items():
        print(f"{name}: {state}")
    if any(state != "ready" for state in states.values()):
        raise Corrupt("Not every model is as it should be.")
    return 0


def _remove(args: argparse.Namespace, settings: Settings) -> int:
    spec = _catalog(settings).get(args.id)
    _store(settings).remove(spec)
    print(f"{spec.id} is removed.", file=sys.stderr)
    return 0
