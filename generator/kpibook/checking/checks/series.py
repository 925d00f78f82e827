"""Targets by month: what a year or a quarter has is what its months make, and each cycle gets a target or none."""

from collections.abc import Iterator, Sequence

from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.model import Catalog, Combine, Cycle
from kpibook.model.series import SeriesKind, TargetSeries, as_written
from kpibook.scoring.target_periods import Degrees


def check_series_sums(catalog: Catalog) -> Iterator[Problem]:
    """Of what adds up, the months of a year, or of a quarter, make the target that is written for it."""
    degrees = Degrees(catalog)
    for (_, subject, indicator), series in as_written(catalog.series):
        if degrees.of_id(indicator) == 1:
            yield from _sums(series, {"subject": subject, "indicator": indicator})


def _sums(series: TargetSeries, values: dict[str, object]) -> Iterator[Problem]:
    for period, own in series.values.items():
        for parts in period.parts:
            given = [series.values[part].value for part in parts if part in series.values]
            total = sum(given, ZERO)
            if len(given) == len(parts) and total != own.value:
                told = {"period": str(period), "target": show(own.value), "total": show(total)}
                first, last = str(parts[0]), str(parts[-1])
                yield Problem("series-sum", own.place, {**values, **told, "first": first, "last": last})


def check_series_of_cycle(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Where months do not make a target for a longer cycle, its items wait: that is told.

    A cycle that is the mean of shorter ones' totals needs no target of its own.
    """
    if cycle.status.is_settled or cycle.combine is Combine.MEAN_OF_SCORES:
        return
    degrees = Degrees(catalog)
    for (_, subject, indicator), series in as_written(catalog.series):
        if series.is_unclear(cycle.period, adds_up=degrees.of_id(indicator) == 1):
            values = {"subject": subject, "indicator": indicator, "period": str(cycle.period)}
            yield Problem("series-unclear", series.place, values, Level.WARNING)


def check_series_people(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """Somebody with targets of a year is in a roster of it: an id that is written wrongly leaves the role's targets."""
    rosters: dict[int, set[str]] = {}
    for cycle in cycles:
        rosters.setdefault(cycle.period.year, set()).update(row.person.casefold() for row in cycle.people)
    for (kind, subject, _), series in as_written(catalog.series):
        years = {period.year for period in series.values} & set(rosters)
        if kind is SeriesKind.PERSON and years and not any(subject in rosters[year] for year in years):
            values = {"person": subject, "years": ", ".join(map(str, sorted(years)))}
            yield Problem("series-person-unknown", series.place, values, Level.WARNING)
