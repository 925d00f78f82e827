"""The numbers in the cells of a table, each in the unit of its measure, and the doubts about them."""

from collections.abc import Iterator, Sequence
from typing import cast

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import is_exact, plain
from kpibook.base.periods import Period
from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.durations import is_clock, is_time, seconds_in, seconds_of_clock
from kpibook.exchange.importing.units import has_scale, scale_below_header, time_units
from kpibook.model import Indicator, Measure, Waiver
from kpibook.reading.cycle.bounds import DOUBT, Bounds
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import CellFault, FaultyCell, Table, read_number

ONE = mpq(1)
PLACES, ROUNDED = 40, 15
"""Decimals of an exact number, and of one that has no end in decimals."""


class Amounts:
    """Reads the numbers of one table."""

    def __init__(self, table: Table, waivers: Sequence[Waiver], period: Period) -> None:
        """Read nothing yet; what is waived is not told as a doubt."""
        self.table = table
        self._waivers = waivers
        self._period = period
        self._meters: dict[str, Bounds] = {}

    def value(
        self, cells: Cells, column: str, measure: Measure | Indicator, factor: mpq, *, is_part: bool = False
    ) -> mpq:
        """The number in the measure's unit; of a part, such as a week, the bounds of the whole say nothing.

        Raises:
            RowFault: it is no number, or not a possible one.
        """
        meter = self._meters.get(measure.id)
        if meter is None:
            meter = self._meters[measure.id] = Bounds.of(measure)
        cell, text = cells.text(column), cells.text(column).strip()
        # What a cell stores of a length of time looks like a number, and counts days.
        if factor == ONE and not isinstance(cell, FaultyCell) and (value := meter.plain(text)) is not None:
            return value
        value = self.number(cells, column, measure.unit, factor)
        if not is_part:
            meter.check(value, column)
        if meter.is_doubtful(value) and not text.endswith("%"):
            meter.fractions.append((cells.place(column), text, cells.about[0]))
        return value

    def number(self, cells: Cells, column: str, unit: str, factor: mpq) -> mpq:
        """The number in a cell, in this unit; what had to be converted is listed."""
        text = cells.text(column)
        if (seconds := self._seconds_in(text, unit, column)) is not None:
            value, is_converted = seconds / time_units()[unit.casefold()], True
        else:
            value, is_converted = _read_scaled(text, unit, factor, column)
        if is_converted:
            self.table.ledger.converted.append((cells.place(column), str(text), number_text(value)))
        return value

    def _seconds_in(self, text: str, unit: str, column: str) -> mpq | None:
        """The length of time in a cell; raises RowFault where it cannot be one of the measure's."""
        if isinstance(text, FaultyCell):
            seconds = seconds_of_clock(text) if is_time(unit) else None
            if seconds is None:
                raise RowFault(column, _duration_fault(text, unit), unit=unit)
            return seconds
        if not is_time(unit):
            return None
        if is_clock(text):
            raise RowFault(column, "duration-unclear", unit=unit)
        return seconds_in(text)

    def doubts(self) -> Iterator[Problem]:
        """Numbers in % that may have been meant as a hundred times as much."""
        for meter in self._meters.values():
            if found := meter.doubts(self._waivers, self._period):
                yield Problem(DOUBT, cast(Place, found.pop("place")), found, Level.WARNING)


def _duration_fault(cell: FaultyCell, unit: str) -> str:
    """Why a cell of a workbook is no number of this unit, where it may hold a length of time."""
    if cell.code != "cell-is-duration":
        return cell.code
    return "duration-not-whole" if is_time(unit) else "duration-without-unit"


def _read_scaled(text: str, unit: str, factor: mpq, column: str) -> tuple[mpq, bool]:
    """The number in a cell below a unit, and whether it had to be converted; a unit in the cell goes before that."""
    try:
        if factor == ONE:
            written = read_number(text, unit)
            return written.value, written.converted
        try:
            value = read_number(text, "").value
            return value * (scale_below_header(unit, factor) if has_scale(text) else factor), True
        except CellFault as fault:
            if fault.code != "cell-other-unit":
                raise
        written = read_number(text, unit)
    except CellFault as fault:
        # Whoever converts it to the measure's unit below a header of another one would be wrong by the factor.
        is_below = fault.code == "cell-other-unit" and factor != ONE
        raise RowFault(column, "import-cell-unit" if is_below else fault.code, unit=unit) from fault
    if not stripped(text).endswith(unit[-1:]):
        raise RowFault(column, "import-cell-unit")
    return written.value, True


def number_text(value: mpq) -> str:
    """A number as it is written into a file."""
    return plain(value, PLACES if is_exact(value, PLACES) else ROUNDED)
