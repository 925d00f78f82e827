"""What a cell of a workbook says: a text, a number written out exactly, a day or a length of time."""

import datetime
import re
from collections.abc import Sequence
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from kpibook.base.problems import Said
from kpibook.reading.tables.files import FileFault, damaged
from kpibook.reading.tables.xml_escapes import written_text

MAX_FORMAT = 255
"""A spreadsheet takes no longer code of a format."""
MAX_STYLES = 1_000
"""So many styles are looked up but once."""
MAX_CHARACTERS = 20_000_000
"""So much may the texts hold that cells share, each counted for every cell."""
LARGEST_POWER = 40
"""A number with more digits before or behind the point is left as it is stored."""
FIRST_SAFE_SERIAL = 61
"""The 1st of March 1900; before it spreadsheets count a 29th of February that never was, and durations are stored."""

_AS_STORED = re.compile(r"-?[0-9]{1,15}|-?(?:0|[1-9][0-9]{0,6})\.[0-9]{0,7}[1-9]", re.ASCII)
"""A number that is written out already, to 15 digits at most: nearly all are."""
_SERIAL = re.compile(r"(?P<days>[0-9]{1,7})(?P<part>\.[0-9]+)?", re.ASCII)
"""A count of days, with a part of a day for the time."""
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_AS_SHOWN = Context(prec=15)
"""A spreadsheet shows 15 significant digits; what it stores beyond them (0.28499999999999998) is noise."""

_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DURATION_FORMAT = "46"
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
"""A length of time, not an hour of the day."""
SECONDS_A_DAY = 86_400
LONGEST_DURATION = 100_000
"""In days."""
_PERCENT_FORMATS = frozenset((9, 10))
"""Formats that a workbook need not spell out (ECMA-376, 18.8.30)."""


class CellKind(StrEnum):
    """What a cell of a workbook holds."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"
    FLAG = "flag"
    ERROR = "error"
    NOT_CALCULATED = "not-calculated"
    DAMAGED = "damaged"


class Cell(NamedTuple):
    """A cell that is not empty; a number is written out exactly, a date as `2026-10-31`, with its time behind it."""

    text: str
    kind: CellKind
    is_formula: bool = False


_KINDS = {"b": CellKind.FLAG, "e": CellKind.ERROR, "d": CellKind.DATE}


class CellValues:
    """What the cells of a workbook mean, by its shared texts, its formats and its epoch."""

    def __init__(self, texts: Sequence[str], kinds: Sequence[CellKind], *, is_from_1904: bool) -> None:
        self._texts = texts
        self._kinds = kinds
        self._epoch = datetime.datetime(1904, 1, 1) if is_from_1904 else datetime.datetime(1899, 12, 30)
        self._first_serial = 0 if is_from_1904 else FIRST_SAFE_SERIAL
        self._kind_of: dict[str, CellKind] = {}
        self._characters_left = MAX_CHARACTERS

    def cell(self, kind: str, style: str, value: str, *, is_formula: bool) -> Cell | None:
        """The cell of a type and a style (both as they are stored) and a value; None for one that says nothing."""
        if not value:
            return Cell("", CellKind.NOT_CALCULATED, True) if is_formula and kind != "str" else None
        if kind == "n":
            return self._number(value, style, is_formula)
        if kind == "s":
            return self._shared(value, is_formula)
        if kind == "str":
            value = written_text(value)
        return Cell(value, _KINDS.get(kind, CellKind.TEXT), is_formula)

    def _shared(self, index: str, is_formula: bool) -> Cell | None:
        """The text that a cell shares; it is damaged where there is none of this number."""
        if not index.isdecimal() or len(index) > len(str(len(self._texts))) or int(index) >= len(self._texts):
            return Cell(index[:MAX_FORMAT], CellKind.DAMAGED, is_formula)
        text = self._texts[int(index)]
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise FileFault("workbook-too-large", what=Said(("tables.limit.characters",)), limit=MAX_CHARACTERS)
        return Cell(text, CellKind.TEXT, is_formula) if text else None

    def _number(self, value: str, style: str, is_formula: bool) -> Cell:
        """A number as its format means it; one that is none, or of a format that is not there, is damaged."""
        kind = self._kind(style)
        if kind is CellKind.NUMBER and _AS_STORED.fullmatch(value):
            return Cell(value, kind, is_formula)
        try:
            exact = _AS_SHOWN.create_decimal(value[:MAX_FORMAT])
        except InvalidOperation:
            kind = CellKind.DAMAGED
        if kind is CellKind.DAMAGED:
            return Cell(value[:MAX_FORMAT], kind, is_formula)
        if kind is CellKind.DATE:
            return Cell(self._date(value[:MAX_FORMAT]), kind, is_formula)
        if kind is CellKind.DURATION:
            return Cell(_clock(exact, value[:MAX_FORMAT]), kind, is_formula)
        if not exact.is_finite() or abs(exact.adjusted()) > LARGEST_POWER:
            return Cell(value[:MAX_FORMAT], CellKind.NUMBER, is_formula)
        return Cell(_digits(exact, is_percent=kind is CellKind.PERCENT), kind, is_formula)

    def _kind(self, style: str) -> CellKind:
        """What a number of this style is."""
        found = self._kind_of.get(style)
        if found is None:
            found = self._look_up(style)
            if len(self._kind_of) < MAX_STYLES:
                self._kind_of[style] = found
        return found

    def _look_up(self, style: str) -> CellKind:
        """The same by the list of all styles; the first need not be written out."""
        if style.isdecimal() and len(style) < 8 and int(style) < len(self._kinds):
            return self._kinds[int(style)]
        return CellKind.NUMBER if style == "0" else CellKind.DAMAGED

    def _date(self, value: str) -> str:
        """The day of a serial, with the time where it has one; what is none, or could be another day or a duration,
        stays as it is stored.
        """
        found = _SERIAL.fullmatch(value)
        days = int(found["days"]) if found else 0
        if found is None or days < max(self._first_serial, 1 if found["part"] else 0):
            return value
        seconds = int((Decimal(found["part"] or 0) * SECONDS_A_DAY).to_integral_value())
        try:
            moment = self._epoch + datetime.timedelta(days=days, seconds=seconds)
        except OverflowError:
            return value
        return str(moment) if moment.time() != datetime.time.min else moment.date().isoformat()


def _digits(exact: Decimal, *, is_percent: bool) -> str:
    """A number written out, a percentage as it is shown."""
    text = f"{exact.scaleb(2) if is_percent else exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if is_percent else text


def _clock(days: Decimal, stored: str) -> str:
    """A length of time, stored in days, as hours:minutes:seconds; what is no whole second stays as it is stored."""
    if not days.is_finite() or not 0 <= days < LONGEST_DURATION:
        return stored
    seconds = days * SECONDS_A_DAY
    whole = int(seconds.to_integral_value())
    if abs(seconds - whole) > Decimal("0.01"):
        return stored
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}"


def number_kind(number: str, code: str) -> CellKind:
    """What a number of a format is meant to be: by its code, or by its number where it has none."""
    if len(code) > MAX_FORMAT:
        raise damaged("format", text=code[:20])
    if number == _DURATION_FORMAT or _ELAPSED.search(code):
        return CellKind.DURATION
    if code:
        signs = _NOT_CODE.sub("", code.split(";")[0]).lower()
        if "%" in signs:
            return CellKind.PERCENT
        return CellKind.DATE if re.search("[dmyhs年月日]", signs) else CellKind.NUMBER
    if int(number) in _PERCENT_FORMATS:
        return CellKind.PERCENT
    return CellKind.DATE if int(number) in _DATE_FORMATS else CellKind.NUMBER
