"""Working days: Monday to Friday, but for holidays, and with the days that are worked instead (调休)."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kpibook.base.periods import Period

SATURDAY = 5
ONE_DAY = datetime.timedelta(days=1)
DAYS_AFTER = (5, 8, 10)
"""So many days after its last one the numbers, ratings and confirmations of a cycle are usually due."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """On which days the company works; without any holidays from Monday to Friday."""

    off: Collection[datetime.date] = frozenset()
    """Days off, whatever day of the week they are."""
    worked: Collection[datetime.date] = frozenset()
    """Saturdays and Sundays that are worked."""

    @property
    def years(self) -> frozenset[int]:
        """The years of which any holiday is known."""
        return frozenset(day.year for day in (*self.off, *self.worked))

    def is_working(self, day: datetime.date) -> bool:
        """Whether people work on a day."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def not_before(self, day: datetime.date) -> datetime.date:
        """A day where people work on it, else the next one on which they do."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def after(self, day: datetime.date, count: int) -> datetime.date:
        """The working day that comes so many of them after a day; the day itself for 0, working or not."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_working(day)
        return day


def usual_days(period: Period, working: WorkingDays) -> tuple[datetime.date, ...]:
    """By when numbers, ratings and confirmations are due: working days, each after the one before it."""
    found: list[datetime.date] = []
    for usual in _days_after(period):
        earliest = found[-1] + ONE_DAY if found else period.first_day
        found.append(working.not_before(max(usual, earliest)))
    return tuple(found)


def moved_days(period: Period, working: WorkingDays) -> Mapping[datetime.date, datetime.date]:
    """By the usual day on which something is due: the one from which it was moved, as nobody works on that."""
    pairs = zip(usual_days(period, working), _days_after(period), strict=True)
    return {day: usual for day, usual in pairs if not working.is_working(usual)}


def _days_after(period: Period) -> Iterator[datetime.date]:
    return (period.last_day + days * ONE_DAY for days in DAYS_AFTER)
