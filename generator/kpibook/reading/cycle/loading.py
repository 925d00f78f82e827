"""Read one cycle's folder: its roster, its numbers, its decisions, and what is wrong with them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from kpibook.base.entry import Located
from kpibook.base.period_names import cycle_name
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.model import Assignment, Catalog, Cycle, CycleFile, CycleStatus, Reading, SetAside
from kpibook.reading.catalog.validation import read_entry
from kpibook.reading.cycle import manifest, roster_gaps
from kpibook.reading.cycle import waiting_rows as waiting
from kpibook.reading.cycle.actuals import Actuals
from kpibook.reading.cycle.adjustments import ADJUSTMENTS, read_adjustments
from kpibook.reading.cycle.calibration import CALIBRATION, read_calibration
from kpibook.reading.cycle.folder import CYCLE_FILE, CycleFolder
from kpibook.reading.cycle.leave import LEAVE, read_leave
from kpibook.reading.cycle.people import PEOPLE, PeopleTable, read_people
from kpibook.reading.cycle.ratings import RATINGS, Ratings, read_ratings
from kpibook.reading.cycle.row_context import RowContext
from kpibook.reading.cycle.subjects import KnownIds, Subjects
from kpibook.reading.cycle.targets import TARGETS, read_targets, used_beside
from kpibook.reading.tables import Layout, Table, read_bytes, read_table
from kpibook.reading.yamlfile import read_yaml


class CycleLoader:
    """Reads one cycle's folder and gathers what is wrong on the way."""

    def __init__(self, folder: CycleFolder, catalog: Catalog) -> None:
        self.folder = folder
        self.catalog = catalog
        self.period = Period.parse(folder.path.name)
        self.problems: list[Problem] = []
        self.tables: list[Table] = []
        self.waiting_aside: tuple[SetAside, ...] = ()
        """The lines of set-aside.csv that cannot be read."""

    def load(self) -> tuple[Cycle, tuple[Problem, ...]]:
        """Read everything; the reports come last, as a later file may contradict an earlier one."""
        self.problems += self.folder.problems()
        head = self._head()
        waits = self._waits()
        roster = self._roster(head, waiting.people_of(waits))
        context = self._context(roster)
        actuals, weekly = self._actuals(context.subjects, waiting.keys_of(waits))
        targets = read_targets(table, context) if (table := self._decided("targets", TARGETS)) else {}
        ratings = read_ratings(table, context) if (table := self._decided("ratings", RATINGS)) else Ratings({}, {})
        adjustments = read_adjustments(table, context) if (table := self._decided("adjustments", ADJUSTMENTS)) else {}
        calibration = read_calibration(table, context) if (table := self._decided("calibration", CALIBRATION)) else None
        leave = read_leave(table, context, self.period) if (table := self._decided("leave", LEAVE)) else {}
        rows_waiting = self._waiting(waits, waiting.CycleNumbers(actuals, ratings.given))
        self._check_manifest()
        cycle = Cycle(
            period=self.period,
            name=cycle_name(head.name, self.period, self.catalog.company.language),
            kind=head.kind,
            status=head.status,
            schedule=head.schedule,
            combine=head.combine,
            release=head.release,
            folder=self.folder.name,
            people=roster.people if roster else (),
            actuals=actuals,
            weekly=weekly,
            targets=targets,
            ratings=ratings.given,
            asked=ratings.asked,
            adjustments=adjustments,
            calibration=calibration,
            leave=leave,
            files=tuple(table.ledger.close(table.encoding) for table in self.tables),
            set_aside=(*(row for table in self.tables for row in table.ledger.set_aside), *rows_waiting),
        )
        told = (*self.problems, *(problem for table in self.tables for problem in table.ledger.problems))
        return cycle, roster_gaps.grouped_by_person(told, roster.lost if roster else {})

    def _context(self, roster: PeopleTable | None) -> RowContext:
        """What rows of decisions may refer to."""
        return RowContext(
            self.catalog,
            self._subjects(roster),
            KnownIds(self.catalog.indicators),
            _posts(roster),
            _names(roster),
            used_beside(self.catalog),
        )

    def _head(self) -> CycleFile:
        """cycle.yml; where it cannot be read, what the folder's name tells."""
        path = self.folder.path / CYCLE_FILE
        place = Place(self.folder.named(path))
        entry = None
        if path.exists() or path.is_symlink():
            data, problems = read_yaml(path, place.file)
            self.problems += problems
            entry = self._entry(data, place, is_reported=bool(problems))
        else:
            self.problems.append(Problem("no-cycle-file", place))
        if entry and entry.kind is not self.period.kind:
            values = {"kind": entry.kind.value, "folder": str(self.period), "own": self.period.kind.value}
            self.problems.append(Problem("cycle-kind-differs", entry.place_of("kind"), values))
        return entry or CycleFile.build(name=str(self.period), kind=self.period.kind.value, status="open")

    def _entry(self, data: object, place: Place, *, is_reported: bool) -> CycleFile | None:
        if not isinstance(data, Located):
            if not is_reported:
                self.problems.append(Problem("cycle-file-empty", place))
            return None
        mended = read_entry(data, CycleFile, self.catalog.company.language)
        self.problems += mended.problems
        return mended.entry

    def _roster(self, head: CycleFile, awaited: Mapping[str, Place]) -> PeopleTable | None:
        """people.csv; None where there is no telling who belongs to the cycle."""
        path, problems = self.folder.table("people")
        self.problems += problems
        if path is None:
            if not problems:
                level = Level.WARNING if head.status is CycleStatus.PLANNED else Level.ERROR
                self.problems.append(Problem("no-people-file", Place(f"{self.folder.name}/people.csv"), {}, level))
            return None
        table = self._table(path, PEOPLE)
        if table is None:
            return None
        roster = read_people(table, self.catalog, self.period, awaited)
        self.problems += roster.problems
        return roster

    def _subjects(self, roster: PeopleTable | None) -> Subjects:
        if roster is None:
            return Subjects(None, self.catalog.departments, {})
        listed = {assignment.person for assignment in roster.people}
        lost = {person: place for person, place in roster.lost.items() if person not in KnownIds(listed).ids}
        return Subjects(_distinct_ids(roster.people), self.catalog.departments, lost)

    def _actuals(
        self, subjects: Subjects, awaited: Collection[tuple[str, str]]
    ) -> tuple[Mapping[tuple[str, str], Reading], tuple[tuple[str, str], ...]]:
        actuals = Actuals(subjects, self.catalog, self.period)
        first_of: dict[bytes, str] = {}
        tables = []
        for path in self.folder.actuals():
            name = self.folder.named(path)
            data, problems = read_bytes(path, name)
            self.problems += problems
            table = self._open(data, name, actuals.layout) if data is not None else None
            if data is None or table is None:
                continue
            tables.append(table)
            first = first_of.setdefault(hashlib.sha256(data).digest(), name)
            if first == name:
                actuals.read(table)
            else:
                table.ledger.warn("same-content", Place(name), {"first": first})
                actuals.count_again(table)
        found = actuals.settle(tables, awaited)
        return found, tuple(key for key in actuals.weekly if key in found)

    def _waits(self) -> waiting.OpenEntries:
        """The rows that import set aside, as far as they wait."""
        table = self._own(waiting.NAME, waiting.WAITING)
        if table is None:
            return {}
        found = waiting.still_open(waiting.read_waiting(table))
        self.problems += table.ledger.problems
        self.waiting_aside = tuple(table.ledger.set_aside)
        return found

    def _waiting(self, entries: waiting.OpenEntries, standing: waiting.CycleNumbers) -> tuple[SetAside, ...]:
        """The rows that import set aside and nobody has mended yet; each is told as a problem too."""
        by_hand = waiting.supplied((entry for entry, _ in entries.values()), standing)
        rows = tuple(waiting.as_set_aside(found for key, found in entries.items() if key not in by_hand))
        self.problems += (Problem(row.code, row.place, row.values, Level.WARNING) for row in rows)
        for key, reading in by_hand.items():
            entry, place = entries[key]
            values = {"file": entry.file, "at": entry.place, "by": str(reading.place), "raw": reading.raw}
            self.problems.append(Problem("waiting-row-supplied", place, values, Level.NOTE))
        return (*self.waiting_aside, *rows)

    def _check_manifest(self) -> None:
        """Every file is as long as its supplier said; told last, when all files have been read."""
        table = self._own(manifest.NAME, manifest.MANIFEST)
        if table is None:
            return
        controls = manifest.read_manifest(table)
        tables = {each.file.removeprefix(f"{self.folder.name}/"): each for each in self.tables}
        for name, each in tables.items():
            self.problems += manifest.check_controls(controls.get(name, ()), [each])
        self.problems += (*manifest.check_named(controls, tables), *table.ledger.problems)

    def _own(self, name: str, layout: Layout) -> Table | None:
        """A file of the cycle that holds no numbers of its own, if it is there."""
        path = self.folder.path / name
        if not path.exists() and not path.is_symlink():
            return None
        data, problems = read_bytes(path, self.folder.named(path))
        self.problems += problems
        if not (data or b"").strip():
            return None
        table, problems = read_table(data or b"", self.folder.named(path), layout)
        self.problems += problems
        return table

    def _decided(self, kind: str, layout: Layout) -> Table | None:
        path, problems = self.folder.table(kind)
        self.problems += problems
        return self._table(path, layout) if path else None

    def _table(self, path: Path, layout: Layout) -> Table | None:
        name = self.folder.named(path)
        data, problems = read_bytes(path, name)
        self.problems += problems
        return self._open(data, name, layout) if data is not None else None

    def _open(self, data: bytes, name: str, layout: Layout) -> Table | None:
        table, problems = read_table(data, name, layout)
        self.problems += problems
        if table:
            self.tables.append(table)
        return table


def _posts(roster: PeopleTable | None) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The roles of everybody, each with the level in it, under the id that stands for the person in the cycle."""
    people = roster.people if roster else ()
    written = {person.casefold(): person for person in _distinct_ids(people)}
    posts: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in people:
        person = written[row.person.casefold()]
        posts[person] = (*posts.get(person, ()), row.post)
    return posts


def _names(roster: PeopleTable | None) -> Mapping[str, str]:
    """The names of everybody, under the id that stands for the person in the cycle."""
    people = roster.people if roster else ()
    names = {row.person.casefold(): row.name for row in people}
    return {person: names[person.casefold()] for person in _distinct_ids(people)}


def _distinct_ids(people: Sequence[Assignment]) -> tuple[str, ...]:
    """Each person's id, as the first row writes it."""
    return tuple({assignment.person.casefold(): assignment.person for assignment in reversed(people)}.values())
