"""What the daemon tells systemd: that it is ready, that it is alive, that it stops (sd_notify's protocol).

Comes in: the variables that systemd sets. Goes out: datagrams to its socket, or nothing where there is none. Must not
know: the daemon.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_DESCRIPTOR = 3
"""Of the sockets that systemd hands over (sd_listen_fds(3))."""


class Notifier:
    """Tells the service manager, where there is one.

    Args:
        environment: the process's.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.watchdog_seconds = _watchdog(environment)
        """Within so many seconds it must hear from us again; 0 where it does not wait for it."""

    def tell(self, *states: str) -> None:
        """Say, as `READY=1` or `STATUS=…`; a manager that does not listen is not our trouble."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(states).encode(), address)
        except OSError:
            return


def _watchdog(environment: Mapping[str, str]) -> float:
    meant_for = environment.get("WATCHDOG_PID", str(os.getpid()))
    microseconds = environment.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1e6 if microseconds.isdigit() and meant_for == str(os.getpid()) else 0.0


def inherited(environment: Mapping[str, str]) -> socket.socket | None:
    """The listening socket that systemd opened for us, where it did (socket activation)."""
    if environment.get("LISTEN_PID") != str(os.getpid()) or environment.get("LISTEN_FDS") != "1":
        return None
    os.set_inheritable(FIRST_DESCRIPTOR, False)
    return socket.socket(fileno=FIRST_DESCRIPTOR)
