"""A daemon for half an hour as no reader treats it; prints what was counted, and fails where something was lost.

Readers ask for pages whose answers are known; others ask for long pages and leave in the middle, or send what attackers
would. A supervisor stands in for the platform's: it begins the daemon anew when it was killed. Where a small disk is to
be had (root on Linux), it is filled now and then. What the daemon takes is compared when nobody asks: after a minute of
all these clients, and at the end, after a third of the time without kills.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from notime.history.store import Store
from notime.settings import Settings
from scripts.robustness.clients import Client, Pages
from scripts.robustness.daemon import NOTHING, Daemon, Sample

if TYPE_CHECKING:
    from collections.abc import Coroutine

ROOT = Path(__file__).parents[2]

KILL_EVERY = 90.0
"""Seconds: twenty in half an hour."""

FULL_EVERY, FULL_FOR = 120.0, 10.0
"""Seconds between two times without room, and of each."""

WARM_UP = 60.0
"""Seconds, at most a sixth of the whole: by then there was a long page, one that was left, one that ended the reading
process; over four minutes memory stayed between what it was then and a tenth more (360 to 380 MB between requests)."""

MOST_GROWTH = 1.10
"""Of memory, from after the warm-up to the end."""


@dataclass
class Found:
    """What was counted."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: set[str] = field(default_factory=set)
    """Ids of answers that the history must have."""
    warm: Sample = NOTHING
    last: Sample = NOTHING
    """What the daemon took when nobody asked: after the warm-up, and at the end."""


def main() -> int:
    """Run it and print the table; exit status 1 where an expectation does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1800.0)
    parser.add_argument("--seed", type=int, default=1, help="of pages, times of kills, and where clients leave")
    args = parser.parse_args()
    random.seed(args.seed)
    with tempfile.TemporaryDirectory(prefix="notime-soak-") as name:
        home = Path(name)
        disk = _small_disk(home / "data")
        try:
            found = asyncio.run(_run(home, args.seconds, has_disk=disk))
            return _judged(found, home, args.seconds, has_disk=disk)
        finally:
            if disk:
                subprocess.run(["umount", "--lazy", str(home / "data")], check=False)


def _small_disk(folder: Path) -> bool:
    """Mount 32 MB there, where this user may."""
    folder.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m,mode=0700", "none", str(folder)]
    return sys.platform == "linux" and subprocess.run(mount, capture_output=True, check=False).returncode == 0


async def _run(home: Path, seconds: float, *, has_disk: bool) -> Found:
    found, pages = Found(), Pages(ROOT / "tests" / "pages")
    async with Daemon(home) as daemon, aiohttp.ClientSession() as session:
        client = Client(daemon, session, pages, found.counts, found.kept)
        await client.learn()
        warm_up = min(WARM_UP, seconds / 6)
        await _together(warm_up, *client.all())
        await client.left_in_queue()
        found.warm = daemon.sample()
        calm = time.monotonic() + (seconds - warm_up) * 2 / 3
        jobs = [_kills(daemon, calm, found)]
        if has_disk:
            jobs.append(_fills(home / "data" / "filler", client, found))
        await _together(seconds - warm_up, *client.all(), *jobs)
        await asyncio.to_thread((home / "data" / "filler").unlink, missing_ok=True)
        found.counts["left in the queue"] = await client.left_in_queue()
        found.last = daemon.sample()
        found.counts["begun anew"] = daemon.starts - 1
        found.counts["ended by themselves"] = daemon.starts - 1 - found.counts["kills"]
    return found


async def _together(seconds: float, *jobs: Coroutine[Any, Any, None]) -> None:
    """Jobs without an end, side by side, for so long."""
    tasks = [asyncio.create_task(job) for job in jobs]
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()  # a bug of ours ends the run
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _kills(daemon: Daemon, until: float, found: Found) -> None:
    """At random moments, one each `KILL_EVERY` seconds, of which two thirds fall before `until`."""
    every = KILL_EVERY * 2 / 3
    while time.monotonic() + every < until:
        wait = random.uniform(0.2, 1.0) * every
        await asyncio.sleep(wait)
        daemon.kill(signal.SIGKILL)
        found.counts["kills"] += 1
        await asyncio.sleep(every - wait)
    await asyncio.Event().wait()


async def _fills(filler: Path, client: Client, found: Found) -> None:
    """One in every `FULL_EVERY` seconds, the first after half a minute."""
    await asyncio.sleep(30.0)
    while True:
        client.disk_is_full = True
        await asyncio.to_thread(_fill, filler)
        found.counts["full disks"] += 1
        await asyncio.sleep(FULL_FOR)
        await asyncio.to_thread(filler.unlink)
        client.disk_is_full = False
        await asyncio.sleep(FULL_EVERY)


def _fill(filler: Path) -> None:
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))


def _judged(found: Found, home: Path, seconds: float, *, has_disk: bool) -> int:
    """Print the table; 1 where an expectation does not hold."""
    store = Store.of(Settings.load({"NOTIME_HOME": str(home)}))
    there, half = _entries(store)
    counts = found.counts
    counts["lost entries"] = len(found.kept - there)
    counts["half entries"] = half
    print(f"| `scripts/soak --seconds {seconds:.0f}` | |\n|---|---|")
    for name in sorted(counts):
        print(f"| {name} | {counts[name]:,} |")
    print(f"| entries in the history | {len(there):,} |")
    warm, last = found.warm, found.last
    print(f"| memory after the warm-up, at the end (MB) | {warm.memory_mb:.0f}, {last.memory_mb:.0f} |")
    print(f"| descriptors, likewise | {warm.descriptors}, {last.descriptors} |")
    print(f"| processes, likewise | {warm.processes}, {last.processes} |")
    if not has_disk:
        print("| full disks | none: needs root on Linux |")
    broken = [name for name in ("wrong answers", "lost entries", "half entries", "left in the queue") if counts[name]]
    broken += [name for name in ("ended by themselves", "broken answers", "cut off") if counts[name]]
    if last.memory_mb > warm.memory_mb * MOST_GROWTH:
        broken.append("memory")
    broken += [name for name in ("descriptors", "processes") if getattr(last, name) > getattr(warm, name)]
    print(json.dumps({"broken": broken}))
    return 1 if broken else 0


def _entries(store: Store) -> tuple[set[str], int]:
    """Ids of whole entries, and how many are not whole: what the file has and `search` does not show."""
    ids: set[str] = set()
    before: str | None = None
    while True:
        entries, before = store.search(before=before, limit=500)
        ids |= {str(entry.whole["id"]) for entry in entries}
        if before is None:
            return ids, store.size()[0] - len(ids)


if __name__ == "__main__":
    sys.exit(main())
