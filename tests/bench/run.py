"""Measure companies of 100, 1,000 and 10,000 people: time and peak memory of each step, next to what it should be.

Run by `make bench`; nothing is asserted, so a slow machine breaks nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kpibook.publishing.printing import BROWSERS
from synthetic import CYCLE, write_company

HERE = Path(__file__).parent
SIZES = (100, 1_000, 10_000)
STEPS = {
    "check": ("-m", "kpibook", "check"),
    "score": ("-m", "kpibook", "score", CYCLE, "--out", "scores"),
    "Markdown": ("-m", "kpibook", "pages"),
    "cards": (str(HERE / "card_sites.py"), "kpibook"),
}
"""Each a process of its own: `score` reads, checks, scores and writes; `Markdown` does so too, and writes all pages."""
PRINT = ("-m", "kpibook", "print", CYCLE, "--out", "paper")
MILLION = (str(HERE / "million.py"),)
DRAWING = (str(HERE / "drawing.py"),)
SEARCH = (str(HERE / "searching.py"),)
MKDOCS = (str(HERE / "card_sites.py"), "mkdocs")

MEBIBYTE_IN_KIB = 1024
MEMORY_LIMIT_MB = 500
CARDS_TIMES_FASTER = 10
PANDAS_TIMES = 2.2
CSV_TIMES = 4
CSV_MEMORY_MB = 1500
MILLISECONDS = 1000
PRINT_MILLISECONDS = 200
DRAWING_MILLISECONDS = 1
SEARCH_SECONDS = 1
LINEAR = 12
"""Ten times the people may take at most this many times as long."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process and its own children needed; it was `busy` for less than it took where it had to wait."""

    seconds: float
    busy: float
    megabytes: float
    told: str
    """The last line that it printed."""

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} s ({self.busy:6.2f} s busy) {self.megabytes:6.0f} MB"


def main() -> None:
    """Measure all sizes and print figure and goal."""
    folder = Path(tempfile.mkdtemp(prefix="kpibook-bench-"))
    try:
        measured = {people: measure_company(folder / str(people), people) for people in SIZES}
        print_goals(folder, measured)
        measure_million(folder / "million")
        if any(map(shutil.which, BROWSERS)):
            measure_search(folder)
    finally:
        shutil.rmtree(folder)


def measure_company(root: Path, people: int) -> dict[str, Measured]:
    """Build one company and take each step on it."""
    write_company(root, people)
    found = {}
    for step, arguments in STEPS.items():
        found[step] = measure(arguments, root)
        print(f"{people:>6} people  {step:<9} {found[step]}", flush=True)
    return found


def measure(arguments: Sequence[str], root: Path) -> Measured:
    """Run Python with these arguments in `root`; a failure ends the measurement with its output."""
    with (root / "output.txt").open("w+", encoding="utf-8") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=root,
            stdout=output,
            stderr=output,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(HERE.parent)},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        told = output.read()
        if process.returncode:
            sys.exit(f"{' '.join(arguments)} ended with {process.returncode}:\n{told[-3000:]}")
    busy, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEBIBYTE_IN_KIB
    return Measured(seconds, busy, peak, told.splitlines()[-1] if told else "")


def print_goals(folder: Path, measured: dict[int, dict[str, Measured]]) -> None:
    """Print what was to be reached next to what was; busy times are compared, so that other work disturbs little."""
    few, middle, most = SIZES
    print()
    plain, ours = float(measure(MKDOCS, folder / str(middle)).told), float(measured[middle]["cards"].told)
    what = f"cards of {middle:,}, {ours:.2f} s, times faster than MkDocs, {plain:.1f} s"
    tell(what, plain / ours, f"at least {CARDS_TIMES_FASTER}")

    pandas = measure((str(HERE / "with_pandas.py"), ".", CYCLE), folder / str(most)).busy
    slower = measured[most]["score"].busy / pandas
    tell(f"check and score of {most:,}, times pandas, {pandas:.2f} s", slower, f"under {PANDAS_TIMES}")

    for step in STEPS:
        growth = measured[most][step].busy / measured[middle][step].busy
        tell(f"{step}: {most:,} against {middle:,} people, times the time", growth, f"at most {LINEAR}, linear is 10")
    peak = max(step.megabytes for step in measured[most].values())
    tell(f"peak memory at {most:,}, MB", peak, f"under {MEMORY_LIMIT_MB}")
    drawings = float(measure(DRAWING, folder).told)
    tell("all drawings of a card of 40 items and 12 cycles, ms", drawings, f"at most {DRAWING_MILLISECONDS}")
    if any(map(shutil.which, BROWSERS)):
        each = measure(PRINT, folder / str(few)).seconds * MILLISECONDS / few
        tell(f"a card of {few} as PDF, by the clock, ms", each, f"at most {PRINT_MILLISECONDS}")


def measure_million(root: Path) -> None:
    """A million rows of CSV, all sound and with 10,000 that are not, against the reading of pandas."""
    root.mkdir()
    measure((*MILLION, "write"), root)
    pandas, ours = float(measure((*MILLION, "pandas"), root).told), measure((*MILLION, "kpibook"), root)
    seconds = float(ours.told)
    tell(
        f"a million rows of CSV, {seconds:.2f} s, times pandas, {pandas:.2f} s", seconds / pandas, f"under {CSV_TIMES}"
    )
    tell("its peak memory, MB", ours.megabytes, f"under {CSV_MEMORY_MB}")
    taken = measure((*MILLION, "import"), root)
    tell("importing it instead, checked against what stands there, s", float(taken.told), "none")
    tell("the import's peak memory, MB", taken.megabytes, f"under {CSV_MEMORY_MB}")
    for kind, what in (("bounded", "bounds on each number"), ("faulty", "10,000 faulty rows, all told")):
        measure((*MILLION, f"write-{kind}"), root)
        seconds = float(measure((*MILLION, "kpibook"), root).told)
        tell(f"the same with {what}, {seconds:.2f} s", seconds / pandas, f"under {CSV_TIMES}")


def measure_search(root: Path) -> None:
    """The first result of a search in a browser, against having the index in the page at all."""
    ours, floor, size = map(float, measure(SEARCH, root).told.split())
    tell(f"first result of a search among 500 roles, {size:.1f} MB, s", ours, f"under {SEARCH_SECONDS}")
    tell(f"the same, times reading the index alone, {floor:.2f} s", ours / floor, "near 1")


def tell(what: str, figure: float, goal: str) -> None:
    """One line: what, how much, how much it should be."""
    print(f"{what:<62} {figure:8.2f}   goal: {goal}", flush=True)


if __name__ == "__main__":
    main()
