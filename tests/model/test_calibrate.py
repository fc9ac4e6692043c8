from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from notime.model import ModelSpec, ModelStore, calibrate
from notime.model.calibrate import FILE, Calibration, Pace, candidates, choose, kept, pace_for
from notime.model.runtime.cores import Processor, physical_of, processor_name, quota_of

POLICY = Pace(4)
ONE, ALL, SPINNING = Pace(1), Pace(7), Pace(4, spins=True)


@pytest.mark.parametrize(
    ("ratios", "best"),
    [
        ({}, POLICY),
        ({ONE: [2.0, 2.1, 1.9], ALL: [1.0, 1.1, 0.98]}, POLICY),
        ({ALL: [0.97, 0.96, 0.96]}, POLICY),
        ({ALL: [0.90, 0.91, 3.0]}, ALL),
        ({ALL: [0.90, 1.0, 3.0]}, POLICY),
        ({ONE: [0.90, 0.90, 0.90], ALL: [0.80, 0.80, 0.80]}, ALL),
        ({SPINNING: [0.93, 0.93, 0.93]}, POLICY),
        ({SPINNING: [0.88, 0.89, 0.88]}, SPINNING),
        # Spinning has to be clearly better than the best that sleeps, not than the policy.
        ({ALL: [0.85, 0.85, 0.85], SPINNING: [0.80, 0.80, 0.80]}, ALL),
        ({ALL: [0.85, 0.85, 0.85], SPINNING: [0.70, 0.70, 0.70]}, SPINNING),
    ],
)
def test_other_than_the_policy_has_to_pay(ratios: dict[Pace, list[float]], best: Pace):
    assert choose(POLICY, ratios) == best


@pytest.mark.parametrize(
    ("logical", "physical", "threads"),
    [
        (1, 1, [1]),
        (2, 2, [2, 1]),
        (4, 2, [2, 1, 3]),
        (8, 4, [3, 1, 7]),
        (16, 8, [7, 1, 8]),
        (128, 64, [8, 1]),
    ],
)
def test_candidates_begin_with_the_policy_and_leave_a_core(logical: int, physical: int, threads: list[int]):
    here = Processor("any", logical, physical)
    found = candidates(here)
    assert [pace.threads for pace in found if not pace.spins] == threads
    assert {pace.threads for pace in found if pace.spins} == set(threads) - {1}
    assert found[0] == Pace(here.threads)


@pytest.fixture
def measured(tiny: ModelSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds a calibration of a machine with four cores."""
    monkeypatch.setattr(calibrate, "processor", lambda: Processor("Small One", 4, 4))
    found = Calibration(calibrate.key(tiny, calibrate.processor()), Pace(2), ((Pace(2), 0.8),))
    (tmp_path / FILE).write_bytes(msgspec.json.encode(found))
    return tmp_path


def test_what_was_measured_holds_and_the_users_setting_beats_it(measured: Path, tiny: ModelSpec):
    assert kept(measured, tiny) == Pace(2)
    assert pace_for(measured, tiny, 0) == Pace(2)
    assert pace_for(measured, tiny, 3) == Pace(3)
    assert pace_for(measured, None, 0) == Pace()


@pytest.mark.parametrize(
    "other", [Processor("Other", 4, 4), Processor("Small One", 2, 4), Processor("Small One", 4, 2)]
)
def test_another_processor_is_not_the_one_that_was_measured(
    measured: Path, tiny: ModelSpec, monkeypatch: pytest.MonkeyPatch, other: Processor
):
    monkeypatch.setattr(calibrate, "processor", lambda: other)
    assert kept(measured, tiny) is None
    assert pace_for(measured, tiny, 0) == Pace()


def test_another_runtime_or_model_is_not_the_one_that_was_measured(
    measured: Path, tiny: ModelSpec, monkeypatch: pytest.MonkeyPatch
):
    assert kept(measured, msgspec.structs.replace(tiny, files={})) is None
    monkeypatch.setattr(calibrate, "version", lambda _name: "0.0.1")
    assert kept(measured, tiny) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pace": {"threads": 2}}', '{"key": {}, "pace": {"threads": "two"}}'])
def test_a_broken_file_leaves_the_policy(measured: Path, tiny: ModelSpec, text: str):
    (measured / FILE).write_text(text, encoding="utf-8")
    assert pace_for(measured, tiny, 0) == Pace()


def test_a_model_is_measured_and_that_is_kept(tiny: ModelSpec, tiny_store: ModelStore, tmp_path: Path):
    part = tiny_store.build(tiny, lambda _what, _share: None)
    found = calibrate.calibrate(part, tmp_path)
    policy, *others = candidates(calibrate.processor())
    assert [pace for pace, _ in found.ratios] == others
    assert found.pace in (policy, *others)
    assert kept(tmp_path, tiny) == found.pace
    assert [path.name for path in tmp_path.iterdir() if "pace" in path.name] == [FILE]


@pytest.mark.parametrize(
    ("text", "cores"), [("max 100000", None), ("150000 100000", 1.5), ("-1 100000", None), (" ", None), ("1 0", None)]
)
def test_a_container_is_held_to_its_quota(text: str, cores: float | None):
    assert quota_of(text) == cores


def test_threads_that_share_a_core_are_one():
    assert physical_of(["0,4", "1,5", "0,4", "1,5"]) == 2
    assert processor_name("flags\t: a b\nmodel name\t: Small One\n") == "Small One"
