"""Where the quality figures go: docs/quality.md, between two equal marks."""

from __future__ import annotations

import re
from pathlib import Path

DOC = Path(__file__).resolve().parents[2] / "docs" / "quality.md"
MARK = "<!-- {}: written by scripts/eval {} -->"


def write(name: str, by: str, text: str) -> None:
    """Put the text between the two marks of this name."""
    mark = re.escape(MARK.format(name, by))
    page = DOC.read_text(encoding="utf-8")
    new, count = re.subn(
        rf"({mark}\n).*?(\n{mark})", lambda found: f"{found[1]}\n{text}\n{found[2]}", page, flags=re.DOTALL
    )
    if count != 1:
        raise SystemExit(f"{DOC.name} has no place for {name}")
    DOC.write_text(new, encoding="utf-8")
