"""The cells of a workbook as they are stored: their texts, their kinds, and what stands around them.

Read without a spreadsheet library: openpyxl's streaming mode fills every row up to the number that a file claims,
leaves out merged ranges and hidden rows, and needs a second pass to tell a formula from its cached value.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.markup import Budget, Entry, attribute, entries, local
from kpibook.reading.tables.written import LONGEST, written_text

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_SHEETS = 1_000
MAX_FORMAT = 255
"""A spreadsheet takes no longer code of a format."""
MAX_STYLES = 1_000
"""So many styles are looked up but once."""
MIN_ROWS = 100_000
BYTES_PER_ROW = 10
"""A workbook has so many rows with anything in them at most, and more where its file has so many bytes for each."""
MAX_CHARACTERS = 20_000_000
"""So much may the texts hold that cells share, each counted for every cell."""
LARGEST_POWER = 40
"""A number with more digits before or behind the point is left as it is stored."""
FIRST_SAFE_SERIAL = 61
"""The 1st of March 1900; before it spreadsheets count a 29th of February that never was, and durations are stored."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_AS_STORED = re.compile(r"-?[0-9]{1,15}|-?(?:0|[1-9][0-9]{0,6})\.[0-9]{0,7}[1-9]", re.ASCII)
"""A number that is written out already, to 15 digits at most: nearly all are."""
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
    """A cell that is not empty; a number is written out exactly, a date as `2026-10-31`."""

    text: str
    kind: CellKind
    is_formula: bool = False


NO_CELLS: Mapping[int, Cell] = {}


class SheetRow(NamedTuple):
    """A row of a sheet: its number and its cells by column, counted from 0."""

    number: int
    cells: Mapping[int, Cell]
    is_hidden: bool


@dataclass(slots=True)
class Sheet:
    """A sheet by its name, and where it lies in the archive."""

    name: str
    member: str
    is_hidden: bool
    merged: list[str] = field(default_factory=list)
    """Ranges of merged cells; complete when all rows have been read."""
    hidden_columns: list[range] = field(default_factory=list)
    """Counted from 0; complete when all rows have been read."""


class Workbook:
    """An open workbook: its sheets, the texts that they share and the formats of their numbers.

    Whatever the libraries raise over a damaged one goes through, here and while rows are read.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._budget = Budget(size)
        self._max_rows = max(MIN_ROWS, size // BYTES_PER_ROW)
        self._characters_left = MAX_CHARACTERS
        targets = {
            attribute(node, "Id"): attribute(node, "Target")
            for node, _, _ in self._entries("xl/_rels/workbook.xml.rels")
        }
        self.sheets: tuple[Sheet, ...] = ()
        self.has_hidden_names = False
        """Names that nobody sees in the program; those that it makes for itself are none."""
        self._epoch, self._first_serial = datetime.date(1899, 12, 30), FIRST_SAFE_SERIAL
        for node, name, _ in self._entries("xl/workbook.xml"):
            self._take(node, name, targets)
        self._texts = tuple(self._shared_texts())
        self._kinds = self._number_kinds()
        self._kind_of: dict[str, CellKind] = {}

    def _take(self, node: Element, name: str, targets: Mapping[str, str]) -> None:
        """Take over what an element of the workbook's own part tells."""
        if name == "sheet":
            is_hidden = attribute(node, "state") not in ("", "visible")
            sheet = Sheet(written_text(attribute(node, "name")), _member(targets[attribute(node, "id")]), is_hidden)
            self.sheets += (sheet,)
            if len(self.sheets) > MAX_SHEETS:
                raise FileFault("workbook-too-large", what="sheets", limit=MAX_SHEETS)
        if name == "definedName" and attribute(node, "hidden") in ("1", "true"):
            self.has_hidden_names |= not attribute(node, "name").startswith("_xlnm.")
        if name == "workbookPr" and attribute(node, "date1904") in ("1", "true"):
            self._epoch, self._first_serial = datetime.date(1904, 1, 1), 0

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows that the sheet really has; raises FileFault where a row or a cell lies outside any sheet."""
        number = filled = 0
        for node, name, _ in self._entries(sheet.member):
            if name == "mergeCell":
                sheet.merged.append(attribute(node, "ref"))
            if name == "col" and attribute(node, "hidden") in ("1", "true"):
                sheet.hidden_columns.append(_columns(node))
            if name == "row":
                number = _row_number(node, number)
                cells = dict(self._cells(node))
                filled += bool(cells)
                if filled > self._max_rows:
                    raise FileFault("too-many-rows", limit=self._max_rows)
                yield SheetRow(number, cells or NO_CELLS, attribute(node, "hidden") in ("1", "true"))

    def _cells(self, row: Element) -> Iterator[tuple[int, Cell]]:
        column = -1
        for node in row:
            if local(node) != "c":
                continue
            column = _column(node.get("r", ""), column)
            cell = self._cell(node)
            if cell is not None:
                yield column, cell

    def _cell(self, node: Element) -> Cell | None:
        kind, value, is_formula = node.get("t", "n"), "", False
        for part in node:
            name = local(part)
            if name == "v":
                value = part.text or ""
            elif name == "f":
                is_formula = True
            elif name == "is" and kind == "inlineStr":
                value = _rich_text(part)
        if not value:
            return Cell("", CellKind.NOT_CALCULATED, True) if is_formula and kind != "str" else None
        if kind == "n":
            return self._number(value, node.get("s", "0"), is_formula)
        if kind == "s":
            return self._shared(value, is_formula)
        if kind == "str":
            value = written_text(value)
        kinds = {"b": CellKind.FLAG, "e": CellKind.ERROR, "d": CellKind.DATE}
        return Cell(value, kinds.get(kind, CellKind.TEXT), is_formula)

    def _shared(self, index: str, is_formula: bool) -> Cell | None:
        """The text that a cell shares; it is damaged where there is none of this number."""
        if not index.isdecimal() or len(index) > len(str(len(self._texts))) or int(index) >= len(self._texts):
            return Cell(index[:MAX_FORMAT], CellKind.DAMAGED, is_formula)
        text = self._texts[int(index)]
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise FileFault("workbook-too-large", what="characters", limit=MAX_CHARACTERS)
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
        """The day of a serial; what is none, or could be another day or a duration, stays as it is stored."""
        if not value.isdecimal() or len(value) > 7 or int(value) < self._first_serial:
            return value
        try:
            return (self._epoch + datetime.timedelta(days=int(value))).isoformat()
        except OverflowError:
            return value

    def _shared_texts(self) -> Iterator[str]:
        name = "xl/sharedStrings.xml"
        if name in self._archive.namelist():
            for node, kind, _ in self._entries(name, depth=1):
                if kind == "si":
                    yield _rich_text(node)

    def _number_kinds(self) -> Sequence[CellKind]:
        """By the number of a cell's style: how its number is meant to be read; none where there are no styles."""
        if "xl/styles.xml" not in self._archive.namelist():
            return ()
        codes, formats = dict[str, str](), list[str]()
        for node, name, parent in self._entries("xl/styles.xml"):
            if name == "numFmt":
                codes[attribute(node, "numFmtId")] = attribute(node, "formatCode")
            if parent == "cellXfs":
                formats.append(attribute(node, "numFmtId") or "0")
        known = {number: _number_kind(number, codes.get(number, "")) for number in set(formats)}
        return tuple(known[number] for number in formats)

    def _entries(self, member: str, *, depth: int = 2) -> Iterator[Entry]:
        with self._archive.open(member) as part:
            yield from entries(part, member, self._budget, depth=depth)


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


def _number_kind(number: str, code: str) -> CellKind:
    if len(code) > MAX_FORMAT:
        raise FileFault("workbook-damaged", reason=f"format {code[:20]}")
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


def _columns(node: Element) -> range:
    first, last = attribute(node, "min"), attribute(node, "max")
    return range(int(first) - 1, int(last)) if first.isdecimal() and last.isdecimal() else range(0)


def _rich_text(node: Element) -> str:
    """The text of a rich string, without the pronunciation that may stand beside it.

    Raises:
        FileFault: `workbook-damaged` for runs within runs, which the format does not know.
    """
    texts = list[str]()
    for part in node:
        name = local(part)
        if name == "t":
            texts.append(written_text(part.text or ""))
        if name == "r":
            texts += (written_text(inner.text or "") for inner in part if local(inner) == "t")
            if any(local(inner) == "r" for inner in part):
                raise FileFault("workbook-damaged", reason="runs within runs")
    return "".join(texts)[:LONGEST]


def _member(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _row_number(node: Element, before: int) -> int:
    number = int(attribute(node, "r") or before + 1)
    if not before < number <= MAX_ROW:
        raise FileFault("workbook-damaged", reason=f"row {number}")
    return number


def cell_at(reference: str) -> tuple[int, int]:
    """Row and column (counted from 0) of a cell by its name; raises FileFault for what is none."""
    column = _column(reference or "?", -1)
    return int(reference.lstrip(ascii_uppercase)), column


def _column(reference: str, before: int) -> int:
    if not reference:
        return before + 1
    found = _REFERENCE.fullmatch(reference)
    column = _column_of(found[1]) if found else 0
    if not 0 < column <= MAX_COLUMN or column <= before:
        raise FileFault("workbook-damaged", reason=f"cell {reference[:20]}")
    return column - 1


@lru_cache(maxsize=1_000)
def _column_of(letters: str) -> int:
    """The number of a column, counted from 1; three letters at most."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
