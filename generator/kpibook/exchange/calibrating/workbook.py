"""The workbook of a calibration: a list with proposals to fill in, and the quotas beside it."""

import io

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpibook.base.words import Words
from kpibook.exchange.calibrating.session import Session, SessionRow
from kpibook.exchange.text_cells import write_text
from kpibook.exchange.workbook_pages import (
    ALL,
    CREATED,
    FIRST,
    HEADER,
    HEIGHT,
    INERT,
    YELLOW,
    fit_to_paper,
    lock_rows,
)

WIDTHS = {"person": 10, "name": 10, "department": 16, "role": 18, "reason": 40, "by": 12, "on": 13, "line": 10}
WIDTH = 9
OPEN = ("new_grade", "new_total", "reason", "by", "on")
"""What the committee fills in."""


def workbook(session: Session, title: str, say: Words) -> bytes:
    """The bytes of the workbook; the same for the same list."""
    stream = io.BytesIO()
    book = Workbook(stream, INERT)
    book.set_properties({"created": CREATED, "title": title, "author": "kpibook"})
    _Writer(book, say).list(session, title)
    book.close()
    return stream.getvalue()


class _Writer:
    def __init__(self, book: Workbook, say: Words) -> None:
        self.book = book
        self.say = say
        cell: dict[str, str | int] = {"border": 1, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#595959", "num_format": "@"})
        self.head = book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True})
        self.given = book.add_format(cell)
        self.near = book.add_format({**cell, "bold": True, "bg_color": "#FBF1D6"})
        self.open = book.add_format({**cell, "locked": False, "bg_color": YELLOW})

    def list(self, session: Session, title: str) -> None:
        """The people, and on a second sheet the quotas."""
        page = self.book.add_worksheet(self.say("calibrating.sheet"))
        self._top(page, title)
        write_text(page, 1, 0, str(session.stamp), self.small)
        write_text(page, 2, 0, self.say("calibrating.how"), self.small)
        for index, column in enumerate(SessionRow._fields):
            page.set_column(index, index, WIDTHS.get(column, WIDTH))
            write_text(page, HEADER, index, self.say(f"calibrating.column.{column}"), self.head)
        for number, row in enumerate(session.rows, start=FIRST):
            for index, (column, text) in enumerate(row._asdict().items()):
                self._cell(page, (number, index), text, self._format(column, row))
        last = FIRST + len(session.rows) - 1
        if session.rows:
            at = SessionRow._fields.index("new_grade")
            grades = list(session.grades)
            page.data_validation(FIRST, at, last, at, {"validate": "list", "source": grades, "ignore_blank": True})
        lock_rows(page)
        page.activate()
        if session.quotas:
            self._quotas(session)

    def _quotas(self, session: Session) -> None:
        page = self.book.add_worksheet(self.say("calibrating.quotas"))
        self._top(page, self.say("calibrating.quotas"))
        columns = ("group", "grade", "people", "allowed", "holders")
        for index, column in enumerate(columns):
            page.set_column(index, index, 16)
            write_text(page, 2, index, self.say(f"calibrating.quota.{column}"), self.head)
        for number, row in enumerate(session.quotas, start=3):
            for index, value in enumerate(row):
                self._cell(page, (number, index), str(value), self.given)
        page.protect()

    def _format(self, column: str, row: SessionRow) -> Format:
        if column in OPEN:
            return self.open
        return self.near if row.line and column in ("total", "grade", "line") else self.given

    @staticmethod
    def _cell(page: Worksheet, at: tuple[int, int], text: str, form: Format) -> None:
        if text:
            write_text(page, *at, text, form)
        else:
            page.write_blank(*at, None, form)

    def _top(self, page: Worksheet, title: str) -> None:
        page.set_default_row(HEIGHT)
        write_text(page, 0, 0, title, self.title)
        page.ignore_errors({"number_stored_as_text": ALL})
        fit_to_paper(page)
