"""Work in several processes: the same results in any number, faults handed over, a process that is killed told."""

import json
import os
from pathlib import Path

import pytest

from alone import run_alone
from kpibook.base import parallel
from kpibook.base.output import OutputError
from kpibook.base.parallel import in_slices, jobs_for
from kpibook.base.problems import Place, Problem

WHOLE = """
import json, os, sys
from kpibook.base.parallel import in_slices

numbers = list(range(100))
def squares(number, jobs):
    return os.getpid(), os.getppid(), [each**2 for each in numbers[number::jobs]]
print(json.dumps([os.getpid(), in_slices(squares, int(sys.argv[1]))]))
"""

EACH = """
import json, os
from functools import partial
from kpibook.base.parallel import in_processes

tasks = [partial(lambda number: (number, os.getpid()), number) for number in range(5)]
print(json.dumps(in_processes(tasks, 2)))
"""

FAILING = """
import os, signal, sys
from kpibook.base.output import OutputError
from kpibook.base.parallel import in_slices
from kpibook.base.problems import Place, Problem

def failing(number, jobs):
    if number < jobs - 1:
        return number
    if sys.argv[1] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OutputError([Problem("cannot-write", Place("site"), {"reason": "full"})])
try:
    in_slices(failing, 2)
except OutputError as err:
    print(err, end="")
"""


BESIDE = """
import os, signal, sys
from pathlib import Path
from kpibook.base.output import OutputError
from kpibook.base.parallel import run_beside
from kpibook.base.problems import Place, Problem

folder, how, jobs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def task():
    (folder / "task").write_text(str(os.getpid()))
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "raised":
        raise OutputError([Problem("cannot-write", Place("site"), {"reason": "full"})])
    return 42
try:
    with run_beside(task, jobs) as handed:
        if how == "block":
            raise OutputError([Problem("cannot-write", Place("cards"), {"reason": "full"})])
        assert handed == []
    print(handed, end="")
except OutputError as err:
    print([f"{each.code} {each.place}" for each in err.problems], end="")
own = (folder / "task").read_text() == str(os.getpid()) if (folder / "task").exists() else None
(folder / "own").write_text(str(own))
"""

BEGUN = """
import os, sys
from kpibook.base.output import OutputError
from kpibook.base.parallel import spawned_processes

done = []
work, asked = {
    "well": (pow, [(3, 4), (2, 4), (2, 10)]),
    "raised": (divmod, [(3, 4), (2, 0), (2, 10)]),
    "killed": (os._exit, [(1,)]),
}[sys.argv[1]]
try:
    with spawned_processes(2) as workers:
        with workers.begin(work, asked) as begun:
            done += begun.as_done()
            found = begun.results()
        with workers.begin(os.getpid, [()]) as begun:
            (pid,) = begun.results()
    print(found, sorted(done), pid != os.getpid(), end="")
except OutputError as err:
    print([problem.code for problem in err.problems], end="")
except ZeroDivisionError:
    print("ZeroDivisionError", end="")
"""


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_all_slices_together_are_the_whole_each_of_a_process_of_its_own(jobs: int) -> None:
    here, found = json.loads(run_alone(WHOLE, jobs))

    assert len(found) == jobs
    assert sorted(each for _, _, part in found for each in part) == [each**2 for each in range(100)]
    assert {above for _, above, _ in found} == {os.getpid() if jobs == 1 else here}
    assert (here in {process for process, _, _ in found}) is (jobs == 1)


def test_each_task_has_a_process_of_its_own_which_gives_its_memory_back() -> None:
    found = json.loads(run_alone(EACH))

    assert [number for number, _ in found] == [0, 1, 2, 3, 4]
    assert len({process for _, process in found}) == 5


def test_a_failure_comes_over_with_its_problems() -> None:
    assert run_alone(FAILING, "raised") == str(
        OutputError([Problem("cannot-write", Place("site"), {"reason": "full"})])
    )


def test_a_process_that_is_killed_is_told() -> None:
    assert run_alone(FAILING, "killed") == (
        "site: error: a process of this build was ended from outside, and nothing was published [process-ended]\n"
        "    hint: most likely memory ran out: end other programs, or run the same command with --jobs 1"
    )


def test_where_no_process_can_be_forked_this_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "can_fork", lambda: False)

    assert in_slices(lambda number, jobs: (os.getpid(), number, jobs), 4) == [(os.getpid(), 0, 1)]


def test_processes_that_begin_with_nothing_do_the_work_in_its_order() -> None:
    assert run_alone(BEGUN, "well") == "[81, 16, 1024] [0, 1, 2] True"


@pytest.mark.parametrize(("how", "told"), [("raised", "ZeroDivisionError"), ("killed", "['process-ended']")])
def test_what_goes_wrong_in_a_process_that_began_with_nothing_is_told(how: str, told: str) -> None:
    assert run_alone(BEGUN, how) == told


@pytest.mark.parametrize(
    ("how", "jobs", "told"),
    [
        ("well", 1, "[42]"),
        ("well", 2, "[42]"),
        ("raised", 1, "['cannot-write site']"),
        ("raised", 2, "['cannot-write site']"),
        ("killed", 2, "['process-ended site']"),
        ("block", 2, "['cannot-write cards']"),
    ],
)
def test_a_task_beside_is_done_or_told_when_the_block_ends(tmp_path: Path, how: str, jobs: int, told: str) -> None:
    assert run_alone(BESIDE, tmp_path, how, jobs) == told
    if how != "block":
        assert (tmp_path / "own").read_text(encoding="utf-8") == str(jobs == 1)


def test_few_pages_are_not_worth_a_process() -> None:
    assert [jobs_for(pages, 4) for pages in (0, 49, 100, 10_000)] == [1, 1, 2, 4]
