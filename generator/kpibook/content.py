"""Everything that a company keeps, read and checked; and the results of its cycles."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem, has_errors, in_order, public
from kpibook.base.words import Words, words
from kpibook.base.working_days import WorkingDays
from kpibook.checking.checks import check_catalog, check_cycle, check_cycles, check_rows
from kpibook.checking.checks.quotas import check_quotas
from kpibook.checking.lint import Review, has_bands, last_year, of_a_year, review_catalog
from kpibook.checking.moved_on import moved_on
from kpibook.model import Catalog, Cycle, CycleStatus, Records
from kpibook.pages.links import check_links
from kpibook.pages.prose import check_prose, read_prose
from kpibook.reading.catalog import load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.reading.cycle.folder import is_record
from kpibook.reading.cycle.records import load_records
from kpibook.reading.holidays import load_working_days
from kpibook.reading.own_catalogs import OwnCatalog, own_catalogs, placed
from kpibook.reading.revisions import catalog_on
from kpibook.scoring import Carried, Standings, score, standings, with_streaks
from kpibook.scoring.results import Results
from kpibook.scoring.succession import Successors, seen_from, successors, with_successors
from kpibook.sealing.revisions import Sealed, read_sealed
from kpibook.sealing.sealed_figures import as_sealed

if TYPE_CHECKING:
    from kpibook.pages.past import Lookback


@dataclass(slots=True, eq=False)
class Memo:
    """What was worked out once and is asked for again while a command runs: the only part of Content that grows.

    All of it follows from what was read; without it a year of cycles would be scored anew for each of them.
    """

    standings: dict[Period, Standings] = field(default_factory=dict)
    """How everybody stood in cycles that were scored, for the runs of streaks."""
    cycles: dict[int, Mapping[Period, Cycle]] = field(default_factory=dict)
    """All cycles in the ids of a catalog, by the identity of the catalog."""
    successors: dict[tuple[int, int], Successors] = field(default_factory=dict)
    """What the ids of one catalog are called in another, by the identity of both."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that was read, and everything that is wrong with it."""

    catalog: Catalog
    cycles: Mapping[Period, Cycle]
    """Oldest first."""
    prose: Mapping[str, str]
    """Pages written by hand: path below `pages/` -> Markdown."""
    problems: tuple[Problem, ...]
    handbook: Path = Path("handbook")
    """The folder that the catalog was read from."""
    scorecards: Path = Path("scorecards")
    """The folder that the cycles were read from."""
    own: Mapping[Period, OwnCatalog] = field(default_factory=dict)
    """The catalogs of cycles that have one of their own."""
    seals: Mapping[Period, Sealed] = field(default_factory=dict)
    """What was published of each cycle."""
    records: Mapping[Period, Records] = field(default_factory=dict)
    """What people recorded around the results of each cycle; no score depends on it."""
    working_days: WorkingDays = field(default_factory=WorkingDays)
    """On which days the company works."""
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)

    def catalog_of(self, period: Period) -> Catalog:
        """The catalog by which a cycle is scored and told: its own, else today's."""
        own = self.own.get(period)
        return own.catalog if own else self.catalog

    def history_of(self, period: Period) -> Mapping[Period, Cycle]:
        """All cycles in the ids of one cycle's catalog."""
        return self.cycles_under(self.catalog_of(period))

    def cycles_under(self, catalog: Catalog) -> Mapping[Period, Cycle]:
        """All cycles in the ids of a catalog; those of a catalog of their own keep what it says of them."""
        if all(own.catalog is catalog for own in self.own.values()) and catalog is self.catalog:
            return self.cycles
        found = self.memo.cycles.get(id(catalog))
        if found is None:
            found = self.memo.cycles[id(catalog)] = {
                period: seen_from(cycle, self.catalog_of(period), catalog, self.successors(period, catalog))
                for period, cycle in self.cycles.items()
            }
        return found

    def successors(self, period: Period, catalog: Catalog) -> Successors:
        """What the ids of a cycle's catalog are called in another."""
        own = self.catalog_of(period)
        key = (id(own), id(catalog))
        if key not in self.memo.successors:
            known = {id(each): each for each in (self.catalog, *(own.catalog for own in self.own.values()))}
            self.memo.successors[key] = successors(own, catalog, tuple(known.values()))
        return self.memo.successors[key]

    @property
    def say(self) -> Words:
        """The words of the company's language."""
        return words(self.catalog.company.language)


def read(handbook: Path, scorecards: Path) -> Content:
    """Read and check the whole content; nothing is written."""
    catalog, catalog_problems = load_catalog(handbook)
    own = own_catalogs(scorecards, handbook, catalog)
    cycles, cycle_problems = load_cycles(scorecards, catalog, {name: each.catalog for name, each in own.items()})
    sealed = {cycle.period: read_sealed(scorecards / str(cycle.period)) for cycle in cycles}
    records = {c.period: load_records(scorecards / str(c.period), c, _catalog(c, own, catalog)) for c in cycles}
    working_days, holiday_problems = load_working_days(handbook)
    prose, prose_problems = read_prose(handbook / "pages", f"{catalog.folder}/pages")
    content = Content(
        catalog,
        {cycle.period: cycle for cycle in cycles},
        prose,
        (),
        handbook,
        scorecards,
        own={cycle.period: own[str(cycle.period)] for cycle in cycles if str(cycle.period) in own},
        seals={period: seal for period, (seal, _) in sealed.items() if seal},
        records={period: found for period, (found, _) in records.items()},
        working_days=working_days,
    )
    problems = (
        *public((*catalog_problems, *check_catalog(catalog), *check_prose(prose, catalog.folder))),
        *public((*check_links(prose, catalog), *prose_problems, *holiday_problems)),
        *_without_settled(content, (*cycle_problems, *_of_cycles(content))),
        *(problem for _, problems in sealed.values() for problem in problems),
        *(problem for _, problems in records.values() for problem in problems),
    )
    return replace(content, problems=in_order(problems))


def _catalog(cycle: Cycle, own: Mapping[str, OwnCatalog], todays: Catalog) -> Catalog:
    found = own.get(str(cycle.period))
    return found.catalog if found else todays


def _of_cycles(content: Content) -> Iterator[Problem]:
    """Everything that is wrong with cycles beyond their rows, and with the catalogs that they keep."""
    earlier: Catalog | None = None
    for period, cycle in content.cycles.items():
        catalog = content.catalog_of(period)
        yield from check_cycle(catalog, cycle)
        yield from check_rows(catalog, cycle, earlier)
        yield from _of_own_catalog(content, cycle)
        earlier = catalog
    yield from check_cycles(content.catalog, tuple(content.cycles.values()))


def _of_own_catalog(content: Content, cycle: Cycle) -> Iterator[Problem]:
    """Faults of a cycle's own catalog under its own paths, and where today's handbook has moved on since."""
    own = content.own.get(cycle.period)
    if own is None or own.catalog is content.catalog:
        return
    faults = (*own.problems, *placed(check_catalog(own.catalog), content.scorecards, Path(str(cycle.period))))
    yield from public(problem for problem in faults if problem.level is Level.ERROR)
    if not cycle.status.is_settled:
        yield from public(moved_on(own.catalog, content.catalog, cycle, content.say))


def _without_settled(content: Content, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems without those of published cycles: what was open then was decided, and stands in the seal."""
    settled = tuple(f"{content.cycles[period].folder}/" for period in content.seals)
    return (problem for problem in problems if not (settled and problem.place.file.startswith(settled)))


def reported_problems(content: Content) -> tuple[Problem, ...]:
    """Every error, and the warnings and notes of the catalog and of the cycles that are not settled.

    Of a published cycle those about its records are told until it is closed.
    """
    settled = tuple(f"{c.folder}/" for c in content.cycles.values() if c.status.is_settled)
    followed = [c.folder for c in content.cycles.values() if c.status is CycleStatus.PUBLISHED]
    told = tuple(
        problem
        for problem in content.problems
        if problem.level is Level.ERROR
        or not problem.place.file.startswith(settled)
        or any(is_record(problem.place.file, folder) for folder in followed)
    )
    return told if has_errors(told) else in_order((*told, *_quota_problems(content)))


def _quota_problems(content: Content) -> Iterator[Problem]:
    """Groups of the open cycles with more of a grade than the company's distribution says."""
    for period, cycle in content.cycles.items():
        if cycle.status is CycleStatus.OPEN:
            yield from quota_problems(content, period)


def quota_problems(content: Content, period: Period) -> tuple[Problem, ...]:
    """Groups of a cycle with more of a grade than the company's distribution says; it is scored only to know them."""
    catalog = content.catalog_of(period)
    if not catalog.company.distribution.limits:
        return ()
    return tuple(check_quotas(catalog, score_cycle(content, period)))


def strict_problems(content: Content, handbook: Path, today: datetime.date) -> tuple[Problem, ...]:
    """As `reported_problems`, with what is doubtful about the catalog, but without the warnings that are waived."""
    own, others = list[Problem](), list[Problem]()
    for problem in reported_problems(content):
        (own if is_of_catalog(problem, content) else others).append(problem)
    cycles = tuple(content.cycles.values())
    year = last_year(cycles)
    earlier = catalog_on(handbook, year[0].period.first_day) if year else None
    past = of_a_year(cycles) if has_bands(content.catalog) else ()
    history = content.cycles_under(content.catalog)
    results = tuple(score(content.catalog, history[cycle.period], history) for cycle in past)
    return in_order((*others, *review_catalog(Review(content.catalog, cycles, earlier, results), own, today)))


def is_of_catalog(problem: Problem, content: Content) -> bool:
    """Whether a problem lies in the handbook and not in a cycle."""
    return problem.place.file.startswith(f"{content.catalog.folder}/")


def has_warnings_of_catalog(problems: Iterable[Problem], content: Content) -> bool:
    """Whether anything about the handbook itself is doubtful."""
    return any(problem.level is Level.WARNING and is_of_catalog(problem, content) for problem in problems)


def unsealed_cycles(content: Content) -> tuple[Problem, ...]:
    """One warning for all cycles that say they were published and have no revision."""
    settled = [period for period, each in content.cycles.items() if each.status.is_settled]
    found = [str(period) for period in settled if period not in content.seals]
    if not found:
        return ()
    values = {"cycles": ", ".join(found), "count": len(found)}
    place = Place(content.scorecards.absolute().name)
    return public((Problem("cycles-unsealed", place, values, Level.WARNING),))


def open_set_aside(content: Content) -> int:
    """How many rows of the cycles that are not closed were set aside."""
    rows = sum(len(c.set_aside) for c in content.cycles.values() if not c.status.is_settled)
    followed = (p for p, c in content.cycles.items() if c.status is not CycleStatus.CLOSED and p in content.records)
    return rows + sum(len(content.records[period].set_aside) for period in followed)


def score_cycle(content: Content, period: Period) -> Results:
    """The results of one cycle; earlier cycles give `previous.` and the like, and the runs of streaks.

    Of a published cycle only what it took from them when it was sealed counts, and the sealed figures do.
    """
    sealed = content.seals.get(period)
    if sealed is None:
        return score_with(content, period, None)
    results = score_with(content, period, sealed.carried)
    files = (each.place.file for each in content.problems)
    has_changed = any(file.startswith(f"{sealed.name}/") and not is_record(file, sealed.name) for file in files)
    return results if has_changed else as_sealed(results, sealed, content.catalog_of(period))


def lookback_of(content: Content, period: Period) -> "Lookback":
    """What the cards of a cycle look back at, from the cycles as they are now."""
    # Imported here: what only checks or scores need not wait for what sets pages, a sixth of its time to start.
    from kpibook.pages.past import CYCLES, Lookback, remember

    lookback = Lookback()
    known = sorted(each for each in content.cycles if each.kind is period.kind and each < period)
    for earlier in known[1 - CYCLES :]:
        if content.cycles[earlier].status is CycleStatus.PLANNED:
            continue
        results = score_cycle(content, earlier)
        lookback = Lookback(results, (*lookback.history, remember(results)))
    return look_back(content, period, lookback)


def look_back(content: Content, period: Period, live: "Lookback") -> "Lookback":
    """What the cards of a cycle look back at: in the ids of its catalog, and as it was sealed where it was."""
    sealed = content.seals.get(period)
    if sealed:
        from kpibook.pages.lookback_rows import as_carried

        found = as_carried(live, sealed.carried_rows, content.cycles[period])
        return found._replace(sealed=sealed)
    previous = live.previous
    if previous is None:
        return live
    ids = content.successors(previous.cycle.period, content.catalog_of(period))
    return live if ids.is_empty else live._replace(previous=with_successors(previous, ids))


def score_with(content: Content, period: Period, carried: Carried | None) -> Results:
    """The results of one cycle with what was carried into it; without that everything is looked up anew."""
    catalog = content.catalog_of(period)
    results = score(catalog, content.cycles[period], content.cycles_under(catalog), carried)
    streaks = catalog.company.streaks
    if not streaks:
        return results
    content.memo.standings[period] = standings(results)
    if carried is None:
        return with_streaks(results, _earlier(content, period), streaks)
    live = _earlier(content, period) if carried.is_open else {}
    known = {each: {**live.get(each, {}), **carried.standings.get(each, {})} for each in (*live, *carried.standings)}
    return with_streaks(results, known, streaks)


def _earlier(content: Content, period: Period) -> Mapping[Period, Standings]:
    """How everybody stood in the cycles of the same kind before this one, each scored once."""
    catalog = content.catalog_of(period)
    found = {}
    for earlier in content.cycles:
        if earlier.kind is period.kind and earlier < period:
            if earlier not in content.memo.standings:
                sealed = content.seals.get(earlier)
                content.memo.standings[earlier] = standings(_plainly_scored(content, earlier, sealed))
            found[earlier] = _renamed(content.memo.standings[earlier], content.successors(earlier, catalog))
    return found


def _plainly_scored(content: Content, period: Period, sealed: Sealed | None) -> Results:
    catalog = content.catalog_of(period)
    carried = sealed.carried if sealed else None
    return score(catalog, content.cycles[period], content.cycles_under(catalog), carried)


def _renamed(found: Standings, ids: Successors) -> Standings:
    if not ids.roles:
        return found
    return {person: each._replace(role=ids.roles.get(each.role, each.role)) for person, each in found.items()}
