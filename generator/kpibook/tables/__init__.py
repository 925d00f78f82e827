"""Data files as tables: strict CSV and XLSX. A bad row is set aside, never the file, and never in silence."""

from pathlib import Path

from kpibook.problems import Place, Problem
from kpibook.tables.cells import CellFault, read_number
from kpibook.tables.csvfile import read_csv
from kpibook.tables.files import FileFault, read_file
from kpibook.tables.layout import Layout
from kpibook.tables.ledger import Ledger
from kpibook.tables.table import RAW_SHOWN, Row, Table, shown
from kpibook.tables.xlsxfile import read_xlsx

__all__ = [
    "RAW_SHOWN",
    "CellFault",
    "Layout",
    "Ledger",
    "Row",
    "Table",
    "read_bytes",
    "read_number",
    "read_table",
    "shown",
]

READERS = {".csv": read_csv, ".xlsx": read_xlsx}
"""What is read, by the ending of its name."""


def read_bytes(path: Path, name: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a data file; None where it cannot be read. `name` is what places call it."""
    try:
        return read_file(path), ()
    except FileFault as fault:
        return None, (Problem(fault.code, Place(name), fault.values),)


def read_table(data: bytes, name: str, layout: Layout) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a file, by the ending of its name; None where it cannot be used as a whole."""
    return READERS[Path(name).suffix.lower()](data, name, layout)
