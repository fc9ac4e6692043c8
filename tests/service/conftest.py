from __future__ import annotations

import pytest
from blockbuster import BlockBuster


@pytest.fixture(autouse=True)
def watched(loop_is_never_blocked: BlockBuster) -> None:
    """Each test here."""
