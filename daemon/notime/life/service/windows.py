"""A task of the Windows Task Scheduler, by its schema (Task Scheduler Schema, version 1.2).

Comes in: a `Description`. Goes out: the task's XML. Must not know: whether Windows is there.

A task cannot carry variables of the environment; those that notime is to have must be the user's own.
"""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notime.life.service.description import Description

NAME = "notime"
FILE = f"{NAME}.xml"
NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def files(service: Description, user: str) -> dict[str, bytes]:
    """The task by name, for one user, at their logon and with their rights."""
    task = {
        "RegistrationInfo": {"Description": service.title, "URI": f"\\{NAME}"},
        "Triggers": {"LogonTrigger": {"Enabled": "true", "UserId": user}},
        "Principals": {"Principal": {"UserId": user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}},
        "Settings": {
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "AllowHardTerminate": "true",
            "StartWhenAvailable": "true",
            "RunOnlyIfNetworkAvailable": "false",
            "AllowStartOnDemand": "true",
            "Enabled": "true",
            "Hidden": "true",
            "ExecutionTimeLimit": "PT0S",
            "Priority": "7",
            "RestartOnFailure": {"Interval": "PT1M", "Count": str(service.restarts)},
        },
        "Actions": {
            "Exec": {"Command": service.command[0], "Arguments": subprocess.list2cmdline(service.command[1:])},
        },
    }
    root = ET.Element(f"{{{NAMESPACE}}}Task", version="1.2")
    _fill(root, task)
    root.find(f"{{{NAMESPACE}}}Principals/{{{NAMESPACE}}}Principal").set("id", "Author")  # type: ignore[union-attr]
    root.find(f"{{{NAMESPACE}}}Actions").set("Context", "Author")  # type: ignore[union-attr]
    ET.register_namespace("", NAMESPACE)
    text = ET.tostring(root, encoding="unicode")
    return {FILE: f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'.encode("utf-16")}


def _fill(parent: ET.Element, content: dict[str, object]) -> None:
    for name, value in content.items():
        child = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        if isinstance(value, dict):
            _fill(child, value)
        else:
            child.text = str(value)
