"""The targets of a role, or of a department, by month."""

from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.periods import Period
from kpibook.model import Department, Role
from kpibook.model.series import PlacedTarget, SeriesKind, TargetSeries
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.dates import period_beside
from kpibook.pages.text import escape
from kpibook.rules.standards import with_unit


class SeriesTable(NamedTuple):
    """One year: an indicator as a column, a month, quarter or year in each row."""

    title: str
    anchor: str
    heads: tuple[Markup, ...]
    rows: tuple[tuple[Markup, ...], ...]


def series_tables(context: HandbookContext, owner: Role | Department, at: HandbookLinks) -> tuple[SeriesTable, ...]:
    """The targets by month, the newest year first; nothing of single persons stands in the handbook."""
    kind = SeriesKind.ROLE if isinstance(owner, Role) else SeriesKind.DEPARTMENT
    # Of what the scorecard on the page does not have nothing is told: it may be confidential.
    told = {item.indicator for item in owner.items} | {extra.indicator for extra in owner.extras}
    series = context.catalog.series.items()
    found = {key[2]: each for key, each in series if key[:2] == (kind, owner.id) and key[2] in told}
    years = {period.year for each in found.values() for period in each.values}
    return tuple(_table(context, year, found, at) for year in sorted(years, reverse=True))


def _table(context: HandbookContext, year: int, found: dict[str, TargetSeries], at: HandbookLinks) -> SeriesTable:
    of_year = {name: {p: t for p, t in each.values.items() if p.year == year} for name, each in found.items()}
    used = [name for name, targets in of_year.items() if targets]
    periods = sorted({period for targets in of_year.values() for period in targets}, key=_by_time)
    known = context.catalog.indicators
    rows = tuple(
        (
            escape(period_beside(period, year, context.say)),
            *(_cell(of_year[name].get(period), known[name].unit) for name in used),
        )
        for period in periods
    )
    title = context.say("handbook.series_of", year=year)
    return SeriesTable(title, f"targets-{year}", tuple(at.indicator(known[name]) for name in used), rows)


def _by_time(period: Period) -> tuple[object, int]:
    return period.last_day, period.days


def _cell(target: PlacedTarget | None, unit: str) -> Markup:
    return escape(NONE if target is None else with_unit(target.value, unit))
