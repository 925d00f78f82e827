"""Spoil a great many files and count those that end in an exception that nobody catches. Run by `make bench`.

Each run takes other inputs: its seed is printed, and `--seed` repeats it.
"""

import argparse
import secrets
import tempfile
import time
from pathlib import Path

from fuzzing import all_readers, attempts, sound_workbook

INPUTS = 20_000


def main() -> None:
    """Print how many inputs of these readers (all of them, without names) were read or refused, and how many failed."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="kpibook-fuzz-") as folder:
        begin = time.perf_counter()
        readers = all_readers(Path(folder), sound_workbook())
        chosen = {name: each for name, each in readers.items() if not asked.readers or name in asked.readers}
        uncaught = attempts(chosen, asked.count, asked.seed)
    print(
        f"{asked.count:,} spoilt files in {time.perf_counter() - begin:.0f} s, seed {asked.seed}: {', '.join(chosen)}"
    )
    print(f"uncaught exceptions {sum(uncaught.values()):28}   goal: 0 {dict(uncaught) or ''}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=INPUTS)
    parser.add_argument("readers", nargs="*", help="the readers of tests/support/fuzzing.py, all without names")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    return parser.parse_args()


if __name__ == "__main__":
    main()
