"""Records of many people: workbooks for all managers, their import, and HR's page.

    python tests/bench/records.py FOLDER [--people 10000] [--team 20]

The company is made in FOLDER where it is not there yet, with a manager for every `team` people; its month is
published, every workbook is filled in with an answer, a talk and a plan for each person, and imported. What was
imported is taken away again, for HR's page of a cycle of which nobody has been told yet.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from openpyxl import load_workbook

from kpibook.base.periods import Period
from synthetic import CYCLE, write_company, write_month

LIMIT_SECONDS, LIMIT_MEGABYTES = 60, 500
HEADER = 5


def run(root: Path, *arguments: str) -> tuple[float, int]:
    """Seconds and megabytes that a command of kpibook takes there."""
    began = time.perf_counter()
    environment = {**os.environ, "KPIBOOK_KEY": "bench"}
    command = [sys.executable, "-m", "kpibook", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{arguments[0]}: {done.returncode}")
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000


def make(root: Path, people: int, team: int) -> None:
    """The company with its month published; one that is there stays."""
    folder = root / "scorecards" / CYCLE
    if not (root / "handbook").is_dir():
        write_company(root, people)
    if not (folder / "people.csv").is_file():
        write_month(root, CYCLE, people)
    rows = list(csv.reader((folder / "people.csv").open(encoding="utf-8", newline="")))
    head = rows[0]
    if "manager" not in head:
        led = [[*row, rows[1 + at // team * team][0] if at % team else ""] for at, row in enumerate(rows[1:])]
        with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[*head, "manager"], *led])
    if not (folder / "revisions").is_dir():
        day = str(Period.parse(CYCLE).last_day)
        print("publish", run(root, "publish", CYCLE, "--by", "HR", "--on", day, "--anyway", "--reason", "bench"))


def fill(out: Path) -> None:
    """An answer, a talk and a plan for each person of each workbook."""
    day = str(Period.parse(CYCLE).last_day)
    for file in sorted(out.glob("records-*.xlsx")):
        book = load_workbook(file)
        page = book.worksheets[1]
        for row in range(HEADER + 1, page.max_row + 1):
            if page.cell(row, 1).value:
                for column, value in ((6, day), (7, "confirmed"), (8, day), (10, day), (11, "HR"), (12, "talked")):
                    page.cell(row, column).value = value
        page = book.worksheets[2]
        for row in range(HEADER + 1, page.max_row + 1):
            if page.cell(row, 1).value:
                page.cell(row, 8).value = "do more"
        book.save(file)


def main() -> None:
    """Make the company, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--team", type=int, default=20)
    given = parser.parse_args()
    root = given.folder
    make(root, given.people, given.team)
    out = root / "out"
    seconds, megabytes = run(root, "collect", CYCLE, "--records", "--out", str(out.absolute()))
    print(f"collect: {len(list(out.iterdir()))} workbooks, {seconds:.1f} s, {megabytes} MB", flush=True)
    fill(out)
    files = [str(file.absolute()) for file in sorted(out.glob("*.xlsx"))]
    print("import: {:.1f} s, {} MB".format(*run(root, "import", *files)), flush=True)
    print("again: {:.1f} s, {} MB".format(*run(root, "import", *files)), flush=True)
    for what in ("all filled in", "nothing told"):
        run(root, "build", CYCLE)
        size = (root / "site-cards" / CYCLE / "records.html").stat().st_size
        print(f"HR's page, {what}: {size / 1e6:.2f} MB", flush=True)
        for kind in ("confirmations", "interviews", "plans"):
            (root / "scorecards" / CYCLE / f"{kind}.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
