"""HR's roster: people, posts and departments by their names, taken for the people.csv of a cycle."""

from collections.abc import Iterator

from kpibook.base.names import name_key, stripped
from kpibook.base.numbers import plain
from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.layouts import SheetHeader
from kpibook.exchange.importing.leave_rows import read_day
from kpibook.exchange.importing.names import CANDIDATES, NameIndex
from kpibook.exchange.importing.people_file import PEOPLE, RosterRow
from kpibook.exchange.importing.progress import Steps
from kpibook.exchange.importing.tally import IGNORED, LEFT, SheetTally, in_words_of_header
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.model import COMPANY, SetAside
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.subjects import DAMAGED_ID, PERSON_ID, KnownIds, folded
from kpibook.reading.tables import Table, is_total, unguarded

PLACES = 15


class RosterReader:
    """Reads the rows of a roster."""

    def __init__(self, table: Table, found: SheetHeader, context: ImportContext) -> None:
        catalog = context.catalog
        self.table = table
        self.found = found
        self.context = context
        self.catalog = catalog
        self.roles = NameIndex((name, each.id) for each in catalog.roles.values() for name in (each.id, each.name))
        self.departments = NameIndex(
            (name, each.id) for each in catalog.departments.values() for name in (each.id, each.name)
        )
        self.posts = KnownIds(each.name for each in catalog.roles.values())
        self.units = KnownIds(each.name for each in catalog.departments.values())
        self.accepted = KnownIds((*catalog.departments, COMPANY))
        self.known = NameIndex(())
        self.first: dict[str, str] = {}
        """By the folded id of a person, the id as it stands first."""
        self.lost: dict[str, int] = {}
        """By the folded id and the name of those whose row is set aside: its line."""
        self.followers: dict[int, list[str]] = {}
        """By the line of a row set aside, those whose manager it is about."""
        self.problems: list[Problem] = []
        named = {
            ColumnRole.NAME: "name",
            ColumnRole.POST: "role",
            ColumnRole.DEPARTMENT: "department",
            ColumnRole.MANAGER: "manager",
        }
        named |= {ColumnRole.FROM: "from", ColumnRole.TO: "to"}
        levels = {
            each.id: KnownIds(level.id for level in each.levels) for each in catalog.roles.values() if each.levels
        }
        self.levels = levels
        if levels:
            named[ColumnRole.JOB_LEVEL] = "level"
        self._columns = tuple(name for role, name in named.items() if role in table.columns)

    def read(self, tally: SheetTally, steps: Steps) -> None:
        """Take in all rows, and account for them."""
        rows = [Cells(self.table, row) for row in self.table.rows()]
        self.known = NameIndex(pair for cells in rows for pair in self._names_in_row(cells))
        found = list[tuple[Cells, RosterRow]]()
        for cells in rows:
            steps.step()
            try:
                if row := self._row(cells):
                    found.append((cells, row))
            except RowFault as fault:
                self._set_aside(cells, fault)
        tally.people += [self._with_manager(cells, row) for cells, row in found]
        steps.end()
        self._account(tally)

    def _names_in_row(self, cells: Cells) -> Iterator[tuple[str, str]]:
        person = stripped(unguarded(cells.text(ColumnRole.SUBJECT)))
        if PERSON_ID.fullmatch(person):
            person = self.first.setdefault(folded(person), person)
            yield person, person
            yield unguarded(cells.text(ColumnRole.NAME)), person

    def _set_aside(self, cells: Cells, fault: RowFault) -> None:
        if is_total(cells.text(fault.column)) or is_total(cells.contents[0]):
            self._ignore(cells, "totals-row")
            return
        cells.set_aside(fault)
        texts = (unguarded(cells.text(column)) for column in (ColumnRole.SUBJECT, ColumnRole.NAME))
        for text in filter(None, map(name_key, texts)):
            self.lost.setdefault(text, cells.row[0])

    def _ignore(self, cells: Cells, code: str) -> None:
        row = SetAside(cells.place(ColumnRole.SUBJECT), self.table.raw(cells.contents), code)
        self.table.ledger.set_aside.append(row)

    def _row(self, cells: Cells) -> RosterRow | None:
        """A row; None for somebody who is not in the cycle."""
        person = self._person(cells)
        cells.about = (person, "")
        name = stripped(unguarded(cells.needed(ColumnRole.NAME)))
        department = self._id_in_column(cells, ColumnRole.DEPARTMENT, self.departments, "unknown-department")
        role = self._role(cells, department)
        level = self._level(cells, role)
        first, last = read_day(cells, ColumnRole.FROM), read_day(cells, ColumnRole.TO)
        period = self.context.period
        if (first and first > period.last_day) or (last and last < period.first_day):
            self._ignore(cells, LEFT)
            return None
        return RosterRow(
            person=person,
            name=name,
            role=role,
            department=department,
            manager="",
            level=level,
            first_day=first if first and first > period.first_day else None,
            last_day=last if last and last < period.last_day else None,
            numbers=dict(self._numbers(cells)),
            columns=self._columns,
            place=cells.place(ColumnRole.SUBJECT),
            line=cells.row[0],
        )

    def _person(self, cells: Cells) -> str:
        person = unguarded(cells.needed(ColumnRole.SUBJECT))
        if DAMAGED_ID.fullmatch(person):
            raise RowFault(ColumnRole.SUBJECT, "id-damaged")
        if not PERSON_ID.fullmatch(person):
            raise RowFault(ColumnRole.SUBJECT, "bad-person-id")
        if accepted := self.accepted.find(person):
            raise RowFault(ColumnRole.SUBJECT, "person-id-taken", by=accepted)
        return person

    def _role(self, cells: Cells, department: str) -> str:
        """The role that a post means: of several of that name, the one of the row's department."""
        text = unguarded(cells.needed(ColumnRole.POST))
        found = self.roles.find(text)
        own = tuple(each for each in found if self.catalog.roles[each].department == department)
        return self._only_id(
            text, own if len(found) > 1 and own else found, ColumnRole.POST, "unknown-role", self.posts
        )

    def _level(self, cells: Cells, role: str) -> str:
        """The job level as the role writes it; what stands there for a role without levels decides nothing."""
        known = self.levels.get(role)
        if known is None or ColumnRole.JOB_LEVEL not in self.table.columns:
            return ""
        text = stripped(unguarded(cells.text(ColumnRole.JOB_LEVEL)))
        if found := known.find(text):
            return found
        code = "unknown-job-level" if text else "job-level-missing"
        raise RowFault(ColumnRole.JOB_LEVEL, code, role=role, known=", ".join(known.ids.values()))

    def _id_in_column(self, cells: Cells, column: ColumnRole, names: NameIndex, code: str) -> str:
        text = unguarded(cells.needed(column))
        return self._only_id(text, names.find(text), column, code, self.units)

    @staticmethod
    def _only_id(text: str, found: tuple[str, ...], column: ColumnRole, code: str, near: KnownIds) -> str:
        if len(found) > 1:
            raise RowFault(column, "ambiguous-subject", candidates=", ".join(found[:CANDIDATES]))
        if not found:
            raise RowFault(column, code, near=near.near(text))
        return found[0]

    def _numbers(self, cells: Cells) -> Iterator[tuple[str, str]]:
        for name in self.table.columns:
            if name not in list(ColumnRole) and cells.text(name).strip():
                yield name, plain(cells.number(name, self.catalog.company.currency), PLACES)

    def _with_manager(self, cells: Cells, row: RosterRow) -> RosterRow:
        """The row with the id of the manager, who may stand anywhere in the roster, or in the cycle already."""
        text = stripped(unguarded(cells.text(ColumnRole.MANAGER)))
        if not text:
            return row
        found = self.known.find(text) or self._standing(text)
        if lost := self.lost.get(name_key(text)):
            self.followers.setdefault(lost, []).append(f"{row.name} {row.person}")
        if len(found) == 1:
            return row._replace(manager=found[0])
        if lost and not found:
            return row
        code = "roster-manager-ambiguous" if found else "roster-manager-unknown"
        values = {"text": text, "who": f"{row.name} {row.person}", "candidates": ", ".join(found[:CANDIDATES])}
        self.problems.append(Problem(code, cells.place(ColumnRole.MANAGER), values, Level.WARNING))
        return row

    def _standing(self, text: str) -> tuple[str, ...]:
        try:
            return (self.context.people.person(text, ""),)
        except RowFault:
            return ()

    def _account(self, tally: SheetTally) -> None:
        ledger, tally.table = self.table.ledger, self.table
        special = [row for row in ledger.set_aside if row.code in IGNORED]
        faulty = [row for row in ledger.set_aside if row.code not in IGNORED]
        tally.rows += ledger.rows + len(self.found.titles)
        tally.ignored += [("title", line) for line in self.found.titles]
        tally.ignored += [(row.code, row.place.line) for row in special]
        tally.ignored += [("blank", 0)] * ledger.blank
        for row in faulty:
            tally.set_aside.append(SetAside(row.place, row.raw, row.code, row.values, row.subject, table=PEOPLE))
            tally.follow(row.place, self.followers.get(row.place.line, ()))
        tally.faulty |= {row.place.line for row in faulty}
        aside = {(row.code, row.place) for row in ledger.set_aside}
        tally.problems += [
            in_words_of_header(each)
            for each in ledger.problems
            if (each.code, each.place) not in aside and each.values.get("name") not in list(ColumnRole)
        ]
        if not self.levels and ColumnRole.JOB_LEVEL in self.table.columns:
            column = self.found.heading.labels[self.table.columns[ColumnRole.JOB_LEVEL]]
            tally.problems.append(Problem("roster-level-unused", Place(tally.file), {"name": column}, Level.WARNING))
        tally.problems += self.problems
