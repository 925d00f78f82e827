"""Whom the rows of a table are about, and what they are numbers of."""

from kpibook.base.names import stripped
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.model import Indicator, Measure
from kpibook.reading.cycle.cells import Cells
from kpibook.reading.tables import Table, unguarded


class RowNames:
    """Finds subjects and numbers by id or name; what was found once is kept."""

    def __init__(self, table: Table, kind: SheetKind, context: ImportContext) -> None:
        self.table = table
        self.context = context
        people = context.people
        self._find = people.person if kind in (SheetKind.RATINGS, SheetKind.LEAVE) else people.subject
        self._subjects: dict[tuple[str, str], str] = {}
        self._measures: dict[tuple[str, str], Measure | Indicator] = {}

    def subject(self, cells: Cells) -> str:
        """Whom a row is about: by id where there is one, else by name; both have to agree."""
        said = cells.text(ColumnRole.SUBJECT), cells.text(ColumnRole.NAME)
        subject = self._subjects.get(said)
        if subject is None:
            subject = self._subjects[said] = self._find_subject(*map(unguarded, said))
        cells.about = (subject, "")
        return subject

    def _find_subject(self, identifier: str, name: str) -> str:
        if not stripped(identifier) and ColumnRole.NAME in self.table.columns:
            return self._find(name, ColumnRole.NAME)
        subject = self._find(identifier, ColumnRole.SUBJECT)
        self.context.people.check_name(subject, name)
        return subject

    @staticmethod
    def measure_column(cells: Cells) -> ColumnRole:
        """The column that says what a row is a number of."""
        has_id = cells.text(ColumnRole.MEASURE).strip() or ColumnRole.MEASURE_NAME not in cells.table.columns
        return ColumnRole.MEASURE if has_id else ColumnRole.MEASURE_NAME

    def measure(self, cells: Cells) -> Measure | Indicator:
        """What a row is a number of: by id where there is one, else by name."""
        said = cells.text(ColumnRole.MEASURE), cells.text(ColumnRole.MEASURE_NAME)
        measure = self._measures.get(said)
        if measure is None:
            column = self.measure_column(cells)
            measure = self.context.numbers.measure(unguarded(cells.text(column)), column)
            self._measures[said] = measure
        return measure
