"""people.csv: who is appraised, in which role, and when."""

import dataclasses
import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

from gmpy2 import mpq

from kpibook.base.numbers import show as shown_number
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.model import COMPANY, EXEMPT, WHOLE_POST, Assignment, Catalog, SetAside
from kpibook.reading.cycle import roster_gaps
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.subjects import DAMAGED_ID, PERSON_ID, KnownIds, folded
from kpibook.reading.tables import CellFault, Layout, Table, read_number, shown

PEOPLE = Layout(
    required=("person", "name", "role", "department"),
    optional=("manager", "level", "from", "to", "share", EXEMPT, "login", "mail", "language"),
    ids=("person", "role", "department", "manager"),
    dates=("from", "to"),
    takes_more=True,
)
"""Further columns with snake_case names are numbers for pay formulas, such as `base_salary`."""


LEVEL = "level"
"""Where no role has levels, a column of this name is as any other: a number for pay formulas."""

NO_NUMBERS: Mapping[str, mpq] = {}
"""One for all who have none: an empty dictionary for each would take as much as the row."""

SPECIAL_ROWS = ("repeated-header", "totals-row", "footnote-row")
"""Rows that are nobody's."""

_LOST_CHARACTER = re.compile(r"\ufffd|[^\x00-\x7f]\?|\?[^\x00-\x7f]|^\?+$|\?\?")
"""What an export leaves of a character that it cannot write: a question mark beside a Chinese one, or nothing else."""


@dataclasses.dataclass(frozen=True, slots=True)
class PeopleTable:
    """The people of a cycle, and the ids of those whose row was set aside."""

    people: tuple[Assignment, ...]
    lost: Mapping[str, Place]
    problems: tuple[Problem, ...]


def read_people(table: Table, catalog: Catalog, period: Period, waiting: Mapping[str, Place]) -> PeopleTable:
    """Read the roster; what is wrong with single rows goes to the table's ledger.

    `waiting` are the rows of a roster that was imported which wait in set-aside.csv, by the folded id of the person.
    """
    reader = _Reader(table, catalog, period)
    rows = [Cells(table, row) for row in table.rows()]
    reader.choose_numbers(rows)
    for cells in rows:
        reader.read(cells)
    people = reader.settle()
    reader.lose_misfits()
    problems = tuple(_roster_problems(people, table, period))
    lost = {**waiting, **reader.lost}
    return PeopleTable(_with_managers(people, table, lost), lost, problems)


class _Reader:
    def __init__(self, table: Table, catalog: Catalog, period: Period) -> None:
        self.table = table
        self.period = period
        self.roles = KnownIds(catalog.roles)
        levels = {role.id: [each.id for each in role.levels] for role in catalog.roles.values() if role.levels}
        self.levels = {role: KnownIds(ids) for role, ids in levels.items()}
        self.departments = KnownIds(catalog.departments)
        self.languages = tuple(dict.fromkeys((catalog.company.language, *catalog.company.languages)))
        self.taken = KnownIds((*catalog.departments, COMPANY))
        self.lost: dict[str, Place] = {}
        self.read_rows: list[tuple[Cells, Assignment]] = []
        self.numbers: tuple[str, ...] = ()

    def choose_numbers(self, rows: Sequence[Cells]) -> None:
        """A further column in which no cell is a number holds something else: it is ignored, and that is told."""
        more = [name for name in self.table.columns if name not in PEOPLE.known or (name == LEVEL and not self.levels)]
        self.numbers = tuple(name for name in more if _holds_numbers(rows, name))
        for name in more:
            if name not in self.numbers:
                self.table.ledger.warn("text-column-ignored", Place(self.table.file), {"name": name})

    def read(self, cells: Cells) -> None:
        try:
            self.read_rows.append((cells, self._assignment(cells)))
        except RowFault as fault:
            cells.set_aside(fault)
            self._lose(cells)

    def _lose(self, cells: Cells) -> None:
        if PERSON_ID.fullmatch(person := cells.text("person").strip()):
            self.lost.setdefault(folded(person), cells.place("person"))

    def lose_misfits(self) -> None:
        """Rows with too few or too many cells, too, are those of somebody, if they begin as a row does."""
        at = self.table.columns["person"]
        for row in self.table.ledger.set_aside:
            cells = row.raw.split("\t" if self.table.sheet else self.table.delimiter)
            person = cells[at].strip(' "') if at < len(cells) and row.code not in SPECIAL_ROWS else ""
            if PERSON_ID.fullmatch(person):
                self.lost.setdefault(folded(person), row.place)

    def _assignment(self, cells: Cells) -> Assignment:
        person = self._person(cells)
        cells.about = (person, "")
        first_day, last_day = self._days(cells)
        return Assignment(
            person=person,
            name=self._name(cells),
            role=_known(cells, "role", self.roles, "unknown-role"),
            department=_known(cells, "department", self.departments, "unknown-department"),
            place=cells.place("person"),
            manager=cells.text("manager").strip(),
            level=self._level(cells),
            first_day=first_day,
            last_day=last_day,
            share=self._share(cells),
            exempt=" ".join(cells.text(EXEMPT).split()),
            login=cells.text("login").strip(),
            mail=cells.text("mail").strip(),
            language=self._language(cells),
            numbers=dict(self._numbers(cells)) or NO_NUMBERS,
        )

    def _person(self, cells: Cells) -> str:
        person = cells.needed("person")
        if DAMAGED_ID.fullmatch(person):
            raise RowFault("person", "id-damaged")
        if not PERSON_ID.fullmatch(person):
            raise RowFault("person", "bad-person-id")
        if taken := self.taken.find(person):
            raise RowFault("person", "person-id-taken", by=taken)
        return person

    def _name(self, cells: Cells) -> str:
        name = cells.needed("name")
        if _LOST_CHARACTER.search(name):
            self.table.ledger.warn("name-damaged", cells.place("name"), {"name": shown(name)})
        return name

    def _level(self, cells: Cells) -> str:
        """The job level as the role writes it; what stands there for a role without levels decides nothing."""
        known = self.levels.get(cells.needed("role"))
        if known is None:
            return ""
        text = cells.text(LEVEL).strip()
        if found := known.find(text):
            return found
        column = LEVEL if LEVEL in self.table.columns else "role"
        code = "unknown-job-level" if text else "job-level-missing"
        raise RowFault(column, code, role=cells.needed("role"), known=", ".join(known.ids.values()))

    def _language(self, cells: Cells) -> str:
        """A language of the handbook; what is none decides nothing, and is told."""
        text = cells.text("language").strip()
        if text and folded(text) not in self.languages:
            values = {"text": shown(text), "known": ", ".join(self.languages)}
            self.table.ledger.warn("unknown-language", cells.place("language"), values)
            return ""
        return folded(text)

    def _days(self, cells: Cells) -> tuple[datetime.date | None, datetime.date | None]:
        first_day, last_day = cells.date("from"), cells.date("to")
        for column, day in (("from", first_day), ("to", last_day)):
            if day and not self.period.first_day <= day <= self.period.last_day:
                raise RowFault(column, "date-outside-cycle", first=self.period.first_day, last=self.period.last_day)
        if first_day and last_day and last_day < first_day:
            raise RowFault("to", "dates-reversed", first=first_day)
        return first_day, last_day

    @staticmethod
    def _share(cells: Cells) -> mpq:
        """How much of the working time the post takes: all of it unless the row says less."""
        if not cells.text("share").strip():
            return WHOLE_POST
        share = cells.number("share", "%")
        if not 0 < share <= WHOLE_POST:
            raise RowFault("share", "post-share-out-of-range")
        return share

    def _numbers(self, cells: Cells) -> Iterator[tuple[str, mpq]]:
        for name in self.numbers:
            if cells.text(name).strip():
                yield name, cells.number(name, "")
        if cells.text("share").strip():
            # A pay formula may use it like any further column.
            yield "share", self._share(cells)

    def settle(self) -> tuple[Assignment, ...]:
        """The rows that stand: a repeated row once, and nobody under two names."""
        by_person: dict[str, list[tuple[Cells, Assignment]]] = {}
        for cells, assignment in self.read_rows:
            rows = by_person.setdefault(folded(assignment.person), [])
            same = next((other for seen, other in rows if seen.contents == cells.contents), None)
            if same:
                self.table.ledger.repeat(assignment.place, same.place)
            else:
                rows.append((cells, assignment))
        for rows in by_person.values():
            if len({assignment.name for _, assignment in rows}) > 1:
                self._refuse_names(rows)
                rows.clear()
        standing = {a.place for rows in by_person.values() for _, a in rows}
        return tuple(assignment for _, assignment in self.read_rows if assignment.place in standing)

    def _refuse_names(self, rows: Sequence[tuple[Cells, Assignment]]) -> None:
        for cells, assignment in rows:
            others = ", ".join(str(other.place) for _, other in rows if other is not assignment)
            values = {"person": assignment.person, "name": shown(assignment.name), "others": others}
            raw = self.table.raw(cells.contents)
            place = cells.place("name")
            self.table.ledger.aside(SetAside(place, raw, "conflicting-names", values, assignment.person))
            self._lose(cells)


def _holds_numbers(rows: Sequence[Cells], name: str) -> bool:
    filled = [text for cells in rows if (text := cells.text(name)).strip()]
    return not filled or any(map(_is_number, filled))


def _is_number(text: str) -> bool:
    try:
        read_number(text, "")
    except CellFault:
        return False
    return True


def _known(cells: Cells, column: str, known: KnownIds, code: str) -> str:
    text = cells.needed(column)
    if known.find(text) != text:
        raise RowFault(column, code, near=known.near(text))
    return text


def _roster_problems(people: Sequence[Assignment], table: Table, period: Period) -> Iterator[Problem]:
    if not people:
        yield Problem("empty-roster", Place(table.file))
    by_person: dict[str, list[Assignment]] = {}
    for assignment in people:
        by_person.setdefault(folded(assignment.person), []).append(assignment)
    for rows in by_person.values():
        first = rows[0]
        for other in rows[1:]:
            if other.person != first.person:
                values = {"id": other.person, "other": first.person, "first": str(first.place)}
                yield Problem("person-id-case", other.place, values)
        yield from _overlaps(sorted(rows, key=lambda a: a.first_day or period.first_day), period)


def _overlaps(rows: Sequence[Assignment], period: Period) -> Iterator[Problem]:
    """Posts held at the same time that take more than the whole working time."""
    for number, row in enumerate(rows):
        begins = row.first_day or period.first_day
        at_once = [other for other in rows[:number] if (other.last_day or period.last_day) >= begins]
        share = sum((other.share for other in at_once), row.share)
        if share > WHOLE_POST:
            values = {"person": row.person, "first": str(at_once[-1].place), "share": shown_number(share)}
            yield Problem("overlapping-assignments", row.place, values)


def _with_managers(people: Sequence[Assignment], table: Table, lost: Mapping[str, Place]) -> tuple[Assignment, ...]:
    """The same rows with each manager's id as that person's own row writes it."""
    known = KnownIds(assignment.person for assignment in people)
    found = []
    followers: dict[str, list[Assignment]] = {}
    for assignment in people:
        manager = known.find(assignment.manager) or assignment.manager
        if manager and not known.find(manager):
            if folded(manager) in lost:
                followers.setdefault(folded(manager), []).append(assignment)
            else:
                values = {"manager": shown(manager), "near": known.near(manager)}
                table.ledger.problems.append(Problem("unknown-manager", assignment.place, values, Level.WARNING))
        is_same = manager == assignment.manager
        found.append(assignment if is_same else dataclasses.replace(assignment, manager=manager))
    table.ledger.problems += (roster_gaps.problem_of_manager(own, lost[manager]) for manager, own in followers.items())
    return tuple(found)
