"""Spoil a great many files and count those that end in an exception that nobody catches. Run by `make bench`."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fuzzing import all_readers, attempts, sound_workbook

INPUTS = 20_000


def main(count: int, names: Sequence[str] = ()) -> None:
    """Print how many inputs of these readers (all of them, without names) were read or refused, and how many failed."""
    with tempfile.TemporaryDirectory(prefix="kpibook-fuzz-") as folder:
        begin = time.perf_counter()
        readers = all_readers(Path(folder), sound_workbook())
        uncaught = attempts({name: each for name, each in readers.items() if not names or name in names}, count)
    print(f"{count:,} spoilt files in {time.perf_counter() - begin:.0f} s")
    print(f"uncaught exceptions {sum(uncaught.values()):28}   goal: 0 {dict(uncaught) or ''}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS, sys.argv[2:])
