"""Merged cells of a sheet: where they lie, and of which rows they hide what a column says."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.sheetrows import Sheet, SheetRow, cell_at


class MergedCells(NamedTuple):
    """A range of merged cells: `A1:C3`, rows counted from 1, columns from 0."""

    name: str
    rows: range
    columns: range


def merged_cells(name: str) -> MergedCells | None:
    """Where the cells of such a name lie; None where it is none."""
    first, _, last = name.partition(":")
    try:
        one, other = cell_at(first), cell_at(last or first)
    except FileFault:
        return None
    return MergedCells(name, range(one[0], other[0] + 1), range(one[1], other[1] + 1))


def merged_rows(rows: Sequence[SheetRow], sheet: Sheet, columns: Collection[int]) -> Mapping[int, str]:
    """The rows of which merged cells hide what one of these columns says, each with the name of such cells.

    Rows come in order, so one pass over both does: of all cells that began, those that reach furthest down count.
    """
    known = (found for found in map(merged_cells, sheet.merged) if found and any(at in found.columns for at in columns))
    waiting = sorted(known, key=lambda found: found.rows.start, reverse=True)
    reaching, merged = range(0), dict[int, str]()
    name = ""
    for row in rows:
        while waiting and waiting[-1].rows.start <= row.number:
            begun = waiting.pop()
            if begun.rows.stop > reaching.stop:
                name, reaching = begun.name, begun.rows
        if row.number in reaching:
            merged[row.number] = name
    return merged
