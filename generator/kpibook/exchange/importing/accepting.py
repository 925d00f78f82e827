"""What is taken of the rows of one table: cells that were understood, each with its evidence."""

from gmpy2 import mpq

from kpibook.base.problems import Problem
from kpibook.exchange.importing.accepted import ACTUALS, RATINGS, AcceptedCell
from kpibook.exchange.importing.amounts import number_text
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.days import Days
from kpibook.exchange.importing.row_periods import RowPeriods
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.model import Measure, NumberKind
from kpibook.reading.cycle.cells import Cells
from kpibook.reading.cycle.ratings import check_rating, read_points
from kpibook.reading.tables import Table, unguarded


class AcceptedCells:
    """The cells of a table that were understood."""

    def __init__(self, table: Table, context: ImportContext, periods: RowPeriods) -> None:
        self.table = table
        self.context = context
        self.periods = periods
        self.cells: list[AcceptedCell] = []
        self.unsaid: list[Problem] = []
        """Ratings that need words and have none."""
        self.days = Days()
        self._evidence = tuple(role for role in (ColumnRole.NOTE, ColumnRole.LINK) if role in table.columns)

    def add(self, cells: Cells, column: str, table: str, key: tuple[str, ...], text: str) -> None:
        """Keep what a cell says: of a day it is added to its cycle, of an event it stands for itself."""
        measure = self.context.numbers.collected.get(key[1])
        owner = getattr(measure, "owner", None) or ""
        accepted = AcceptedCell(table, key, text, self._note(cells), owner, cells.place(column), cells.row[0])
        self.cells.append(accepted)
        # Words and days add up to nothing.
        is_number = measure is None or measure.kind is NumberKind.NUMBER
        if table == ACTUALS and isinstance(measure, Measure) and measure.each:
            accepted.is_event = True
            accepted.note = f"{self.periods.day or ''} {accepted.note}".strip()
        elif self.periods.week and table == ACTUALS:
            accepted.key = (*key, self.periods.week)
        elif self.periods.day and table == ACTUALS and is_number:
            self.days.add(self.periods.day, mpq(text), accepted)

    def add_rating(self, cells: Cells, column: str, key: tuple[str, ...], level: str) -> None:
        """Keep a rating that one of its rules takes; raises RowFault for any other."""
        rules = self.context.rated_by(*key[:2])
        value, written = read_points(cells, column, rules, level)
        check_rating(rules, value, written)
        if not self._note(cells):
            place = cells.place(ColumnRole.NOTE if ColumnRole.NOTE in self.table.columns else column)
            self.unsaid += self.context.without_words(place, (key[0], key[1]), (value, written))
        self.add(cells, column, RATINGS, key, written if value is None else number_text(value))

    def _note(self, cells: Cells) -> str:
        """The note and the link that stand beside a number: its evidence."""
        texts = (unguarded(cells.text(role)).strip() for role in self._evidence)
        return " ".join(filter(None, texts))
