"""The Debian package: built, installed by dpkg, used by somebody who is not root, removed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import notime
from conftest import TESTS, linked
from notime.settings import Settings
from support.ports import free_port
from support.wheels import ROOT, WHEELS, run

CHROOT, NOT_HERE = TESTS / "chroot.sh", 125
NOBODY = 65534
DPKG_WRITES = ("var/lib/dpkg/", "var/log/", "var/cache/")
"""Its database and log, and the manual pages' index: for every package."""
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def debian_has_this_python() -> bool:
    if shutil.which("dpkg-deb") is None:
        return False
    query = ["dpkg-query", "--show", "--showformat=${Version}", "python3"]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout.startswith(f"{PYTHON}.")


pytestmark = [
    pytest.mark.skipif(not debian_has_this_python(), reason="needs Debian, and its own version of Python"),
    pytest.mark.skipif(not (WHEELS / "stamp").is_file(), reason="needs .cache/wheels, which scripts/test downloads"),
]


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As scripts/release makes it: notime, and what it needs."""
    folder = tmp_path_factory.mktemp("release")
    uv = Path(sys.executable).with_name("uv")
    env = {"PATH": os.environ["PATH"], "UV_CACHE_DIR": str(folder / "uv"), "UV_NO_CONFIG": "1", "UV_OFFLINE": "1"}
    run(uv, "venv", "--python", sys.executable, folder / "env", env=env)
    install = ("pip", "install", "--no-index", "--find-links", WHEELS, "--python", folder / "env", wheel)
    run(uv, *install, env=env)
    return folder / "env"


def packed(environment: Path, folder: Path) -> Path:
    script, licences = ROOT / "scripts" / "releasing" / "deb.py", ROOT / "docs" / "licences.md"
    command = (sys.executable, script, environment, licences, "--out", folder, "--quick")
    return Path(run(*command, env=os.environ | {"SOURCE_DATE_EPOCH": "1795000000"}).strip())


@pytest.fixture(scope="module")
def package(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(environment, tmp_path_factory.mktemp("deb"))


def test_the_same_environment_makes_the_same_package(environment: Path, package: Path, tmp_path: Path):
    before = os.umask(0o077)
    try:
        again = packed(environment, tmp_path)
    finally:
        os.umask(before)
    assert again.name == package.name
    assert again.read_bytes() == package.read_bytes()


def test_what_is_in_it(package: Path):
    rows = [
        line.split(maxsplit=5) for line in run("dpkg-deb", "--contents", package, env=dict(os.environ)).splitlines()
    ]
    modes = {row[5].split(" -> ")[0].removeprefix("./"): row[0] for row in rows}
    assert {row[1] for row in rows} == {"root/root"}
    assert set(modes.values()) == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}
    documents = {"copyright", "changelog.gz", "licences.md"}
    assert {f"usr/share/doc/notime/{name}" for name in documents} | {"usr/share/man/man1/notime.1.gz"} <= set(modes)
    assert not [name for name in modes if name.endswith((".whl", "RECORD", "direct_url.json"))]
    fields = run("dpkg-deb", "--field", package, "Version", "Depends", env=dict(os.environ))
    assert fields.startswith(f"Version: {notime.__version__}\nDepends: python3 (>= {PYTHON}), python3 (<< 3.")


LIFE = """
somebody="setpriv --reuid NOBODY --regid NOBODY --clear-groups"
dpkg --install /tmp/notime.deb >/dev/null
$somebody notime --version
NOTIME_MODELS=/tmp/models $somebody notime summarize /tmp/page.html --length headline --json
$somebody notime service install --print | grep ExecStart
$somebody notime serve --cold --port "$PORT" 2>/tmp/log &
until grep -q "answers on" /tmp/log; do sleep 0.1; done
$somebody notime status --json --port "$PORT"
kill $!
wait $!
$somebody notime doctor --json || true
$somebody notime uninstall --all
notime --version >/dev/null
dpkg --remove notime 2>&1 >/dev/null
dpkg --purge notime 2>/dev/null
""".replace("NOBODY", str(NOBODY))


@pytest.mark.model
def test_used_by_somebody_and_removed_without_a_trace(package: Path, settings: Settings, pages: Path, tmp_path: Path):
    if os.getuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs root, for a chroot")
    folder = tmp_path / "tmp"
    (folder / "home").mkdir(parents=True)
    os.chown(folder / "home", NOBODY, NOBODY)
    shutil.copy(package, folder / "notime.deb")
    shutil.copy(pages / "sample-article.html", folder / "page.html")
    shutil.copytree(settings.models, folder / "models", copy_function=linked)
    (folder / "models").chmod(0o755)
    env = {"HOME": "/tmp/home", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PORT": str(free_port())}
    done = subprocess.run([CHROOT, folder, "bash", "-euc", LIFE], env=env, capture_output=True, text=True, check=False)
    shutil.rmtree(folder / "models")
    if done.returncode == NOT_HERE:
        pytest.skip("this kernel lets us have no chroot of our own")
    assert done.returncode == 0, done.stderr
    version, summary, start, status, *found, package_command = done.stdout.splitlines()
    assert version == f"notime {notime.__version__}"
    assert len(json.loads(summary)["summary"]["sentences"]) == 1
    assert start == 'ExecStart="/usr/bin/notime" "serve"'
    assert json.loads(status)["command"] == "notime"
    assert "not_on_path" not in "".join(found)
    assert package_command == "Now the package itself: sudo apt remove notime"
    left = (folder / "left").read_text().splitlines()
    assert not [name for name in left if "notime" in name or not name.startswith(DPKG_WRITES)]
    assert all(path.is_dir() for path in (folder / "home").rglob("*"))
