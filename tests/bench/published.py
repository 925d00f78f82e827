"""Two years of published months: how long publishing, verifying and building take, and whether flipped bits are found.

    python tests/bench/published.py FOLDER [--people 1000] [--cycles 24] [--flips 10000]

The company is made in FOLDER where it is not there yet, every month published by the command itself.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.sealing.input_hashes import input_hashes
from kpibook.sealing.revisions import read_sealed
from kpibook.sealing.seals import parse_seal, revision_folder
from synthetic import CYCLE, write_company, write_month

LAST = Period.parse(CYCLE)


def run(root: Path, *arguments: str) -> float:
    """The seconds that a command of kpibook takes there."""
    began = time.perf_counter()
    environment = {**os.environ, "KPIBOOK_KEY": "bench"}
    subprocess.run(
        [sys.executable, "-m", "kpibook", *arguments], cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def months(count: int) -> list[Period]:
    """So many months up to the last one, oldest first."""
    found = [LAST]
    while len(found) < count:
        found.append(found[-1].previous)
    return found[::-1]


def make(root: Path, people: int, cycles: int) -> None:
    """The company with all months published; those that are published already stay."""
    if not (root / "handbook").is_dir():
        write_company(root, people)
    for month in months(cycles):
        folder = root / "scorecards" / str(month)
        if not (folder / "people.csv").is_file():
            write_month(root, str(month), people)
        if not (folder / "revisions").is_dir():
            seconds = run(root, "publish", str(month), "--by", "HR", "--on", str(month.last_day))
            print(f"publish {month}: {seconds:.2f} s", flush=True)


def flip(root: Path, cycles: int, count: int) -> tuple[int, int]:
    """Flip one bit after the other in sealed files; how many were found with their file, and how many count."""
    chance, found, counted = random.Random(20261130), 0, 0
    for _ in range(count):
        month = chance.choice(months(cycles))
        folder = root / "scorecards" / str(month)
        sealed = parse_seal((revision_folder(folder, 1) / "seal.json").read_bytes())
        path = chance.choice(sorted([*sealed.files, "revisions/1/seal.json"]))
        before = (folder / path).read_bytes()
        data, at = bytearray(before), chance.randrange(len(before))
        data[at] ^= 1 << chance.randrange(8)
        hashes = input_hashes(folder)
        (folder / path).write_bytes(bytes(data))
        # What cycle.yml says beside name, kind and combine, and a line end of another system, change nothing.
        is_free = path in hashes and input_hashes(folder) == hashes
        told = {problem.place.file for problem in read_sealed(folder)[1]}
        (folder / path).write_bytes(before)
        counted += not is_free
        found += not is_free and told == {f"scorecards/{month}/{path}"}
    return found, counted


def main() -> None:
    """Make the company, and tell how long everything takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--cycles", type=int, default=24)
    parser.add_argument("--flips", type=int, default=0)
    given = parser.parse_args()
    make(given.folder, given.people, given.cycles)
    print(f"check: {run(given.folder, 'check'):.2f} s")
    print(f"verify all by hashes: {run(given.folder, 'verify'):.2f} s")
    every = run(given.folder, "verify", "--recompute")
    print(f"verify --recompute: {every:.2f} s, {every / given.cycles:.2f} s a cycle")
    print(f"build: {run(given.folder, 'build'):.2f} s")
    print(f"build again: {run(given.folder, 'build'):.2f} s")
    if given.flips:
        found, counted = flip(given.folder, given.cycles, given.flips)
        print(f"flipped bits: {found} of {counted} found with their file, {given.flips - counted} say the same")


if __name__ == "__main__":
    main()
