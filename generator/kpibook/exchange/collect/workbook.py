"""A workbook to fill in: open cells checked, the rest locked, nothing hidden, the same bytes for the same rows."""

import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gmpy2 import mpq
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpibook.base.numbers import LARGEST, NumberFault, parse_plain, plain, show
from kpibook.base.words import Words
from kpibook.exchange.collect.forms import CellLimits, FormRow, FormSheet
from kpibook.exchange.collect.text import column_title
from kpibook.exchange.importing.vocabulary import ColumnRole
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

WIDTHS = {
    ColumnRole.SUBJECT: 14,
    ColumnRole.NAME: 16,
    ColumnRole.MEASURE: 26,
    ColumnRole.MEASURE_NAME: 24,
    ColumnRole.UNIT: 8,
    ColumnRole.PREVIOUS: 14,
    ColumnRole.TARGET: 12,
    ColumnRole.ACTUAL: 16,
    ColumnRole.LEVEL: 10,
    ColumnRole.SCORE: 12,
    ColumnRole.NOTE: 36,
    ColumnRole.LEVELS: 60,
}
FIGURES = (ColumnRole.PREVIOUS, ColumnRole.TARGET, ColumnRole.MOST, ColumnRole.COMMENT_UNDER)
WIDTH = 14
LEVELS_A_LINE = 34
LONGEST_NAME = 31
LONGEST_LIST = 255
LONGEST_MESSAGE = 255
EXACT_DIGITS = 15
Validation = dict[str, str | int | bool | list[str] | datetime.date | None]

EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)


def workbook(sheets: Sequence[FormSheet], say: Words) -> bytes:
    """The bytes of a workbook with these sheets, and one that says how to fill them in."""
    stream = io.BytesIO()
    book = Workbook(stream, INERT)
    book.set_properties({"created": CREATED, "title": sheets[0].title, "author": "kpibook"})
    writer = _Writer(book, say)
    names = _names([say("collect.how"), *(sheet.name for sheet in sheets), say("collect.levels")])
    writer.instructions(next(names), sheets)
    for number, sheet in enumerate(sheets):
        writer.sheet(next(names), sheet, is_first=number == 0)
    if any(sheet.anchors for sheet in sheets):
        writer.anchors(next(names), sheets)
    book.close()
    return stream.getvalue()


def _names(wanted: Iterable[str]) -> Iterator[str]:
    """Names that a workbook can have: short, without some signs, each once."""
    taken: set[str] = set()
    for text in wanted:
        whole = "".join(" " if sign in "[]:*?/\\" else sign for sign in text).strip("' ") or "-"
        name, number = whole[:LONGEST_NAME], 1
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            name = f"{whole[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        taken.add(name.casefold())
        yield name


class _Writer:
    """Writes sheets with the same formats."""

    def __init__(self, book: Workbook, say: Words) -> None:
        self.book = book
        self.say = say
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#595959", "num_format": "@"})
        self.head = book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True})
        cell: dict[str, str | int] = {"border": 1, "valign": "vcenter"}
        self.text = book.add_format({**cell, "num_format": "@"})
        self.figure = book.add_format({**cell, "num_format": "@", "align": "right"})
        self.open = book.add_format({**cell, "locked": False, "bg_color": YELLOW})
        self.open_text = book.add_format({**cell, "locked": False, "bg_color": YELLOW, "num_format": "@"})
        self.open_day = book.add_format({**cell, "locked": False, "bg_color": YELLOW, "num_format": "yyyy-mm-dd"})
        self.lines = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.levels = book.add_format({**cell, "text_wrap": True, "num_format": "@"})

    def instructions(self, name: str, sheets: Sequence[FormSheet]) -> None:
        """How to fill in the sheets."""
        page = self.book.add_worksheet(name)
        page.set_default_row(TALL)
        page.set_column(0, 0, 110)
        fit_to_paper(page)
        write_text(page, 0, 0, sheets[0].title, self.title)
        kind = "rating" if ColumnRole.SCORE in sheets[0].columns else "number"
        lines = self.say(f"collect.instructions.{kind}").splitlines()
        rows = [row for sheet in sheets for row in sheet.rows]
        if any(row.is_event for row in rows):
            lines.append(self.say("collect.instructions.events"))
        if any(sheet.has_weeks for sheet in sheets):
            lines.append(self.say("collect.instructions.weeks"))
        for number, line in enumerate(lines, start=2):
            write_text(page, number, 0, line, self.lines)
        page.protect()

    def sheet(self, name: str, sheet: FormSheet, *, is_first: bool) -> None:
        """The rows to fill in."""
        page = self.book.add_worksheet(name)
        page.set_default_row(HEIGHT)
        write_text(page, 0, 0, sheet.title, self.title)
        write_text(page, 1, 0, str(sheet.stamp), self.small)
        write_text(page, 2, 0, self.say("collect.fill"), self.small)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, WIDTHS.get(column, WIDTH))
            write_text(page, HEADER, index, column_title(column, sheet.kind, self.say), self.head)
        for number, row in enumerate(sheet.rows, start=FIRST):
            self._row(page, number, row, sheet)
        page.ignore_errors({"number_stored_as_text": ALL})
        fit_to_paper(page)
        lock_rows(page)
        if is_first:
            page.activate()

    def _row(self, page: Worksheet, number: int, row: FormRow, sheet: FormSheet) -> None:
        if lines := len(row.cells.get(ColumnRole.LEVELS, "")) // LEVELS_A_LINE:
            page.set_row(number, HEIGHT * (lines + 1))
        for index, column in enumerate(sheet.columns):
            text = row.cells[column]
            if column is sheet.open_columns[0] and row.limits.answers:
                self._level(page, (number, index), text, row.limits.answers)
            elif column is sheet.open_columns[0] and row.limits.is_day:
                self._day(page, (number, index), text)
            elif column is sheet.open_columns[0]:
                self._value(page, (number, index), text)
                page.data_validation(number, index, number, index, self._validation(row.limits))
            elif column is ColumnRole.LEVEL:
                self._level(page, (number, index), text, row.limits.levels)
            elif column in sheet.open_columns and (column is not ColumnRole.RATER or not text):
                write_text(page, number, index, text, self.open_text)
            else:
                is_figure = column in FIGURES
                kind = self.levels if column is ColumnRole.LEVELS else self.text
                write_text(page, number, index, text, self.figure if is_figure else kind)

    def _level(self, page: Worksheet, at: tuple[int, int], text: str, levels: Sequence[str]) -> None:
        """The levels to choose from; who is rated by none has a cell that stays as it is."""
        write_text(page, *at, text, self.open_text if levels else self.text)
        message = self._messages(self.say("collect.accept.levels", levels=", ".join(levels)))
        if levels and len(",".join(levels)) <= LONGEST_LIST and not any("," in level for level in levels):
            page.data_validation(*at, *at, {"validate": "list", "source": [*levels], **message})

    def _day(self, page: Worksheet, at: tuple[int, int], text: str) -> None:
        """A day to write, as a day of the spreadsheet."""
        if text:
            day = datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time())
            page.write_datetime(*at, day, self.open_day)
        else:
            page.write_blank(*at, None, self.open_day)
        limits: Validation = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        page.data_validation(*at, *at, {**limits, **self._messages(self.say("collect.accept.day"))})

    def _value(self, page: Worksheet, at: tuple[int, int], text: str) -> None:
        """A number as a number where a spreadsheet can hold all its digits."""
        if not text:
            page.write_blank(*at, None, self.open)
            return
        try:
            exact = plain(parse_plain(text), EXACT_DIGITS)
        except NumberFault:
            exact = ""
        if exact and len(exact.strip("-").replace(".", "").lstrip("0")) <= EXACT_DIGITS:
            page.write_number(*at, Decimal(exact), self.open)
        else:
            write_text(page, *at, text, self.open_text)

    def _validation(self, limits: CellLimits) -> Validation:
        """What a spreadsheet accepts in the cell, and what it says to who writes something else."""
        least = mpq(-LARGEST) if limits.least is None else limits.least
        most = mpq(LARGEST) if limits.most is None else limits.most
        message = self._range(limits)
        low, high = plain(least, EXACT_DIGITS), plain(most, EXACT_DIGITS)
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            **self._messages(message),
        }

    def _range(self, limits: CellLimits) -> str:
        if limits.least is not None and limits.most is not None:
            return self.say("collect.accept.between", least=show(limits.least), most=show(limits.most))
        if limits.least is not None:
            return self.say("collect.accept.from", least=show(limits.least))
        if limits.most is not None:
            return self.say("collect.accept.upto", most=show(limits.most))
        return self.say("collect.accept.any")

    def _messages(self, message: str) -> Validation:
        text = message[:LONGEST_MESSAGE]
        title = self.say("collect.accept.title")
        return {"ignore_blank": True, "error_title": title, "error_message": text, "input_message": text}

    def anchors(self, name: str, sheets: Sequence[FormSheet]) -> None:
        """What the levels of ratings mean."""
        page = self.book.add_worksheet(name)
        columns = [self.say(f"collect.anchors.{each}") for each in ("indicator", "level", "points", "meaning")]
        for index, (title, width) in enumerate(zip(columns, (24, 10, 12, 80), strict=True)):
            page.set_column(index, index, width)
            write_text(page, 0, index, title, self.head)
        anchors = dict.fromkeys(anchor for sheet in sheets for anchor in sheet.anchors)
        for number, anchor in enumerate(anchors, start=1):
            for index, text in enumerate((anchor.indicator, anchor.level, anchor.points, anchor.meaning)):
                write_text(page, number, index, text, self.levels)
        page.freeze_panes(1, 0)
        fit_to_paper(page)
        page.protect()
