"""Plots as SVG elements for a page of HTML, without scripts: stacked bars, lines on log axes, an area.

Comes in: names and numbers. Goes out: `<svg>…</svg>`. Colours are the page's: `fill-1` … `fill-4` and `line-1` … are
classes, so that they follow its light and dark. Must not know: what the numbers mean.
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 14, 44
BAR, GAP = 26, 14
LABEL_GAP = 15
"""Least distance of two labels that stand above each other."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `log_lines`."""

    name: str
    points: Sequence[tuple[float, float]]
    upper: Sequence[float] = ()
    """Of each point, where its band ends; no band where empty."""


def stacked_bars(title: str, names: Sequence[str], bars: Sequence[tuple[str, Sequence[float]]], unit: str) -> str:
    """A horizontal bar each, of parts that add up.

    Args:
        title: for those who can't see it.
        names: of the parts, in order.
        bars: label, and the size of each part.
        unit: behind the numbers.
    """
    most = max((sum(parts) for _, parts in bars), default=0) or 1
    step = _round_step(most / 5)
    scale = (WIDTH - LEFT - RIGHT - 70) / most
    height = TOP + len(bars) * (BAR + GAP) + BOTTOM
    floor = height - BOTTOM
    out = []
    for n in range(int(most / step) + 1):
        x = LEFT + n * step * scale
        out += [_rule(x, TOP, x, floor), _text(x, floor + 18, f"{n * step:,.0f}", "middle")]
    out.append(_text(WIDTH - RIGHT, floor + 36, unit, "end"))
    for place, (label, parts) in enumerate(bars):
        y, x = TOP + place * (BAR + GAP), float(LEFT)
        out.append(_text(LEFT - 10, y + BAR * 0.68, label, "end"))
        for number, (name, size) in enumerate(zip(names, parts, strict=True), 1):
            width = max(0.0, size) * scale
            hint = f"<title>{html.escape(f'{label}: {name} {size:,.0f} {unit}')}</title>"
            out.append(
                f'<rect class="fill-{number}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}">{hint}</rect>'
            )
            x += width
        out.append(_text(x + 8, y + BAR * 0.68, f"{sum(parts):,.0f}", "start", "value"))
    return _svg(title, height, out)


def log_lines(title: str, lines: Sequence[Line], x_name: str, y_name: str, height: int = 380) -> str:
    """Lines over two logarithmic axes; every value must be more than 0."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points] + [y for line in lines for y in line.upper]
    right = 130
    x_low, x_high = math.log10(min(xs) / 1.15), math.log10(max(xs) * 1.15)
    y_low, y_high = math.log10(min(ys) / 1.4), math.log10(max(ys) * 1.4)
    floor = height - BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - x_low) / (x_high - x_low)
        up = (math.log10(y) - y_low) / (y_high - y_low)
        return LEFT + across * (WIDTH - LEFT - right), floor - up * (floor - TOP)

    out = []
    for tick in _log_ticks(10**y_low, 10**y_high):
        y = at(10**x_low, tick)[1]
        out += [_rule(LEFT, y, WIDTH - right, y), _text(LEFT - 10, y + 4, f"{tick:,.0f}", "end")]
    for tick in sorted(set(xs)):
        x = at(tick, 10**y_low)[0]
        out += [_rule(x, TOP, x, floor), _text(x, floor + 18, f"{tick:,.0f}", "middle")]
    out += [_text(WIDTH - right, floor + 36, x_name, "end"), _text(LEFT, TOP - 3, y_name, "start")]
    ends = []
    for number, line in enumerate(lines, 1):
        points = [at(x, y) for x, y in line.points]
        if line.upper:
            upper = [at(x, y) for (x, _), y in zip(line.points, line.upper, strict=True)]
            out.append(f'<polygon class="band-{number}" points="{_points([*points, *reversed(upper)])}"/>')
        out.append(f'<polyline class="line-{number}" points="{_points(points)}"/>')
        for (x, y), (words, value) in zip(points, line.points, strict=True):
            hint = f"<title>{html.escape(f'{line.name}, {words:,.0f} {x_name}: {value:,.0f} {y_name}')}</title>"
            out.append(f'<circle class="dot-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">{hint}</circle>')
        ends.append((points[-1][1], number, line.name))
    place = -math.inf
    for y, number, name in sorted(ends):
        place = max(y + 4, place + LABEL_GAP)
        out.append(_text(WIDTH - right + 10, place, name, "start", f"name-{number}"))
    return _svg(title, height, out)


def timeline(
    title: str, samples: Sequence[tuple[float, float]], marks: Sequence[tuple[float, str]], unit: str, height: int = 300
) -> str:
    """An area over seconds, with marks where something begins."""
    end = max(samples[-1][0], *(second for second, _ in marks)) or 1
    most = max(value for _, value in samples) * 1.08
    step = _round_step(most / 4)
    top, floor, right = TOP + 58, height - BOTTOM, 60  # the last mark's label needs room

    def at(second: float, value: float) -> tuple[float, float]:
        return LEFT + second / end * (WIDTH - LEFT - right), floor - value / most * (floor - top)

    out = []
    for n in range(int(most / step) + 1):
        y = at(0, n * step)[1]
        out += [_rule(LEFT, y, WIDTH - right, y), _text(LEFT - 10, y + 4, f"{n * step:,.0f}", "end")]
    seconds = _round_step(end / 6)
    for n in range(int(end / seconds) + 1):
        out.append(_text(at(n * seconds, 0)[0], floor + 18, f"{n * seconds:,.0f}", "middle"))
    out += [_text(WIDTH - right, floor + 36, "seconds", "end"), _text(LEFT - 10, top - 8, unit, "end")]
    points = [at(*sample) for sample in samples]
    area = [(points[0][0], float(floor)), *points, (points[-1][0], float(floor))]
    out.append(
        f'<polygon class="band-1" points="{_points(area)}"/><polyline class="line-1" points="{_points(points)}"/>'
    )
    last = -math.inf
    for second, text in marks:
        x = at(second, 0)[0]
        out.append(f'<line class="mark" x1="{x:.1f}" y1="{top - 6}" x2="{x:.1f}" y2="{floor}"/>')
        if x - last >= LABEL_GAP:
            turned = f'transform="rotate(-35 {x:.1f} {top - 10})"'
            out.append(f'<text x="{x:.1f}" y="{top - 10}" {turned}>{html.escape(text)}</text>')
            last = x
    return _svg(title, height, out)


def _svg(title: str, height: float, inside: Sequence[str]) -> str:
    named = html.escape(title)
    body = "\n".join(inside)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{named}">\n{body}\n</svg>'


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="rule" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, at least this much."""
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high]
