"""The cells of a row one by one: what they say, or why the row cannot be used."""

import datetime
import re
from collections.abc import Sequence

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import WrittenNumber, plain
from kpibook.base.problems import Place
from kpibook.reading.tables import CellFault, Row, Table, read_number

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACES = 15


class RowFault(Exception):
    """A row cannot be used because of the cell in `column`."""

    def __init__(self, column: str, code: str, **values: object) -> None:
        super().__init__(f"{column}: {code}")
        self.column = column
        self.code = code
        self.values = values


class Cells:
    """A row of a table, read by the names of its columns."""

    def __init__(self, table: Table, row: Row) -> None:
        self.table = table
        self.row = row
        self.about = ("", "")
        """The subject and the key, as far as the row could be read."""
        self.whose = ""
        """Of a rating: the relation and the rater."""

    def text(self, column: str) -> str:
        """A cell as it stands; nothing where the file has no such column."""
        index = self.table.columns.get(column)
        return "" if index is None else self.row[1][index]

    def needed(self, column: str) -> str:
        """A cell that must not be empty, without the space around it."""
        text = stripped(self.text(column))
        if not text:
            raise RowFault(column, "cell-empty")
        return text

    def place(self, column: str) -> Place:
        """Where a cell stands."""
        line, cells = self.row
        return self.table.place(line, cells, self.table.columns[column])

    def number(self, column: str, unit: str) -> mpq:
        """The number in a cell; a converted one is listed in the report of its file."""
        written = self.written(column, unit)
        self.note_converted(column, written)
        return written.value

    def written(self, column: str, unit: str) -> WrittenNumber:
        """The number in a cell, before it is known whether the row can be used."""
        try:
            return read_number(self.text(column), unit)
        except CellFault as fault:
            raise RowFault(column, fault.code, unit=unit) from fault

    def note_converted(self, column: str, written: WrittenNumber) -> None:
        """List a number that had to be converted."""
        if written.converted:
            listed = (self.place(column), self.text(column), plain(written.value, _PLACES))
            self.table.ledger.converted.append(listed)

    def date(self, column: str) -> datetime.date | None:
        """The date in a cell, `2026-10-31`; None where it is empty."""
        text = self.text(column).strip()
        if not text:
            return None
        try:
            if _ISO_DATE.fullmatch(text):
                return datetime.date.fromisoformat(text)
        except ValueError:
            pass
        raise RowFault(column, "cell-not-a-date")

    def set_aside(self, fault: RowFault) -> None:
        """Account for a row that cannot be used."""
        self.table.aside(self.row, fault.column, fault.code, about=self.about, whose=self.whose, **fault.values)

    @property
    def contents(self) -> Sequence[str]:
        """All cells, in the order of the file."""
        return self.row[1]
