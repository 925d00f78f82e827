"""Data files as tables: strict CSV and XLSX. A bad row is set aside, never the file, and never in silence."""

from pathlib import Path

from kpibook.base.problems import Level, Place, Problem
from kpibook.reading.tables.cells import CellFault, read_number
from kpibook.reading.tables.columns import Heading, Layout, column_name, other_delimiter
from kpibook.reading.tables.csvfile import DELIMITERS, csv_heads, filled_lines, read_csv
from kpibook.reading.tables.files import FileFault, read_file
from kpibook.reading.tables.guard import guarded, quoted, text_cell, unguarded
from kpibook.reading.tables.ledger import Ledger
from kpibook.reading.tables.table import (
    RAW_SHOWN,
    FaultyCell,
    FileHead,
    PlainBatch,
    Row,
    RowBatch,
    Table,
    column_letters,
    is_total,
    rows_of,
    shown,
)
from kpibook.reading.tables.xlsxfile import read_xlsx, xlsx_heads

__all__ = [
    "DELIMITERS",
    "RAW_SHOWN",
    "READERS",
    "CellFault",
    "FaultyCell",
    "FileHead",
    "Heading",
    "Layout",
    "Ledger",
    "PlainBatch",
    "Row",
    "RowBatch",
    "Table",
    "column_letters",
    "column_name",
    "filled_lines",
    "guarded",
    "is_total",
    "other_delimiter",
    "quoted",
    "read_bytes",
    "read_heads",
    "read_number",
    "read_table",
    "rows_of",
    "shown",
    "text_cell",
    "unguarded",
]

READERS = {".csv": read_csv, ".xlsx": read_xlsx}
"""What is read, by the ending of its name."""


def read_bytes(path: Path, name: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a data file; None where it cannot be read. `name` is what places call it."""
    try:
        return read_file(path), ()
    except FileFault as fault:
        return None, (Problem(fault.code, Place(name), fault.values),)


def read_table(
    data: bytes, name: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a file, by the ending of its name; None where it cannot be used as a whole.

    Without a `heading` the header is the first row, and a workbook has one sheet.
    """
    return READERS[Path(name).suffix.lower()](data, name, layout, heading)


def read_heads(
    data: bytes, name: str, delimiter: str = "", *, below: int = 0, sheet: str = ""
) -> tuple[tuple[FileHead, ...], tuple[Problem, ...]]:
    """How each sheet of a file begins, for whoever has to find a header that does not stand in the first row.

    With `below` and `sheet`, how that sheet goes on below a line.
    """
    try:
        if Path(name).suffix.lower() == ".csv":
            return csv_heads(data, delimiter, below), ()
        tops, hidden = xlsx_heads(data, below, sheet)
    except FileFault as fault:
        return (), (Problem(fault.code, Place(name), fault.values),)
    return tops, tuple(Problem("workbook-hidden-sheet", Place(name), {"sheet": each}, Level.WARNING) for each in hidden)
