"""A data file by the ending of its name: asked for its tables as often as need be, and parsed once."""

from functools import cached_property
from pathlib import Path

from kpibook.base.problems import Level, Place, Problem
from kpibook.reading.tables.columns import Heading, Layout
from kpibook.reading.tables.csvfile import csv_heads, filled_lines, read_csv
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.parsed_workbook import ParsedWorkbook
from kpibook.reading.tables.table import FileHead, Table
from kpibook.reading.tables.xlsxfile import book_cells, book_heads, book_table, read_xlsx

READERS = {".csv": read_csv, ".xlsx": read_xlsx}
"""What is read, by the ending of its name."""


class DataFile:
    """The bytes of a file; a workbook is parsed when it is first asked for, and kept."""

    def __init__(self, data: bytes, name: str) -> None:
        """Take the bytes; `name` is what places call the file."""
        self.data = data
        self.name = name

    @property
    def is_csv(self) -> bool:
        """Whether it is one table of text, and no workbook."""
        return Path(self.name).suffix.lower() == ".csv"

    @property
    def lines(self) -> int:
        """About how many lines a CSV file has; of a workbook it says nothing."""
        return max(self.data.count(b"\n"), self.data.count(b"\r"))

    @cached_property
    def _book(self) -> ParsedWorkbook:
        return ParsedWorkbook(self.data)

    def heads(
        self, delimiter: str = "", *, below: int = 0, sheet: str = ""
    ) -> tuple[tuple[FileHead, ...], tuple[Problem, ...]]:
        """How each sheet of the file begins, for whoever has to find a header that does not stand in the first row.

        With `below` and `sheet`, how that sheet goes on below a line.
        """
        try:
            if self.is_csv:
                return csv_heads(self.data, delimiter, below), ()
            tops, hidden = book_heads(self._book, below, sheet), self._book.hidden
        except FileFault as fault:
            return (), (self._problem(fault),)
        place = Place(self.name)
        return tops, tuple(Problem("workbook-hidden-sheet", place, {"sheet": each}, Level.WARNING) for each in hidden)

    def first_cells(self, rows: int) -> tuple[tuple[str, ...], ...]:
        """The cells in the first rows of each sheet, without a look at the rest; nothing of a file that is faulty."""
        try:
            if self.is_csv:
                return tuple(tuple(cell for _, cells in top.rows[:rows] for cell in cells) for top in self.heads()[0])
            return book_cells(self._book, rows)
        except FileFault:
            return ()

    def table(self, layout: Layout, heading: Heading | None = None) -> tuple[Table | None, tuple[Problem, ...]]:
        """The table below a header; None where it cannot be used as a whole.

        Without a `heading` the header is the first row, and a workbook has one sheet.
        """
        if self.is_csv:
            return read_csv(self.data, self.name, layout, heading)
        try:
            return book_table(self._book, self.name, layout, heading)
        except FileFault as fault:
            return None, (self._problem(fault),)

    def filled_lines(self) -> int:
        """How many lines of a CSV file hold anything; raises FileFault where its text cannot be read."""
        return filled_lines(self.data)

    def _problem(self, fault: FileFault) -> Problem:
        return Problem(fault.code, Place(self.name), fault.values)


def read_table(
    data: bytes, name: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a file; None where it cannot be used as a whole."""
    return READERS[Path(name).suffix.lower()](data, name, layout, heading)


def read_heads(
    data: bytes, name: str, delimiter: str = "", *, below: int = 0, sheet: str = ""
) -> tuple[tuple[FileHead, ...], tuple[Problem, ...]]:
    """How each sheet in the bytes of a file begins."""
    return DataFile(data, name).heads(delimiter, below=below, sheet=sheet)
