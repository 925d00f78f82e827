"""Every system call of a publication of three sites, and of a whole build: refused, or killed there.

    PYTHONPATH=tests/support python tests/bench/traced_publication.py [--most 0] [--builds 0]

After it the next command is run. All sites have to be old or all new, as the program has said, where it could.
`--builds N` tries N calls, spread over a build of the tiny company, in the same way.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from companies import a_company
from kpibook.base.atomic_folders import finish_publication
from publications import NEW, OLD, SITES, found, prepare
from traced import why_not

CALLS = (
    *("openat", "write", "close", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir"),
    *(
        "mkdirat",
        "rmdir",
        "chmod",
        "fchmod",
        "ftruncate",
        "fsync",
        "syncfs",
        "newfstatat",
        "getdents64",
        "flock",
        "fcntl",
    ),
)
FAULTS = ("error=ENOSPC", "error=EIO", "error=EROFS", "signal=KILL")
BEGUN = "begun"
PUBLISHES = f"""
import os, sys
from pathlib import Path
from filelock import lock_descriptor
import ctypes, json
from publications import NEW, told
root = Path(sys.argv[1])
os.mkdir(root / "{BEGUN}")
sys.exit(3 if told(root) else 0)
"""
"""What it imports is no call of the publication; from the folder on every call is one."""
REFUSED = 3
KILLED = (-9, 137)


class Subject(NamedTuple):
    """A program that publishes, from where on its calls count, and what there is before and after."""

    command: Callable[[Path], Sequence[object]]
    begins: str
    """A part of the line behind which calls count."""
    prepare: Callable[[Path], None]
    state: Callable[[Path], object]
    refused: int


def run(subject: Subject, root: Path, *options: str) -> int:
    """Run a program under strace; its exit code."""
    here = Path(__file__).parents[1] / "support"
    environment = {**os.environ, "PYTHONPATH": str(here), "KPIBOOK_KEY": "bench", "PYTHONHASHSEED": "0"}
    command = ("strace", "-f", "-qq", *options, sys.executable, *map(str, subject.command(root)))
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).returncode


def points(subject: Subject, root: Path) -> list[tuple[str, int]]:
    """Of each kind of call those, counted from 1, that belong to the publication."""
    log = root.with_suffix(".log")
    assert run(subject, root, "-o", str(log), "-e", f"trace={','.join(CALLS)}") == 0
    count, has_begun, made = dict.fromkeys(CALLS, 0), False, list[tuple[str, int]]()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        called = re.match(r"\d+\s+(\w+)\(", line)
        if called and called[1] in count:
            count[called[1]] += 1
            if has_begun:
                made.append((called[1], count[called[1]]))
        has_begun = has_begun or subject.begins in line
    return made


def wrong(subject: Subject, folder: Path, tried: Sequence[tuple[str, int, str]]) -> Iterator[str]:
    """Let each of these calls fail once; tells what was mixed, or said and not so."""
    before, after = (folder / name for name in ("before", "after"))
    for root in (before, after):
        root.mkdir()
        subject.prepare(root)
    old = subject.state(before)
    assert run(subject, after, "-o", os.devnull, "-e", "trace=none") == 0
    new = subject.state(after)
    assert old != new
    for call, at, fault in tried:
        work = folder / "work"
        shutil.copytree(before, work, symlinks=True)
        code = run(subject, work, "-o", os.devnull, "-e", f"inject={call}:{fault}:when={at}")
        finish_publication(work / SITES[0])
        now = subject.state(work)
        shutil.rmtree(work)
        place = f"{call} {at} {fault} (exit {code})"
        if now not in (old, new):
            yield f"{place}: mixed"
        elif (code == 0 and now != new) or (code == subject.refused and now != old):
            yield f"{place}: said otherwise than is so"
        elif code not in (0, subject.refused, *KILLED):
            yield f"{place}: ended without a word"


def sites(root: Path) -> list[dict[str, bytes]]:
    """What stands in all sites."""
    return [found(root / name) for name in SITES]


SMALL = Subject(
    lambda root: ("-c", PUBLISHES, root), f"/{BEGUN}", lambda root: prepare(root, OLD), sites, refused=REFUSED
)


def built(root: Path) -> None:
    """A tiny company with its sites, and a change of the handbook since."""
    a_company(root)
    company = root / "handbook/company.yml"
    company.write_text(company.read_text("utf-8") + "access: {hr: [office]}\n", encoding="utf-8")
    run(BUILD, root, "-o", os.devnull, "-e", "trace=none")
    company.write_text(company.read_text("utf-8").replace("name: ", "name: 新", 1), encoding="utf-8")


BUILD = Subject(lambda root: ("-m", "kpibook", "build"), ".site.lock", built, sites, refused=1)


def tell(what: str, subject: Subject, most: int) -> bool:
    """Try so many calls, spread over all of them, or all; tells whether nothing went wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "counted").mkdir()
        subject.prepare(folder / "counted")
        known = points(subject, folder / "counted")
        every = [(call, at, fault) for call, at in known for fault in FAULTS]
        tried = every if not most else every[:: max(1, len(every) // most)]
        bad = list(wrong(subject, folder, tried))
    print(f"{what}: {len(known)} calls, {len(tried)} of {len(every)} faults tried, {len(bad)} wrong", flush=True)
    for line in bad:
        print(f"  {line}", flush=True)
    return not bad


def main() -> None:
    """Try all calls of a small publication, and some of a build if asked; end with 1 where one went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=0, help="try so many faults of the small publication; 0: all")
    parser.add_argument("--builds", type=int, default=0)
    given = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    assert NEW != OLD
    is_fine = tell("a publication of three sites", SMALL, given.most)
    if given.builds:
        is_fine &= tell("a build", BUILD, given.builds)
    sys.exit(not is_fine)


if __name__ == "__main__":
    main()
