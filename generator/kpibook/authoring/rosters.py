"""The roster of a new cycle, made from that of the cycle before it: nobody is lost, and nobody stays who has left."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import ABSENT_DAYS, EXEMPT
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.leave import LEAVE
from kpibook.reading.cycle.people import PEOPLE
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import Table, quoted, read_bytes, read_table

HEADER = "person,name,role,department,manager,from,to\n"
"""A roster without anybody."""

OF_ONE_CYCLE = (ABSENT_DAYS, EXEMPT)
"""Columns that tell of one cycle alone: nobody is absent or exempt a second time without being told so."""


class NamedPerson(NamedTuple):
    """Somebody who is named when a roster is rolled over, and the day or the reason that goes with it."""

    person: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class RolledRoster:
    """A roster for a new cycle, and whom somebody has to look at."""

    content: bytes = HEADER.encode()
    left: tuple[NamedPerson, ...] = ()
    """Who left before the new cycle begins, with the last day; they are not in it."""
    exempt: tuple[NamedPerson, ...] = ()
    """Who was exempt, with the reason; they are in it, and no longer exempt."""
    unread: tuple[Place, ...] = ()
    """Rows that could not be read: those whose cells fit the columns are taken over as they stand."""


def rolled_roster(path: Path, name: str, period: Period) -> RolledRoster | None:
    """The roster at `path`, which places call `name`, rolled over into a cycle of `period`.

    Days before the cycle go, days within it stay. Absence and exemptions are those of one cycle and go, too.

    Returns:
        None where the file cannot be read as a roster at all.
    """
    data, _ = read_bytes(path, name)
    table = read_table(data, name, PEOPLE)[0] if data is not None else None
    return _Rolling(table, period).roll() if table else None


class _Row(NamedTuple):
    """A row that can be read, and its last day where it has one."""

    cells: Cells
    last_day: datetime.date | None


class _Rolling:
    """One roster on its way into a new cycle."""

    def __init__(self, table: Table, period: Period) -> None:
        self._table = table
        self._first_day = period.first_day
        self._unread: list[Place] = []
        self._lines: list[Sequence[str]] = []
        self._ended: dict[str, _Row] = {}
        self._staying: set[str] = set()
        self._exempt: dict[str, NamedPerson] = {}

    def roll(self) -> RolledRoster:
        """Go through the rows once: who has no row left at the end has left."""
        for row in self._table.rows():
            self._take_row(Cells(self._table, row))
        left = [
            _named_person(row.cells, str(row.last_day)) for key, row in self._ended.items() if key not in self._staying
        ]
        header = [_csv_line(self._table.header)] if self._table.header else []
        unread = (*self._unread, *(row.place for row in self._table.ledger.set_aside))
        return RolledRoster(
            content="".join((*header, *map(_csv_line, self._lines))).encode(),
            left=tuple(left),
            exempt=tuple(self._exempt.values()),
            unread=tuple(unread),
        )

    def _take_row(self, cells: Cells) -> None:
        key = folded(cells.text("person"))
        try:
            first_day, last_day = cells.date("from"), cells.date("to")
        except RowFault as fault:
            # As it stands it will be refused in the new cycle, with its place and cause: better than guessing.
            self._unread.append(cells.place(fault.column))
            self._staying.add(key)
            self._lines.append(cells.contents)
            return
        if last_day and last_day < self._first_day:
            ended = self._ended.get(key)
            if not ended or not ended.last_day or ended.last_day < last_day:
                self._ended[key] = _Row(cells, last_day)
            return
        self._staying.add(key)
        gone = {*OF_ONE_CYCLE, *(("from",) if first_day and first_day < self._first_day else ())}
        if reason := cells.text(EXEMPT).strip():
            self._exempt.setdefault(key, _named_person(cells, reason))
        at = {index for column, index in self._table.columns.items() if column in gone}
        self._lines.append(["" if index in at else cell for index, cell in enumerate(cells.contents)])


def _named_person(cells: Cells, what: str) -> NamedPerson:
    return NamedPerson(cells.text("person").strip(), cells.text("name").strip(), what)


def _csv_line(cells: Sequence[str]) -> str:
    return ",".join(map(quoted, cells)) + "\n"


def rolled_leave(path: Path, name: str, period: Period) -> bytes | None:
    """The protected leave at `path` that has not ended before `period`, as it stands; None where there is none."""
    data, _ = read_bytes(path, name)
    table = read_table(data, name, LEAVE)[0] if data is not None else None
    if table is None:
        return None
    lines = [cells.contents for cells in (Cells(table, row) for row in table.rows()) if _reaches_into(cells, period)]
    return "".join(map(_csv_line, (table.header, *lines))).encode() if lines else None


def _reaches_into(cells: Cells, period: Period) -> bool:
    try:
        last_day = cells.date("to")
    except RowFault:
        # It will be refused in the new cycle, with its place and cause.
        return True
    return bool(cells.text("person").strip()) and (last_day is None or last_day >= period.first_day)
