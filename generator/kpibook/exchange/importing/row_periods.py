"""Of which period the rows of a table are: the cycle's own, another, or a day or week within it."""

import datetime
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.exchange.importing.period_words import day_of, is_of, week_of
from kpibook.exchange.importing.tally import OTHER_PERIOD
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.weeks import week_name
from kpibook.reading.tables import Table, unguarded


class NotOfCycle(NamedTuple):
    """Why a row is no concern of the cycle, and the column that says so."""

    column: str
    code: str


class RowPeriods:
    """Tells the rows of the cycle from those of other periods."""

    def __init__(self, table: Table, period: Period, sections: Sequence[tuple[int, bool]]) -> None:
        self.table = table
        self.period = period
        self.sections = sections
        """The lines that name a period for the rows below them, and whether it is the cycle's own."""
        self.day: datetime.date | None = None
        self.week = ""
        """The week of the row that is read, as actuals/ writes it; empty for one of the whole cycle."""

    def other(self, cells: Cells) -> NotOfCycle | None:
        """Why a row is not read; None for one of this cycle. Raises RowFault where its period is not clear."""
        line, self.day, self.week = cells.row[0], None, ""
        before = bisect_right(self.sections, (line, True))
        if before and self.sections[before - 1][0] == line:
            return NotOfCycle(next(iter(self.table.columns)), "footnote-row")
        if before and not self.sections[before - 1][1]:
            return NotOfCycle(next(iter(self.table.columns)), OTHER_PERIOD)
        if ColumnRole.WEEK in self.table.columns and not self._is_week_of_cycle(cells):
            return NotOfCycle(ColumnRole.WEEK, OTHER_PERIOD)
        if ColumnRole.PERIOD not in self.table.columns:
            return None
        said = unguarded(cells.text(ColumnRole.PERIOD))
        if not said.strip():
            raise RowFault(ColumnRole.PERIOD, "cell-empty")
        is_own = is_of(said, self.period)
        if is_own is None:
            raise RowFault(ColumnRole.PERIOD, "period-unknown")
        self.day = day_of(said)
        return None if is_own else NotOfCycle(ColumnRole.PERIOD, OTHER_PERIOD)

    def _is_week_of_cycle(self, cells: Cells) -> bool:
        """Whether the week of a row has a day of the cycle; a row without a week is of the whole cycle."""
        said = unguarded(cells.text(ColumnRole.WEEK))
        if not said.strip():
            return True
        days = week_of(said, self.period)
        if days is None:
            raise RowFault(ColumnRole.WEEK, "week-unclear")
        self.week = week_name(*days)
        return days[0] <= self.period.last_day and days[1] >= self.period.first_day
