"""A table that is being read: its good rows one by one, and a place for every cell."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from kpibook.base.problems import Place
from kpibook.model import SetAside
from kpibook.reading.tables.ledger import Ledger

RAW_SHOWN = 2_000

Row = tuple[int, Sequence[str]]
"""The line on which a row begins, counted from 1, and its cells in the order of the file."""

HEAD_ROWS = 40
"""A header stands among so many rows."""

_TOTAL_OF = re.compile(r"(?:小\s*计|合\s*计|总\s*计|\b(?:sub-?)?total)\s*[:\uff1a]?$", re.IGNORECASE)
_TOTAL = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|平\s*均|(?:grand |sub)?total|sum|average)\b", re.IGNORECASE
)


class WrittenCells(list[str]):
    """Cells that do not stand in their line as they are, some of them quoted.

    `starts` tells for each cell how many lines below the row's first line it begins, and in which column.
    """

    def __init__(self, cells: Sequence[str], raw: str, starts: Sequence[tuple[int, int]]) -> None:
        super().__init__(cells)
        self.raw = raw
        self.starts = starts


class PlainBatch(NamedTuple):
    """Rows without quotes, as columns: each with as many cells as there are lines."""

    lines: Sequence[int]
    columns: tuple[Sequence[str], ...]


class RowBatch(NamedTuple):
    """Some rows of a file: plain ones as columns, all others one by one."""

    plain: PlainBatch | None
    rows: Sequence[Row]


def rows_of(batch: RowBatch) -> Iterable[Row]:
    """The rows of a part in the order of the file."""
    if batch.plain is None:
        return batch.rows
    plain = zip(batch.plain.lines, zip(*batch.plain.columns, strict=True), strict=True)
    return sorted((*plain, *batch.rows), key=itemgetter(0)) if batch.rows else plain


class FileHead(NamedTuple):
    """How a sheet or a CSV file begins, for whoever has to find its header."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """The first rows that hold anything: number and cells."""
    filled: int
    """How many rows hold anything, where that is known at once; 0 otherwise."""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    merged: tuple[tuple[range, range], ...] = ()
    """Rows and columns (counted from 0) of merged cells."""


class FaultyCell(str):
    """A cell of a workbook that cannot be read as its column asks; `code` is the reason.

    `found` is the character that must not stand in it, else how long it is.
    """

    code: str
    found: str

    def __new__(cls, text: str, code: str, found: str) -> "FaultyCell":
        """The text of the cell with the reason."""
        cell = super().__new__(cls, text)
        cell.code, cell.found = code, found
        return cell


@dataclass(frozen=True, slots=True)
class Table:
    """One data file; `rows` may be gone through once, everything else about it is in the ledger."""

    ledger: Ledger
    encoding: str
    header: tuple[str, ...]
    """The names of all columns, in the order of the file."""
    columns: Mapping[str, int]
    """Where each column stands that is read."""
    open_batches: Callable[[Ledger], Iterable[RowBatch]]
    delimiter: str = ","
    sheet: str = ""
    labels: tuple[str, ...] = ()
    """What people call each column, where the header of a table that came in says it."""

    @property
    def file(self) -> str:
        """The name of the file, as places give it."""
        return self.ledger.file

    def batches(self) -> Iterable[RowBatch]:
        """The rows that have as many cells as the header, many at once; the others go to the ledger."""
        return self.open_batches(self.ledger)

    def rows(self) -> Iterator[Row]:
        """All rows, one by one in the order of the file; the ledger accounts for each."""
        return chain.from_iterable(map(rows_of, self.batches()))

    def rows_again(self) -> Iterator[Row]:
        """All rows once more, in the order of the file; nothing is accounted for again."""
        return chain.from_iterable(map(rows_of, self.open_batches(Ledger(self.file))))

    def place(self, line: int, cells: Sequence[str], index: int = 0) -> Place:
        """Where a cell stands."""
        return cell_place(self.file, line, cells, index, sheet=self.sheet)

    def raw(self, cells: Sequence[str]) -> str:
        """A row as it stands in the file."""
        return cells.raw if isinstance(cells, WrittenCells) else self.delimiter.join(cells)

    def raw_rows(self, lines: Collection[int]) -> dict[int, str]:
        """The rows that have a cell on one of these lines, as they stand in the file: reads it once more."""
        return {
            found: self.raw(cells)
            for line, cells in self.rows_again()
            for found in lines_of(line, cells)
            if found in lines
        }

    def aside_cell(
        self, row: Row, column: str, code: str, about: tuple[str, str], *, whose: str = "", **values: object
    ) -> None:
        """Set a single cell aside."""
        line, cells = row
        index = self.columns[column]
        label = " ".join(self.labels[index].split()) if self.labels else self.header[index]
        values = {"column": label or column, "text": shown(cells[index]), **values}
        place, raw = self.place(line, cells, index), self.raw(cells)[:RAW_SHOWN]
        self.ledger.aside(SetAside(place, raw, code, values, *about, whose=whose))

    def aside(
        self, row: Row, column: str, code: str, *, about: tuple[str, str] = ("", ""), whose: str = "", **values: object
    ) -> None:
        """Set a row aside for the cell in `column`; `about` are the subject and the key where they are known."""
        line, cells = row
        if special := special_row(cells, self.header, self.columns.values()):
            set_special(self.ledger, self.place(line, cells), self.raw(cells), special)
            return
        self.aside_cell(row, column, code, about, whose=whose, **values)


def cell_place(file: str, line: int, cells: Sequence[str], index: int, *, sheet: str = "") -> Place:
    """Where cell `index` of a row stands."""
    if sheet:
        return Place(file, line, index + 1, f"{sheet}!{column_letters(index)}{line}")
    if isinstance(cells, WrittenCells):
        down, column = cells.starts[index]
        return Place(file, line + down, column)
    column = index + 1
    for cell in cells[:index]:
        column += len(cell)
    return Place(file, line, column)


def lines_of(line: int, cells: Sequence[str]) -> Iterable[int]:
    """The physical lines on which the cells of a row begin."""
    return {line + down for down, _ in cells.starts} if isinstance(cells, WrittenCells) else (line,)


@cache
def column_letters(index: int) -> str:
    """The letters of a column of a sheet: A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown(text: str) -> str:
    """A cell's text in a message: on one line and not too long."""
    return " ".join(text[:80].split())


def ends_as_total(text: str) -> bool:
    """Whether a cell says that its row is the total of a part: 华东小计, East subtotal."""
    return _TOTAL_OF.search(text.strip()) is not None


def is_total(text: str) -> bool:
    """Whether a cell says that its row is a total."""
    return _TOTAL.match(text.strip()) is not None


def special_row(cells: Sequence[str], header: Sequence[str], read: Collection[int] = ()) -> str:
    """Why a row that is not data stands there: blank, the header again, a total or a footnote; else nothing.

    A footnote is a lone text; a lone number in one of the columns that are read says something about somebody.
    """
    filled = [text for cell in cells if (text := cell.strip())]
    if not filled:
        return "blank"
    if [cell.strip().casefold() for cell in cells] == list(header):
        return "repeated-header"
    if _TOTAL.match(filled[0]):
        return "totals-row"
    if len(filled) > 1 or any(cells[at].strip()[:1].isdigit() for at in read):
        return ""
    return "footnote-row"


def set_special(ledger: Ledger, place: Place, raw: str, code: str) -> None:
    """Account for a row that is not data."""
    if code == "blank":
        ledger.blank += 1
    else:
        ledger.aside(SetAside(place, raw[:RAW_SHOWN], code, {"text": shown(raw)}))
