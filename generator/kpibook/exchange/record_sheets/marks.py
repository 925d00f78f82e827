"""The mark of a sheet of records: of which cycle and whose it is, with a check that tells a mark that was altered."""

import hashlib
from typing import NamedTuple

from kpibook.exchange.importing.sheet_stamp import SheetStamp
from kpibook.exchange.record_sheets.columns import FORMS, NUMBERS, SheetForm

RECORDS = "records"
"""The first part of the names of these sheets."""
HR = "hr"
CHECK_LENGTH = 6


class RecordMark(NamedTuple):
    """What a sheet of records says of itself: `records/E01/plans/3f90ab` in the place of a sheet's name."""

    book: str
    """A manager's id, `unassigned` or `hr`."""
    form: SheetForm
    is_whole: bool
    """Whether nobody altered the mark."""


def record_stamp(cycle: str, catalog: str, book: str, form: SheetForm, rows: int) -> SheetStamp:
    """The mark that a sheet goes out with."""
    return SheetStamp(cycle, catalog, f"{RECORDS}/{book}/{form.name}/{_check(cycle, catalog, book, form)}", rows)


def record_mark(stamp: SheetStamp | None) -> RecordMark | None:
    """What the mark of a sheet that came back says; None for any other sheet, and for one only to look things up in."""
    parts = stamp.sheet.split("/") if stamp else []
    if stamp is None or len(parts) < len(("records", "book", "form")) or parts[0] != RECORDS:
        return None
    book, name, *check = parts[1:]
    form = FORMS.get(name)
    if form is None and name == NUMBERS.name:
        return None
    whole = form is not None and check == [_check(stamp.cycle, stamp.catalog, book, form)]
    return RecordMark(book, form or NUMBERS, whole)


def _check(cycle: str, catalog: str, book: str, form: SheetForm) -> str:
    text = "\n".join((cycle, catalog, book, form.name))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:CHECK_LENGTH]
