"""Measure the analysis: 10,000 people over 12 cycles, and the sensitivity of one cycle of them.

Run by `make bench`; nothing is asserted, so a slow machine breaks nothing. `analysing.py write FOLDER PEOPLE CYCLES`
only writes the company.
"""

import gc
import os
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from kpibook.analysing import studies
from kpibook.analysis.frames import CycleResults
from kpibook.analysis.regrading import Regrader
from kpibook.analysis.sensitivity import sensitivity
from kpibook.base.parallel import cores
from kpibook.base.periods import Period, PeriodKind
from kpibook.content import read, score_cycle
from kpibook.pages.analysis.rendering import cycle_page
from synthetic import CYCLE, write_company, write_month

PEOPLE, CYCLES = 10_000, 12
MEBIBYTE_IN_KIB = 1024


class Peak:
    """The most memory that this process and its children take together; what they share counts once."""

    def __init__(self) -> None:
        self._most, self._is_over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        # Asking the system for the share takes long where there is much: five times a second took an eighth of the run.
        while not self._is_over.wait(2):
            self._most = max(self._most, sum(map(_share, ["self", *_children()])))

    def end(self) -> float:
        """The peak in MB."""
        self._is_over.set()
        self._thread.join()
        return self._most / MEBIBYTE_IN_KIB


def _children() -> list[str]:
    """The processes that the main thread began."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()


def _share(process: str) -> int:
    """A process's own memory and its share of what it has in common with others, in KiB; 0 for one that has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0


def main() -> None:
    """Write the company, study all cycles and set their pages, then time the sensitivity alone."""
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return
    with tempfile.TemporaryDirectory(prefix="kpibook-bench-") as folder:
        root = Path(folder)
        write(root, PEOPLE, CYCLES)
        measure(root)


def measure(root: Path) -> None:
    """Print figures and goals."""
    # As every command does: looking for garbage among so many cards takes longer than grading them.
    gc.disable()
    most = Peak()
    begin, busy = time.perf_counter(), time.process_time()
    content = read(root / "handbook", root / "scorecards")
    gc.freeze()
    pages = 0
    for study in studies(content, PeriodKind.MONTH, jobs=cores()):
        pages += len(cycle_page(study, content.say, b"key")[1]) > 0
        del study
    seconds, used = time.perf_counter() - begin, time.process_time() - busy
    peak = most.end()
    tell(f"analysis of {PEOPLE:,} people, {pages} cycles, s (busy {used:.1f})", seconds, "under 60")
    tell("its peak memory, MB", peak, "under 1000")
    period = content.begun[-1]
    scored = CycleResults(score_cycle(content, period), content.catalog_of(period))
    begin = time.perf_counter()
    effects = sensitivity(Regrader(*scored, content.history_of(period)))
    tell(
        f"sensitivity, {sum(each.people for each in effects):,} grades anew, s", time.perf_counter() - begin, "under 30"
    )


def write(root: Path, people: int, cycles: int) -> None:
    """A company whose months differ by their numbers."""
    write_company(root, people)
    period = Period.parse(CYCLE)
    for _ in range(cycles - 1):
        period = period.previous
        write_month(root, str(period), people)


def tell(what: str, figure: float, goal: str) -> None:
    """One line: what, how much, how much it should be."""
    print(f"{what:<70} {figure:8.2f}   goal: {goal}", flush=True)


if __name__ == "__main__":
    main()
