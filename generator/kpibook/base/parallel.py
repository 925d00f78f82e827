"""One piece of work in as many processes as there are cores: each takes its slice of what is in memory."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from typing import TypeVar

from kpibook.base.output import OutputError
from kpibook.base.problems import Place, Problem

Result = TypeVar("Result")
Slice = Callable[[int, int], Result]
"""The work on every nth part, from the one of this number on: number, n."""

WORTH_A_PROCESS = 50
"""So many pages take longer to set than a process to start."""

_shared: list[Slice[object]] = []
"""What the processes that are made next are to do: they find it in the memory that they share with this one."""


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def jobs_for(parts: int, most: int) -> int:
    """How many processes are worth their start for so many pages, `most` at most."""
    return max(1, min(most, parts // WORTH_A_PROCESS))


def can_fork() -> bool:
    """Whether the system makes processes that begin with this one's memory; elsewhere one process does all."""
    return "fork" in get_all_start_methods()


def in_slices(work: Slice[Result], jobs: int) -> list[Result]:
    """The results of `work(0, jobs)`, `work(1, jobs)`, …, each worked out in a process of its own.

    What a slice changes in memory is lost; what it returns or raises is handed over by pickle.

    Raises:
        OutputError: a process was ended from outside, as the system does where memory runs out.
    """
    if jobs == 1 or not can_fork():
        return [work(0, 1)]
    _shared.append(work)
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
            slices = [pool.submit(_one, number, jobs) for number in range(jobs)]
            return [each.result() for each in slices]  # type: ignore[misc]
    except BrokenProcessPool as err:
        raise OutputError([Problem("process-ended", Place("site"), is_public=True)]) from err
    finally:
        _shared.pop()


def _one(number: int, jobs: int) -> object:
    return _shared[-1](number, jobs)
