"""Workbooks: the one visible sheet, under the same rules as a CSV file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from kpibook.base.problems import Level, Place, Problem
from kpibook.model import SetAside
from kpibook.reading.tables.archive import ignored_parts, open_archive
from kpibook.reading.tables.columns import MAX_COLUMNS, Heading, Layout, column_name, find_columns
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.ledger import Ledger
from kpibook.reading.tables.records import MAX_CELL
from kpibook.reading.tables.table import (
    HEAD_ROWS,
    RAW_SHOWN,
    FaultyCell,
    FileHead,
    Row,
    RowBatch,
    Table,
    cell_place,
    column_letters,
    set_special,
    shown,
    special_row,
)
from kpibook.reading.tables.workbook import Cell, CellKind, Sheet, SheetRow, Workbook, cell_at, open_workbook

NO_CELL = Cell("", CellKind.TEXT)
LISTED = 10
"""So many cells or rows are named in a message."""

_NO_NUMBERS = (CellKind.DATE, CellKind.FLAG)


def read_xlsx(
    data: bytes, file: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a workbook; None where the file as a whole cannot be used."""
    try:
        archive = open_archive(data)
        workbook = open_workbook(archive)
        sheet, rows, problems = _sheet_at(workbook, heading) if heading else _sheet(workbook, file)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    header = _texts(rows[0].cells, max(rows[0].cells) + 1)
    place_of = partial(cell_place, file, rows[0].number, header, sheet=sheet.name)
    columns, header_problems = find_columns(heading.names if heading else header, layout, place_of)
    if columns is None:
        return None, (*problems, *header_problems)
    ledger = Ledger(file)
    ledger.problems.extend((*problems, *header_problems))
    if hidden := [column_letters(at) for at in columns.values() if any(at in each for each in sheet.hidden_columns)]:
        values = {"cells": ", ".join(hidden), "count": len(hidden), "sheet": sheet.name}
        ledger.warn("workbook-hidden-columns", Place(file), values)
    if parts := (*ignored_parts(archive), *(("hidden names",) if workbook.has_hidden_names else ())):
        ledger.warn("workbook-parts-ignored", Place(file), {"parts": ", ".join(parts)})
    names = tuple(map(column_name, header))
    merged = tuple(filter(None, map(_range, sheet.merged)))
    fitting = _Rows(file, sheet.name, rows[1:], names, columns, layout, merged)
    return Table(ledger, "xlsx", names, columns, fitting.batches, "\t", sheet.name), ()


def xlsx_heads(data: bytes) -> tuple[tuple[FileHead, ...], tuple[str, ...]]:
    """How each visible sheet with anything in it begins, and the names of the hidden sheets.

    Raises:
        FileFault: the file as a whole cannot be used.
    """
    workbook = open_workbook(open_archive(data))
    hidden = tuple(sheet.name for sheet in workbook.sheets if sheet.is_hidden)
    filled = [(sheet, _filled(workbook, sheet)) for sheet in workbook.sheets if not sheet.is_hidden]
    return tuple(_top(sheet, [row for row in rows if row.cells]) for sheet, rows in filled if rows), hidden


def _top(sheet: Sheet, rows: Sequence[SheetRow]) -> FileHead:
    first = ((row.number, tuple(_texts(row.cells, max(row.cells) + 1))) for row in rows[:HEAD_ROWS])
    return FileHead(tuple(first), len(rows), sheet.name, "xlsx", "\t")


def _sheet_at(workbook: Workbook, heading: Heading) -> tuple[Sheet, list[SheetRow], list[Problem]]:
    """The sheet in which a header was found, and its rows from there on."""
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == heading.sheet)
    rows = [row for row in _filled(workbook, sheet) if row.number >= heading.line]
    return sheet, rows, []


def _sheet(workbook: Workbook, file: str) -> tuple[Sheet, list[SheetRow], list[Problem]]:
    """The only visible sheet that holds anything, and its rows; raises FileFault where there is no such sheet."""
    hidden = [sheet.name for sheet in workbook.sheets if sheet.is_hidden]
    filled = [(sheet, rows) for sheet in workbook.sheets if not sheet.is_hidden and (rows := _filled(workbook, sheet))]
    if not filled:
        raise FileFault("file-empty")
    if len(filled) > 1:
        raise FileFault("workbook-several-sheets", sheets=", ".join(sheet.name for sheet, _ in filled)[:200])
    [(sheet, rows)] = filled
    if sheet.merged:
        raise FileFault("workbook-merged-cells", ranges=", ".join(f"{sheet.name}!{r}" for r in sheet.merged[:LISTED]))
    problems = [Problem("workbook-hidden-sheet", Place(file), {"sheet": name}, Level.WARNING) for name in hidden]
    return sheet, rows, problems


def _filled(workbook: Workbook, sheet: Sheet) -> list[SheetRow]:
    """The rows from the first one that holds anything; a row of a sheet that holds nothing at all is blank."""
    try:
        rows = list(workbook.rows(sheet))
    except (KeyError, ParseError, ValueError, IndexError, ArithmeticError) as err:
        raise FileFault("workbook-damaged", reason=str(err)[:100]) from err
    first = next((index for index, row in enumerate(rows) if row.cells), len(rows))
    if first < len(rows) and max(rows[first].cells) >= MAX_COLUMNS:
        raise FileFault("too-many-columns", count=max(rows[first].cells) + 1, limit=MAX_COLUMNS)
    return rows[first:]


def _texts(cells: Mapping[int, Cell], width: int) -> list[str]:
    return [cells.get(index, NO_CELL).text for index in range(width)]


class _Range(NamedTuple):
    """Merged cells."""

    name: str
    rows: range
    columns: range


def _range(name: str) -> _Range | None:
    first, _, last = name.partition(":")
    try:
        one, other = cell_at(first), cell_at(last or first)
    except FileFault:
        return None
    return _Range(name, range(one[0], other[0] + 1), range(one[1], other[1] + 1))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a sheet below its header."""

    file: str
    sheet: str
    rows: Sequence[SheetRow]
    header: tuple[str, ...]
    columns: Mapping[str, int]
    layout: Layout
    merged: tuple[_Range, ...]

    def batches(self, ledger: Ledger) -> Iterator[RowBatch]:
        """All rows in one batch."""
        yield RowBatch(None, tuple(self._open(ledger)))

    def _open(self, ledger: Ledger) -> Iterator[Row]:
        """The rows that fit; the others go to the ledger, and so does what a reader of the file should know."""
        hidden, formulas = list[str](), list[str]()
        for row in self.rows:
            ledger.rows += 1
            texts = self._texts(row)
            if special := self._special(row, texts):
                set_special(ledger, self._place(row, texts, 0), "\t".join(texts), special)
            elif fault := self._fault_in_row(row, texts):
                ledger.aside(fault)
            else:
                hidden += [str(row.number)] if row.is_hidden else []
                formulas += self._formulas(row)
                yield row.number, texts
        self._warn(ledger, "workbook-hidden-rows", hidden)
        self._warn(ledger, "workbook-formulas", formulas)

    def _texts(self, row: SheetRow) -> list[str]:
        """The cells below the header; a faulty one that stands for itself is marked, as it does not cost its row."""
        texts = _texts(row.cells, len(self.header))
        for name in self.layout.alone:
            index = self.columns.get(name)
            if index is not None and (code := self._fault(row.cells.get(index, NO_CELL), name)):
                texts[index] = FaultyCell(texts[index], code)
        return texts

    def _special(self, row: SheetRow, texts: Sequence[str]) -> str:
        """Why a row that is not data stands there; empty for all others."""
        special = "" if self._beyond(row) else special_row(texts, self.header, self.columns.values())
        # Merged cells leave a single text where several stood, and a formula that was never calculated leaves none:
        # such a row may well be data.
        if special == "footnote-row" and self._merged(row.number):
            return ""
        is_open = special and any(cell.kind is CellKind.NOT_CALCULATED for cell in row.cells.values())
        return "" if is_open else special

    def _fault_in_row(self, row: SheetRow, texts: Sequence[str]) -> SetAside | None:
        """The first reason for which a row cannot be used; None where it can."""
        raw = "\t".join(texts)
        if beyond := self._beyond(row):
            values = {"text": shown(raw), "found": beyond[-1] + 1, "expected": len(self.header)}
            return SetAside(self._place(row, texts, beyond[0]), raw[:RAW_SHOWN], "long-row", values)
        if merged := self._merged(row.number):
            values = {"text": shown(raw), "found": merged.name, "expected": ""}
            return SetAside(self._place(row, texts, 0), raw[:RAW_SHOWN], "merged-row", values)
        for name, index in self.columns.items():
            if isinstance(texts[index], FaultyCell):
                continue
            if code := self._fault(row.cells.get(index, NO_CELL), name):
                text = texts[index]
                column = self.header[index] or name
                values = {"column": column, "text": shown(text), "found": str(len(text)), "expected": ""}
                return SetAside(self._place(row, texts, index), raw[:RAW_SHOWN], code, values)
        return None

    def _beyond(self, row: SheetRow) -> list[int]:
        """The cells to the right of the header."""
        return [index for index in row.cells if index >= len(self.header)]

    def _merged(self, number: int) -> _Range | None:
        """The merged cells in this row that hide what a column says of it."""
        at = frozenset(self.columns.values())
        return next((each for each in self.merged if number in each.rows and not at.isdisjoint(each.columns)), None)

    def _fault(self, cell: Cell, name: str) -> str:
        """The code of what is wrong with a cell of this column; empty where nothing is."""
        if cell.kind is CellKind.ERROR:
            return "cell-formula-error"
        if cell.kind is CellKind.NOT_CALCULATED:
            return "cell-not-calculated"
        if name in self.layout.ids and cell.text and cell.kind is not CellKind.TEXT:
            return "id-not-text"
        is_number = name in self.layout.numbers or name not in self.layout.known
        if is_number and cell.kind in _NO_NUMBERS:
            return "cell-is-date" if cell.kind is CellKind.DATE else "cell-not-a-number"
        return "cell-too-long" if len(cell.text) > MAX_CELL else ""

    def _formulas(self, row: SheetRow) -> list[str]:
        read = self.columns.values()
        calculated = (
            i for i, cell in row.cells.items() if cell.is_formula and cell.kind is not CellKind.NOT_CALCULATED
        )
        return [f"{column_letters(i)}{row.number}" for i in calculated if i in read]

    def _place(self, row: SheetRow, texts: Sequence[str], index: int) -> Place:
        return cell_place(self.file, row.number, texts, index, sheet=self.sheet)

    def _warn(self, ledger: Ledger, code: str, found: Sequence[str]) -> None:
        if found:
            listed = ", ".join(found[:LISTED]) + (" …" if len(found) > LISTED else "")
            ledger.warn(code, Place(ledger.file), {"cells": listed, "count": len(found), "sheet": self.sheet})
