"""Process: where all of that runs. `Reader` starts a process that can be killed, asks it and ends it.

`worker` is that process, `confine` what it gives up before it sees a page, `messages` what the two say to each other.
"""

from notime.article.process.reader import Reader, ReaderLimits

__all__ = ["Reader", "ReaderLimits"]
