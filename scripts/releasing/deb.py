"""Build the Debian package from an environment that holds notime and nothing but what it needs.

    python -m scripts.releasing.deb ENVIRONMENT [DOCUMENT …] --out DIR

Comes in: the environment's packages, the documents for /usr/share/doc/notime; SOURCE_DATE_EPOCH. Goes out:
notime_VERSION_ARCHITECTURE.deb. Must not know: where the wheels came from.

Inside is an environment of its own, /usr/lib/notime, over the system's Python of the same version, and /usr/bin/notime,
a link into it. All is compiled beforehand and nothing runs at installation or removal, so dpkg knows each file.
The same environment makes the same bytes: times, modes, owners and order are fixed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
PACKAGES = f"lib/{PYTHON}/site-packages"

HOME = "usr/lib/notime"
LIBRARIES = "libc6, libgcc-s1, libstdc++6, zlib1g"
"""What the wheels are linked to and do not bring (`readelf --dynamic`); the release of Debian that has this Python has
new enough ones for the wheels that pip chose for it."""

CONTROL = """\
Package: notime
Version: {version}
Architecture: {architecture}
Maintainer: notime <notime@notime.invalid>
Installed-Size: {kilobytes}
Depends: python3 (>= {python}), python3 (<< {next_python}), {libraries}
Section: text
Priority: optional
Description: summaries of the open article, made on your own machine
 A daemon for a browser extension, and a command: what the page says, in a few of
 its own sentences, without a word leaving the machine.
 .
 `notime setup` fetches the models, starts the daemon as your own service, and says
 how to load the extension. Before you remove the package: `notime uninstall`.
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: notime
Comment: Below /usr/lib/notime/lib are other projects' packages too, each with its licence in its own .dist-info:
 licences.md in this folder lists them.

Files: *
Copyright: notime's developers
License: Apache-2.0
 On Debian: /usr/share/common-licenses/Apache-2.0
"""

START = """\
#!/usr/lib/notime/bin/python
import sys
from notime.cli.main import main
sys.exit(main())
"""

OF_THE_INSTALLER = ("RECORD", "REQUESTED", "direct_url.json", "uv_cache.json")
"""Files of a .dist-info that tell where and by whom it was installed; without RECORD no pip takes it out, as is meant
for what a system's package manager holds (packaging.python.org, "Recording installed projects")."""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", type=Path, help="of this very Python's version")
    parser.add_argument("documents", type=Path, nargs="*", metavar="DOCUMENT")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--quick", action="store_true", help="compress less, for a test")
    args = parser.parse_args()
    packages = args.environment / PACKAGES
    if not packages.is_dir():
        sys.exit(f"{packages} is missing: the environment must be of {PYTHON}.")
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "tree"
        place(packages, args.documents, tree)
        describe(tree)
        settle(tree, int(os.environ["SOURCE_DATE_EPOCH"]))
        print(pack(tree, args.out, quick=args.quick))


def place(packages: Path, documents: list[Path], tree: Path) -> None:
    """All files that the package installs, where it installs them."""
    home, docs, man = tree / HOME, tree / "usr/share/doc/notime", tree / "usr/share/man/man1"
    for folder in (home / "bin", tree / "usr/bin", docs, man):
        folder.mkdir(parents=True)
    shutil.copytree(
        packages, home / PACKAGES, ignore=shutil.ignore_patterns("__pycache__", "_virtualenv.*", *OF_THE_INSTALLER)
    )
    for told in (home / PACKAGES).glob("*.dist-info"):
        (told / "INSTALLER").write_text("debian\n")
    for path in sorted((home / PACKAGES).rglob("*.py")):
        compiled(path, tree)
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    (home / "bin/python").symlink_to(f"../../../bin/{PYTHON}")
    (home / "bin/notime").write_text(START)
    (tree / "usr/bin/notime").symlink_to("../lib/notime/bin/notime")
    (docs / "copyright").write_text(COPYRIGHT)
    (docs / "changelog.gz").write_bytes(gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0))
    (man / "notime.1.gz").write_bytes(gzip.compress((ROOT / "docs/notime.1").read_bytes(), mtime=0))
    for document in documents:
        shutil.copyfile(document, docs / document.name)


def compiled(path: Path, tree: Path) -> None:
    """Beside its source, as Python would once it may write there; never checked against it, as dpkg holds both."""
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    try:
        py_compile.compile(str(path), dfile=f"/{path.relative_to(tree)}", doraise=True, invalidation_mode=unchecked)
    except py_compile.PyCompileError:
        return  # a template, or for another Python


def describe(tree: Path) -> None:
    """What dpkg is told: the control file, and a checksum of each file."""
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n" for path in files]
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/md5sums").write_text("".join(sums))
    control = CONTROL.format(
        version=_notime(tree).version,
        architecture=_said("dpkg", "--print-architecture"),
        kilobytes=sum(-(-path.stat().st_size // 1024) for path in files),
        python=f"3.{sys.version_info.minor}",
        next_python=f"3.{sys.version_info.minor + 1}",
        libraries=LIBRARIES,
    )
    (tree / "DEBIAN/control").write_text(control)


def settle(tree: Path, epoch: int) -> None:
    """One time, and one mode for each kind, whatever the umask was."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == tree / HOME / "bin/notime" else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def pack(tree: Path, out: Path, *, quick: bool) -> Path:
    """The archive: dpkg-deb sorts, owns all to root, and with one thread compresses alike on every machine."""
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"notime_{_notime(tree).version}_{_said('dpkg', '--print-architecture')}.deb"
    how = ["-Zzstd", "-z1"] if quick else ["-Zxz", "-z6"]
    _said("dpkg-deb", "--root-owner-group", "--threads-max=1", *how, "--build", str(tree), str(archive))
    return archive


def _notime(tree: Path) -> Distribution:
    (found,) = distributions(name="notime", path=[str(tree / HOME / PACKAGES)])
    return found


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


if __name__ == "__main__":
    main()
