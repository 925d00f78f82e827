"""Rows of HR's table of leave: what is protected goes into the leave.csv of the cycle."""

import datetime
from typing import NamedTuple

from kpibook.base.names import name_key, stripped
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.period_words import day_of
from kpibook.exchange.importing.tally import OTHER_LEAVE, OTHER_PERIOD
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import unguarded


class LeaveRow(NamedTuple):
    """A leave as a row says it."""

    kind: str
    """As company.yml writes it."""
    first_day: datetime.date
    last_day: datetime.date | None
    """None for one that goes on."""
    column: ColumnRole
    other: str = ""
    """Why it is none of this cycle's protected leave; empty where it is."""

    @property
    def until(self) -> str:
        """The last day as leave.csv has it."""
        return self.last_day.isoformat() if self.last_day else ""


def read_leave_row(cells: Cells, context: ImportContext) -> LeaveRow:
    """The leave of a row. Raises RowFault where it cannot be read."""
    kinds = {name_key(kind): kind for kind in context.catalog.company.part_cycle.leave_kinds}
    said = stripped(unguarded(cells.needed(ColumnRole.KIND)))
    if not kinds:
        raise RowFault(ColumnRole.KIND, "leave-kinds-not-named")
    first, last = read_day(cells, ColumnRole.FROM), read_day(cells, ColumnRole.TO)
    if first is None:
        raise RowFault(ColumnRole.FROM, "cell-empty")
    if last and last < first:
        raise RowFault(ColumnRole.TO, "dates-reversed", first=first)
    kind, period = kinds.get(name_key(said)), context.period
    if kind is None:
        return LeaveRow(said, first, last, ColumnRole.KIND, OTHER_LEAVE)
    is_other = first > period.last_day or (last or period.last_day) < period.first_day
    return LeaveRow(kind, first, last, ColumnRole.FROM, OTHER_PERIOD if is_other else "")


def read_day(cells: Cells, column: ColumnRole) -> datetime.date | None:
    """The day in a cell of HR's tables; None for an empty one. Raises RowFault for any other text."""
    text = stripped(unguarded(cells.text(column)))
    if not text:
        return None
    if (day := day_of(text)) is None:
        raise RowFault(column, "roster-date")
    return day
