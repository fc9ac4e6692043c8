"""The platform's service manager: told of the service, asked about it, rid of it.

Comes in: a `Description`. Goes out: files in the platform's place, and its own commands. Must not know: the daemon.
"""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from notime.errors import ServiceFailed
from notime.life.service import launchd, systemd, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notime.life.service.description import Description

COMMAND_SECONDS = 120.0
"""For one command of the manager's: `restart` waits until the daemon is ready, for which systemd gives it 90 s; the
first start of a new environment compiles every module, which took 40 s on a machine that was very busy."""

NO_NAMESPACES = frozenset({"217", "218", "226"})
"""EXIT_USER, EXIT_CAPABILITIES, EXIT_NAMESPACE of systemd.exec(5): the kernel lets this user have no sandbox."""

Platform = Literal["systemd", "launchd", "windows"]


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How the service is."""

    platform: Platform
    available: bool
    """The platform's manager answers."""
    installed: bool
    current: bool
    """What is installed is what would be installed now."""
    running: bool
    detail: str
    """In the manager's own words."""


class Manager:
    """One platform's.

    Args:
        platform: whose.
        folder: where its files go.
    """

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.platform = platform
        self.folder = folder

    def files(self, service: Description) -> dict[str, bytes]:
        """What is installed, by name."""
        if self.platform == "launchd":
            return launchd.files(service)
        if self.platform == "windows":
            return windows.files(service, getpass.getuser())
        return {name: text.encode() for name, text in systemd.files(service).items()}

    def install(self, service: Description) -> Description:
        """Put it in place and start it; the same again changes nothing.

        Returns:
            As it was installed: without the sandbox where the kernel lets this user have none.

        Raises:
            ServiceFailed: there is no manager, or it cannot start it. Nothing is left in place.
        """
        self._require()
        for folder in service.folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = self._installed_as()
        for each in (service, replace(service, sandboxed=False)):
            if self.files(each) == there and self._is_up():
                return each
        try:
            self._put(service)
        except ServiceFailed:
            if self.platform != "systemd" or self._shown(systemd.SERVICE, "ExecMainStatus") not in NO_NAMESPACES:
                self.uninstall()
                raise
            service = replace(service, sandboxed=False)
            self._put(service)
        return service

    def uninstall(self) -> bool:
        """Stop it and take it out of place.

        Returns:
            Whether it was there.
        """
        there = [path for path in self._paths() if path.exists()]
        if self.platform == "systemd":
            self._run("systemctl", "--user", "disable", "--now", *(path.name for path in there))
        elif self.platform == "launchd":
            self._run("launchctl", "bootout", f"{_domain()}/{launchd.LABEL}")
        else:
            self._run("schtasks", "/End", "/TN", windows.NAME)
            self._run("schtasks", "/Delete", "/TN", windows.NAME, "/F")
        for path in there:
            path.unlink(missing_ok=True)
        if self.platform == "systemd" and there:
            self._run("systemctl", "--user", "daemon-reload")
            self._run("systemctl", "--user", "reset-failed", *(path.name for path in there))
        return bool(there)

    def state(self, service: Description) -> ServiceState:
        """How it is, beside how it would be."""
        detail = self._detail()
        there = self._installed_as()
        wanted = [self.files(each) for each in _variants(service)]
        return ServiceState(
            self.platform,
            available=self.is_available(),
            installed=bool(there),
            current=there in wanted,
            running=self._is_up(),
            detail=detail,
        )

    def is_available(self) -> bool:
        """The manager answers this user."""
        if self.platform == "systemd":
            return self._run("systemctl", "--user", "show-environment").returncode == 0
        if self.platform == "launchd":
            return self._run("launchctl", "print", _domain()).returncode == 0
        return self._run("schtasks", "/Query", "/FO", "LIST").returncode == 0

    def restart(self) -> None:
        """End it and begin it again.

        Raises:
            ServiceFailed: it does not begin.
        """
        if self.platform == "systemd":
            names = [path.name for path in self._paths() if path.exists()]
            self._must("systemctl", "--user", "restart", *names)
        elif self.platform == "launchd":
            self._must("launchctl", "kickstart", "-k", f"{_domain()}/{launchd.LABEL}")
        else:
            self._run("schtasks", "/End", "/TN", windows.NAME)
            self._must("schtasks", "/Run", "/TN", windows.NAME)

    def logs(self) -> tuple[str, ...] | None:
        """The command that shows its log; None where the daemon's own file is all there is."""
        return ("journalctl", "--user", "--unit", systemd.SERVICE) if self.platform == "systemd" else None

    def _put(self, service: Description) -> None:
        wanted = self.files(service)
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self._paths():
            if path.name not in wanted and path.exists():
                self._run("systemctl", "--user", "disable", "--now", path.name)
                path.unlink()
        for name, content in wanted.items():
            (self.folder / name).write_bytes(content)
        if self.platform == "systemd":
            self._must("systemctl", "--user", "daemon-reload")
            name = systemd.SOCKET if service.on_demand else systemd.SERVICE
            self._must("systemctl", "--user", "enable", name)
            # On demand too: whether it starts is found out now, not at the first click; it ends when it is idle.
            self._must("systemctl", "--user", "restart", *wanted)
        elif self.platform == "launchd":
            self._run("launchctl", "bootout", f"{_domain()}/{launchd.LABEL}")
            self._must("launchctl", "bootstrap", _domain(), str(self.folder / launchd.FILE))
        else:
            self._run("schtasks", "/End", "/TN", windows.NAME)
            self._must("schtasks", "/Create", "/TN", windows.NAME, "/XML", str(self.folder / windows.FILE), "/F")
            self._must("schtasks", "/Run", "/TN", windows.NAME)

    def _installed_as(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._paths() if path.is_file()}

    def _paths(self) -> list[Path]:
        names = {"systemd": (systemd.SERVICE, systemd.SOCKET), "launchd": (launchd.FILE,), "windows": (windows.FILE,)}
        return [self.folder / name for name in names[self.platform]]

    def _is_up(self) -> bool:
        """It runs, or its manager listens for it."""
        return self._detail().split()[:1] in (["active"], ["running"])

    def _detail(self) -> str:
        if self.platform == "systemd":
            unit = systemd.SOCKET if (self.folder / systemd.SOCKET).exists() else systemd.SERVICE
            states = (self._shown(unit, name) for name in ("ActiveState", "SubState", "Result"))
            return " ".join(filter(None, states))
        if self.platform == "launchd":
            shown = self._run("launchctl", "print", f"{_domain()}/{launchd.LABEL}")
            return next((row.split("=")[1].strip() for row in shown.stdout.splitlines() if "\tstate =" in row), "")
        shown = self._run("schtasks", "/Query", "/TN", windows.NAME, "/FO", "CSV", "/NH")
        return shown.stdout.strip().rsplit(",", 1)[-1].strip('"').lower()

    def _shown(self, unit: str, name: str) -> str:
        return self._run("systemctl", "--user", "show", "--value", f"--property={name}", unit).stdout.strip()

    def _require(self) -> None:
        if not self.is_available():
            raise ServiceFailed(
                f"There is no {self.platform} that runs services for this user.", hint="Start it with `notime serve`."
            )

    def _must(self, *command: str) -> None:
        done = self._run(*command)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise ServiceFailed(
                f"{command[0]} could not do it: {lines[0] if lines else f'exit status {done.returncode}'}",
                hint="`notime service logs` may say why.",
            )

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return _ran(command)


def for_this_platform() -> Manager:
    """The one that this system comes with."""
    if sys.platform == "darwin":
        return Manager("launchd", Path.home() / "Library" / "LaunchAgents")
    if sys.platform == "win32":
        return Manager("windows", Path(os.environ.get("LOCALAPPDATA", Path.home())) / "notime")
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Manager("systemd", Path(config) / "systemd" / "user")


def _variants(service: Description) -> list[Description]:
    """All that an earlier `install` of the same notime may have made of it."""
    return [replace(service, on_demand=when, sandboxed=box) for when in (False, True) for box in (True, False)]


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _ran(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))
