"""Where the benchmarks' tables go: docs/performance.md, between two equal marks."""

from __future__ import annotations

import re

from scripts.benchmarks.prepare import ROOT

DOC = ROOT / "docs" / "performance.md"


def write(mark: str, text: str) -> None:
    """Put the text between the two."""
    found = re.escape(mark)
    page = DOC.read_text(encoding="utf-8")
    new, count = re.subn(rf"({found}\n).*?(\n{found})", lambda at: f"{at[1]}\n{text}\n{at[2]}", page, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{DOC.name} has no place for this: {mark}")
    DOC.write_text(new, encoding="utf-8")
