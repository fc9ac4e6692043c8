#!/usr/bin/env bash
# user_systemd.sh HOME COMMAND…: run a command beside a real `systemd --user` of its own, in namespaces that go with it.
# Needs root, cgroup 2 and systemd; what runs outside is neither seen nor touched. Exit status 125: it cannot be had here.
set -euo pipefail
export HOME=$1
shift
if [ "${NOTIME_INSIDE:-}" != yes ]; then
  tree=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) || exit 125
  mkdir -p "$tree/notime-test" && echo $$ >"$tree/notime-test/cgroup.procs" || exit 125
  NOTIME_INSIDE=yes exec unshare --mount --pid --fork --kill-child --mount-proc --cgroup "$0" "$HOME" "$@" || exit 125
fi
unset NOTIME_INSIDE
{
  mount -t tmpfs none /sys/fs/cgroup
  mount -t cgroup2 none /sys/fs/cgroup
  mount -t tmpfs none /run
  mkdir -p /run/systemd/system /run/systemd/inaccessible/dir /run/user/0 /sys/fs/cgroup/user
  touch /run/systemd/inaccessible/reg
  echo 0 >/sys/fs/cgroup/user/cgroup.procs
} 2>/dev/null || exit 125
export XDG_RUNTIME_DIR=/run/user/0
/usr/lib/systemd/systemd --user &
for _ in $(seq 100); do
  systemctl --user is-system-running --quiet 2>/dev/null && break
  sleep 0.1
done
systemctl --user show-environment >/dev/null 2>&1 || exit 125
"$@"
