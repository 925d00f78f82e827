"""Workbooks: the one visible sheet, under the same rules as a CSV file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kpibook.base.problems import Level, Place, Problem, Said
from kpibook.model import SetAside
from kpibook.reading.tables.cellvalues import Cell, CellKind
from kpibook.reading.tables.columns import Heading, Layout, column_name, find_columns
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.ledger import Ledger
from kpibook.reading.tables.merged_cells import merged_cells, merged_rows
from kpibook.reading.tables.parsed_workbook import ParsedWorkbook
from kpibook.reading.tables.records import MAX_CELL, ODD
from kpibook.reading.tables.sheetrows import MAX_ROW, Sheet, SheetRow
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
    ends_as_total,
    set_special,
    shown,
    special_row,
)

NO_CELL = Cell("", CellKind.TEXT)
LISTED = 10
"""So many cells or rows are named in a message."""

_NO_NUMBERS = (CellKind.DATE, CellKind.FLAG)


def read_xlsx(
    data: bytes, file: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a workbook; None where the file as a whole cannot be used."""
    try:
        book = ParsedWorkbook(data)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    return book_table(book, file, layout, heading)


def book_table(
    book: ParsedWorkbook, file: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in an open workbook; None where it cannot be used."""
    try:
        sheet, rows, problems = _sheet_at(book, heading) if heading else _sheet(book, file)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    header = (heading.labels or heading.names) if heading else _texts(rows[0].cells, max(rows[0].cells) + 1)
    place_of = partial(cell_place, file, rows[0].number, header, sheet=sheet.name)
    columns, header_problems = find_columns(heading.names if heading else header, layout, place_of)
    if columns is None:
        return None, (*problems, *header_problems)
    ledger = Ledger(file)
    ledger.problems.extend((*problems, *header_problems))
    if hidden := [column_letters(at) for at in columns.values() if any(at in each for each in sheet.hidden_columns)]:
        values = {"cells": ", ".join(hidden), "count": len(hidden), "sheet": sheet.name}
        ledger.warn("workbook-hidden-columns", Place(file), values)
    if book.parts:
        ledger.warn("workbook-parts-ignored", Place(file), {"parts": Said(book.parts)})
    names = tuple(map(column_name, header))
    merged = merged_rows(rows, sheet, [at for name, at in columns.items() if name not in layout.beside])
    fitting = _Rows(file, sheet.name, rows[1:], names, columns, layout, merged)
    called = heading.labels if heading else ()
    return Table(ledger, "xlsx", names, columns, fitting.batches, "\t", sheet.name, called), ()


def book_heads(book: ParsedWorkbook, below: int = 0, name: str = "") -> tuple[FileHead, ...]:
    """How each visible sheet with anything in it begins; with a `name` and a line `below`, how that one goes on there.

    Raises:
        FileFault: a sheet cannot be used.
    """
    visible = [each for each in book.visible if name in ("", each.name)]
    filled = [(each, [row for row in book.rows(each) if row.cells and row.number > below]) for each in visible]
    return tuple(_top(sheet, rows) for sheet, rows in filled if rows)


def book_cells(book: ParsedWorkbook, count: int) -> tuple[tuple[str, ...], ...]:
    """The cells in the first rows of each visible sheet."""
    rows = (book.first_rows(sheet, count) for sheet in book.visible)
    return tuple(tuple(cell.text for row in first for cell in row.cells.values()) for first in rows)


def _top(sheet: Sheet, rows: Sequence[SheetRow]) -> FileHead:
    first = ((row.number, tuple(_texts(row.cells, max(row.cells) + 1))) for row in rows[:HEAD_ROWS])
    merged = tuple((each.rows, each.columns) for name in sheet.merged if (each := merged_cells(name)))
    return FileHead(tuple(first), len(rows), sheet.name, "xlsx", "\t", merged)


def _sheet_at(book: ParsedWorkbook, heading: Heading) -> tuple[Sheet, Sequence[SheetRow], list[Problem]]:
    """The sheet in which a header was found, and its rows from there on."""
    sheet, end = book.sheet(heading.sheet), heading.until or MAX_ROW + 1
    return sheet, [row for row in book.rows(sheet) if heading.line <= row.number < end], []


def _sheet(book: ParsedWorkbook, file: str) -> tuple[Sheet, Sequence[SheetRow], list[Problem]]:
    """The only visible sheet that holds anything, and its rows; raises FileFault where there is no such sheet."""
    filled = [(sheet, rows) for sheet in book.visible if (rows := book.rows(sheet))]
    if not filled:
        raise FileFault("file-empty")
    if len(filled) > 1:
        raise FileFault("workbook-several-sheets", sheets=", ".join(sheet.name for sheet, _ in filled)[:200])
    [(sheet, rows)] = filled
    if sheet.merged:
        raise FileFault("workbook-merged-cells", ranges=", ".join(f"{sheet.name}!{r}" for r in sheet.merged[:LISTED]))
    problems = [Problem("workbook-hidden-sheet", Place(file), {"sheet": each}, Level.WARNING) for each in book.hidden]
    return sheet, rows, problems


def _wrong_text(text: str) -> str:
    """The character that must not stand in a cell, else how long it is."""
    odd = ODD.search(text)
    return f"U+{ord(odd[0]):04X}" if odd else str(len(text))


def _texts(cells: Mapping[int, Cell], width: int) -> list[str]:
    return [cells.get(index, NO_CELL).text for index in range(width)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a sheet below its header."""

    file: str
    sheet: str
    rows: Sequence[SheetRow]
    header: tuple[str, ...]
    columns: Mapping[str, int]
    layout: Layout
    merged: Mapping[int, str]
    """The rows of which merged cells hide what a column says, and the names of those cells."""

    def batches(self, ledger: Ledger) -> Iterator[RowBatch]:
        """All rows in one batch."""
        yield RowBatch(None, tuple(self._open(ledger)))

    def _open(self, ledger: Ledger) -> Iterator[Row]:
        """The rows that fit; the others go to the ledger, and so does what a reader of the file should know."""
        hidden, formulas = list[str](), list[str]()
        for row in self.rows:
            ledger.rows += 1
            if not row.cells:
                ledger.blank += 1
                continue
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
                texts[index] = FaultyCell(texts[index], code, _wrong_text(texts[index]))
        return texts

    def _special(self, row: SheetRow, texts: Sequence[str]) -> str:
        """Why a row that is not data stands there; empty for all others."""
        special = "" if self._beyond(row) else special_row(texts, self.header, self.columns.values())
        # Over the cells of a name there is a label instead: whatever the row says, it says it of nobody.
        if not special and self._merged(row.number) and ends_as_total(next(filter(str.strip, texts), "")):
            return "totals-row"
        # Merged cells leave a single text where several stood, and a formula that was never calculated leaves none:
        # such a row may well be data.
        if special == "footnote-row" and self._merged(row.number):
            return ""
        is_open = special not in ("", "totals-row") and any(
            cell.kind is CellKind.NOT_CALCULATED for cell in row.cells.values()
        )
        return "" if is_open else special

    def _fault_in_row(self, row: SheetRow, texts: Sequence[str]) -> SetAside | None:
        """The first reason for which a row cannot be used; None where it can."""
        if beyond := self._beyond(row):
            return self._aside(
                row, texts, beyond[0], "row-beyond-header", found=beyond[-1] + 1, expected=len(self.header)
            )
        if merged := self._merged(row.number):
            return self._aside(row, texts, 0, "merged-row", found=merged, expected="")
        for name, index in self.columns.items():
            if name in self.layout.alone:
                continue
            cell = row.cells.get(index, NO_CELL)
            code = self._fault(cell, name)
            if code and not self._is_asked_for(cell, code, texts):
                named = {"column": self.header[index] or name, "text": shown(texts[index])}
                return self._aside(row, texts, index, code, **named, found=_wrong_text(texts[index]), expected="")
        return None

    def _is_asked_for(self, cell: Cell, code: str, texts: Sequence[str]) -> bool:
        """Whether the number of a row is a day and the cell holds one, or one of two words and the cell a flag."""
        if code == "cell-is-date":
            column, known = self.layout.days
        elif cell.kind is CellKind.FLAG:
            column, known = self.layout.flags
        else:
            return False
        return column in self.columns and texts[self.columns[column]].strip() in known

    def _aside(self, row: SheetRow, texts: Sequence[str], index: int, code: str, **values: object) -> SetAside:
        raw = "\t".join(texts)
        return SetAside(self._place(row, texts, index), raw[:RAW_SHOWN], code, {"text": shown(raw), **values})

    def _beyond(self, row: SheetRow) -> list[int]:
        """The cells to the right of the header."""
        return [index for index in row.cells if index >= len(self.header)]

    def _merged(self, number: int) -> str:
        """The merged cells in this row that hide what a column says of it."""
        return self.merged.get(number, "")

    def _fault(self, cell: Cell, name: str) -> str:
        """The code of what is wrong with a cell of this column; empty where nothing is."""
        if cell.kind is CellKind.ERROR:
            return "cell-formula-error"
        if cell.kind is CellKind.NOT_CALCULATED:
            return "cell-not-calculated"
        if cell.kind is CellKind.DAMAGED:
            return "cell-damaged"
        if name in self.layout.ids and cell.text and cell.kind is not CellKind.TEXT:
            return "id-not-text"
        is_number = name in self.layout.numbers or name not in self.layout.known
        if is_number and cell.kind is CellKind.DURATION:
            return "cell-is-duration"
        if is_number and cell.kind in _NO_NUMBERS:
            if cell.kind is CellKind.DATE:
                return "cell-is-clock" if cell.text.startswith("0.") else "cell-is-date"
            return "cell-not-a-number"
        if len(cell.text) > MAX_CELL:
            return "cell-too-long"
        return "bad-character" if ODD.search(cell.text) else ""

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
