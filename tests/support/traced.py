"""The real commands under strace, which lets one system call fail or kills the program there."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import warm
from companies import COMPANY

SYSCALLS = ("rename", "fsync", "mkdir", "rmdir", "unlink", "ftruncate")
"""The calls by which a step changes the disk; what is written is tried by its fsync."""
STRACE = ("strace", "-f", "-qq")
FILTERED = "--seccomp-bpf"
"""Within the kernel: else the program stops at every call, and most of them load Python. No signal gets through."""
FAULTS = ("error=ENOSPC", "error=EIO", "signal=KILL")
DAY = ("--on", "2026-11-20")
SIGNED = ("--by", "HR", "--reason", "it is time", *DAY)


class Step(NamedTuple):
    """A command and what has to be done before it."""

    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]


def why_not() -> str:
    """Why nothing can be traced here; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        [*STRACE, FILTERED, "-e", "trace=rename", "-o", os.devnull, "true"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else "this machine lets nobody trace a program, or its strace is older than 5.3"


def kpibook(root: Path, *arguments: str, under: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command of kpibook there, under strace with these options where there are any."""
    strace = (*STRACE, *under) if under else ()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    # What Python compiles on the way would be counted in the first run, and not be there in the next one.
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"} if under else {}
    kpibook = (*strace, sys.executable, "-m", "kpibook") if under else warm.command()
    return subprocess.run(
        (*kpibook, *arguments), cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def tree(root: Path) -> dict[str, bytes]:
    """Every file below the folder of the cycles."""
    folder = root / "scorecards"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _nothing(root: Path) -> None:
    """October is open."""


def _complete(root: Path) -> None:
    with (root / "scorecards/2026-10/actuals/support.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("E03,sales,14000,\n")
    with (root / "scorecards/2026-10/ratings.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("E03,attitude,manager,E01,30,\n")


def _opened(root: Path) -> None:
    _ran(root, "open", "2026-11", *DAY)
    role = root / "handbook/roles/shop-manager.yml"
    text = role.read_text(encoding="utf-8")
    role.write_text(text.replace("target: 50000", "target: 60000"), encoding="utf-8")


def _published(root: Path) -> None:
    _complete(root)
    _ran(root, "publish", "2026-10", *SIGNED)
    support = root / "scorecards/2026-10/actuals/support.csv"
    text = support.read_text(encoding="utf-8")
    support.write_text(text.replace('E02,sales,"22,300",', "E02,sales,15000,"), encoding="utf-8", newline="")


def _ran(root: Path, *arguments: str) -> None:
    done = kpibook(root, *arguments)
    assert done.returncode == 0, done.stderr


STEPS = {
    "open": Step(("open", "2026-11", *DAY), _nothing),
    "agree": Step(("agree", "2026-11", *SIGNED), _opened),
    "publish": Step(("publish", "2026-10", *SIGNED), _complete),
    "correct": Step(("correct", "2026-10", "--approved-by", "Owner", *SIGNED), _published),
}


def prepared(root: Path, step: Step) -> Path:
    """A company of its own on which a step can be tried."""
    for folder in ("handbook", "scorecards"):
        shutil.copytree(COMPANY / folder, root / folder)
    step.prepare(root)
    return root


def calls(root: Path, step: Step, log: Path) -> dict[str, list[int]]:
    """Of each kind of system call those, counted from 1, that a step makes."""
    done = kpibook(root, *step.arguments, under=(FILTERED, "-o", str(log), "-e", f"trace={','.join(SYSCALLS)}"))
    assert done.returncode == 0, done.stderr
    found: dict[str, list[int]] = {name: [] for name in SYSCALLS}
    count = dict.fromkeys(SYSCALLS, 0)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        called = re.match(r"\d+\s+(\w+)\(", line)
        if called and called[1] in count:
            count[called[1]] += 1
            found[called[1]].append(count[called[1]])
    return found


def failures(origin: Path, scratch: Path, step: Step, points: Iterator[tuple[str, int, str]]) -> Iterator[str]:
    """Let a step fail at each of these calls; tells where anything between the old and the new state was left."""
    before = tree(origin)
    whole = scratch / "whole"
    shutil.copytree(origin, whole)
    _ran(whole, *step.arguments)
    after = tree(whole)
    for call, at, fault in points:
        work = scratch / "work"
        shutil.copytree(origin, work)
        is_killed = fault == "signal=KILL"
        how = ("-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={at}")
        broken = kpibook(work, *step.arguments, under=how if is_killed else (FILTERED, *how))
        assert is_killed is (broken.returncode == -signal.SIGKILL)
        kpibook(work, "verify")
        now = tree(work)
        shutil.rmtree(work)
        if now != before and not _same(now, after):
            yield f"{call} {at} {fault}: something between (exit {broken.returncode})"


def _same(now: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Whether all is as after the step; a first seal has its own random numbers each time."""
    return now.keys() == after.keys() and all(now[name] == after[name] for name in now if not name.endswith(".json"))
