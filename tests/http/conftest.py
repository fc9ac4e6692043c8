from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx

from http_daemon import Daemon, running
from notime.settings import Settings


@pytest.fixture(autouse=True)
def loop_is_never_blocked() -> Iterator[BlockBuster]:
    with blockbuster_ctx("notime") as blockbuster:
        yield blockbuster


@pytest.fixture
async def daemon(settings: Settings) -> AsyncIterator[Daemon]:
    async with running(settings) as found:
        yield found
