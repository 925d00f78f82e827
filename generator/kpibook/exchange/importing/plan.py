"""What an import will do, before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kpibook.base.problems import Level, Place, Problem, Said
from kpibook.exchange.importing.accepted import ACTUALS, LEAVE, RATINGS, TARGETS, AcceptedCell
from kpibook.exchange.importing.changes import ChangeKind, Merge, NumberChange
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.events import EventRow, events_elsewhere
from kpibook.exchange.importing.files import FileReader
from kpibook.exchange.importing.journal import SetAsideJournal, open_journal, read_controls
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.people_file import PeopleFile, merge_roster, missing_from, read_people_file
from kpibook.exchange.importing.settings import Settings
from kpibook.exchange.importing.sheet_stamp import UNASSIGNED
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import TargetFile, read_target
from kpibook.model import Catalog, Cycle
from kpibook.reading.cycle import without_collector
from kpibook.reading.tables import READERS

NAMED = 8
"""So many people are named in a message."""


@dataclass(frozen=True)
class ImportPlan:
    """What becomes of everything that came in."""

    catalog: Catalog
    cycle: Cycle
    folder: Path
    tallies: tuple[SheetTally, ...]
    changes: tuple[NumberChange, ...]
    targets: tuple[TargetFile, ...]
    """The files that are written anew."""
    journal: SetAsideJournal
    problems: tuple[Problem, ...]
    people: PeopleFile | None = None
    """The roster of the cycle, where a roster came in."""

    @cached_property
    def numbers(self) -> Mapping[int, Mapping[ChangeKind, int]]:
        """How many numbers of each sheet, by its place in `tallies`, were added, replaced, or stood there."""
        places = {id(tally): place for place, tally in enumerate(self.tallies)}
        found = {place: dict.fromkeys(ChangeKind, 0) for place in places.values()}
        for change in self.changes:
            found[places[id(change.tally)]][change.did] += 1
        return found

    @property
    def set_aside(self) -> int:
        """How many rows and cells wait to be mended."""
        return sum(len(tally.set_aside) for tally in self.tallies)


def plan_import(files: Sequence[Path], catalog: Catalog, cycle: Cycle, folder: Path, settings: Settings) -> ImportPlan:
    """Read the files and decide what to write into the cycle's folder; nothing is written yet."""
    with without_collector():
        return _Planner(catalog, cycle, folder, settings).plan(files)


class _Planner:
    def __init__(self, catalog: Catalog, cycle: Cycle, folder: Path, settings: Settings) -> None:
        self.catalog = catalog
        self.cycle = cycle
        self.folder = folder
        self.settings = settings
        self.context = ImportContext(catalog, cycle, settings.rater)
        self.problems: list[Problem] = []
        self.targets: dict[str, TargetFile] = {}
        self.decided = {table: _file_name(folder, table) for table in (RATINGS, TARGETS, LEAVE)}
        controls, problems = read_controls(folder, cycle)
        self.files = FileReader(self.context, settings, controls)
        self.problems += problems

    def plan(self, files: Sequence[Path]) -> ImportPlan:
        """Read the files in their order, then decide about everything that they say together."""
        tallies: list[SheetTally] = []
        is_settled, is_named = self.cycle.status.is_settled, self.settings.is_named
        if is_settled:
            self.problems.append(self._closed_cycle(Level.WARNING if is_named else Level.ERROR))
        # A closed cycle takes numbers only where the command names it.
        for path in files if is_named or not is_settled else ():
            tallies += self.files.read(path)
        self.problems += self.files.problems
        settings = self.settings
        merge = Merge(self._target, self._unit, settings.replace, settings.progress, self._elsewhere)
        for tally in tallies:
            merge.add(tally)
        merge.settle()
        people = self._people(tallies)
        for tally in tallies:
            tally.weigh()
            self.problems += tally.problems
        changed = {each.target for each in merge.changes if each.did is not ChangeKind.SAME}
        written = tuple(target for target in self.targets.values() if target.name in changed)
        journal, problems = open_journal(self.folder, self.cycle)
        self.problems += problems
        changes = tuple(merge.changes)
        return ImportPlan(
            catalog=self.catalog,
            cycle=self.cycle,
            folder=self.folder,
            tallies=tuple(tallies),
            changes=changes,
            targets=written,
            journal=journal,
            problems=tuple(self.problems),
            people=people,
        )

    def _people(self, tallies: Sequence[SheetTally]) -> PeopleFile | None:
        """people.csv with what the rosters say; rows that cannot be taken are set aside."""
        rows = [row for tally in tallies for row in tally.people]
        if not any(tally.header and tally.header.kind is SheetKind.ROSTER for tally in tallies):
            return None
        file = read_people_file(self.folder, self.cycle.folder)
        self.problems += file.problems
        refused = {each.row.place: each for each in merge_roster(file, rows, replace=self.settings.replace)}
        for tally in tallies:
            tally.refuse_people(refused)
        if others := missing_from(rows, file):
            named = ", ".join(others[:NAMED]) + (" \u2026" if len(others) > NAMED else "")
            values = {"count": len(others), "who": named, "file": file.name}
            self.problems.append(Problem("roster-lacks", Place(file.name), values, Level.WARNING))
        return file

    def _closed_cycle(self, level: Level) -> Problem:
        state = Said((f"cards.cycle_status.{self.cycle.status}",))
        values = {"own": str(self.cycle.period), "state": state}
        return Problem("import-cycle-closed", Place(f"{self.cycle.folder}/cycle.yml"), values, level)

    def _target(self, accepted: AcceptedCell, tally: SheetTally) -> TargetFile:
        """The file of the cycle into which a number goes."""
        relative = self._file_of(accepted, tally) if accepted.table == ACTUALS else self.decided[accepted.table]
        if relative not in self.targets:
            name = f"{self.cycle.folder}/{relative}"
            self.targets[relative] = read_target(self.folder / relative, name, accepted.table)
            self.problems += self.targets[relative].problems
        return self.targets[relative]

    def _file_of(self, accepted: AcceptedCell, tally: SheetTally) -> str:
        """That of the supplier; a number that stands in the cycle stays where it is, unless another one supplied it."""
        supplier = (tally.stamp.supplier if tally.stamp else "") or self.settings.supplier
        file = f"{ACTUALS}/{supplier or accepted.owner or UNASSIGNED}.csv"
        subject, measure = accepted.key[:2]
        standing = self.cycle.actuals.get((subject, measure))
        if standing is None or not standing.place.file.startswith(f"{self.cycle.folder}/"):
            return file
        found = standing.place.file.removeprefix(f"{self.cycle.folder}/")
        name = Path(found).stem
        return file if supplier and name in self.catalog.departments and name != supplier else found

    def _elsewhere(self, accepted: AcceptedCell, target: TargetFile) -> Sequence[EventRow]:
        """The events of a number that stand in other files of the cycle."""
        subject, measure = accepted.key[:2]
        return events_elsewhere(self.cycle.actuals.get((subject, measure)), self.cycle.folder, target.name)

    def _unit(self, accepted: AcceptedCell) -> str:
        if accepted.table in (RATINGS, LEAVE):
            return ""
        return self.context.unit_of(accepted.key[1])


def _file_name(folder: Path, table: str) -> str:
    """The file that a table of the cycle is kept in."""
    files = (f"{table}{ending}" for ending in READERS)
    return next((name for name in files if (folder / name).exists()), f"{table}.csv")


def aside_problems(plan: ImportPlan) -> Iterator[Problem]:
    """Everything that was set aside, with what to do."""
    for tally in plan.tallies:
        for row in tally.set_aside:
            if "is_told" in row.values:
                continue
            yield Problem(row.code, row.place, row.values, Level.WARNING)
            if follows := tally.follows.get(row.place):
                yield Problem("roster-follows", row.place, {"who": follows}, Level.NOTE)
