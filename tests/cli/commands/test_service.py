"""The service's files by each platform's own rules, and its life under a real `systemd --user`."""

from __future__ import annotations

import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

import notime
from notime.life.service import Description, Manager, describe
from notime.life.service.manager import Platform
from notime.life.service.systemd import HARDENING, SANDBOX, quoted
from notime.settings import Settings
from support.cli_run import Run
from support.ports import free_port
from support.user_systemd import beside_systemd

NOTIME = Path(sys.executable).with_name("notime")

ODD = 'a "b" $HOME %h \\ é'
"""What a path may hold and each format has a meaning of its own for."""


@pytest.fixture
def service(tmp_path: Path) -> Description:
    folders = (tmp_path / "config", tmp_path / ODD)
    return Description(("/bin/true", ODD, "serve"), 8717, folders, {"NOTIME_HOME": ODD})


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
    return subprocess.run(["systemd-analyze", *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("on_demand", [False, True])
def test_systemd_has_nothing_to_say_against_the_units(settings: Settings, tmp_path: Path, on_demand: bool):
    service = describe(settings, {"NOTIME_HOME": ODD}, on_demand=on_demand)
    made = Manager("systemd", tmp_path).files(service)
    assert set(made) == ({"notime.service", "notime.socket"} if on_demand else {"notime.service"})
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    done = verify(tmp_path, "verify", "--user", "--man=no", *(str(tmp_path / name) for name in made))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_takes_it_for_hardened(settings: Settings, tmp_path: Path):
    home = Path("/home/reader/.local")
    service = replace(describe(settings, {}), command=(str(home / "bin/notime"), "serve"), folders=(home / "share",))
    for name, content in Manager("systemd", tmp_path).files(service).items():
        (tmp_path / name).write_bytes(content)
    done = verify(tmp_path, "security", "--user", "--offline=true", "--threshold=20", str(tmp_path / "notime.service"))
    assert done.returncode == 0, done.stdout  # exposure below 2.0 of 10


def test_words_of_any_kind_reach_systemd_as_they_are(service: Description, tmp_path: Path):
    unit = Manager("systemd", tmp_path).files(service)["notime.service"].decode()
    assert quoted(ODD) == r'"a \"b\" $$HOME %%h \\ é"'
    assert f'ExecStart="/bin/true" {quoted(ODD)} "serve"' in unit
    assert all(line in unit.splitlines() for line in (*HARDENING, *SANDBOX))


def test_the_agent_is_a_property_list_that_launchd_knows(service: Description, tmp_path: Path):
    (content,) = Manager("launchd", tmp_path).files(service).values()
    agent = plistlib.loads(content)
    assert agent["ProgramArguments"] == ["/bin/true", ODD, "serve"]
    assert agent["EnvironmentVariables"] == {"NOTIME_HOME": ODD}
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    known = {  # launchd.plist(5), by type
        "Label": str, "ProgramArguments": list, "EnvironmentVariables": dict, "RunAtLoad": bool, "KeepAlive": dict,
        "ThrottleInterval": int, "ExitTimeOut": int, "Umask": int, "ProcessType": str, "StandardOutPath": str,
        "StandardErrorPath": str,
    }  # fmt: skip
    assert {name: type(value) for name, value in agent.items()} == known


def test_the_task_keeps_to_the_schema(service: Description, tmp_path: Path):
    (content,) = Manager("windows", tmp_path).files(service).values()
    root = ET.fromstring(content.decode("utf-16"))
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    assert (root.tag, root.get("version")) == (f"{space}Task", "1.2")
    parts = ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert [child.tag for child in root] == [f"{space}{name}" for name in parts]

    def text(path: str) -> str:
        return root.findtext(space + path.replace("/", f"/{space}")) or ""

    assert text("Actions/Exec/Command") == "/bin/true"
    assert text("Actions/Exec/Arguments").endswith(" serve")
    assert root.find(f"{space}Principals/{space}Principal").get("id") == root.find(f"{space}Actions").get("Context")
    assert text("Principals/Principal/LogonType") == "InteractiveToken"
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text("Settings/MultipleInstancesPolicy") in {"Parallel", "Queue", "IgnoreNew", "StopExisting"}
    for name in ("Settings/ExecutionTimeLimit", "Settings/RestartOnFailure/Interval"):
        assert re.fullmatch(r"P(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?", text(name))
    assert 1 <= int(text("Settings/RestartOnFailure/Count")) <= 255
    assert 0 <= int(text("Settings/Priority")) <= 10
    switches = [child for child in root.find(f"{space}Settings") if (child.text or "") in ("true", "false")]
    assert len(switches) == 8


def test_it_runs_again_as_it_was_installed(settings: Settings, notime: Run):
    environment = {"NOTIME_PORT": "1", "XDG_DATA_HOME": "/data", "HOME": "/home", "SECRET": "x"}
    service = describe(settings, environment)
    assert service.environment == {"NOTIME_PORT": "1", "XDG_DATA_HOME": "/data"}
    assert Path(service.command[0]).is_absolute()
    shown = notime("service", "install", "--print", "--for", "launchd")
    assert plistlib.loads(shown.stdout.encode())["ProgramArguments"][-1] == "serve"


@pytest.mark.parametrize("platform", ["systemd", "launchd", "windows"])
def test_what_another_version_installed_is_not_current(service: Description, tmp_path: Path, platform: Platform):
    manager = Manager(platform, tmp_path)
    older = replace(service, title=service.title.replace(notime.__version__, "0.0.9"))
    assert manager.files(older) != manager.files(service)


def test_without_a_service_manager(notime: Run, tmp_path: Path):
    nowhere = {"XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    nowhere |= {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = notime("service", "install", **nowhere)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "notime serve" in done.stderr
    assert not (tmp_path / "config").exists()
    assert notime("service", "status", **nowhere).returncode == 1
    assert notime("service", "uninstall", **nowhere).returncode == 0


@pytest.mark.model
def test_a_whole_life_under_systemd(tmp_path: Path, pages: Path, settings: Settings):
    """Installed, killed, told to read its settings again, stopped, started at login, taken out."""
    script = f"""
    state() {{ systemctl --user show --value --property="$1" notime.service; }}
    pid() {{ state MainPID; }}
    until_other() {{ while [ "$(pid)" = "$1" ] || [ "$(state SubState)" != running ]; do sleep 0.1; done; }}
    {NOTIME} service install
    {NOTIME} service status
    first=$(pid)
    {NOTIME} service install
    [ "$(pid)" = "$first" ] && echo "the same again changes nothing"
    kill -9 "$first"
    until_other "$first"
    [ "$(pid)" != "$first" ] && echo "it came back"
    token=$({NOTIME} token)
    curl -s "http://127.0.0.1:$NOTIME_PORT/v1/summaries" -H "Authorization: Bearer $token" \
      -H 'Content-Type: application/json' --data "{{\\"text\\": \\"$(seq -s '. A town of ' 500)\\"}}" | head -c 100
    second=$(pid)
    systemctl --user reload notime
    {NOTIME} service status
    [ "$(pid)" = "$second" ] && echo "the same process"
    systemctl --user stop notime
    state Result
    systemctl --user start default.target
    {NOTIME} service uninstall
    ls "$HOME/.config/systemd/user"
    """
    told = beside_systemd(
        tmp_path, script, NOTIME_MODELS=str(settings.models), NOTIME_PORT=str(free_port()),
    )  # fmt: skip
    for line in ("the same again changes nothing", "it came back", "the same process"):
        assert line in told
    assert told.count("systemd: installed, runs (active running") == 2
    assert '{"id":' in told
    assert "success" in told
    assert "notime.service" not in told.splitlines()[-1]


def test_the_sandbox_lets_it_live(settings: Settings):
    """All of it but two switches, which a container's own /proc does not bear; in a home that is none of /tmp's."""
    script = f"""
    {NOTIME} service install 2>&1
    {NOTIME} service status --json
    {NOTIME} token >/dev/null && echo paired
    pid=$(systemctl --user show --value --property=MainPID notime)
    nsenter --target "$pid" --mount -- sh -c 'touch "$HOME/x" 2>&1; ls "$HOME/.ssh" 2>&1' || true
    """
    with tempfile.TemporaryDirectory(dir=Path.home(), prefix=".notime-test-") as home:
        (Path(home) / ".ssh").mkdir()
        (Path(home) / ".ssh" / "id_secret").touch()
        changed = Path(home) / ".config" / "systemd" / "user" / "notime.service.d"
        changed.mkdir(parents=True)
        (changed / "container.conf").write_text("[Service]\nProtectKernelTunables=no\nProtectKernelLogs=no\n")
        told = beside_systemd(Path(home), script, NOTIME_MODELS=str(settings.models), NOTIME_PORT=str(free_port()))
    assert "no sandbox" not in told
    (line,) = [row for row in told.splitlines() if row.startswith("{")]
    state = json.loads(line)
    assert state["installed"]
    assert state["current"]
    assert state["running"]
    assert "paired" in told
    assert "Read-only file system" in told
    assert "id_secret" not in told


def test_on_demand_there_is_no_process_until_the_first_click(tmp_path: Path, settings: Settings):
    script = f"""
    {NOTIME} service install --on-demand
    shown() {{ systemctl --user show --value --property="$1" notime.service; }}
    ended() {{ while [ "$(shown ActiveState)" != inactive ]; do sleep 0.1; done; shown MainPID; shown Result; }}
    ended
    {NOTIME} token >/dev/null && echo answered
    ended
    {NOTIME} token >/dev/null && echo again
    {NOTIME} service install
    {NOTIME} service status
    """
    told = beside_systemd(
        tmp_path, script, NOTIME_MODELS=str(settings.models), NOTIME_PORT=str(free_port()), NOTIME_IDLE_MINUTES="0.01"
    )
    lines = told.splitlines()
    assert lines[:6] == ["0", "success", "answered", "0", "success", "again"]
    assert lines[6].startswith("systemd: installed, runs (active running")
