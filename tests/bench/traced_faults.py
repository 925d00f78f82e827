"""Every system call of open, agree, publish and correct that changes the disk: refused (ENOSPC, EIO) and killed.

PYTHONPATH=tests/support python tests/bench/traced_faults.py [--every 1] [STEP…]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from traced import FAULTS, STEPS, calls, failures, prepared, why_not


def main() -> None:
    """Try each step at each n-th call, and tell what was left between the old and the new state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="*", default=list(STEPS))
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    for name in given.steps:
        with tempfile.TemporaryDirectory() as scratch:
            root, step = Path(scratch), STEPS[name]
            origin = prepared(root / "origin", step)
            counted = calls(prepared(root / "counted", step), step, root / "log")
            points = [(call, at, fault) for call, each in counted.items() for at in each for fault in FAULTS]
            found = list(failures(origin, root, step, iter(points[:: given.every])))
            tried = len(points[:: given.every])
            print(f"{name}: {tried} of {len(points)} faults tried, {len(found)} left something between", flush=True)
            for line in found:
                print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
