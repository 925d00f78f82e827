"""How far numbers that come week by week are, against the part of the target for the days so far."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import Catalog, Cycle, Reading, WeekPart
from kpibook.scoring.results import ItemScore, RoleSpan
from kpibook.scoring.sources import Source, Target
from kpibook.scoring.target_periods import Degrees

ONE_DAY = datetime.timedelta(days=1)


class Progress(NamedTuple):
    """An item of a cycle that is not over: what came until a day, and what is due by then."""

    through: datetime.date
    actual: mpq
    target: Target
    days: int
    """The days until then, of `whole`."""
    whole: int

    @property
    def due(self) -> mpq:
        """The part of the target for the days so far."""
        return self.target.value * self.days / self.whole

    @property
    def share(self) -> mpq | None:
        """The actual as a part of what is due; None where nothing is."""
        return self.actual / self.due if self.due else None


class ProgressReader:
    """The progress of items of one cycle; none where it is over, or nothing comes week by week."""

    def __init__(self, catalog: Catalog, cycle: Cycle) -> None:
        self._period = cycle.period
        self._is_on = bool(cycle.weekly) and not cycle.status.is_settled
        self._degrees = Degrees(catalog)

    def of(self, span: RoleSpan, score: ItemScore) -> Progress | None:
        """How far an item is; None for rates and levels, which the days do not make smaller."""
        if not self._is_on or score.actual is None or score.target is None:
            return None
        weeks = [part for source in score.sources for part in _weeks(source)]
        if not weeks or self._degrees.of_id(score.indicator.id) != 1:
            return None
        first = max(span.assignment.first_day or self._period.first_day, self._period.first_day)
        last = min(span.assignment.last_day or self._period.last_day, self._period.last_day)
        through = min(max(part.last_day for part in weeks), last)
        days, whole = (through - first).days + 1, (last - first).days + 1
        return Progress(through, score.actual, score.target, days, whole) if days > 0 else None


def _weeks(source: Source) -> Iterator[WeekPart]:
    for part in source.parts:
        yield from _weeks(part)
    for reading in source.readings:
        yield from reading.weeks


def weeks_of(period: Period) -> tuple[tuple[int, int], ...]:
    """The ISO weeks of which a day lies in a period, as year and number."""
    days = range(0, period.days)
    weeks = ((period.first_day + ONE_DAY * number).isocalendar()[:2] for number in days)
    return tuple(dict.fromkeys(weeks))


def lacking_weeks(reading: Reading, period: Period) -> tuple[str, ...]:
    """The weeks of a period for which a number has nothing, neither for the week nor for a day of it."""
    given = {part.first_day.isocalendar()[:2] for part in reading.weeks}
    return tuple(f"{year}-W{week:02}" for year, week in weeks_of(period) if (year, week) not in given)
