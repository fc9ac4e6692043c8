"""Build the extension as it ships: a folder to load unpacked and an archive for the store, for each browser.

    scripts/build-extension [--out DIR]

Comes in: extension/source; how the browsers' manifests differ, extension/overlays; the one file of another project,
from extension/node_modules. Goes out, into extension/dist: chromium/, firefox/, notime-VERSION-chromium.zip and
notime-VERSION-firefox.xpi. Must not know: what the code does. Nothing is bundled or minified: what a store reviews is
the source.

The same files make the same bytes on every machine and day: entries are sorted, times and modes are fixed, and nothing
is compressed, since every implementation of deflate makes bytes of its own. Needs nothing but the standard library, and
`npm ci --prefix extension` before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "extension"
SOURCE = EXTENSION / "source"

ARCHIVES = {"chromium": "zip", "firefox": "xpi"}

READABILITY = EXTENSION / "node_modules" / "@mozilla" / "readability"
VENDORED = {
    "readerable.js": (
        READABILITY / "Readability-readerable.js",
        "a98d28805804c1986ceed470678a3f409f150ee7f1d227f8c8239c005d21de65",
    ),
    "LICENSE-readability.txt": (
        READABILITY / "LICENSE.md",
        "a5b1e8181751ce05b85b7bfaa832b785e87086250a5148e679d17ca9bdcfa958",
    ),
}
"""What source/vendor holds: from where, and the sha256 that it has in @mozilla/readability 0.6.0."""

KINDS = {".css", ".html", ".js", ".json", ".png", ".svg", ".txt"}
"""Suffixes of what a browser runs or shows, and of licences."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can tell."""

UNIX, READABLE_FILE = 3, 0o100644 << 16
"""What a zip archive says of the system that made it, and of a file's mode there."""

Files = dict[str, bytes]
"""Contents by path, as the browser sees them: `background/main.js`."""


class BuildError(Exception):
    """The extension cannot be built from what is there."""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=EXTENSION / "dist", metavar="DIR", help="instead of extension/dist")
    parser.add_argument("--vendor-only", action="store_true", help="only fill extension/source/vendor")
    args = parser.parse_args()
    try:
        vendor()
        if not args.vendor_only:
            build(args.out)
    except BuildError as error:
        sys.exit(str(error))


def vendor() -> None:
    """Put the other project's files into extension/source/vendor, so that the source can be loaded unpacked as well."""
    files = {}
    for name, (path, digest) in VENDORED.items():
        if not path.is_file():
            raise BuildError(f"{path} is missing: npm ci --prefix extension --ignore-scripts")
        files[name] = path.read_bytes()
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise BuildError(f"{path} is not the file that was reviewed: npm ci --prefix extension --ignore-scripts")
    unpack(files, SOURCE / "vendor")


def build(out: Path) -> None:
    """Write a folder and an archive for each browser, and say what was written."""
    source = collect()
    for browser, suffix in ARCHIVES.items():
        manifest = manifest_for(browser, source)
        files = source | {"manifest.json": f"{json.dumps(manifest, indent=2, ensure_ascii=False)}\n".encode()}
        unpack(files, out / browser)
        for old in out.glob(f"notime-*-{browser}.{suffix}"):
            old.unlink()
        archive = out / f"notime-{manifest['version']}-{browser}.{suffix}"
        pack(files, archive)
        print(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.stat().st_size:7,}  {archive}")


def collect() -> Files:
    """All that ships, manifest.json still without a browser's own part.

    Raises:
        BuildError: a file among the source is of a kind that no browser runs.
    """
    files = {"LICENSE.txt": (ROOT / "LICENSE").read_bytes()}
    for path in SOURCE.rglob("*"):
        name = path.relative_to(SOURCE)
        if path.is_dir() or any(part.startswith(".") for part in name.parts):
            continue
        if path.suffix not in KINDS:
            raise BuildError(f"{path} is of no kind that ships.")
        files[name.as_posix()] = path.read_bytes()
    return files


def manifest_for(browser: str, source: Files) -> dict[str, Any]:
    """The manifest of the source with the browser's overlay laid over it.

    Raises:
        BuildError: it names a file that is not there.
    """
    overlay = json.loads((EXTENSION / "overlays" / f"{browser}.json").read_bytes())
    manifest: dict[str, Any] = laid_over(json.loads(source["manifest.json"]), overlay)
    for name in strings(manifest):
        if Path(name).suffix in KINDS and name not in source:
            raise BuildError(f"The manifest for {browser} names {name}, which is not there.")
    return manifest


def laid_over(base: Any, overlay: Any) -> Any:
    """Objects are merged, null takes a key away, lists are appended, and everything else is replaced."""
    if isinstance(base, dict) and isinstance(overlay, dict):
        merged = base | {key: laid_over(base.get(key), value) for key, value in overlay.items()}
        return {key: value for key, value in merged.items() if value is not None}
    if isinstance(base, list) and isinstance(overlay, list):
        return base + overlay
    return overlay


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def unpack(files: Files, folder: Path) -> None:
    """Make the folder hold these files and no others. One that holds them already is not touched: it may be loaded."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def pack(files: Files, archive: Path) -> None:
    """Write a zip archive of which each byte follows from the files."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = UNIX, READABLE_FILE
            packed.writestr(entry, files[name])


if __name__ == "__main__":
    main()
