"""The pairings, for the event loop: one thread that alone looks at their file, before each request that needs a key.

Comes in: what reads them. Goes out: keys. Must not know: HTTP. So a browser that `notime pair --revoke` put out is out
with its next request, whatever else goes on; a look takes a tenth of a millisecond.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Paired:
    """Who is paired now.

    Args:
        read: every key; may block.
    """

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        self._read = read
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="paired")

    async def keys(self) -> Sequence[bytes]:
        """Every key.

        Raises:
            InsecureFile: others could have read or changed them.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False)
