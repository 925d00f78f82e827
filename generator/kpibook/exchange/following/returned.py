"""Workbooks of records that came back: each row is new, known, empty, or set aside with its reason."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from kpibook.base.names import stripped
from kpibook.base.problems import NOWHERE, Level, Place, Problem
from kpibook.checking.checks.records import RecordedCycle, check_records
from kpibook.exchange.following.columns import FORMS, PLANS, RESULTS, SheetForm, choices_by_word
from kpibook.exchange.following.forms import HR, RECORDS, plan_id
from kpibook.exchange.importing.stamp import UNASSIGNED, Stamp, find_stamp
from kpibook.model import Answer, Appeal, Catalog, Confirmation, Cycle, Interview, Plan, Records
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.decisions import DecisionContext, read_person
from kpibook.reading.cycle.records import (
    read_appeal,
    read_confirmation,
    read_interview,
    read_plan,
    records_context,
)
from kpibook.reading.tables import DataFile, FileHead, Heading, Row, Table, read_bytes
from kpibook.records.published import PublishedResults

Record = Confirmation | Interview | Plan | Appeal
KINDS: Mapping[type[Record], str] = {
    Confirmation: "confirmations",
    Interview: "interviews",
    Plan: "plans",
    Appeal: "appeals",
}
"""The file that each kind of record stands in."""


NO_COLUMNS: Mapping[str, str] = {}
WORDS = {
    form.name: {column.name: choices_by_word(column) for column in form.columns if column.choices}
    for form in FORMS.values()
}
"""By sheet and column: what the words of a drop-down stand for."""


@dataclass(slots=True)
class ReturnedSheet:
    """What became of one sheet."""

    file: str
    sheet: str
    rows: int = 0
    records: list[Record] = field(default_factory=list)
    """What is new in it."""
    known: int = 0
    """How many records stood there already."""
    empty: int = 0
    """Rows in which nothing was filled in."""
    aside: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class RecordsImport:
    """What an import of workbooks of records does."""

    sheets: list[ReturnedSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def new(self) -> tuple[Record, ...]:
        """All records to add, in the order of the sheets."""
        return tuple(record for sheet in self.sheets for record in sheet.records)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many records of each kind are new."""
        found: dict[str, int] = {}
        for record in self.new:
            found[KINDS[type(record)]] = found.get(KINDS[type(record)], 0) + 1
        return found


class Target(NamedTuple):
    """The cycle into which records come."""

    cycle: Cycle
    catalog: Catalog
    records: Records
    published: PublishedResults | None


STAMP_ROWS = 6
"""A stamp stands in one of the first rows."""


def record_cycles(path: Path) -> tuple[str, ...]:
    """The cycles that a workbook of records was made for; none for any other file."""
    file = _opened(path) if path.suffix.lower() == ".xlsx" else None
    stamps = map(find_stamp, file.first_cells(STAMP_ROWS)) if file else ()
    return tuple(dict.fromkeys(stamp.cycle for stamp in stamps if stamp and _is_ours(stamp)))


def _is_ours(stamp: Stamp) -> bool:
    return stamp.sheet.startswith(f"{RECORDS}/")


def _opened(path: Path) -> DataFile | None:
    data, _ = read_bytes(path, path.name)
    return DataFile(data, path.name) if data else None


def take_in(files: Iterable[Path], target: Target) -> RecordsImport:
    """Read the workbooks and find what is new in them; nothing is written yet."""
    result = RecordsImport()
    reader = _Reader(target, result)
    for path in files:
        reader.read(path)
    _settle(result, target)
    return result


class SheetCells(Cells):
    """A row of one of our sheets, read as a row of a file of records: words of drop-downs become what files say."""

    def __init__(
        self,
        table: Table,
        row: Row,
        form: SheetForm,
        columns: Mapping[str, str] = NO_COLUMNS,
        fixed: Mapping[str, str] = NO_COLUMNS,
    ) -> None:
        super().__init__(table, row)
        self.form = form
        self.columns = columns
        """By a column of the file: that of the sheet, where it is called otherwise."""
        self.fixed = fixed
        """By a column of the file: what it holds without being asked."""

    def text(self, column: str) -> str:
        """A cell as the file would say it."""
        if column in self.fixed:
            return self.fixed[column]
        own = self.columns.get(column, column)
        text = super().text(own)
        words = WORDS[self.form.name].get(own)
        return words.get(stripped(text), text) if words else text

    def place(self, column: str) -> Place:
        """Where a cell of the sheet stands."""
        return super().place(self._own(column))

    def set_aside(self, fault: RowFault) -> None:
        """Account for a row that cannot be used, at the cell of the sheet."""
        fault.column = self._own(fault.column)
        super().set_aside(fault)

    def _own(self, column: str) -> str:
        own = self.columns.get(column, column)
        return own if own in self.table.columns else "person"

    def has(self, *columns: str) -> bool:
        """Whether any of these cells is filled in."""
        return any(stripped(super(SheetCells, self).text(column)) for column in columns)


class _Reader:
    def __init__(self, target: Target, result: RecordsImport) -> None:
        self.target = target
        self.result = result
        self.context = records_context(target.cycle, target.catalog)
        records = target.records
        rows: tuple[Record, ...] = (*records.confirmations, *records.interviews, *records.plans, *records.appeals)
        self.known = {plain(row) for row in rows}
        self.plans_now = {plain(plan) for plan in records.plans_now.values()}

    def read(self, path: Path) -> None:
        """Take in the sheets of a workbook that were made for this cycle."""
        file = _opened(path)
        for top in file.heads()[0] if file else ():
            stamp = find_stamp(cell for _, cells in top.rows[:STAMP_ROWS] for cell in cells)
            form = FORMS.get(stamp.sheet.rpartition("/")[2]) if stamp and _is_ours(stamp) else None
            if file is None or stamp is None or form is None:
                continue
            if stamp.cycle != str(self.target.cycle.period):
                values = {"cycle": stamp.cycle, "own": str(self.target.cycle.period)}
                self.result.problems.append(Problem("sheet-other-cycle", Place(path.name), values))
            else:
                self._sheet(file, top, stamp, form)

    def _sheet(self, file: DataFile, top: FileHead, stamp: Stamp, form: SheetForm) -> None:
        heading = _heading(top, form)
        if heading is None:
            self.result.problems.append(Problem("records-header", Place(file.name), {"sheet": top.sheet}))
            return
        table, problems = file.table(form.layout, heading)
        self.result.problems += problems
        if table is None:
            return
        sheet = ReturnedSheet(file.name, top.sheet)
        self.result.sheets.append(sheet)
        for row in table.rows():
            self._row(table, row, form, stamp, sheet)
        ledger = table.ledger
        sheet.rows = ledger.rows - ledger.blank
        sheet.aside += [Problem(each.code, each.place, each.values, Level.WARNING) for each in ledger.set_aside]

    def _row(self, table: Table, row: Row, form: SheetForm, stamp: Stamp, sheet: ReturnedSheet) -> None:
        found = list[Record]()
        cells = SheetCells(table, row, form)
        try:
            for cells, read in _readings(table, row, form, stamp):  # the cells of the fault are told
                person = read_person(cells, self.context, "person")
                cells.about = (person, "")
                found.append(read(cells, self.context, person))
        except RowFault as fault:
            cells.set_aside(fault)
            return
        sheet.empty += not found
        for record in found:
            key = plain(record)
            if key not in self.known:
                self.known.add(key)
                sheet.records.append(record)
                continue
            sheet.known += 1
            if isinstance(record, Plan) and key not in self.plans_now:
                values = {"plan": record.plan, "person": record.person}
                self.result.problems.append(Problem("plan-went-on", record.place, values, Level.NOTE))


Reading = tuple[SheetCells, Callable[[Cells, DecisionContext, str], Record]]


def _readings(table: Table, row: Row, form: SheetForm, stamp: Stamp) -> Iterator[Reading]:
    """What a row says, each with how it is read; nothing for a row that was not filled in."""
    cells = SheetCells(table, row, form)
    if form is RESULTS:
        yield from _results(table, row, cells, stamp.sheet.split("/")[1])
    elif form is PLANS:
        if cells.has("action", "support", "owner", "checked_on", "outcome"):
            about = stripped(cells.text("indicator")) or hashlib.sha256(cells.text("action").encode()).hexdigest()[:6]
            identifier = stripped(cells.text("plan")) or plan_id(stamp.cycle, stripped(cells.text("person")), about)
            yield SheetCells(table, row, form, fixed={"plan": identifier}), read_plan
    elif cells.has(*table.columns):
        yield cells, read_appeal


def _results(table: Table, row: Row, cells: SheetCells, manager: str) -> Iterator[Reading]:
    """Of one person: the delivery, the answer and the talk, as far as they are filled in."""
    by = manager if manager != UNASSIGNED else HR
    if cells.has("delivered_on"):
        fixed = {"answer": Answer.DELIVERED.value, "by": by, "comment": ""}
        yield SheetCells(table, row, RESULTS, {"on": "delivered_on"}, fixed), read_confirmation
    if cells.has("answer", "answered_on", "comment"):
        fixed = {"by": stripped(cells.text("person"))}
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


def plain(record: Record) -> Record:
    """A record without the place where it stands."""
    return replace(record, place=NOWHERE)


def _settle(result: RecordsImport, target: Target) -> None:
    """Set aside what contradicts the results or other records; what rests on such a row goes with it."""
    while True:
        recorded = RecordedCycle(target.cycle, with_new(target.records, result.new), target.published)
        places = {record.place for record in result.new}
        faults = {each.place: each for each in check_records(target.catalog, recorded) if each.place in places}
        if not faults:
            return
        for sheet in result.sheets:
            sheet.aside += [
                replace(faults[record.place], level=Level.WARNING) for record in sheet.records if record.place in faults
            ]
            sheet.records = [record for record in sheet.records if record.place not in faults]


def with_new(records: Records, new: Sequence[Record]) -> Records:
    """The records of a cycle with further rows behind those that stand there."""
    return replace(
        records,
        confirmations=(*records.confirmations, *(row for row in new if isinstance(row, Confirmation))),
        interviews=(*records.interviews, *(row for row in new if isinstance(row, Interview))),
        plans=(*records.plans, *(row for row in new if isinstance(row, Plan))),
        appeals=(*records.appeals, *(row for row in new if isinstance(row, Appeal))),
    )
