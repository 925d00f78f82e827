"""Whether published cycles are as they were sealed: by the hashes of their files alone."""

from collections.abc import Collection, Iterator
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Problem
from kpibook.sealing.revisions import Sealed, read_sealed
from kpibook.sealing.seals import revisions_of


def sealed_cycles(scorecards: Path) -> tuple[Period, ...]:
    """The cycles that have revisions, or whose log tells of some, oldest first."""
    found = []
    for folder in scorecards.iterdir() if scorecards.is_dir() else ():
        try:
            period = Period.parse(folder.name)
        except ValueError:
            continue
        if revisions_of(folder) or any(read_sealed(folder)[1]):
            found.append(period)
    return tuple(sorted(found))


def verify(
    scorecards: Path, periods: Collection[Period]
) -> Iterator[tuple[Period, Sealed | None, tuple[Problem, ...]]]:
    """Each cycle with its revisions and all that differs from its seals, by hashes alone."""
    for period in periods:
        sealed, problems = read_sealed(scorecards / str(period))
        yield period, sealed, problems
