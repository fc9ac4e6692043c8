"""Ray's part of scripts/batch: blocks of pages out to the workers, blocks of rows back.

Comes in: a worker class and pages. Goes out: blocks of rows, every page once. Must not know: how a page is summarised,
where the rows are kept.

Ray starts a worker that died again, and gives its block out again. A block on which workers die again and again is
dropped; its pages are then tried one by one, and those that are left get a row that says so.
"""

from __future__ import annotations

import logging
import os
import secrets
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from notime.errors import InternalError
from notime.model.runtime.session import usable_cores
from scripts.batching.table import SCHEMA, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Told that clusters are not wanted, Ray takes 127.0.0.1 for this machine's address and listens nowhere else. Its
argument `_node_ip_address` will not do: 127.0.0.1 given there becomes the address that other machines see (2.60)."""
NOBODY = "http://127.0.0.1:9"
NO_WAY_OUT = {
    "http_proxy": NOBODY,
    "HTTP_PROXY": NOBODY,
    "no_proxy": "127.0.0.1,localhost",
    "NO_PROXY": "127.0.0.1,localhost",
}
"""On starting, Ray's own API server asks the metadata services of three clouds whether it stands there, with usage
reports switched off as well (2.60, `UsageStatsHead`). It would go through this proxy, where nobody listens, so nothing
is looked up."""
RETRIES = 2
"""How often a block is given out again after its worker died."""
OBJECT_STORE = 256 * 1024 * 1024
"""Bytes of shared memory of a Ray on this machine: names and summaries travel, some kilobytes a page."""


def start(address: str | None, workers: int | None) -> int:
    """Connect to a cluster, or start Ray on this machine alone.

    Args:
        address: of the cluster; None starts Ray here, heard on 127.0.0.1 only.
        workers: processes; by default as many as there are cores.

    Returns:
        The number of workers to use.

    Raises:
        InternalError: no cluster answers there, or not to this user.
    """
    # Of a Ray on this machine only its own processes know the token: no other user of the machine can run code in it.
    alone = LOOPBACK | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    os.environ |= QUIET if address else QUIET | NO_WAY_OUT | alone
    import ray  # reads these as it is imported

    ray._private.worker._worker_logs_enabled = False  # deaths are told on standard output otherwise
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address:
        try:
            ray.init(address, **options)
        except ConnectionError as error:
            raise InternalError(f"No Ray cluster answers at {address}.", hint="Does RAY_AUTH_TOKEN fit?") from error
        return workers or int(ray.cluster_resources()["CPU"])
    workers = workers or usable_cores()
    with _silent():
        ray.init("local", num_cpus=workers, include_dashboard=False, object_store_memory=OBJECT_STORE, **options)
    return workers


@contextmanager
def _silent() -> Iterator[None]:
    """Standard error goes nowhere: told to log nothing, Ray logs on it that it was told so."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def rows(
    worker: type, arguments: tuple[Any, ...], pages: Sequence[Path], size: int, workers: int
) -> Iterator[pa.Table]:
    """Blocks of rows as the workers finish them, in no order.

    Args:
        worker: made once in each process with `arguments`, then called with a block of `file` and `path`.
        arguments: what can be pickled.
        pages: to be done.
        size: pages of a block.
        workers: processes.

    Raises:
        InternalError: the workers do not start, or the cluster is gone.
    """
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # it tells of the blocks that are dropped
    # Without these arguments Ray tries for ever; it has no other way to say so (hence the release below 2.64).
    warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1
    left = {str(page): page for page in pages}
    for pages_a_block in (size, 1):
        # One block at a time in a worker's hands: a death costs no other block a try, and the last ones are spread.
        pool = ray.data.ActorPoolStrategy(size=min(workers, len(left)), max_tasks_in_flight_per_actor=1)
        done = ray.data.from_arrow(list(blocks(list(left.values()), pages_a_block))).map_batches(
            worker,
            fn_constructor_args=arguments,
            batch_format="pyarrow",
            batch_size=None,
            compute=pool,
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=RETRIES,
        )
        try:
            for block in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
                for name in block["file"].to_pylist():
                    left.pop(name, None)
                yield block
        except ray.exceptions.RayError as error:
            reason = str(error).rstrip().rpartition("\n")[2]
            raise InternalError(f"Ray's workers do not run: {reason}", hint="What is done is kept.") from error
        if not left:
            return
    died = {"error_code": InternalError.code, "error_message": "The worker died on this page each time."}
    yield pa.Table.from_pylist([{"file": name, **died} for name in left], SCHEMA)
