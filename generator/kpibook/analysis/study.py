"""Everything that the analysis of a cycle, or of a year, finds out: worked out once, told by pages."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd
from gmpy2 import mpq

from kpibook.analysis.distributions import GROUPS, DistributionRow, TotalsShift, distributions, totals_shift
from kpibook.analysis.frames import CycleResults, actuals, items, people, ratings
from kpibook.analysis.indicators import IndicatorRow, OwnerRow, Pair, correlated_pairs, indicator_rows, owner_rows
from kpibook.analysis.lateness import ArrivedCycle, LateIndicator, lateness
from kpibook.analysis.raters import RaterRow, rater_rows
from kpibook.analysis.regraded_cycle import RegradedCycle, pack, regrade_cycle, unpack
from kpibook.base.parallel import jobs_for, run_beside
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


class Earlier(NamedTuple):
    """What a cycle is compared with."""

    tables: CycleTables | None
    """Those of the cycle before, of the same kind."""
    arrived: tuple[ArrivedCycle, ...]
    """When numbers came in, of the cycles of its kind up to this one, which comes last."""


NOTHING_EARLIER = Earlier(None, ())


class CycleStudy(NamedTuple):
    """What the analysis of one cycle found."""

    results: Results
    catalog: Catalog
    regraded: RegradedCycle
    distributions: Mapping[str, tuple[DistributionRow, ...]]
    excesses: tuple[QuotaExcess, ...]
    quotas: tuple[QuotaCount, ...]
    raters: tuple[RaterRow, ...]
    indicators: tuple[IndicatorRow, ...]
    pairs: tuple[Pair, ...]
    owners: tuple[OwnerRow, ...]
    arrived: tuple[ArrivedCycle, ...]
    """Of the cycles of its kind up to this one, which comes last."""
    late: tuple[LateIndicator, ...]
    jumps: tuple[Jump, ...]
    totals_shift: TotalsShift | None
    """None for the first cycle of its kind."""
    tables: CycleTables


class StudiedCycle(NamedTuple):
    """A cycle among those of its year."""

    period: Period
    name: str
    whole: DistributionRow
    departments: Mapping[str, float]
    """The mean total of each department."""
    arrived: ArrivedCycle | None


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
    cycles: tuple[StudiedCycle, ...]
    raters: tuple[RaterRow, ...]
    indicators: tuple[IndicatorRow, ...]
    pairs: tuple[Pair, ...]
    owners: tuple[OwnerRow, ...]
    arrived: tuple[ArrivedCycle, ...]
    late: tuple[LateIndicator, ...]
    trials: tuple[TrialCount, ...]


def study_cycle(
    scored: CycleResults,
    history: Mapping[Period, Cycle],
    carried: Carried | None = None,
    earlier: Earlier = NOTHING_EARLIER,
    *,
    jobs: int = 1,
) -> CycleStudy:
    """Everything about one cycle.

    Args:
        scored: its results, as sealed where it was published.
        history: all cycles in the ids of its catalog.
        carried: what a sealed cycle took from others.
        earlier: what it is compared with.
        jobs: with more than one, a large cycle is graded anew by another process.
    """
    (results, catalog), (before, arrived) = scored, earlier
    grades = [grade.id for grade in catalog.grades]
    work = partial(_graded_anew, scored, history, carried)
    with run_beside(work, jobs_for(len(results.cards), jobs)) as handed:
        tables = CycleTables(*(function([scored]) for function in (people, items, ratings, actuals)))
        study = partial(
            CycleStudy,
            results=results,
            catalog=catalog,
            distributions={by: distributions(tables.people, by, grades) for by in GROUPS},
            excesses=tuple(excesses(results.cards, catalog)),
            quotas=tuple(quota_counts(results.cards, catalog)),
            raters=rater_rows(tables.ratings, before.ratings if before else None),
            indicators=indicator_rows(tables.items),
            pairs=correlated_pairs(tables.items),
            owners=owner_rows(tables.actuals),
            arrived=arrived,
            late=lateness(arrived, catalog, list(tables.items["indicator"].cat.categories)),
            jumps=jumps(results.cycle, history),
            totals_shift=totals_shift(tables.people, before.people) if before else None,
            tables=_for_year(tables),
        )
    return study(regraded=unpack(handed[0], scored))


def _graded_anew(scored: CycleResults, history: Mapping[Period, Cycle], carried: Carried | None) -> bytes:
    return pack(regrade_cycle(scored, history, carried), scored)


def _for_year(tables: CycleTables) -> CycleTables:
    """What a year needs of a cycle's tables."""
    return CycleTables(*(table[KEPT[name]] for name, table in tables._asdict().items()))


def year_cycle(study: CycleStudy) -> StudiedCycle:
    """What the page of a year tells of one of its cycles."""
    rows = study.distributions["department"]
    cycle = study.results.cycle
    means = {row.group: row.mean for row in rows[:-1]}
    return StudiedCycle(cycle.period, cycle.name, rows[-1], means, study.arrived[-1] if study.arrived else None)


def trial_counts(study: CycleStudy) -> tuple[TrialCount, ...]:
    """The trials of a cycle without its cards: those would keep it in memory."""
    period = study.results.cycle.period
    return tuple(
        TrialCount(period, each.variant.role, each.indicator, each.variant.after, each.people, len(each.moves))
        for each in study.regraded.trials
    )


def study_year(
    year: int,
    newest: CycleStudy,
    cycles: Sequence[StudiedCycle],
    tables: Sequence[CycleTables],
    tried: Sequence[TrialCount],
) -> YearStudy:
    """Everything about the cycles of one kind in a year, which are put together."""
    items_of, ratings_of, actuals_of = (
        _concatenated([getattr(each, name) for each in tables]) for name in ("items", "ratings", "actuals")
    )
    arrived = tuple(each.arrived for each in cycles if each.arrived)
    return YearStudy(
        year=year,
        catalog=newest.catalog,
        names={card.person: card.name for card in newest.results.cards},
        cycles=tuple(cycles),
        raters=rater_rows(ratings_of),
        indicators=indicator_rows(items_of),
        pairs=correlated_pairs(items_of),
        owners=owner_rows(actuals_of),
        arrived=arrived,
        late=lateness(arrived, newest.catalog, list(items_of["indicator"].cat.categories)),
        trials=tuple(tried),
    )


def _concatenated(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other; their categories are put together, and stay categories."""
    columns = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            columns[name] = pd.Series(pd.api.types.union_categoricals(parts, ignore_order=True))
        else:
            columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns)
