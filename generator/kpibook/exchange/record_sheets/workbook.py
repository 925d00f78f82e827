"""A workbook of records: cells to fill in, drop-downs and days, the rest locked; equal bytes for equal rows."""

import datetime
import io
from collections.abc import Mapping

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpibook.base.words import Words
from kpibook.exchange.record_sheets.columns import Fill, choice_word
from kpibook.exchange.record_sheets.forms import RecordBook, RecordSheet, SheetRow
from kpibook.exchange.text_cells import write_text
from kpibook.exchange.workbook_pages import (
    ALL,
    CREATED,
    FIRST,
    HEADER,
    HEIGHT,
    INERT,
    TALL,
    YELLOW,
    fit_to_paper,
    lock_rows,
)

DAY = "yyyy-mm-dd"
EARLIEST = datetime.date(2000, 1, 1)
LATEST = datetime.date(2099, 12, 31)


def workbook(book: RecordBook, say: Words) -> bytes:
    """The bytes of a workbook: how to fill it in, then its sheets."""
    stream = io.BytesIO()
    made = Workbook(stream, INERT)
    made.set_properties({"created": CREATED, "title": book.title, "author": "kpibook"})
    writer = _Writer(made, say)
    writer.instructions(book)
    for number, sheet in enumerate(book.sheets):
        writer.sheet(sheet, is_first=number == 0)
    made.close()
    return stream.getvalue()


class _Writer:
    """Writes sheets with the same formats."""

    def __init__(self, book: Workbook, say: Words) -> None:
        self.book = book
        self.say = say
        cell: dict[str, str | int] = {"border": 1, "valign": "vcenter", "text_wrap": True}
        is_open: dict[str, str | int] = {**cell, "locked": False, "bg_color": YELLOW}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#595959", "num_format": "@"})
        self.head = book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True})
        self.lines = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.given: Mapping[bool, Format] = {
            True: book.add_format({**cell, "num_format": DAY}),
            False: book.add_format({**cell, "num_format": "@"}),
        }
        self.open: Mapping[bool, Format] = {
            True: book.add_format({**is_open, "num_format": DAY}),
            False: book.add_format({**is_open, "num_format": "@"}),
        }

    def instructions(self, book: RecordBook) -> None:
        """How to fill in the sheets."""
        page = self.book.add_worksheet(self.say("collect.how"))
        page.set_default_row(TALL)
        page.set_column(0, 0, 110)
        write_text(page, 0, 0, book.title, self.title)
        for number, line in enumerate(self.say(book.how).splitlines(), start=2):
            write_text(page, number, 0, line, self.lines)
        fit_to_paper(page)
        page.protect()

    def sheet(self, sheet: RecordSheet, *, is_first: bool) -> None:
        """The rows to fill in, and rows without anything in them."""
        page = self.book.add_worksheet(sheet.name)
        page.set_default_row(HEIGHT)
        write_text(page, 0, 0, sheet.title, self.title)
        write_text(page, 1, 0, str(sheet.stamp), self.small)
        write_text(page, 2, 0, self.say("collect.fill"), self.small)
        for index, column in enumerate(sheet.form.columns):
            page.set_column(index, index, column.width)
            write_text(page, HEADER, index, sheet.form.title(column, self.say), self.head)
        last = FIRST + len(sheet.rows) + sheet.free - 1
        for number, row in enumerate(sheet.rows, start=FIRST):
            self._row(page, number, row, sheet)
        for number in range(FIRST + len(sheet.rows), last + 1):
            for index, column in enumerate(sheet.form.columns):
                kind = self.given if column.fill is Fill.GIVEN else self.open
                page.write_blank(number, index, None, kind[column.fill is Fill.DAY])
        if last >= FIRST:
            self._validate(page, sheet, last)
        page.ignore_errors({"number_stored_as_text": ALL})
        fit_to_paper(page)
        lock_rows(page)
        if is_first:
            page.activate()

    def _row(self, page: Worksheet, number: int, row: SheetRow, sheet: RecordSheet) -> None:
        page.set_row(number, TALL)
        for index, column in enumerate(sheet.form.columns):
            text, is_day = row.get(column.name, ""), column.fill is Fill.DAY
            is_key = sheet.form.name == "plans" and column.name in ("plan", "person", "indicator", "gap")
            is_given = sheet.is_fixed or column.fill is Fill.GIVEN or is_key
            kind = (self.given if is_given else self.open)[is_day]
            if is_day and text:
                day = datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time())
                page.write_datetime(number, index, day, kind)
            elif text:
                write_text(page, number, index, text, kind)
            else:
                page.write_blank(number, index, None, kind)

    def _validate(self, page: Worksheet, sheet: RecordSheet, last: int) -> None:
        """What a spreadsheet accepts in days and in cells with a choice."""
        for index, column in enumerate(sheet.form.columns):
            if column.fill is Fill.CHOICE:
                words = [choice_word(choice, self.say) for choice in column.choices]
                page.data_validation(FIRST, index, last, index, self._choice(words))
            elif column.fill is Fill.DAY:
                page.data_validation(FIRST, index, last, index, self._day())

    def _choice(self, words: list[str]) -> dict[str, str | int | bool | list[str] | datetime.date | None]:
        text = self.say("following.accept.choice", choices=", ".join(words))
        return {"validate": "list", "source": words, **self._messages(text)}

    def _day(self) -> dict[str, str | int | bool | list[str] | datetime.date | None]:
        limits = {"minimum": EARLIEST, "maximum": LATEST}
        text = self.say("following.accept.day")
        return {"validate": "date", "criteria": "between", **limits, **self._messages(text)}

    def _messages(self, text: str) -> dict[str, str | bool]:
        return {"ignore_blank": True, "error_title": self.say("collect.accept.title"), "error_message": text}
