"""The cells of a returned sheet, read as a row of a file of records, and told in the words of the sheet."""

import datetime
from collections.abc import Mapping
from functools import cache

from kpibook.base.names import stripped
from kpibook.base.problems import Level, Place, Problem, Said
from kpibook.exchange.importing.period_words import written_day
from kpibook.exchange.record_sheets.columns import FORMS, SheetForm, choices_by_word
from kpibook.model import Answer, Outcome, PlanState
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.tables import FaultyCell, Row, Table
from kpibook.reading.tables.table import shown

NO_COLUMNS: Mapping[str, str] = {}
IN_CODE = ("known", "step", "before", "next", "state", "day", "ends", "outcome", "reason")
"""The values of problems that name columns and choices as files say them."""

_NUMBER = "0" * 8
_OF_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("on", "due", "checked_on", "filed_on"), "2000-01-01"),
    **dict.fromkeys(("result", "catalog"), _NUMBER),
    **dict.fromkeys(("indicator", "cause", "category"), ""),
    "answer": Answer.CONFIRMED,
    "state": PlanState.OPEN,
    "outcome": Outcome.UPHELD,
}
_OF_CODES = {"outcome-too-early": ""}
"""What is right in a column after any fault, and after this one; any text elsewhere."""


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By sheet and column: what the words of a drop-down stand for; only who reads a sheet waits for the words."""
    return {
        form.name: {column.name: choices_by_word(column) for column in form.columns if column.choices}
        for form in FORMS.values()
    }


class SheetCells(Cells):
    """A row of one of our sheets, read as a row of a file of records: words of drop-downs become what files say."""

    def __init__(
        self,
        table: Table,
        row: Row,
        form: SheetForm,
        columns: Mapping[str, str] = NO_COLUMNS,
        fixed: Mapping[str, str] = NO_COLUMNS,
    ) -> None:
        super().__init__(table, row)
        self.form = form
        self.columns = columns
        """By a column of the file: that of the sheet, where it is called otherwise."""
        self.fixed = fixed
        """By a column of the file: what it holds without being asked."""
        self.at = columns.get("on", form.key)
        """The column of the sheet where the record stands, of several in a row."""
        self.assumed: dict[str, str] = {}
        """By a column of the file: what is taken for a cell that is faulty, to see what else is wrong in its row."""

    def text(self, column: str) -> str:
        """A cell as the file would say it.

        Raises:
            RowFault: it cannot be read.
        """
        for given in (self.assumed, self.fixed):
            if column in given:
                return given[column]
        own = self.columns.get(column, column)
        text = super().text(own)
        if isinstance(text, FaultyCell):
            raise RowFault(column, text.code, found=text.found)
        words = _words()[self.form.name].get(own)
        return words.get(stripped(text), text) if words else text

    def date(self, column: str) -> datetime.date | None:
        """The date in a cell, also one that was typed as text: 2026/4/9, 2026年4月9日."""
        day = written_day(self.text(column))
        return day or super().date(column)

    def place(self, column: str) -> Place:
        """Where a record stands that its file tells by a column."""
        return self.cell(self.at if column == "person" else column)

    def cell(self, column: str) -> Place:
        """Where a cell of the sheet stands."""
        return super().place(self._own(column))

    def fault(self, fault: RowFault) -> Problem:
        """Why the record cannot be used, at the cell of the sheet and in its words."""
        own = self._own(fault.column)
        index = self.table.columns[own]
        head = Said((self.form.word_keys()[own],))
        values = {"column": head, "text": shown(self.contents[index]), **fault.values}
        if fault.code == "unknown-choice":
            values["known"] = ", ".join(self.form.choices_of(own))
        return Problem(fault.code, self.cell(own), in_words(values, self.form), Level.WARNING)

    def _own(self, column: str) -> str:
        own = self.columns.get(column, column)
        return own if own in self.table.columns else self.at

    def has(self, *columns: str) -> bool:
        """Whether any of these cells is filled in, with something that can be read or not."""
        return any(self.is_faulty(column) or self.said(column) for column in columns)

    def is_faulty(self, column: str) -> bool:
        """Whether a cell of the sheet cannot be read."""
        return isinstance(super().text(column), FaultyCell)

    def said(self, column: str) -> str:
        """A cell of the sheet without the space around it; nothing where it cannot be read."""
        return "" if self.is_faulty(column) else stripped(self.text(column))

    def assume(self, fault: RowFault) -> bool:
        """Take something right for the cell of a fault and tell whether that can be done.

        What a step asks for is not known without it.
        """
        if fault.column in (*self.assumed, "step"):
            return False
        self.assumed[fault.column] = _OF_CODES.get(fault.code, _OF_COLUMNS.get(fault.column, "-"))
        return True


def in_words(values: Mapping[str, object], form: SheetForm) -> Mapping[str, object]:
    """The values of a problem, with the words of a sheet for what files say in codes."""
    keys = form.word_keys()
    found = dict(values)
    for name in IN_CODE:
        codes = str(values.get(name, "")).split(", ")
        if all(code in keys for code in codes):
            found[name] = Said(tuple(keys[code] for code in codes))
    return found
