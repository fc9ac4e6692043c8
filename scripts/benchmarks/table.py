"""The peers' report as Markdown for docs/performance.md."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    "notime ÷ peer",
    "reader: first sentence ÷ first token",
    "reader: summary ÷ 96 tokens",
    "engine: first token",
    "engine: 96 tokens",
    "equal tokens",
)


def table(report: dict[str, Any]) -> str:
    """Ratios with their quartiles, seconds, and what each peer was."""
    here, ours = report["machine"], report["ours"]
    found = [peer for peer in report["peers"] if peer["reader"] is not None]
    rows = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    for peer in found:
        spreads = [peer["spread"][yardstick][key] for yardstick in ("reader", "engine") for key in ("first", "total")]
        rows.append(f"| **{peer['name']}** | {' | '.join(map(_cell, spreads))} | {peer['equal_leading_tokens']} |")
        rows.append(f"| its time | {_seconds(peer['seconds'])} | |")
    if found:
        rows.append(f"| notime's time | {_seconds(ours)} | |")
    instructions = " ".join(here["instructions"])
    head = (
        f"{here['processor']} ({instructions}), {here['cores']} cores, load {here['load']} before; an article of "
        f"{ours['article_words']} words, {ours['prompt_tokens']} prompt tokens, {ours['new_tokens']} new ones. Medians "
        f"of {min((peer['pairs'] for peer in found), default=0)} interleaved pairs, quartiles in brackets."
    )
    notes = [f"- **notime** {ours['version']}: {ours['settings']}; {ours['tokens_per_pass']} tokens a pass."]
    notes += [f"- **{peer['name']}** {peer['version'] or ''}: {peer['settings']}." for peer in report["peers"]]
    return "\n".join([head, "", *rows, "", *notes])


def _cell(each: dict[str, float]) -> str:
    return f"**{each['median']:.3f}** ({each['q1']:.3f}–{each['q3']:.3f})"


def _seconds(times: dict[str, dict[str, float]]) -> str:
    return " | ".join(f"{times[one][key]:.2f} s" for one in ("reader", "engine") for key in ("first", "total"))
