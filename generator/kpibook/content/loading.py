"""Everything that a company keeps, read and checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpibook.base.file_sums import FileSums, Looks, file_states, file_sums
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem, has_errors, in_order, public
from kpibook.base.words import Words, words
from kpibook.base.working_days import WorkingDays, moved_days
from kpibook.checking.checks import check_cycle, check_cycles, check_rows
from kpibook.checking.checks.former_ids import without_told_rows
from kpibook.checking.checks.recorded_cycle import RecordedCycle
from kpibook.checking.checks.records import check_records
from kpibook.content.sharing import Shared
from kpibook.model import Catalog, Cycle, CycleStatus, Records
from kpibook.pages.links import check_links
from kpibook.pages.prose import check_prose, read_prose
from kpibook.reading.catalog import KeptFiles, load_catalog
from kpibook.reading.cycle import load_cycles
from kpibook.reading.cycle.folder import CYCLE_FILE, REVISIONS
from kpibook.reading.cycle.records import load_records
from kpibook.reading.holidays import load_working_days
from kpibook.reading.own_catalogs import OwnCatalog, own_catalogs, placed
from kpibook.records.result_states import windows_of
from kpibook.reviewing.catalog_drift import catalog_drift
from kpibook.scoring import Carried, Standings
from kpibook.scoring.renamed_ids import Successors, seen_from, successors
from kpibook.scoring.results import Results
from kpibook.sealing.lost_seals import lost_seals
from kpibook.sealing.published import published_results
from kpibook.sealing.revisions import Sealed, read_sealed

if TYPE_CHECKING:
    pass


@dataclass(slots=True, eq=False)
class Memo:
    """What was worked out once and is asked for again while a command runs: the only part of Content that grows.

    All of it follows from what was read; without it a year of cycles would be scored anew for each of them.
    """

    corrected: dict[Period, Results] = field(default_factory=dict)
    """The new results of published cycles that are being corrected, in place of what was sealed."""
    standings: dict[Period, Standings] = field(default_factory=dict)
    """How everybody stood in cycles that were scored, for the runs of streaks."""
    cycles: dict[int, Mapping[Period, Cycle]] = field(default_factory=dict)
    """All cycles in the ids of a catalog, by the identity of the catalog."""
    successors: dict[tuple[int, int], Successors] = field(default_factory=dict)
    """What the ids of one catalog are called in another, by the identity of both."""
    files: KeptFiles = field(default_factory=KeptFiles)
    """What files of catalogs say: in another language they are read again, and again with the next change."""


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
    of_catalog: tuple[Problem, ...] = ()
    """Of `problems`, what is wrong with the catalog itself and not with its pages or a cycle."""
    sums: FileSums | None = None
    """The hashes of all files as they were while they were read; None if unknown."""
    looks: Looks = field(default_factory=dict, compare=False, repr=False)
    """How all files looked on the disk before they were read."""
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)

    @property
    def begun(self) -> tuple[Period, ...]:
        """The cycles that have results, oldest first: a planned one has neither results nor pages."""
        return tuple(period for period, cycle in self.cycles.items() if cycle.status is not CycleStatus.PLANNED)

    def catalog_of(self, period: Period) -> Catalog:
        """The catalog by which a cycle is scored and told: its own, else today's."""
        own = self.own.get(period)
        return own.catalog if own else self.catalog

    def history_of(self, period: Period) -> Mapping[Period, Cycle]:
        """All cycles in the ids of one cycle's catalog."""
        return self.cycles_under(self.catalog_of(period))

    def carried_of(self, period: Period) -> Carried | None:
        """What a published cycle took from others when it was sealed; None for any other."""
        sealed = self.seals.get(period)
        return sealed.carried if sealed else None

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
    def is_as_read(self) -> bool:
        """Whether nobody has changed a file since, not even for a while: what is made now is made of these files."""
        return self.looks == file_states(self.handbook, self.scorecards)

    @property
    def say(self) -> Words:
        """The words of the company's language."""
        return words(self.catalog.company.language)


def read(handbook: Path, scorecards: Path, shared: Shared | None = None) -> Content:
    """Read and check the whole content; what was done before with the same `shared` is not done again."""
    looks, sums = file_states(handbook, scorecards), file_sums(handbook, scorecards)
    content = replace(_read(handbook, scorecards, shared or Shared()), looks=looks)
    return replace(content, sums=sums if content.is_as_read else None)


def _read(handbook: Path, scorecards: Path, shared: Shared) -> Content:
    catalog, catalog_problems = load_catalog(handbook, kept=shared.files)
    own = own_catalogs(scorecards, handbook, catalog, kept=shared.files)
    cycles, cycle_problems = load_cycles(scorecards, catalog, {name: each.catalog for name, each in own.items()})
    sealed = {cycle.period: read_sealed(scorecards / str(cycle.period)) for cycle in cycles}
    records = {c.period: load_records(scorecards / str(c.period), c, _catalog(c, own, catalog)) for c in cycles}
    working_days, holiday_problems = load_working_days(handbook)
    cycles = tuple(replace(cycle, moved_days=moved_days(cycle.period, working_days)) for cycle in cycles)
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
        memo=Memo(files=shared.files),
    )
    of_prose = check_prose(prose, catalog.folder)
    of_catalog = (*catalog_problems, *shared.of_catalog(catalog))
    links = check_links(prose, catalog, is_sound=not has_errors(of_catalog))
    problems = (
        *public((*of_catalog, *of_prose)),
        *public(shared.of_pages(prose, catalog.folder, of_prose)),
        *public((*links, *prose_problems, *holiday_problems)),
        *_without_settled(content, without_told_rows((*cycle_problems, *_of_cycles(content, shared)))),
        *public(_set_back(content)),
        *public(_lost(content)),
        *(problem for _, problems in sealed.values() for problem in problems),
        *(problem for _, problems in records.values() for problem in problems),
        *_of_records(content),
    )
    return replace(content, problems=in_order(problems), of_catalog=of_catalog)


def _of_records(content: Content) -> Iterator[Problem]:
    """What is wrong between records and the results that they are about."""
    for period, records in content.records.items():
        sealed = content.seals.get(period)
        published = published_results(sealed) if sealed and records.files else None
        cycle = content.cycles[period]
        windows = windows_of(content.catalog.company, cycle.schedule, content.working_days)
        recorded = RecordedCycle(cycle, records, published, windows)
        yield from check_records(content.catalog_of(period), recorded)


def _catalog(cycle: Cycle, own: Mapping[str, OwnCatalog], todays: Catalog) -> Catalog:
    found = own.get(str(cycle.period))
    return found.catalog if found else todays


def _of_cycles(content: Content, shared: Shared) -> Iterator[Problem]:
    """Everything that is wrong with cycles beyond their rows, and with the catalogs that they keep."""
    earlier: Catalog | None = None
    for period, cycle in content.cycles.items():
        catalog = content.catalog_of(period)
        yield from check_cycle(catalog, cycle)
        yield from check_rows(catalog, cycle, earlier)
        yield from _of_own_catalog(content, cycle, shared)
        earlier = catalog
    yield from check_cycles(content.catalog, tuple(content.cycles.values()))


def _of_own_catalog(content: Content, cycle: Cycle, shared: Shared) -> Iterator[Problem]:
    """Faults of a cycle's own catalog under its own paths, and where today's handbook has moved on since."""
    own = content.own.get(cycle.period)
    if own is None or own.catalog is content.catalog:
        return
    faults = (*own.problems, *placed(shared.of_catalog(own.catalog), content.scorecards, Path(str(cycle.period))))
    yield from public(problem for problem in faults if problem.level is Level.ERROR)
    if not cycle.status.is_settled:
        yield from public(catalog_drift(own.catalog, content.catalog, cycle, content.say))


def _set_back(content: Content) -> Iterator[Problem]:
    """Cycles that were published and whose file says that they were not."""
    for period in content.seals:
        cycle = content.cycles[period]
        if not cycle.status.is_settled:
            values = {"cycle": str(period), "status": cycle.status.value}
            yield Problem("step-set-back", Place(f"{cycle.folder}/{CYCLE_FILE}"), values, Level.WARNING)


def _lost(content: Content) -> Iterator[Problem]:
    """Cycles that are over and lost all their revisions and their log, so that nothing but git tells of them."""
    unsealed = [each for each, cycle in content.cycles.items() if cycle.status.is_settled and each not in content.seals]
    for period, commit in lost_seals(content.scorecards, unsealed).items():
        folder = content.cycles[period].folder
        values = {"cycle": str(period), "folder": folder, "commit": commit}
        yield Problem("seals-lost", Place(f"{folder}/{REVISIONS}"), values)


def _without_settled(content: Content, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems without those of published cycles: what was open then was decided, and stands in the seal."""
    settled = tuple(f"{content.cycles[period].folder}/" for period in content.seals)
    return (problem for problem in problems if not (settled and problem.place.file.startswith(settled)))
