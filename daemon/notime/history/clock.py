"""Which time to forget by, where the clock of the machine may be wrong.

Comes in: the history's file and what the clock says. Goes out: the time to believe. Must not know: what is forgotten.

A battery that is empty, a wrong year typed in, a virtual machine that wakes: a clock that leaps forward would have
everything forgotten at once. So a leap is believed only when it has held for a day. Who comes back from three months
away has his old summaries a day longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

DAY_SECONDS = 86_400.0
LEAP_SECONDS = 3 * DAY_SECONDS
"""A weekend with the machine off is no leap."""

NOTED_SECONDS = 3600.0
"""Noted no oftener than this, so that reading seldom writes."""


def believed(connection: sqlite3.Connection, now: float) -> float:
    """The time, in seconds since 1970, by which things may be forgotten; inside a transaction where it is noted.

    Args:
        connection: to a file that may hold the table `clock`.
        now: what the clock says.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS clock (believed REAL NOT NULL, doubted REAL)")
    row = connection.execute("SELECT believed, doubted FROM clock").fetchone()
    before, doubted = row if row is not None else (_newest(connection, now), None)
    following: tuple[float, float | None]
    if now - before <= LEAP_SECONDS or (doubted is not None and now - doubted >= DAY_SECONDS):
        following = now, None
    else:
        following = before, doubted if doubted is not None and doubted <= now else now
    if row is None or following[1] != doubted or abs(following[0] - before) >= NOTED_SECONDS:
        connection.execute("DELETE FROM clock")
        connection.execute("INSERT INTO clock (believed, doubted) VALUES (?, ?)", following)
    return following[0]


def _newest(connection: sqlite3.Connection, now: float) -> float:
    """Of what is there; now, where nothing is."""
    found = connection.execute("SELECT max(created) FROM summaries").fetchone()[0]
    return float(found) if isinstance(found, float) else now
