"""Work in several processes: the same results in any number, faults handed over, a process that is killed told."""

import os
import signal

import pytest

from kpibook.base import parallel
from kpibook.base.output import OutputError
from kpibook.base.parallel import in_slices
from kpibook.base.problems import Place, Problem

NUMBERS = list(range(100))


def squares(number: int, jobs: int) -> list[int]:
    return [each**2 for each in NUMBERS[number::jobs]]


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_all_slices_together_are_the_whole(jobs: int) -> None:
    found = in_slices(squares, jobs)

    assert len(found) == jobs
    assert sorted(each for part in found for each in part) == squares(0, 1)


def test_each_slice_has_a_process_of_its_own_and_this_one_s_memory() -> None:
    here = os.getpid()

    found = in_slices(lambda number, jobs: (os.getpid(), os.getppid(), number, jobs, len(NUMBERS)), 2)

    assert {each[1:] for each in found} == {(here, 0, 2, 100), (here, 1, 2, 100)}
    assert here not in {each[0] for each in found}


def test_a_failure_comes_over_with_its_problems() -> None:
    def failing(number: int, jobs: int) -> int:
        if number == jobs - 1:
            raise OutputError([Problem("cannot-write", Place("site"), {"reason": "full"})])
        return number

    with pytest.raises(OutputError) as caught:
        in_slices(failing, 2)

    assert caught.value.problems == (Problem("cannot-write", Place("site"), {"reason": "full"}),)


def test_a_process_that_is_killed_is_told() -> None:
    def killed(number: int, jobs: int) -> int:
        if number == jobs - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(OutputError) as caught:
        in_slices(killed, 2)

    assert str(caught.value) == (
        "site: error: a process of this build was ended from outside, and nothing was published [process-ended]\n"
        "    hint: most likely memory ran out: end other programs, or run kpibook build --jobs 1"
    )


def test_where_no_process_can_be_forked_this_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "can_fork", lambda: False)

    assert in_slices(lambda number, jobs: (os.getpid(), number, jobs), 4) == [(os.getpid(), 0, 1)]
