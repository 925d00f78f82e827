"""The total of a longer cycle as the mean of the totals of the shorter cycles that make it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.base.periods import Period
from kpibook.rules.standards import Step
from kpibook.scoring.collected import Collected, Gaps
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.sources import Missing
from kpibook.scoring.totals import SliceTotal

PublishedTotals = Mapping[Period, Mapping[str, mpq]]
"""By cycle: the published total of everybody who has one, by person or unit."""


class MeanTotal(NamedTuple):
    """The mean of somebody's totals, with what was left out of it."""

    sum: SliceTotal
    is_enough: bool
    """Whether at least half of the cycles have a total: under that there is no grade."""


class MonthTotals:
    """The totals of the shorter cycles of one longer cycle."""

    def __init__(self, lookup: NumberLookup, total: Callable[[Period, str], mpq | None]) -> None:
        self._lookup = lookup
        self._total = total
        self._parts = lookup.part_periods()

    def mean(self, subject: str) -> MeanTotal:
        """The mean of the totals that there are; a cycle without one is left out and told."""
        known = [(part, self._total_in(part, subject)) for part in self._parts]
        given = tuple((part, total) for part, total in known if total is not None)
        steps = [Step("month_left_out", {"period": part}) for part, total in known if total is None]
        if not given:
            return MeanTotal(SliceTotal(None, ZERO, tuple(steps)), is_enough=False)
        count = mpq(len(given))
        mean = sum((total for _, total in given), ZERO) / count
        steps.append(Step("mean_of_scores", {"months": given, "count": count, "result": mean}))
        coverage = count * HUNDRED / len(self._parts)
        return MeanTotal(SliceTotal(mean, coverage, tuple(steps)), is_enough=2 * len(given) >= len(self._parts))

    def _total_in(self, part: Period, subject: str) -> mpq | None:
        """Somebody's total in one of the cycles, which is noted as taken from there."""
        found = self._lookup.others.take(part, subject, "total", lambda: self._find_total(part, subject))
        return found.value if isinstance(found, Collected) else None

    def _find_total(self, part: Period, subject: str) -> Collected | Gaps:
        total = self._total(part, subject)
        return (Missing(subject, "total", "", part),) if total is None else Collected(total, ())
