"""people.csv of a cycle, and what a roster changes in it: rows are added, and replaced only on demand."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kpibook.base.names import name_key
from kpibook.base.problems import Place, Problem
from kpibook.reading.cycle.people import PEOPLE as LAYOUT
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import Table, quoted, read_bytes, read_table, text_cell, unguarded

PEOPLE = "people"
FILE = "people.csv"
TWICE = "roster-person-twice"
"""Why rows of one person wait: of all of them the first is told."""


class RosterRow(NamedTuple):
    """A row of the roster that was understood."""

    person: str
    name: str
    role: str
    department: str
    manager: str
    level: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    numbers: Mapping[str, str]
    columns: tuple[str, ...]
    """Those of people.csv that the roster has."""
    place: Place
    line: int

    def cells(self) -> Mapping[str, str]:
        """The row as people.csv has it."""
        return {
            "person": self.person,
            "name": self.name,
            "role": self.role,
            "department": self.department,
            "manager": self.manager,
            "level": self.level,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            **self.numbers,
        }


CsvRow = dict[str, str]


@dataclass(slots=True)
class PeopleFile:
    """The roster of a cycle as it stands, and as it becomes."""

    name: str
    path: Path
    columns: list[str]
    rows: list[CsvRow]
    lossy: tuple[str, ...] = ()
    """What would be lost if the file were written anew."""
    problems: tuple[Problem, ...] = ()
    added: list[RosterRow] = field(default_factory=list)
    replaced: list[tuple[RosterRow, str]] = field(default_factory=list)
    """With what stood there before."""
    same: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether the file has to be written."""
        return bool(self.added or self.replaced)

    def of(self, person: str) -> list[CsvRow]:
        """The rows of a person."""
        return [row for row in self.rows if folded(row["person"]) == folded(person)]

    def differences(self, row: RosterRow) -> str:
        """What the roster says otherwise than the only row of somebody; nothing where they agree."""
        [standing] = self.of(row.person)
        new = row.cells()
        if name_key(standing.get("name", "")) == name_key(row.name):
            new = {**new, "name": standing["name"].strip()}
        differing = (key for key in self._said(row) if standing.get(key, "").strip() != new.get(key, ""))
        return "; ".join(f"{key}: {standing.get(key, '') or '-'} \u2192 {new.get(key, '') or '-'}" for key in differing)

    @staticmethod
    def _said(row: RosterRow) -> tuple[str, ...]:
        return (*row.columns, *row.numbers)

    def put(self, row: RosterRow, before: str) -> None:
        """Write a row in place of the one that stands there, or below all."""
        new = {key: text for key, text in row.cells().items() if key in ("person", *self._said(row))}
        self.columns += [name for name in new if name not in self.columns]
        standing = self.of(row.person)
        if standing:
            standing[0] |= {**new, "person": standing[0]["person"]}
            self.replaced.append((row, before))
        else:
            self.rows.append(new)
            self.added.append(row)

    def text(self) -> str:
        """The whole file."""
        return "".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield ",".join(map(text_cell, self.columns)) + "\n"
        for row in self.rows:
            yield ",".join(self._cell(name, row.get(name, "")) for name in self.columns) + "\n"

    @staticmethod
    def _cell(name: str, text: str) -> str:
        is_number = name not in LAYOUT.known and text.removeprefix("-").replace(".", "", 1).isdecimal()
        return quoted(text) if is_number else text_cell(text)


def read_people_file(folder: Path, cycle: str) -> PeopleFile:
    """people.csv as it stands; a file that is not there has only a header."""
    path = next((folder / f"{PEOPLE}{end}" for end in (".csv", ".xlsx") if (folder / f"{PEOPLE}{end}").exists()), None)
    name = f"{cycle}/{path.name if path else FILE}"
    if path is None:
        return PeopleFile(name, folder / FILE, list(LAYOUT.known), [])
    data, problems = read_bytes(path, name)
    table, more = read_table(data, name, LAYOUT) if data else (None, ())
    if table is None:
        return PeopleFile(name, path, [], [], (name,), (*problems, *more))
    rows = list(_rows(table))
    lossy = tuple(str(row.place) for row in table.ledger.set_aside)
    columns = [column for column in table.header if column]
    return PeopleFile(name, path, columns, rows, (*lossy, *((name,) if path.suffix != ".csv" else ())))


def _rows(table: Table) -> Iterator[CsvRow]:
    """The rows by the names of all columns, those included that are not read."""
    for _, cells in table.rows():
        if any(cell.strip() for cell in cells):
            yield {name: unguarded(cell) for name, cell in zip(table.header, cells, strict=True) if name}


class Refusal(NamedTuple):
    """A row of the roster that is not written, and why."""

    row: RosterRow
    code: str
    values: Mapping[str, object]
    follows: tuple[str, ...] = ()
    """Whose manager is not certain because of it."""


def merge_roster(file: PeopleFile, rows: Sequence[RosterRow], *, replace: bool) -> Iterator[Refusal]:
    """Take rows into people.csv; yields those that cannot be taken."""
    by_person: dict[str, list[RosterRow]] = {}
    for row in rows:
        by_person.setdefault(folded(row.person), []).append(row)
    for row in rows:
        standing = file.of(row.person)
        if len(by_person[folded(row.person)]) > 1:
            yield _twice(row, by_person[folded(row.person)], () if standing else rows)
        elif file.lossy:
            code = "import-target-workbook" if file.path.suffix != ".csv" else "import-target-unread"
            yield Refusal(row, code, {"file": file.name, "rows": ", ".join(file.lossy[:5])})
        elif len(standing) > 1:
            yield Refusal(row, "roster-several-rows", {"person": row.person, "file": file.name})
        elif not standing:
            file.put(row, "")
        elif not (differing := file.differences(row)):
            file.same += 1
        elif replace:
            file.put(row, differing)
        else:
            yield Refusal(row, "roster-differs", {"person": row.person, "file": file.name, "what": differing})


def _twice(row: RosterRow, same: Sequence[RosterRow], rows: Sequence[RosterRow]) -> Refusal:
    """A row of somebody who has several; the first of them names all, and who of `rows` is led by that person."""
    named = f"{row.name} {row.person}"
    if row is not same[0]:
        return Refusal(row, TWICE, {"person": named, "rows": str(same[0].place), "is_told": True})
    led = (each for each in rows if folded(each.manager) == folded(row.person))
    follows = tuple(dict.fromkeys(f"{each.name} {each.person}" for each in led))
    return Refusal(row, TWICE, {"person": named, "rows": ", ".join(str(each.place) for each in same[1:])}, follows)


def missing_from(rows: Iterable[RosterRow], file: PeopleFile) -> tuple[str, ...]:
    """The people of people.csv whom the roster does not name."""
    named = {folded(row.person) for row in rows}
    return tuple(
        dict.fromkeys(
            f"{row.get('name', '')} {row['person']}" for row in file.rows if folded(row["person"]) not in named
        )
    )
