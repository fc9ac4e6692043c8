"""What machine and libraries the figures are of; no host name, nothing that tells whose it is."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version

from notime.model.runtime.cores import cpuinfo, processor_name, usable_cores

SPEEDING = (
    "avx2",
    "avx_vnni",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_int8",
    "amx_bf16",
    "asimddp",
    "i8mm",
    "sve",
)
"""Instructions that matrix kernels are written for, as Linux names them."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine as it was at the time."""

    processor: str
    instructions: tuple[str, ...]
    """Of `SPEEDING`; empty where the platform does not tell."""
    cores: int
    """That this process may run on."""
    threads: int
    """For one operator, as set; 0 leaves it to what was measured, else to notime's policy."""
    load: float | None
    """Runnable processes over the last minute, before the measuring: above 0.5 something else was running."""
    system: str
    python: str
    onnxruntime: str


def this_one(threads: int = 0) -> Machine:
    """The machine that this runs on."""
    text = cpuinfo()
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", text, re.MULTILINE)
    found = set(flags[1].split()) if flags else set()
    return Machine(
        processor=processor_name(text),
        instructions=tuple(each for each in SPEEDING if each in found),
        cores=usable_cores(),
        threads=threads,
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        onnxruntime=version("onnxruntime"),
    )
