"""manifest.csv: how many rows a file has and what its columns add up to, so that a file cut short is caught."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, plain
from kpibook.base.problems import Place, Problem
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import CellFault, Layout, Table, column_name, read_number

MANIFEST = Layout(required=("file", "rows"), optional=("column", "sum"), numbers=("rows", "sum"))
NAME = "manifest.csv"
PLACES = 15


class Control(NamedTuple):
    """A row of the manifest: what must hold of a file."""

    rows: mpq
    column: str
    total: mpq | None
    place: Place


def read_manifest(table: Table) -> Mapping[str, tuple[Control, ...]]:
    """The controls of each file; rows that cannot be read go to the table's ledger."""
    found: dict[str, tuple[Control, ...]] = {}
    for row in table.rows():
        cells = Cells(table, row)
        try:
            file, control = cells.needed("file"), _control(cells)
        except RowFault as fault:
            cells.set_aside(fault)
        else:
            found[file] = (*found.get(file, ()), control)
    return found


def _control(cells: Cells) -> Control:
    rows = cells.number("rows", "")
    column = cells.text("column").strip()
    total = cells.number("sum", "") if cells.text("sum").strip() else None
    if total is not None and not column:
        raise RowFault("column" if "column" in cells.table.columns else "sum", "cell-empty")
    return Control(rows, column, total, cells.place("file"))


def check_controls(controls: Sequence[Control], tables: Sequence[Table]) -> Iterator[Problem]:
    """What does not hold of a file that was read: all its tables together are as long, and add up to as much."""
    rows = sum(table.ledger.rows - table.ledger.blank for table in tables)
    for control in controls:
        file = tables[0].file
        if control.rows != mpq(rows):
            values = {"file": file, "expected": plain(control.rows, PLACES), "found": rows}
            yield Problem("manifest-rows", control.place, values)
        if control.total is None:
            continue
        totals = [total for table in tables if (total := _total(table, control.column)) is not None]
        values = {"file": file, "column": control.column, "expected": plain(control.total, PLACES)}
        if not totals:
            yield Problem("manifest-column", control.place, values)
        elif sum(totals, ZERO) != control.total:
            yield Problem("manifest-sum", control.place, {**values, "found": plain(sum(totals, ZERO), PLACES)})


def check_named(controls: Mapping[str, Sequence[Control]], files: Iterable[str]) -> Iterator[Problem]:
    """Files below the cycle's folder that the manifest names and that are not there."""
    known = frozenset(files)
    for file, rows in controls.items():
        if "/" in file and file not in known:
            yield Problem("manifest-file-missing", rows[0].place, {"file": file})


def _total(table: Table, column: str) -> mpq | None:
    """The sum of all numbers in a column; None where there is no such column."""
    name = column_name(column)
    index = table.columns.get(name, table.header.index(name) if name in table.header else None)
    if index is None:
        return None
    return sum((_number(cells[index]) for _, cells in table.rows_again()), ZERO)


def _number(text: str) -> mpq:
    """The number in a cell as a spreadsheet would add it up: a percentage in hundredths, a text as nothing."""
    is_share = text.strip().endswith("%")
    try:
        value = read_number(text, "%" if is_share else "").value
    except CellFault:
        return ZERO
    return value / HUNDRED if is_share else value
