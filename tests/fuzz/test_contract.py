"""Whatever the contract allows is answered as the contract says: schemathesis against the real daemon."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from notime.http.contract.openapi import document
from notime.settings import Settings
from support.http_daemon import Daemon, running
from support.made_up import SECONDS

pytestmark = pytest.mark.model

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = 12 if not SECONDS else max(12, int(SECONDS))

OPERATIONS = {
    f"{each.method.upper()} {each.path}": each
    for each in (found.ok() for found in schemathesis.openapi.from_dict(document()).get_all_operations())
}


@pytest.mark.parametrize("mode", GenerationMode)
async def test_every_answer_is_as_the_contract_says(settings_of_its_own: Settings, mode: GenerationMode):
    """What is valid, and what is not."""
    async with running(settings_of_its_own) as daemon:
        headers = await daemon.bearer()
        for name in OPERATIONS:
            await asyncio.to_thread(_ask, daemon, name, mode, headers)


def _ask(daemon: Daemon, name: str, mode: GenerationMode, headers: dict[str, str]) -> None:
    operation = OPERATIONS[name]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return  # there is nothing to get wrong

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SECONDS,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{daemon.port}", headers=headers, timeout=120)
        case.validate_response(answer, checks=CHECKS)
        if mode is GenerationMode.NEGATIVE:
            assert answer.status_code < 500
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            told: Any = json.loads(answer.content)
            assert isinstance(told, dict)

    ask()


@pytest.fixture
def settings_of_its_own(settings: Settings, tmp_path: Any) -> Settings:
    """This user's models, a history of the test's own."""
    return settings.with_(data_dir=tmp_path / "data")
