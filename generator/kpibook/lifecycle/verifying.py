"""Verify what was published: as it was sealed, and, with recomputation, with the same results."""

from collections.abc import Collection, Iterator
from pathlib import Path

from kpibook.base.periods import Period
from kpibook.base.problems import Place, Problem
from kpibook.content import Content, score_cycle
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.sealing.result_numbers import result_numbers, results_hash
from kpibook.sealing.revisions import Sealed, read_sealed
from kpibook.sealing.seals import SEAL, revisions_of


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


def recompute(content: Content, period: Period) -> Iterator[Problem]:
    """The people whose results this program computes otherwise than they were sealed."""
    sealed = content.seals[period]
    place = Place(f"{sealed.name}/{REVISIONS}/{sealed.number}/{SEAL}")
    results = score_cycle(content, period)
    numbers, expected = result_numbers(results, sealed.newest.salt), sealed.newest.people
    for person in dict.fromkeys((*expected, *numbers)):
        if numbers.get(person) != expected.get(person):
            values = {"cycle": str(period), "person": person, "version": sealed.newest.version}
            yield Problem("result-differs", place, values)
    if numbers == dict(expected) and results_hash(results) != sealed.newest.results:
        yield Problem("results-differ", place, {"cycle": str(period), "version": sealed.newest.version})
