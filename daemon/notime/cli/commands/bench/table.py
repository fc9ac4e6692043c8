"""A report as tables on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from notime.cli.commands.bench.report import Report, Spread


def show(report: Report) -> None:
    """Print it to standard output."""
    console = Console(highlight=False)
    here = report.machine
    console.print(
        f"notime {report.version} · {here.processor} · {here.cores} cores"
        f"{' · ' + ' '.join(here.instructions) if here.instructions else ''} · onnxruntime {here.onnxruntime}"
    )
    if here.load is not None and here.load > here.cores / 4:
        console.print(f"Other work is running on this machine (load {here.load}): the figures are of both.")
    for model in report.models:
        console.print()
        table = Table(title=model.id, title_justify="left", box=None, pad_edge=False, title_style="bold")
        table.add_column("words", justify="right")
        for name in ("extracted", "ranked", "first sentence", "whole summary"):
            table.add_column(f"{name}, ms", justify="right")
        table.add_column("not networks, ms", justify="right")
        table.add_column("n", justify="right")
        for row in model.rows:
            spreads = (row.extract_ms, row.rank_ms, row.first_sentence_ms, row.total_ms)
            table.add_row(f"{row.words:,}", *map(_spread, spreads), _spread(row.other_ms), str(row.total_ms.n))
        console.print(table)
    console.print("p50 (p95), from the page's handing over; every stage includes those before it.", style="dim")
    console.print()
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _facts(report):
        facts.add_row(name, value)
    console.print(facts)
    for reason in report.unavailable:
        console.print(f"Not available: {reason}.")


def _spread(spread: Spread) -> str:
    return f"{spread.p50:,.0f} ({spread.p95:,.0f})"


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [
        ("cold start to summary", f"{report.cold_start_ms.p50:,.0f} ms"),
        ("load, first", f"{report.load_ms:,.0f} ms"),
        ("load, again", f"{report.reload_ms.p50:,.0f} ms"),
    ]
    if (writing := report.models[0].writing) is not None:
        facts += [
            ("rewriter, prefill", f"{writing.prefill_ms:,.0f} ms an article"),
            ("rewriter, decode", f"{writing.decode_tokens_per_second:,.0f} tokens/s"),
            ("rewriter, with prefill", f"{writing.tokens_per_second:,.0f} tokens/s"),
            ("tokens a pass and row", f"{writing.tokens_per_pass:.2f}"),
        ]
    held = report.memory
    names = {
        "memory, model loaded": held.loaded,
        "memory, at the end": held.after,
        "memory, peak": held.peak,
        "memory, model unloaded": held.unloaded,
        "memory, page reader": held.reader,
    }
    return facts + [(name, f"{value:,.0f} MB") for name, value in names.items() if value is not None]
