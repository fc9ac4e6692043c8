"""A launchd agent: launchd.plist(5).

Comes in: a `Description`. Goes out: a property list. Must not know: whether launchd is there.
"""

from __future__ import annotations

import plistlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notime.life.service.description import Description

LABEL = "notime.daemon"
FILE = f"{LABEL}.plist"

THROTTLE_SECONDS = 10
"""launchd's own least time between two starts; it knows no exit status that ends the trying."""


def files(service: Description) -> dict[str, bytes]:
    """The agent by name. What it says goes to its own log, so that launchd keeps none."""
    agent: dict[str, Any] = {
        "Label": LABEL,
        "ProgramArguments": list(service.command),
        "EnvironmentVariables": dict(service.environment),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": max(THROTTLE_SECONDS, service.restart_seconds),
        "ExitTimeOut": service.stop_seconds,
        "Umask": 0o077,
        "ProcessType": "Standard",
        "StandardOutPath": "/dev/null",
        "StandardErrorPath": "/dev/null",
    }
    return {FILE: plistlib.dumps(agent) + f"<!-- {service.title} -->\n".encode()}
