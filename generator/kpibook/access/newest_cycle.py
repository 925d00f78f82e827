"""What decides who may see what today: the newest cycle, the last day of its roster, and how far cards are released."""

import datetime
from collections.abc import Iterable, Mapping

from kpibook.model import Assignment, Cycle, CycleStatus, Release

Span = tuple[datetime.date, datetime.date]
"""The first and the last day of something."""


def deciding_cycle(cycles: Iterable[Cycle]) -> Cycle | None:
    """The cycle whose roster decides who looks at pages today: the newest that runs or is published.

    Where all are closed it is the newest of them; None while there is no cycle with a roster that counts.
    """
    begun = sorted((c for c in cycles if c.status is not CycleStatus.PLANNED), key=lambda cycle: cycle.period)
    running = [cycle for cycle in begun if cycle.status is not CycleStatus.CLOSED]
    return next(reversed(running or begun), None)


def as_of(cycle: Cycle) -> datetime.date:
    """The day on which a roster is looked at: the last one of its cycle."""
    return cycle.period.last_day


def days_of_row(row: Assignment, cycle: Cycle) -> Span:
    """The days of a row of people.csv."""
    return row.first_day or cycle.period.first_day, row.last_day or cycle.period.last_day


def shared_days(one: Span, other: Span) -> Span | None:
    """The days that two spans share; None where there are none."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def rows_on(cycle: Cycle, day: datetime.date) -> Mapping[str, Assignment]:
    """Who is there on a day, by their ids in small letters; of several rows the last one counts."""
    present = (row for row in cycle.people if (days := days_of_row(row, cycle))[0] <= day <= days[1])
    return {row.person.casefold(): row for row in present}


def release_of(cycle: Cycle) -> Release | None:
    """Who may see the cards of a cycle; None while it is only planned, which has no cards."""
    if cycle.status is CycleStatus.PLANNED:
        return None
    if cycle.release:
        return cycle.release
    return Release.HR if cycle.status is CycleStatus.OPEN else Release.PEOPLE
