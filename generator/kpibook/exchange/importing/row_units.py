"""The units that stand in the rows of a table, in a column of their own, and what the numbers beside them count."""

from collections.abc import Iterator, Mapping

from gmpy2 import mpq

from kpibook.base.names import name_key, stripped
from kpibook.exchange.importing.layouts import BESIDE, Column, SheetHeader, SheetKind
from kpibook.exchange.importing.units import factor as factor_of
from kpibook.exchange.importing.units import factor_of_column
from kpibook.exchange.importing.vocabulary import ColumnRole, Vocabulary
from kpibook.model import Indicator, Measure
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import unguarded


class RowUnits:
    """Reads the units of one table."""

    def __init__(self, header: SheetHeader, vocabulary: Vocabulary) -> None:
        self._header = header
        self._own = vocabulary.own_units
        self._columns = _columns_of(header)
        self.first: dict[str, str] = {}
        """By the id of a number, the unit that holds for the first of them that was read; empty where none is said."""

    def factor(self, cells: Cells, column: str, measure: Measure | Indicator, of_column: Column | None = None) -> mpq:
        """The factor to the measure's unit: by the unit of the row, else of the header or of the table.

        Raises:
            RowFault: the unit is none that can be converted, or header and row say different ones.
        """
        own, said = measure.unit, self._header.said
        at = self._columns.get(column, "")
        above = of_column.unit if of_column else self._header.unit
        written = stripped(unguarded(cells.text(at))) if at else ""
        unit = self._own.get(name_key(written), written)
        found = factor_of(unit, own) if unit else factor_of_column(above, said.units, said.unclear, own)
        if found is None and unit:
            raise RowFault(at, "sheet-other-unit", unit=own, measure=measure.id)
        if found is None or (unit and above and factor_of(above, own) != found):
            written = ", ".join(filter(None, (above, unit))) or said.unclear or ", ".join(said.units)
            raise RowFault(column, "unit-unclear", written=written, unit=own, measure=measure.id)
        of_title = next((each for each in said.units if factor_of(each, own) is not None), "")
        self.first.setdefault(measure.id, unit or above or of_title)
        return found

    @property
    def has_any(self) -> bool:
        """Whether rows may say a unit."""
        return bool(self._columns)


def _columns_of(header: SheetHeader) -> Mapping[str, str]:
    """By the column of a number, that of its unit."""
    if header.kind is SheetKind.LONG:
        is_said = ColumnRole.UNIT in header.heading.names
        counted = (ColumnRole.ACTUAL, ColumnRole.TARGET, *BESIDE)
        return dict.fromkeys(counted, ColumnRole.UNIT.value) if is_said else {}
    return dict(_to_the_left(header))


def _to_the_left(header: SheetHeader) -> Iterator[tuple[str, str]]:
    """A column of units is of the numbers on its left, up to the one before; one that leads is of those without any."""
    numbers = {column.name for column in header.columns}
    waiting, leading = list[str](), ""
    for name in header.heading.names:
        if name in numbers:
            waiting.append(name)
        elif name in header.unit_columns:
            leading = leading or ("" if waiting else name)
            yield from ((each, name) for each in waiting)
            waiting = []
    if leading:
        yield from ((each, leading) for each in waiting)
