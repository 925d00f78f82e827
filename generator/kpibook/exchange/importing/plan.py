"""What an import will do, before anything is written."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kpibook.base.problems import Level, Place, Problem, Said
from kpibook.exchange.importing.accepted import ACTUALS, LEAVE, RATINGS, TARGETS, AcceptedCell
from kpibook.exchange.importing.changes import ChangeKind, Merge, NumberChange
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.events import EventRow, elsewhere
from kpibook.exchange.importing.journal import SetAsideJournal, open_journal, read_controls
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.people_file import PeopleFile, merge_roster, missing_from, read_people_file
from kpibook.exchange.importing.period_words import is_of
from kpibook.exchange.importing.progress import Progress, no_progress
from kpibook.exchange.importing.sheets import Source, read_sheet
from kpibook.exchange.importing.stamp import UNASSIGNED, Stamp, catalog_hash, find_stamp
from kpibook.exchange.importing.tally import NOT_WHOLE, OTHER_PERIOD, SheetTally
from kpibook.exchange.importing.target import TargetFile, read_target
from kpibook.model import Catalog, Cycle
from kpibook.reading.cycle import without_collector
from kpibook.reading.cycle.manifest import check_controls
from kpibook.reading.tables import READERS, DataFile, FileHead, Table, other_delimiter, read_bytes

NAMED = 8
"""So many people are named in a message."""
STAMP_ROWS = 6
"""A stamp stands in one of the first rows."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How an import is to be done."""

    supplier: str = ""
    """The department in whose name the numbers are written; else the sheet's own, else the owner's."""
    replace: bool = False
    delimiter: str = ""
    is_named: bool = False
    """Whether the cycle was named: that it is closed, or a title names another one, is then no reason to refuse."""
    rater: str = ""
    """Who gave the ratings that stand in files which do not say so."""
    targets: bool = False
    """Whether the targets in tables are taken, and not only named."""
    progress: Progress = no_progress


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
        """How many numbers of each sheet, by its place among the intakes, were added, replaced, or stood there."""
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


def cycles_named(files: Iterable[Path]) -> tuple[str, ...]:
    """The cycles that the stamps of these files name, each once."""
    found: dict[str, None] = {}
    for path in files:
        data, _ = read_bytes(path, path.name) if path.suffix.lower() in READERS else (None, ())
        tops = DataFile(data, path.name).first_cells(STAMP_ROWS) if data else ()
        found |= {stamp.cycle: None for stamp in map(find_stamp, tops) if stamp}
    return tuple(found)


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
        self.controls, problems = read_controls(folder, cycle)
        self.problems += problems

    def plan(self, files: Sequence[Path]) -> ImportPlan:
        tallies: list[SheetTally] = []
        for path in files if self._is_open() else ():
            tallies += self._file(path)
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

    def _is_open(self) -> bool:
        """Whether numbers may come in: a closed cycle takes them only where it is named."""
        if not self.cycle.status.is_settled:
            return True
        level = Level.WARNING if self.settings.is_named else Level.ERROR
        place, values = (
            Place(f"{self.cycle.folder}/cycle.yml"),
            {"own": str(self.cycle.period), "state": Said((f"cards.cycle_status.{self.cycle.status}",))},
        )
        self.problems.append(Problem("import-cycle-closed", place, values, level))
        return self.settings.is_named

    def _file(self, path: Path) -> Sequence[SheetTally]:
        if path.suffix.lower() not in READERS:
            self.problems.append(Problem("import-other-kind", Place(path.name), {"kind": path.suffix or path.name}))
            return ()
        data, problems = read_bytes(path, path.name)
        self.problems += problems
        if data is None:
            return ()
        file = DataFile(data, path.name)
        tops, problems = file.heads(self.settings.delimiter)
        self.problems += problems
        stamps = [_stamp_of(top) for top in tops]
        if not all(self._accepts(stamp, path.name) for stamp in dict.fromkeys(stamps) if stamp):
            return ()
        tables: list[Table] = []
        sheets = [self._sheet(file, *each, tables) for each in zip(tops, stamps, strict=True)]
        unread = [top for top, found in zip(tops, sheets, strict=True) if not any(each.is_explained for each in found)]
        self._check(path.name, unread, tables, is_ours=any(stamps))
        found = [tally for tallies in sheets for tally in tallies]
        if tables and not self._is_whole(path.name, tables):
            for tally in found:
                tally.give_up(NOT_WHOLE)
        return found

    def _accepts(self, stamp: Stamp, file: str) -> bool:
        """Whether a sheet was made for this cycle and this supplier."""
        named, own = stamp.supplier, self.settings.supplier
        if stamp.cycle != str(self.cycle.period):
            values = {"cycle": stamp.cycle, "own": str(self.cycle.period)}
            self.problems.append(Problem("sheet-other-cycle", Place(file), values))
            return False
        if named and own and named != own:
            self.problems.append(Problem("sheet-other-supplier", Place(file), {"supplier": named, "own": own}))
            return False
        return True

    def _sheet(self, file: DataFile, top: FileHead, stamp: Stamp | None, tables: list[Table]) -> Sequence[SheetTally]:
        digest, settings = hashlib.sha256(file.data).hexdigest(), self.settings
        source = Source(
            data=file,
            sha256=digest,
            context=self.context,
            progress=settings.progress,
            stamp=stamp,
            targets=settings.targets and not stamp,
            is_named=settings.is_named,
        )
        if not stamp and not top.sheet.isdigit() and is_of(top.sheet, self.cycle.period) is False:
            tally = SheetTally(file.name, top.sheet, digest, None, stamp, top.encoding)
            values = {"sheet": top.sheet, "own": str(self.cycle.period)}
            tally.problems.append(Problem("sheet-other-period", Place(file.name), values, Level.WARNING))
            tally.leave_out(top, top.filled, OTHER_PERIOD)
            return [tally]
        tallies = list[SheetTally]()
        for tally, table in read_sheet(source, top):
            tallies.append(tally)
            tables += [table] if table else []
            if table and stamp:
                self._check_stamp(tally, stamp, table)
        return tallies

    def _check_stamp(self, tally: SheetTally, stamp: Stamp, table: Table) -> None:
        """Whether a sheet came back as it went out."""
        if stamp.catalog != catalog_hash(self.catalog):
            values = {"catalog": stamp.catalog, "own": catalog_hash(self.catalog)}
            tally.problems.append(Problem("sheet-other-catalog", Place(tally.file), values, Level.WARNING))
        rows = table.ledger.rows - table.ledger.blank
        if rows < stamp.rows:
            expected = {"expected": stamp.rows, "found": rows}
            tally.problems.append(Problem("sheet-rows-missing", Place(tally.file), expected, Level.WARNING))

    def _check(self, file: str, tops: Sequence[FileHead], tables: Sequence[Table], *, is_ours: bool) -> None:
        """The file as a whole: what in it could not be read."""
        if not tables and tops and (sign := other_delimiter([cells for _, cells in tops[0].rows])):
            self.problems.append(Problem("import-other-delimiter", Place(file), {"found": sign}))
        elif not tables and tops:
            self.problems.append(Problem("no-header-found", Place(file), {"top": _first_cells(tops[0])}))
        read = {table.sheet for table in tables}
        for top in tops if tables and not is_ours else ():
            if top.sheet not in read:
                values = {"sheet": top.sheet, "rows": top.filled}
                self.problems.append(Problem("sheet-ignored", Place(file), values, Level.WARNING))

    def _is_whole(self, file: str, tables: Sequence[Table]) -> bool:
        """Whether the control totals of the file hold: of one that was cut short nothing is taken."""
        problems = tuple(check_controls(self.controls.get(file, ()), tables))
        self.problems += problems
        return not problems

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
        return elsewhere(self.cycle.actuals.get((subject, measure)), self.cycle.folder, target.name)

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


def _stamp_of(top: FileHead) -> Stamp | None:
    return find_stamp(cell for _, cells in top.rows[:STAMP_ROWS] for cell in cells)


def _first_cells(top: FileHead) -> str:
    texts = (" ".join(cell.split()) for _, cells in top.rows[:3] for cell in cells)
    return ", ".join(filter(None, texts))[:120]
