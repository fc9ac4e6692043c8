"""A report as one page of HTML that needs nothing else: plots in SVG, no scripts, light and dark.

Comes in: a `Report`. Goes out: HTML.
"""

from __future__ import annotations

import html
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from notime.cli.commands.bench import plots

if TYPE_CHECKING:
    from notime.cli.commands.bench.report import ModelReport, Report

STAGES = ("extract", "rank", "first sentence", "the rest")
SHOWN_SAMPLES = 600
"""More points than pixels say nothing."""
SHOWN_WORDS = 500
"""The length that the figures at the top are of; the nearest there is."""

STYLE = Path(__file__).with_name("style.css")


def html_page(report: Report) -> str:
    """The whole page."""
    main, *others = report.models
    here = report.machine
    other = f" Other work was running (load {here.load})." if here.load and here.load > here.cores / 4 else ""
    parts = [
        "<h1>A summary, and how long it takes</h1>",
        f'<p class="soft">notime {_e(report.version)} · {_e(here.processor)}, {here.cores} cores · '
        f"{_e(' '.join(here.instructions))} · onnxruntime {_e(here.onnxruntime)} · {_e(here.system)} · "
        f"length {_e(report.length)}.{_e(other)}</p>",
        _tiles(report),
        _figure(
            "Where the time goes",
            "Milliseconds of the median request, by stage, for articles of so many words.",
            _key(STAGES) + _stages(main),
        ),
        _figure(
            "As articles grow",
            "Both axes are logarithmic. A line is the median; its band reaches up to the 95th percentile.",
            _growth(main, others),
        ),
    ]
    if report.memory.timeline:
        parts.append(
            _figure(
                "Memory",
                "Resident memory of the process while the default model was loaded, used and given up. "
                f"Peak {_mb(report.memory.peak)}, after unloading {_mb(report.memory.unloaded)}; "
                f"the process that reads pages {_mb(report.memory.reader)}.",
                _memory(report),
            )
        )
    parts += [_table(model) for model in report.models]
    parts.append(_foot(report))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>notime bench</title>\n'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body><main>\n"
        + "\n".join(parts)
        + "\n</main></body>\n</html>\n"
    )


def _tiles(report: Report) -> str:
    main = report.models[0]
    row = min(main.rows, key=lambda each: abs(each.words - SHOWN_WORDS))
    tiles = [
        (f"first sentence of {row.words:,} words", f"{row.first_sentence_ms.p50 / 1000:.2f}", "s"),
        (f"whole summary of {row.words:,} words", f"{row.total_ms.p50 / 1000:.2f}", "s"),
        ("from a cold start", f"{report.cold_start_ms.p50 / 1000:.1f}", "s"),
    ]
    if main.writing is not None:
        tiles += [
            ("written, all sentences at once", f"{main.writing.decode_tokens_per_second:.0f}", "tokens/s"),
            ("tokens a pass of the network", f"{main.writing.tokens_per_pass:.2f}", ""),
        ]
    if report.memory.peak is not None:
        tiles.append(("memory at most", f"{report.memory.peak:.0f}", "MB"))
    cells = (f"<div><dt>{_e(name)}</dt><dd>{value} <small>{unit}</small></dd></div>" for name, value, unit in tiles)
    return f"<dl>{''.join(cells)}</dl>"


def _stages(model: ModelReport) -> str:
    bars = []
    for row in model.rows:
        ends = [each.p50 for each in (row.extract_ms, row.rank_ms, row.first_sentence_ms, row.total_ms)]
        bars.append((f"{row.words:,}", [ends[0], *(max(0.0, b - a) for a, b in pairwise(ends))]))
    return plots.stacked_bars("Latency by stage", STAGES, bars, "ms")


def _growth(main: ModelReport, others: list[ModelReport]) -> str:
    lines = [
        plots.Line(
            "whole summary",
            [(row.words, row.total_ms.p50) for row in main.rows],
            [row.total_ms.p95 for row in main.rows],
        ),
        plots.Line("first sentence", [(row.words, row.first_sentence_ms.p50) for row in main.rows]),
    ]
    lines += [
        plots.Line(
            "ranker alone",
            [(row.words, row.total_ms.p50) for row in other.rows],
            [row.total_ms.p95 for row in other.rows],
        )
        for other in others
    ]
    return plots.log_lines("Latency by length of the article", lines, "words", "ms")


def _memory(report: Report) -> str:
    held = report.memory
    step = max(1, len(held.timeline) // SHOWN_SAMPLES)
    return plots.timeline("Memory over time", [*held.timeline[::step], held.timeline[-1]], held.marks, "MB")


def _table(model: ModelReport) -> str:
    rows = []
    for row in model.rows:
        spreads = (row.extract_ms, row.rank_ms, row.first_sentence_ms, row.total_ms)
        cells = "".join(f"<td>{each.p50:,.0f} <small>({each.p95:,.0f})</small></td>" for each in spreads)
        rows.append(f"<tr><td>{row.words:,}</td>{cells}<td>{row.total_ms.n}</td></tr>")
    head = "".join(
        f"<th>{name}</th>" for name in ("words", "extracted", "ranked", "first sentence", "whole summary", "n")
    )
    return (
        f"<h2>{_e(model.id)}</h2><p class='soft'>Milliseconds from the page's handing over, p50 (p95).</p>"
        f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _foot(report: Report) -> str:
    missing = "".join(f" Not available: {_e(reason)}." for reason in report.unavailable)
    return (
        f"<footer>Load {report.load_ms:,.0f} ms the first time, {report.reload_ms.p50:,.0f} ms again. The articles are "
        f"invented, each repetition has another, and one goes before that does not count. "
        f"Made by <code>notime bench --html</code>.{missing}"
        "</footer>"
    )


def _figure(title: str, caption: str, content: str) -> str:
    return (
        f'<h2>{_e(title)}</h2><figure><figcaption>{_e(caption)}</figcaption><div class="frame">{content}</div></figure>'
    )


def _key(names: tuple[str, ...]) -> str:
    items = "".join(f'<li><i class="fill-{n}"></i>{_e(name)}</li>' for n, name in enumerate(names, 1))
    return f'<ul class="key">{items}</ul>'


def _mb(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f} MB"


def _e(text: str) -> str:
    return html.escape(text)
