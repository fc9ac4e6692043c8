# Shared by the scripts: sourced, never run. Everything they make stays inside the checkout, in folders git ignores.
set -euo pipefail
# No library tells its makers anything: as daemon/notime/silence.py, for what is imported before notime.
export ORT_DISABLE_TELEMETRY=1 HF_HUB_DISABLE_TELEMETRY=1 RAY_USAGE_STATS_ENABLED=0 DO_NOT_TRACK=1
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# As root, run a command; as a user with sudo, through it; else say which command is missing.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "This needs a system package. Run as root: $*"
  fi
}

# system_packages NAME…: install Debian packages.
system_packages() {
  command -v apt-get >/dev/null || die "Please install: $*"
  say "Installing from the system's packages: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# python_command: the newest Python that will do, but none of an environment of this checkout: it may be about to be made
# anew, and its own Python would go with it.
python_command() {
  local found here
  here=$(pwd -P)
  while IFS= read -r found; do
    case "$(cd "$(dirname "$found")" && pwd -P)" in "$here"/*) continue ;; esac
    if "$found" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
      printf '%s\n' "$found"
      return
    fi
  done < <(type -ap python3.13 python3.12 python3.11 python3)
  die "notime needs Python 3.11 or newer."
}

# environment FOLDER REQUIREMENT…: a virtual environment with these installed. A stamp tells what it was made from, so
# that a second call needs neither network nor time, and an interrupted one starts over.
# environment FOLDER --locked NAME: this checkout, and what requirements/NAME.txt pins by hash (scripts/lock makes it).
environment() {
  local folder=$1 lock= python stamp
  shift
  [ "$1" != --locked ] || lock=requirements/$2.txt
  python=$(python_command)
  stamp=$({ cat pyproject.toml $lock; "$python" -V; echo "$folder" "$@"; pwd; } | sha256sum | cut -d' ' -f1)
  [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ] && return
  say "Installing into $folder …"
  rm -rf "$folder"
  if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
    rm -rf "$folder"
    system_packages python3-venv
    "$python" -m venv "$folder"
  fi
  pip_in "$folder" --upgrade pip
  if [ -n "$lock" ]; then
    pip_in "$folder" --require-hashes --requirement "$lock"
    pip_in "$folder" --no-deps --no-build-isolation --editable .
  else
    pip_in "$folder" "$@"
  fi
  echo "$stamp" >"$folder/.stamp"
}

# pip_in FOLDER ARGUMENT…: install into a virtual environment.
pip_in() {
  local folder=$1
  shift
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

# wheels: those that requirements/daemon.txt pins, for this Python, in .cache/wheels: what tests install notime from.
wheels() {
  local folder=.cache/wheels stamp
  stamp=$({ cat requirements/daemon.txt; .venv-dev/bin/python -V; } | sha256sum | cut -d' ' -f1)
  [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ] && return
  say "Downloading into $folder …"
  rm -rf "$folder"
  .venv-dev/bin/python -m pip download --quiet --disable-pip-version-check --only-binary :all: --dest "$folder" \
    --require-hashes --requirement requirements/daemon.txt
  echo "$stamp" >"$folder/stamp"
}
