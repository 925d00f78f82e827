"""Working days: Monday to Friday, but for holidays, and with the days that are worked instead (调休)."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

SATURDAY = 5
ONE_DAY = datetime.timedelta(days=1)


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
