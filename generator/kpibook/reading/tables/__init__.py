"""Data files as tables: strict CSV and XLSX. A bad row is set aside, never the file, and never in silence."""

from pathlib import Path

from kpibook.base.problems import Place, Problem
from kpibook.reading.tables.cells import CellFault, read_number
from kpibook.reading.tables.columns import NAME_SHOWN, Heading, Layout, column_name, other_delimiter
from kpibook.reading.tables.csvfile import DELIMITERS
from kpibook.reading.tables.datafile import READERS, DataFile, read_heads, read_table
from kpibook.reading.tables.files import FileFault, read_file
from kpibook.reading.tables.formula_guard import guarded, quoted, text_cell, unguarded
from kpibook.reading.tables.ledger import REPLACED, Ledger
from kpibook.reading.tables.table import (
    RAW_SHOWN,
    FaultyCell,
    FileHead,
    PlainBatch,
    Row,
    RowBatch,
    Table,
    column_letters,
    ends_as_total,
    is_total,
    rows_of,
    shown,
)

__all__ = [
    "DELIMITERS",
    "NAME_SHOWN",
    "RAW_SHOWN",
    "READERS",
    "REPLACED",
    "CellFault",
    "DataFile",
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
    "ends_as_total",
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


def read_bytes(path: Path, name: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a data file; None where it cannot be read. `name` is what places call it."""
    try:
        return read_file(path), ()
    except FileFault as fault:
        return None, (Problem(fault.code, Place(name), fault.values),)
