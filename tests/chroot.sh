#!/usr/bin/env bash
# chroot.sh FOLDER COMMAND…: run a command as root in a copy of this system that goes with it. FOLDER is /tmp there; which
# files the command left anywhere else stands in FOLDER/left. Needs root and overlayfs. Exit status 125: not to be had here.
set -euo pipefail
folder=$1
shift
if [ "${NOTIME_INSIDE:-}" != yes ]; then
  unshare --mount --pid --fork true || exit 125
  NOTIME_INSIDE=yes exec unshare --mount --pid --fork --kill-child "$0" "$folder" "$@"
fi
unset NOTIME_INSIDE
top=$folder/system
mkdir "$top"
{
  mount -t tmpfs none "$top"
  mkdir "$top"/{upper,work,root}
  mount -t overlay none -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
  mount -t proc none "$top/root/proc"
  mount --rbind /dev "$top/root/dev"
  mount --bind "$folder" "$top/root/tmp"
} || exit 125
chroot "$top/root" "$@"
find "$top/upper" ! -type d -printf '%P\n' | sort >"$folder/left"
