"""Workbooks of records that came back: each row is new, known, empty, or set aside with its reason."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kpibook.base.names import stripped
from kpibook.base.problems import NOWHERE, Level, Place, Problem
from kpibook.exchange.importing.sheet_stamp import UNASSIGNED, SheetStamp, find_stamp
from kpibook.exchange.record_sheets.cells import SheetCells
from kpibook.exchange.record_sheets.columns import AGREEMENTS, APPEALS, PLANS, RESULTS, SheetForm
from kpibook.exchange.record_sheets.forms import book_of, plan_id
from kpibook.exchange.record_sheets.marks import HR, RecordMark, record_mark
from kpibook.exchange.record_sheets.reconciling import set_aside_contradictions
from kpibook.exchange.record_sheets.sheets import Record, RecordsCycle, RecordsImport, ReturnedSheet
from kpibook.model import Answer, Catalog, Plan, PlanState
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.records import (
    read_agreement,
    read_appeal,
    read_confirmation,
    read_interview,
    read_plan,
    records_context,
)
from kpibook.reading.cycle.row_context import RowContext, read_person
from kpibook.reading.tables import DataFile, FileHead, Heading, Row, Table, read_bytes

STAMP_ROWS = 6
"""A stamp stands in one of the first rows."""
MADE_UP = 6
"""So many signs stand for what a plan about no single item says."""


def record_cycles(path: Path) -> tuple[str, ...]:
    """The cycles that a workbook of records, or a sheet of it saved as CSV, was made for; none for any other file."""
    file = _opened(path) if path.suffix.lower() in (".xlsx", ".csv") else None
    stamps = map(find_stamp, file.first_cells(STAMP_ROWS)) if file else ()
    return tuple(dict.fromkeys(stamp.cycle for stamp in stamps if stamp and record_mark(stamp)))


def _opened(path: Path) -> DataFile | None:
    data, _ = read_bytes(path, path.name)
    return DataFile(data, path.name) if data else None


def take_in(files: Iterable[Path], target: RecordsCycle) -> RecordsImport:
    """Read the workbooks and find what is new in them; nothing is written yet."""
    result = RecordsImport()
    reader = _Reader(target, result)
    for path in files:
        reader.read(path)
    set_aside_contradictions(result, target)
    return result


RecordReader = Callable[[Cells, RowContext, str], Record]
Reading = tuple[SheetCells, RecordReader]


class _Reader:
    def __init__(self, target: RecordsCycle, result: RecordsImport) -> None:
        self.target = target
        self.result = result
        self.context = records_context(target.cycle, target.catalog)
        self.by_name = _ids_by_name(target.catalog)
        self.books: dict[str, set[str]] = {}
        """By person: the workbooks in which this person stands."""
        for row in target.cycle.people:
            self.books.setdefault(row.person.casefold(), set()).add(book_of(row.manager))
        records = target.records
        rows: tuple[Record, ...] = (*records.confirmations, *records.interviews, *records.plans)
        self.known = {without_place(row) for row in (*rows, *records.appeals, *records.agreements)}
        self.plans_now = {without_place(plan) for plan in records.plans_now.values()}

    def read(self, path: Path) -> None:
        """Take in the sheets of a workbook that were made for this cycle."""
        file = _opened(path)
        for top in file.heads()[0] if file else ():
            stamp = find_stamp(cell for _, cells in top.rows[:STAMP_ROWS] for cell in cells)
            mark = record_mark(stamp)
            if file is None or stamp is None or mark is None:
                continue
            values = {"sheet": top.sheet, "cycle": stamp.cycle, "own": str(self.target.cycle.period)}
            if not mark.is_whole:
                self.result.problems.append(Problem("records-mark", Place(path.name), values))
            elif stamp.cycle != values["own"]:
                self.result.problems.append(Problem("sheet-other-cycle", Place(path.name), values))
            else:
                self._sheet(file, top, stamp, mark)

    def _sheet(self, file: DataFile, top: FileHead, stamp: SheetStamp, mark: RecordMark) -> None:
        heading = _heading(top, mark.form)
        if heading is None:
            self.result.problems.append(Problem("records-header", Place(file.name), {"sheet": top.sheet}))
            return
        table, problems = file.table(mark.form.layout, heading)
        self.result.problems += problems
        if table is None:
            return
        sheet = ReturnedSheet(file.name, top.sheet, mark.form, table.columns)
        self.result.sheets.append(sheet)
        for row in table.rows():
            self._row(table, row, mark, sheet)
        ledger = table.ledger
        sheet.rows = ledger.rows - ledger.blank
        sheet.aside += [Problem(each.code, each.place, each.values, Level.WARNING) for each in ledger.set_aside]

    def _row(self, table: Table, row: Row, mark: RecordMark, sheet: ReturnedSheet) -> None:
        """Everything that a row says: what is good of it is taken beside what is not, and all that is not is told."""
        cells = SheetCells(table, row, mark.form)
        readings = tuple(_readings(table, row, mark, str(self.target.cycle.period), self.by_name))
        sheet.empty += not readings
        person = ""
        try:
            person = self._person(cells, mark) if readings else ""
        except RowFault as fault:
            sheet.aside.append(cells.fault(fault))
        for cells, read in readings:
            record, faults = self._record(cells, read, person)
            sheet.aside += faults
            if record and person:
                self._keep(record, sheet)

    def _record(self, cells: SheetCells, read: RecordReader, person: str) -> tuple[Record | None, Sequence[Problem]]:
        """A record that has no faulty cell, or all that is wrong with its cells."""
        faults: list[Problem] = []
        while True:
            try:
                record = read(cells, self.context, person)
            except RowFault as fault:
                faults.append(cells.fault(fault))
                if not cells.assume(fault):
                    return None, faults
            else:
                return (None if faults else record), faults

    def _person(self, cells: SheetCells, mark: RecordMark) -> str:
        """Whom a row is about: on a manager's sheet somebody of this manager's people."""
        person = read_person(cells, self.context, "person")
        if mark.form in (RESULTS, PLANS) and mark.book not in self.books.get(person.casefold(), ()):
            raise RowFault("person", "person-other-team", person=person, book=mark.book)
        return person

    def _keep(self, record: Record, sheet: ReturnedSheet) -> None:
        key = without_place(record)
        if key not in self.known:
            self.known.add(key)
            sheet.records.append(record)
            return
        sheet.known += 1
        if isinstance(record, Plan) and key not in self.plans_now:
            values = {"plan": record.plan, "person": record.person}
            self.result.problems.append(Problem("plan-went-on", record.place, values, Level.NOTE))


def _ids_by_name(catalog: Catalog) -> Mapping[str, str]:
    """By the name of an indicator: its id, where no other one is called so."""
    found: dict[str, list[str]] = {}
    for each in catalog.indicators.values():
        found.setdefault(each.name, []).append(each.id)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _readings(table: Table, row: Row, mark: RecordMark, cycle: str, by_name: Mapping[str, str]) -> Iterator[Reading]:
    """What a row says, each with how it is read; nothing for a row that was not filled in."""
    form = mark.form
    cells = SheetCells(table, row, form)
    written = cells.said("indicator")
    about = {} if cells.is_faulty("indicator") else {"indicator": by_name.get(written, written)}
    if form is RESULTS:
        yield from _results(table, row, cells, mark.book if mark.book != UNASSIGNED else HR)
    elif form is PLANS:
        if cells.has("action", "support", "owner", "checked_on", "outcome"):
            yield SheetCells(table, row, form, fixed={**about, **_of_plan(cells, cycle, about)}), read_plan
    elif form is APPEALS:
        if cells.has(*table.columns):
            yield SheetCells(table, row, form, fixed=about), read_appeal
    elif form is AGREEMENTS and cells.has("signed_on"):
        columns = {"on": "signed_on", "by": "signed_by"}
        yield SheetCells(table, row, form, columns), read_agreement


def _of_plan(cells: SheetCells, cycle: str, about: Mapping[str, str]) -> Mapping[str, str]:
    """What a plan is called that nobody gave an id, and that one of which nothing is said is open."""
    state = {} if cells.has("state") else {"state": PlanState.OPEN.value}
    if cells.has("plan"):
        return state
    action = "" if cells.is_faulty("action") else cells.text("action")
    made_up = hashlib.sha256(action.encode()).hexdigest()[:MADE_UP]
    return {"plan": plan_id(cycle, cells.said("person"), about.get("indicator") or made_up), **state}


def _results(table: Table, row: Row, cells: SheetCells, by: str) -> Iterator[Reading]:
    """Of one person: the delivery, the answer and the talk, as far as they are filled in."""
    if cells.has("delivered_on"):
        fixed = {"answer": Answer.DELIVERED.value, "by": by, "comment": ""}
        yield SheetCells(table, row, RESULTS, {"on": "delivered_on"}, fixed), read_confirmation
    if cells.has("answer", "answered_on", "comment"):
        silent = cells.said("answer") == Answer.NO_REPLY
        fixed = {"by": by if silent else cells.said("person") or UNASSIGNED}
        yield SheetCells(table, row, RESULTS, {"on": "answered_on"}, fixed), read_confirmation
    if cells.has("talked_on", "summary", "cause", "opinion"):
        columns = {"on": "talked_on", "by": "talked_by"}
        yield SheetCells(table, row, RESULTS, columns), read_interview


def _heading(top: FileHead, form: SheetForm) -> Heading | None:
    """The header of a sheet, by the heads of its columns in any language; None where one of them is gone."""
    titles = form.titles()
    for line, cells in top.rows:
        names = tuple(titles.get(stripped(cell), stripped(cell)) for cell in cells)
        if {column.name for column in form.columns} <= set(names):
            return Heading(line, names, top.sheet, top.delimiter, tuple(stripped(cell) for cell in cells))
    return None


def without_place(record: Record) -> Record:
    """A record without the place where it stands."""
    return replace(record, place=NOWHERE)
