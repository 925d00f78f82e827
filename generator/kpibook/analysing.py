"""HR's pages of analysis: every cycle studied one after the other, their years, and the pages' HTML.

Only `kpibook analysis` imports this: it loads pandas.
"""

import gc
from collections.abc import Collection, Iterator, Set
from pathlib import Path
from typing import NamedTuple

from kpibook.analysis.frames import CycleResults
from kpibook.analysis.lateness import ArrivedCycle
from kpibook.analysis.study import (
    CycleStudy,
    CycleTables,
    Earlier,
    StudiedCycle,
    TrialCount,
    study_cycle,
    study_year,
    trial_counts,
    year_cycle,
)
from kpibook.base.output import PRIVATE, open_tree
from kpibook.base.periods import Period, PeriodKind
from kpibook.content import Content, score_cycle
from kpibook.pages.analysis.rendering import NamedPage, YearPage, cycle_page, index_page, year_page
from kpibook.publishing.analysis_cache import FOLDER
from kpibook.publishing.key import card_key
from kpibook.publishing.site.analysis import build_analysis_site
from kpibook.reading.cycle import arrivals
from kpibook.reading.cycle.readings import Readings

ARRIVALS_OF = 12
"""Lateness is told over so many cycles of a kind."""


class _YearSoFar(NamedTuple):
    """What is kept of the cycles of a year until its page is made."""

    cycles: list[StudiedCycle]
    tables: list[CycleTables]
    trials: list[TrialCount]


def analyse(content: Content, root: Path, periods: Collection[Period], *, jobs: int = 1) -> int:
    """Write the pages of these cycles and of their years below `root`, by so many processes; how many pages.

    Raises:
        SiteError: a page leads to one that is not there.
        OutputError: the disk refuses.
    """
    # What was read stays to the end: looking for garbage in it after each cycle would take longer than the study.
    gc.freeze()
    folder = root / "build" / FOLDER
    known = [content.cycles[period] for period in sorted(periods)]
    with open_tree(folder, PRIVATE) as tree:
        years: list[YearPage] = []
        for kind in PeriodKind:
            for page in _pages(content, kind, set(periods), card_key(root), jobs):
                tree.write([page[0]])
                years += [page[1]] if page[1] else []
        tree.write([index_page(known, reversed(years), content.say)])
    build_analysis_site(folder, root / "site-cards", company=content.catalog.company, config=root / "mkdocs.yml")
    return tree.changes.pages


def studies(
    content: Content, kind: PeriodKind, periods: Set[Period] | None = None, *, jobs: int = 1
) -> Iterator[CycleStudy]:
    """The cycles of one kind, oldest first, each compared with the one before; of some of them if `periods` says so.

    Each is worked out in two processes if there are so many `jobs`.
    """
    known = [period for period in content.begun if period.kind is kind]
    before: CycleTables | None = None
    arrived = [_arrived(content, period) for period in known]
    for at, period in enumerate(known):
        # The cycle before the first that is asked for is studied for what it is compared with.
        if periods is not None and not periods & set(known[at : at + 2]):
            continue
        _forget(content)
        scored = CycleResults(score_cycle(content, period), content.catalog_of(period))
        earlier = Earlier(before, tuple(arrived[max(0, at + 1 - ARRIVALS_OF) : at + 1]))
        history, carried = content.history_of(period), content.carried_of(period)
        study = study_cycle(scored, history, carried, earlier, jobs=jobs)
        before = study.tables
        if periods is None or period in periods:
            yield study
        # The names would keep the cycle in memory while the next one is scored. Commands do not look for garbage by
        # themselves: nothing in a study and its pages may lead round in a circle.
        del study, scored


def _arrived(content: Content, period: Period) -> ArrivedCycle:
    """When the numbers of a cycle were due, and when they came."""
    log = arrivals.read_arrivals(content.scorecards / str(period) / arrivals.NAME)
    return ArrivedCycle(content.cycles[period].schedule.collect_by, log)


def _forget(content: Content) -> None:
    """Keep the numbers of no cycle that was gone through: those of a year take more room than all else."""
    for cycle in content.cycles.values():
        if isinstance(cycle.actuals, Readings):
            cycle.actuals.forget()


def _pages(
    content: Content, kind: PeriodKind, periods: Set[Period], key: bytes, jobs: int
) -> Iterator[tuple[NamedPage, YearPage | None]]:
    """The pages of the cycles of one kind, and of each whole year after its last cycle."""
    known = [period for period in content.begun if period.kind is kind]
    # The page of a year leads to those of all its cycles.
    years = {period.year for period in known} - {period.year for period in known if period not in periods}
    last = {period.year: period for period in known}
    seen = _YearSoFar([], [], [])
    for study in studies(content, kind, periods, jobs=jobs):
        period = study.results.cycle.period
        yield cycle_page(study, content.say, key), None
        seen.cycles.append(year_cycle(study))
        seen.tables.append(study.tables)
        seen.trials.extend(trial_counts(study))
        if period == last[period.year]:
            if period.year in years:
                yield _year(study, seen, content)
            seen = _YearSoFar([], [], [])
        # As in `studies`, which goes on from here.
        del study


def _year(study: CycleStudy, seen: _YearSoFar, content: Content) -> tuple[NamedPage, YearPage]:
    period = study.results.cycle.period
    found = study_year(period.year, study, seen.cycles, seen.tables, seen.trials)
    page = year_page(found, study, content.say)
    return page, YearPage(page[0], period.year, period.kind, len(seen.cycles))
