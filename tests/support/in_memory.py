"""Temporary folders in memory, where there is enough of it: on a disk a third of the tests' time is waiting for it."""

import os
import re
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""
LEAST = 6 * 2**30
"""Bytes that have to be free: a run leaves up to a third of them behind where all of it fails."""


def use_memory() -> None:
    """Put the temporary folders of this process, and of those that it begins, there; not where one was named."""
    if "TMPDIR" not in os.environ and _takes_files() and _available() >= LEAST:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _takes_files() -> bool:
    """Whether many files may be written there, and be run as programs; containers often forbid that."""
    if not os.access(MEMORY, os.W_OK):
        return False
    told = os.statvfs(MEMORY)
    return not told.f_flag & os.ST_NOEXEC and told.f_bavail * told.f_frsize >= LEAST


def _available() -> int:
    """The bytes of memory that nobody needs."""
    told = re.search(r"^MemAvailable: +(\d+) kB$", Path("/proc/meminfo").read_text("ascii"), re.MULTILINE)
    return int(told[1]) * 1024 if told else 0
