"""Threads and spinning for the processor at hand: measured once, and kept beside the models.

Comes in: a built rewriter. Goes out: a `Pace`. Must not know: who waits; nobody does while this measures.

Each candidate alternates with the policy's pace, A B A B, in the same process: how they compare holds on a machine
that does something else as well, what they take does not. Where nothing valid is kept the policy stands.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from notime.errors import ModelUnavailable
from notime.model.runtime.cores import processor
from notime.model.store import recipe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notime.model.catalog import ModelSpec
    from notime.model.decoding.causal import CausalModel
    from notime.model.runtime.cores import Processor
    from notime.model.store import Part

FILE = "pace.json"

SECONDS = 2.0
"""For all candidates together, without loading."""

LEAST_ROUNDS, MOST_ROUNDS = 3, 9

PROMPT_TOKENS = 64
NEW_TOKENS = 5
"""A short prompt and four steps: about the share of both that a rewriting has."""

LEAST_GAIN = 0.05
"""Of the time, before other than the policy's threads are taken: less is within what rounds differ."""

LEAST_GAIN_OF_SPINNING = 0.10
"""Threads that spin between operators burn the reader's battery, and starve in company (docs/performance.md)."""


class Pace(msgspec.Struct, frozen=True):
    """How a network's operators are run; see `session.open_session`."""

    threads: int = 0
    """0: by policy; see `cores.Processor.threads`."""
    spins: bool = False


class Key(msgspec.Struct, frozen=True):
    """What a measurement holds for."""

    processor: str
    logical: int
    physical: int
    onnxruntime: str
    model: str
    """Digest of what it was built from."""


class Calibration(msgspec.Struct, frozen=True):
    """`pace.json`."""

    key: Key
    pace: Pace
    ratios: tuple[tuple[Pace, float], ...] = ()
    """Of each candidate, its time divided by that of the policy's pace."""


def pace_for(models: Path, rewriter: ModelSpec | None, threads: int) -> Pace:
    """How to run a model here: as the user wants it, else as it was measured, else by policy."""
    if threads or rewriter is None:
        return Pace(threads)
    return kept(models, rewriter) or Pace()


def kept(models: Path, spec: ModelSpec) -> Pace | None:
    """What was measured here, with this model; None where there is nothing, or nothing valid."""
    try:
        found = msgspec.json.decode((models / FILE).read_bytes(), type=Calibration)
    except (OSError, msgspec.MsgspecError):
        return None
    return found.pace if found.key == key(spec, processor()) else None


def calibrate(part: Part, models: Path) -> Calibration:
    """Measure, and keep what was found.

    Args:
        part: a built rewriter.
        models: the folder of built models.

    Raises:
        ModelUnavailable: the model cannot be loaded, or the file not be written.
    """
    here = processor()
    policy, *others = candidates(here)
    ratios = {other: _measured(part, policy, other, SECONDS / len(others)) for other in others}
    medians = tuple((pace, round(statistics.median(each), 3)) for pace, each in ratios.items())
    found = Calibration(key(part.spec, here), choose(policy, ratios), medians)
    _write(models / FILE, msgspec.json.format(msgspec.json.encode(found), indent=2))
    return found


def key(spec: ModelSpec, here: Processor) -> Key:
    """Of a measurement that is made here and now."""
    return Key(here.name, here.logical, here.physical, version("onnxruntime"), recipe(spec))


def candidates(here: Processor) -> tuple[Pace, ...]:
    """The policy's pace, then the others that may be better."""
    counts = {here.threads, here.most(here.logical), 1}
    sleeping = [Pace(count) for count in sorted(counts, key=lambda count: (count != here.threads, count))]
    return (*sleeping, *(Pace(pace.threads, spins=True) for pace in sleeping if pace.threads > 1))


def choose(policy: Pace, ratios: Mapping[Pace, Sequence[float]]) -> Pace:
    """The pace that pays.

    Args:
        policy: what there is no need to change.
        ratios: of each other pace its times divided by the policy's right before.
    """
    medians = {policy: 1.0} | {pace: statistics.median(each) for pace, each in ratios.items()}

    def better(pace: Pace, than: Pace, gain: float) -> bool:
        return medians[pace] <= (1 - gain) * medians[than]

    best = policy
    for spins, gain in ((False, LEAST_GAIN), (True, LEAST_GAIN_OF_SPINNING)):
        rivals = [pace for pace in medians if pace.spins == spins and better(pace, best, gain)]
        best = min(rivals, key=medians.__getitem__, default=best)
    return best


def _measured(part: Part, policy: Pace, other: Pace, seconds: float) -> list[float]:
    # Imported here: what only looks up what is kept loads no network.
    from notime.model.decoding.causal import CausalModel

    context = PROMPT_TOKENS + NEW_TOKENS
    one, two = (
        CausalModel(part.folder, context=context, threads=pace.threads, spins=pace.spins) for pace in (policy, other)
    )
    for model in (one, two):
        _pass(model, 0)
    until = time.perf_counter() + seconds
    found: list[float] = []
    while len(found) < LEAST_ROUNDS or (len(found) < MOST_ROUNDS and time.perf_counter() < until):
        first, second = (_pass(model, len(found) + 1) for model in (one, two))
        found.append(second / first)
    return found


def _pass(model: CausalModel, seed: int) -> float:
    """Seconds; another seed is another prompt, of which nothing stands in the cache."""
    prompt = [(seed * 97 + place * 31) % model.vocabulary for place in range(PROMPT_TOKENS)]
    clock = time.perf_counter()
    for _ in model.generate([prompt], max_new_tokens=NEW_TOKENS):
        pass
    return time.perf_counter() - clock


def _write(path: Path, text: bytes) -> None:
    """Whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".pace-", delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o644)  # as the models beside it, which other users may share
        Path(file.name).replace(path)
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be written: {error.strerror or error}.") from error
