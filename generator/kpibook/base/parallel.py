"""One piece of work in as many processes as there are cores: each takes its slice of what is in memory."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

from kpibook.base.output import OutputError
from kpibook.base.problems import Place, Problem
from kpibook.base.progress import Advance, Ticks

Result = TypeVar("Result")
Slice = Callable[[int, int], Result]
"""The work on every nth part, from the one of this number on: number, n."""
Task = Callable[[], Result]

WORTH_A_PROCESS = 50
"""So many pages take longer to set than a process to start."""

_LOOK_SECONDS = 1
"""How often it is looked how far other processes are."""


def cores() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def jobs_for(parts: int, most: int) -> int:
    """How many processes are worth their start for so many pages, `most` at most."""
    return max(1, min(most, parts // WORTH_A_PROCESS))


def can_fork() -> bool:
    """Whether the system makes processes that begin with this one's memory; elsewhere they are `spawned_processes`."""
    return hasattr(os, "fork")


def in_slices(work: Slice[Result], jobs: int, ticks: Ticks | None = None) -> list[Result]:
    """The results of `work(0, jobs)`, `work(1, jobs)`, …; see `in_processes`."""
    parts = jobs if can_fork() else 1
    return in_processes([partial(work, number, parts) for number in range(parts)], jobs, ticks)


def ticks_for(jobs: int, advance: Advance) -> Ticks:
    """What counts the work of so many processes."""
    return Ticks(advance, is_shared=jobs > 1 and can_fork())


def in_processes(tasks: Sequence[Task[Result]], jobs: int, ticks: Ticks | None = None) -> list[Result]:
    """The results of tasks in their order, each worked out by a process of its own, so many of them at a time.

    `ticks` are told here while the tasks count. What a task changes in memory is lost; what it returns or raises is
    handed over by pickle, and what it took of memory is given back when it ends.

    Raises:
        OutputError: a process was ended from outside, as the system does where memory runs out.
        Exception: what a task raises, that of the first one in their order.
    """
    if jobs == 1 or not can_fork():
        return [task() for task in tasks]
    handed = dict[int, tuple[Any, Exception | None]]()
    with _forks() as forks:
        waiting = deque(enumerate(tasks))
        while waiting or forks:
            while waiting and len(forks) < jobs:
                number, task = waiting.popleft()
                receiver, process = _fork(task)
                forks[receiver] = number, process
            ready = connection.wait(list(forks), _LOOK_SECONDS if ticks else None)
            for receiver in [each for each in forks if each in ready]:
                number, process = forks[receiver]
                handed[number] = _handed(receiver)
                del forks[receiver]
                process.join()
            if ticks:
                ticks.tell()
    return [_result_of(handed[number]) for number in range(len(tasks))]


@contextmanager
def _forks() -> Iterator[dict[Connection, tuple[int, BaseProcess]]]:
    """What runs, by where it is heard from; what still runs when the block ends is ended, too."""
    forks = dict[Connection, tuple[int, BaseProcess]]()
    # What stands there now is no garbage: looking for some would copy, in each process, all that is looked at.
    gc.freeze()
    try:
        yield forks
    finally:
        gc.unfreeze()
        for _, process in forks.values():
            process.terminate()
            process.join()


def _fork(task: Task[Any]) -> tuple[Connection, BaseProcess]:
    """Let another process do a task; where it is heard from. It begins with this one's memory."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    # A process alone, without a pool: that would run threads in this one, which had better not be forked then.
    process = context.Process(target=_tell_end, args=(task, sender), daemon=True)
    process.start()
    sender.close()
    return receiver, process


def _ended() -> OutputError:
    return OutputError([Problem("process-ended", Place("site"), is_public=True)])


class SpawnedProcesses:
    """Processes that begin with nothing: what they are to do, and what comes of it, is handed over by pickle."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    @contextmanager
    def begin(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> Iterator["InProcesses"]:
        """Begin the work for each; what waits when the block ends is not begun any more."""
        running = [self._pool.submit(work, *each) for each in asked]
        try:
            yield InProcesses(running)
        finally:
            for each in running:
                each.cancel()


class InProcesses(NamedTuple):
    """Work that processes of this machine have begun.

    Raises:
        OutputError: a process was ended from outside.
        Exception: what the work raises.
    """

    running: Sequence[Future[Any]]

    def as_done(self) -> Iterator[int]:
        """The number of each piece once it is done."""
        numbers = {each: number for number, each in enumerate(self.running)}
        for each in as_completed(self.running):
            _result(each)
            yield numbers[each]

    def results(self) -> list[Any]:
        """What came of each, in their order."""
        return list(map(_result, self.running))


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool as err:
        raise _ended() from err


@contextmanager
def spawned_processes(jobs: int) -> Iterator[SpawnedProcesses]:
    """`jobs` processes for as long as the block runs; every system has them, also where none can be forked."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield SpawnedProcesses(pool)


@contextmanager
def run_beside(task: Task[Result], jobs: int) -> Iterator[list[Result]]:
    """Let another process do a task while the block runs; both are done when it ends.

    The list is empty in the block, and holds what the task returned, handed over by pickle, after it. With one job the
    task waits for the end of the block.

    Raises:
        OutputError: the process was ended from outside.
        Exception: what the task raises, at the end of a block that went well.
    """
    handed = list[Result]()
    if jobs == 1 or not can_fork():
        yield handed
        handed.append(task())
        return
    receiver, process = _fork(task)
    try:
        yield handed
        handed.append(_result_of(_handed(receiver)))
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()


def _tell_end(task: Task[Result], sender: Connection) -> None:
    """In the other process: do the task, and hand over what it returned, or what was wrong."""
    try:
        found = task()
    except Exception as err:
        sender.send((None, err))
    else:
        sender.send((found, None))


def _handed(receiver: Connection) -> tuple[Any, Exception | None]:
    """What a process handed over at its end: what the task returned, or raised."""
    with receiver:
        try:
            handed: tuple[Any, Exception | None] = receiver.recv()
        except EOFError as err:
            raise _ended() from err
    return handed


def _result_of(handed: tuple[Any, Exception | None]) -> Any:
    """What the task returned."""
    found, failure = handed
    if failure:
        raise failure
    return found
