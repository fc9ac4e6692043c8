"""All looks, one after another.

Comes in: the settings, whether the daemon at the port is ours. Goes out: findings. Must not know: who asks.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING

from notime.doctor import data, machine
from notime.life.service import describe, for_this_platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from notime.doctor.finding import Finding
    from notime.settings import Settings


def examine(settings: Settings, is_ours: Callable[[], bool]) -> list[Finding]:
    """What there is to tell.

    Args:
        settings: this machine's.
        is_ours: shakes hands with what listens on the port, and says whether it has the user's key.
    """
    manager, description = for_this_platform(), describe(settings, os.environ)
    found = chain(
        data.folders(settings),
        data.key(settings),
        data.models(settings),
        data.history(settings),
        data.extension(settings),
        machine.disk(settings),
        machine.memory(settings),
        machine.clock(settings),
        machine.daemon(settings, is_ours),
        machine.service(manager.state(description), manager, lambda: manager.install(description)),
        machine.path(settings),
        data.crashes(settings),
    )
    return list(found)
