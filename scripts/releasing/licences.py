"""`docs/licences.md` from an SBOM: whose code the wheel brings along, and under which licence."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from notime.model import Catalog

UNTOLD = {"protobuf": "BSD-3-Clause"}
"""What a package says in its LICENSE file alone."""

HEAD = """# Licences

notime is under Apache-2.0. Made by `scripts/release`, from the SBOM (CycloneDX) that it puts beside the packages; which
version of each is installed: `requirements/daemon.txt`.

## What the wheel installs

| package | licence, as it says itself |
|---|---|
"""

MODELS = """
## What the wheel holds or fetches

| part | licence |
|---|---|
| `isProbablyReaderable` of @mozilla/readability, in the extension | Apache-2.0 |
"""


def main() -> int:
    """Arguments: the SBOM, and the document."""
    bom = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rows = sorted((name := _name(part["name"]), _licence(part) or UNTOLD.get(name, "")) for part in bom["components"])
    unknown = [name for name, licence in rows if not licence]
    if unknown:
        sys.stderr.write(f"No licence is told by: {', '.join(unknown)}\n")
        return 1
    packages = "".join(f"| {name} | {licence} |\n" for name, licence in rows if name != "notime")
    models = "".join(f"| {spec.title} (`{spec.id}`) | {spec.licence} |\n" for spec in Catalog())
    Path(sys.argv[2]).write_text(f"{HEAD}{packages}{MODELS}{models}", encoding="utf-8")
    return 0


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(part: dict[str, Any]) -> str:
    """An expression of SPDX where there is one, else names."""
    found = []
    for each in part.get("licenses", ()):
        licence = each.get("license", {})
        words = each.get("expression") or licence.get("id") or licence.get("name") or ""
        line = words.strip().splitlines()[0] if words.strip() else ""
        found.append(line.removeprefix("License :: OSI Approved :: "))
    kept = [licence for licence in dict.fromkeys(found) if licence and not licence.startswith("declared license")]
    return "; ".join(kept)


if __name__ == "__main__":
    sys.exit(main())
