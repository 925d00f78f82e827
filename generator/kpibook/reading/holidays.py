"""holidays.csv of the handbook: the days off, and the days at weekends that are worked instead."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kpibook.base.problems import Level, Place, Problem
from kpibook.base.working_days import SATURDAY, WorkingDays
from kpibook.reading.catalog.files import HOLIDAYS_FILE, leads_outside
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.conflicts import KeptRows
from kpibook.reading.tables import Layout, Table, read_bytes, read_table

HOLIDAYS = Layout(required=("day", "works"), optional=("name",), dates=("day",))

WORKS = {"yes": True, "no": False, "\u662f": True, "\u5426": False}
"""What the column `works` may say, in both languages: yes for a day that is worked, no for a holiday."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A row: a day off, or one that is worked instead."""

    day: datetime.date
    is_worked: bool
    place: Place


def load_working_days(handbook: Path) -> tuple[WorkingDays, tuple[Problem, ...]]:
    """The company's working days; Monday to Friday where it has no holidays.csv.

    A row that cannot be read is an error: by these days people lose the time to answer.
    """
    path, name = handbook / HOLIDAYS_FILE, f"{handbook.name}/{HOLIDAYS_FILE}"
    if not path.exists() or leads_outside(path, handbook):
        return WorkingDays(), ()
    data, problems = read_bytes(path, name)
    if not (data or b"").strip():
        return WorkingDays(), problems
    table, faults = read_table(data or b"", name, HOLIDAYS)
    if table is None:
        return WorkingDays(), (*problems, *faults)
    rows = _rows(table)
    off = frozenset(row.day for row in rows if not row.is_worked)
    worked = frozenset(row.day for row in rows if row.is_worked)
    return WorkingDays(off, worked), (*problems, *faults, *_ledger_problems(table), *_in_vain(rows))


def _rows(table: Table) -> tuple[Holiday, ...]:
    """All rows that can be used; a day that is told to be both is neither."""
    claims = KeptRows[tuple[str], Holiday](lambda row: row.is_worked, has_key=False)
    for row in table.rows():
        cells = Cells(table, row)
        try:
            holiday = _holiday(cells)
        except RowFault as fault:
            cells.set_aside(fault)
        else:
            claims.add((holiday.day.isoformat(),), holiday, table)
    claims.settle([table])
    return tuple(claims.rows.values())


def _holiday(cells: Cells) -> Holiday:
    cells.needed("day")
    day, works = cells.date("day"), cells.needed("works").casefold()
    if works not in WORKS:
        raise RowFault("works", "holiday-works")
    assert day is not None
    return Holiday(day, WORKS[works], cells.place("day"))


def _ledger_problems(table: Table) -> Iterator[Problem]:
    """What the table's ledger says; a row that is set aside is an error here."""
    aside = {row.place for row in table.ledger.set_aside}
    for problem in table.ledger.problems:
        yield replace(problem, level=Level.ERROR) if problem.place in aside else problem


def _in_vain(rows: Iterable[Holiday]) -> Iterator[Problem]:
    """Days from Monday to Friday that are told to be worked, as they are anyway: another day may be meant."""
    for row in rows:
        if row.is_worked and row.day.weekday() < SATURDAY:
            yield Problem("holiday-worked-anyway", row.place, {"day": row.day}, Level.WARNING)
