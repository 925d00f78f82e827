"""Which columns of numbers are taken: those whose unit is clear, and of ratings those whose rater is."""

from collections.abc import Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.problems import Place, Problem
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.layouts import Column, SheetHeader
from kpibook.exchange.importing.raters import Raters
from kpibook.exchange.importing.units import factor as factor_of
from kpibook.exchange.importing.units import factor_of_column
from kpibook.reading.tables import Table


class Chosen(NamedTuple):
    """The columns that are taken, by what their numbers count in the units of their measures, and all others."""

    columns: tuple[Column, ...]
    factors: Mapping[str, mpq]
    """By the name of the column; none for ratings, and for names that may mean several numbers."""
    refused: tuple[Problem, ...]


def choose_columns(table: Table, header: SheetHeader, context: ImportContext, raters: Raters) -> Chosen:
    """Leave out the columns whose unit, or whose rater, is not clear; each is told once."""
    kept, factors, refused = list[Column](), dict[str, mpq](), list[Problem]()
    for column in header.columns:
        found = _factor(table, header, context, raters, column)
        if isinstance(found, Problem):
            refused.append(found)
            continue
        factors |= {} if found is None else {column.name: found}
        is_silent = column.unit or found is None
        written = column.unit if is_silent else _unit_of_title(header, context.unit_of(column.candidates[0]))
        kept.append(column._replace(written=written))
    return Chosen(tuple(kept), factors, tuple(refused))


def _factor(
    table: Table, header: SheetHeader, context: ImportContext, raters: Raters, column: Column
) -> mpq | Problem | None:
    """What a number of a column counts; None where that is not asked, a problem where it is not clear."""
    if len(column.candidates) > 1 and not column.is_target:
        return None
    if not column.is_target and column.candidates[0] in context.rated and column.candidates[0] not in context.counted:
        place = _place(table, header, column)
        return None if raters.are_known else Problem("import-rater-missing", place, {"name": column.label})
    said, unit = header.said, context.unit_of(column.candidates[0])
    factor = factor_of_column(column.unit, said.units, said.unclear, unit)
    if factor is not None:
        return factor
    written = column.unit or said.unclear or ", ".join(said.units)
    values = {"name": column.label, "text": written, "measure": column.candidates[0], "unit": unit}
    is_above = said.unit_above and not column.unit
    return Problem("import-unit-above" if is_above else "import-column-unit", _place(table, header, column), values)


def _unit_of_title(header: SheetHeader, own: str) -> str:
    """The unit in the title that holds for numbers of this unit; nothing where it names none."""
    return next((unit for unit in header.said.units if factor_of(unit, own) is not None), "")


def _place(table: Table, header: SheetHeader, column: Column) -> Place:
    heading = header.heading
    return table.place(heading.line, heading.labels, table.columns[column.name])
