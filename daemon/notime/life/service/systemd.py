"""A systemd user unit: systemd.service(5), systemd.exec(5), systemd.socket(5).

Comes in: a `Description`. Goes out: unit files by name. Must not know: whether systemd is there.

`MemoryDenyWriteExecute` is left out: it would be the first thing to break with another build of the runtime. So is
`ProcSubset`: the processor's name in /proc/cpuinfo says which calibration is this machine's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notime.life.service.description import Description

SERVICE, SOCKET = "notime.service", "notime.socket"

PRIVATE = (".ssh", ".gnupg", ".aws", ".kube", ".netrc", ".password-store", ".mozilla", ".config/chromium")
"""Folders of the home that hold others' secrets; it has no business there, not even to read."""

SHARED = ("/tmp", "/var/tmp")
"""Folders of which `PrivateTmp` gives it others."""

SANDBOX = (
    "PrivateUsers=yes",
    "PrivateDevices=yes",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectProc=invisible",
    "CapabilityBoundingSet=",
)
"""What needs a namespace of its own; see `Description.sandboxed`."""

HARDENING = (
    "NoNewPrivileges=yes",
    "RestrictAddressFamilies=AF_INET AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    "IPAddressDeny=any",
    "IPAddressAllow=localhost",
    "UMask=0077",
)


def files(service: Description) -> dict[str, str]:
    """Unit files by name."""
    found = {SERVICE: _service(service)}
    if service.on_demand:
        found[SOCKET] = _socket(service)
    return found


def _service(service: Description) -> str:
    wanted = f"Requires={SOCKET}\nAfter={SOCKET}\n" if service.on_demand else ""
    lines = [
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={' '.join(map(quoted, service.command))}",
        "ExecReload=/bin/kill -HUP $MAINPID",
        *(f"Environment={quoted(f'{name}={value}')}" for name, value in service.environment.items()),
        "Restart=on-failure",
        f"RestartSec={service.restart_seconds}",
        f"RestartPreventExitStatus={service.final_exit_code}",
        f"WatchdogSec={service.watchdog_seconds}",
        "TimeoutStartSec=90",
        f"TimeoutStopSec={service.stop_seconds}",
        f"MemoryMax={service.memory_mb}M",
        f"TasksMax={service.tasks}",
        "OOMScoreAdjust=300",
        *HARDENING,
    ]
    if service.sandboxed:
        lines += SANDBOX
        needed = (*service.folders, Path(service.command[0]))
        if not any(path.is_relative_to(shared) for path in needed for shared in SHARED):
            lines.append("PrivateTmp=yes")
        lines += [f"ReadWritePaths={_path(folder)}" for folder in service.folders]
        lines += [f"InaccessiblePaths=-%h/{name}" for name in PRIVATE]
    install = "" if service.on_demand else "\n[Install]\nWantedBy=default.target\n"
    return (
        f"[Unit]\nDescription={service.title}\nDocumentation=man:notime(1)\n{wanted}"
        f"StartLimitIntervalSec={service.restarts_within_seconds}\nStartLimitBurst={service.restarts}\n\n"
        f"[Service]\n{chr(10).join(lines)}\n{install}"
    )


def _socket(service: Description) -> str:
    return (
        f"[Unit]\nDescription={service.title} (at the first click)\n\n"
        f"[Socket]\nListenStream=127.0.0.1:{service.port}\n\n"
        "[Install]\nWantedBy=sockets.target\n"
    )


def quoted(word: str) -> str:
    """One word of a command line or an assignment: systemd.syntax(7), with specifiers and variables taken literally."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$").replace("\n", "\\n")
    return f'"{escaped}"'


def _path(path: Path) -> str:
    """A path that may be missing."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"-{escaped}"'
