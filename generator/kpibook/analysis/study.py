"""Everything that the analysis of a cycle, or of a year, finds out: worked out once, told by pages."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd
from gmpy2 import mpq

from kpibook.analysis.frames import CycleResults, actuals, items, people, ratings
from kpibook.analysis.indicators import IndicatorRow, OwnerRow, Pair, indicators, owners, together
from kpibook.analysis.raters import RaterRow, raters
from kpibook.analysis.rescored import Rescored, packed, rescore, unpacked
from kpibook.analysis.spread import GROUPS, Scale, SpreadRow, scale, spread
from kpibook.base.parallel import beside, jobs_for
from kpibook.base.periods import Period
from kpibook.checking.checks.jumps import Jump, jumps
from kpibook.model import Catalog, Cycle
from kpibook.scoring.carried import Carried
from kpibook.scoring.quotas import QuotaCount, QuotaExcess, excesses, quota_counts
from kpibook.scoring.results import Results

DECIDES = 3
"""A weight or target that gives so many people another grade is asked about."""

KEPT = {
    "people": ["cycle", "person", "department", "role", "total", "grade", "status"],
    "items": [
        *("cycle", "person", "role", "indicator", "owner", "extra", "rated", "weight"),
        *("actual", "share", "status"),
    ],
    "ratings": ["cycle", "person", "role", "indicator", "relation", "rater", "share"],
    "actuals": ["owner", "missing"],
}
"""What a year needs of its cycles; all other columns go with their cycle."""


class CycleTables(NamedTuple):
    """What is kept of a cycle for the next one and for its year."""

    people: pd.DataFrame
    items: pd.DataFrame
    ratings: pd.DataFrame
    actuals: pd.DataFrame


class CycleStudy(NamedTuple):
    """What the analysis of one cycle found."""

    results: Results
    catalog: Catalog
    rescored: Rescored
    spreads: Mapping[str, tuple[SpreadRow, ...]]
    excesses: tuple[QuotaExcess, ...]
    quotas: tuple[QuotaCount, ...]
    raters: tuple[RaterRow, ...]
    indicators: tuple[IndicatorRow, ...]
    pairs: tuple[Pair, ...]
    owners: tuple[OwnerRow, ...]
    jumps: tuple[Jump, ...]
    scale: Scale | None
    """None for the first cycle of its kind."""
    tables: CycleTables


class YearCycle(NamedTuple):
    """A cycle among those of its year."""

    period: Period
    name: str
    whole: SpreadRow
    departments: Mapping[str, float]
    """The mean total of each department."""


class TrialCount(NamedTuple):
    """What an item on trial would have done in a cycle."""

    period: Period
    role: str
    indicator: str
    weight: mpq
    people: int
    moves: int


class YearStudy(NamedTuple):
    """What the analysis of all cycles of one kind in a year found."""

    year: int
    catalog: Catalog
    """That of the newest cycle."""
    names: Mapping[str, str]
    cycles: tuple[YearCycle, ...]
    raters: tuple[RaterRow, ...]
    indicators: tuple[IndicatorRow, ...]
    pairs: tuple[Pair, ...]
    owners: tuple[OwnerRow, ...]
    trials: tuple[TrialCount, ...]


def study_cycle(
    scored: CycleResults,
    history: Mapping[Period, Cycle],
    carried: Carried | None = None,
    before: CycleTables | None = None,
    *,
    jobs: int = 1,
) -> CycleStudy:
    """Everything about one cycle.

    Args:
        scored: its results, as sealed where it was published.
        history: all cycles in the ids of its catalog.
        carried: what a sealed cycle took from others.
        before: the tables of the cycle before, of the same kind.
        jobs: with more than one, a large cycle is graded anew by another process.
    """
    results, catalog = scored
    with beside(
        lambda: packed(rescore(scored, history, carried), scored), jobs_for(len(results.cards), jobs)
    ) as handed:
        tables = CycleTables(*(function([scored]) for function in (people, items, ratings, actuals)))
        grades = [grade.id for grade in catalog.grades]
        study = partial(
            CycleStudy,
            results=results,
            catalog=catalog,
            spreads={by: spread(tables.people, by, grades) for by in GROUPS},
            excesses=tuple(excesses(results.cards, catalog)),
            quotas=tuple(quota_counts(results.cards, catalog)),
            raters=raters(tables.ratings, before.ratings if before else None),
            indicators=indicators(tables.items),
            pairs=together(tables.items),
            owners=owners(tables.actuals),
            jumps=jumps(results.cycle, history),
            scale=scale(tables.people, before.people) if before else None,
            tables=CycleTables(*(table[KEPT[name]] for name, table in tables._asdict().items())),
        )
    return study(rescored=unpacked(handed[0], scored))


def year_cycle(study: CycleStudy) -> YearCycle:
    """What the page of a year tells of one of its cycles."""
    rows = study.spreads["department"]
    cycle = study.results.cycle
    return YearCycle(cycle.period, cycle.name, rows[-1], {row.group: row.mean for row in rows[:-1]})


def trial_counts(study: CycleStudy) -> tuple[TrialCount, ...]:
    """The trials of a cycle without its cards: those would keep it in memory."""
    period = study.results.cycle.period
    return tuple(
        TrialCount(period, each.variant.role, each.indicator, each.variant.after, each.people, len(each.moves))
        for each in study.rescored.trials
    )


def study_year(
    year: int,
    newest: CycleStudy,
    cycles: Sequence[YearCycle],
    tables: Sequence[CycleTables],
    tried: Sequence[TrialCount],
) -> YearStudy:
    """Everything about the cycles of one kind in a year, which are put together."""
    items_of, ratings_of, actuals_of = (
        _joined([getattr(each, name) for each in tables]) for name in ("items", "ratings", "actuals")
    )
    return YearStudy(
        year=year,
        catalog=newest.catalog,
        names={card.person: card.name for card in newest.results.cards},
        cycles=tuple(cycles),
        raters=raters(ratings_of),
        indicators=indicators(items_of),
        pairs=together(items_of),
        owners=owners(actuals_of),
        trials=tuple(tried),
    )


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other; their categories are put together, and stay categories."""
    columns = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            columns[name] = pd.Series(pd.api.types.union_categoricals(parts, ignore_order=True))
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)
