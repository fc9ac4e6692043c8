from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from blockbuster import BlockBuster

from notime.settings import Settings
from support.http_client import MARK, Client, client_of
from support.http_daemon import Daemon, running


@pytest.fixture(autouse=True)
def watched(loop_is_never_blocked: BlockBuster) -> None:
    """Each test here."""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """This user's, with a history of the test's own."""
    return settings.with_(data_dir=tmp_path / "data")


@pytest.fixture
async def daemon(settings: Settings) -> AsyncIterator[Daemon]:
    async with running(settings) as found:
        yield found


@pytest.fixture
def marked(pages: Path) -> dict[str, Any]:
    """The sample article, with a word of our own in its headline and its every paragraph."""
    html = (pages / "sample-article.html").read_text(encoding="utf-8")
    html = html.replace("Larkmouth", f"Larkmouth {MARK.title()}").replace("<p>", f"<p>The {MARK} report. ")
    return {"html": html, "url": f"https://courier.example/{MARK}", "length": "headline"}


@pytest.fixture
async def client(daemon: Daemon) -> Client:
    return await client_of(daemon)
