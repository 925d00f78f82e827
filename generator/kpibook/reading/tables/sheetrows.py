"""The rows of a sheet while its markup is read: each cell is understood when its tag ends, and nothing else is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple

from kpibook.reading.tables.cellvalues import Cell, CellValues
from kpibook.reading.tables.files import damaged
from kpibook.reading.tables.markup import Attributes, attribute, check_depth, local
from kpibook.reading.tables.xml_escapes import LONGEST, written_text

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

LETTERS = frozenset(ascii_uppercase)

_ROW, _CELL, _PART = 3, 4, 5
"""Levels of the elements of a sheet, the root being the first."""


class SheetRow(NamedTuple):
    """A row of a sheet: its number and its cells by column, counted from 0."""

    number: int
    cells: Mapping[int, Cell]
    is_hidden: bool


NO_CELLS: Mapping[int, Cell] = {}


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


class _Texts:
    """Gathers the text of an element up to the first one within it; `start` has to note where one begins."""

    def __init__(self) -> None:
        self._level = 0
        self._gathered: list[str] = []
        self._gathered_at = 0
        """The level of the element whose text it is; 0 for none."""
        self._open: list[str] | None = None
        """The same while more may come."""

    def _gather(self, level: int) -> None:
        self._gathered = self._open = []
        self._gathered_at = level

    def text(self, text: str) -> None:
        """A piece of text."""
        if self._open is not None:
            self._open.append(text)


class _RichText:
    """A rich string, without the pronunciation that may stand beside it: the texts of `<t>` and `<r><t>` below it."""

    def __init__(self, level: int) -> None:
        self._level = level
        """That of the element that holds it."""
        self._is_run = False
        self.texts: list[str] = []

    def takes(self, name: str, level: int) -> bool:
        """Whether the text of an element that begins belongs to it.

        Raises:
            FileFault: `workbook-damaged` for runs within runs, which the format does not know.
        """
        if level == self._level + 1:
            self._is_run = name == "r"
            return name == "t"
        if level != self._level + 2 or not self._is_run:
            return False
        if name == "r":
            raise damaged("runs")
        return name == "t"

    def __str__(self) -> str:
        return "".join(self.texts)[:LONGEST]


class SharedTexts(_Texts):
    """Reads the list of texts that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._rich: _RichText | None = None

    def start(self, tag: str, _: Attributes) -> None:
        """An element begins."""
        self._level = level = self._level + 1
        self._open = None
        if level == 2:
            self._rich = _RichText(level) if local(tag) == "si" else None
        elif self._rich and self._rich.takes(local(tag), level):
            self._gather(level)
        check_depth(level)

    def end(self, _: str) -> None:
        """An element ends."""
        level = self._level
        self._level = level - 1
        self._open = None
        if self._rich and level == self._gathered_at:
            self._rich.texts.append(written_text("".join(self._gathered)))
            self._gathered_at = 0
        elif self._rich and level == 2:
            self.found.append(str(self._rich))
            self._rich = None


class SheetRows(_Texts):
    """Reads the rows of a sheet, and which of its cells are merged and columns hidden.

    Raises:
        FileFault: `workbook-damaged` where a row or a cell lies outside any sheet.
    """

    def __init__(self, sheet: Sheet, values: CellValues) -> None:
        super().__init__()
        self.found: list[SheetRow] = []
        self._sheet = sheet
        self._values = values
        self._number = 0
        self._row: dict[int, Cell] | None = None
        """The cells of the row that is open."""
        self._is_hidden = False
        self._is_cell = False
        """Whether a cell is open; what follows is said of it."""
        self._column = -1
        self._kind = self._style = self._value = ""
        self._is_formula = False
        self._rich: _RichText | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        self._level = level = self._level + 1
        self._open = None
        if level == _CELL:
            if self._row is not None and local(tag) == "c":
                self._start_cell(attributes)
        elif level == _PART:
            if self._is_cell:
                self._start_part(local(tag), level)
        elif level > _PART:
            if self._rich and self._rich.takes(local(tag), level):
                self._gather(level)
            check_depth(level)
        else:
            self._start_row(local(tag), level, attributes)

    def _start_row(self, name: str, level: int, attributes: Attributes) -> None:
        if name == "row" and level == _ROW:
            self._number = _row_number(attributes, self._number)
            self._row, self._column = {}, -1
            self._is_hidden = attribute(attributes, "hidden") in ("1", "true")
        elif name == "mergeCell":
            self._sheet.merged.append(attribute(attributes, "ref"))
        elif name == "col" and attribute(attributes, "hidden") in ("1", "true"):
            self._sheet.hidden_columns.append(_columns(attributes))
            if len(self._sheet.hidden_columns) > MAX_COLUMN:
                raise damaged("columns")

    def _start_cell(self, attributes: Attributes) -> None:
        self._column = _column(attributes.get("r", ""), self._column)
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._value, self._is_formula, self._is_cell = "", False, True

    def _start_part(self, name: str, level: int) -> None:
        if name == "v":
            self._gather(level)
        elif name == "f":
            self._is_formula = True
        elif name == "is" and self._kind == "inlineStr":
            self._rich = _RichText(level)

    def end(self, _: str) -> None:
        """An element ends."""
        level = self._level
        self._level = level - 1
        self._open = None
        if level == self._gathered_at:
            self._gathered_at = 0
            if self._rich:
                self._rich.texts.append(written_text("".join(self._gathered)))
            else:
                self._value = "".join(self._gathered)
        elif level == _PART and self._rich:
            self._value, self._rich = str(self._rich), None
        elif level == _CELL and self._is_cell:
            self._is_cell = False
            cell = self._values.cell(self._kind, self._style, self._value, is_formula=self._is_formula)
            if cell is not None and self._row is not None:
                self._row[self._column] = cell
        elif level == _ROW and self._row is not None:
            self.found.append(SheetRow(self._number, self._row or NO_CELLS, self._is_hidden))
            self._row = None


def _columns(attributes: Attributes) -> range:
    first, last = attribute(attributes, "min"), attribute(attributes, "max")
    return range(int(first) - 1, int(last)) if first.isdecimal() and last.isdecimal() else range(0)


def _row_number(attributes: Attributes, before: int) -> int:
    number = int(attribute(attributes, "r") or before + 1)
    if not before < number <= MAX_ROW:
        raise damaged("row", text=number)
    return number


def cell_at(reference: str) -> tuple[int, int]:
    """Row and column (counted from 0) of a cell by its name; raises FileFault for what is none."""
    column = _column(reference or "?", -1)
    return int(reference.lstrip(ascii_uppercase)), column


def _column(reference: str, before: int) -> int:
    if not reference:
        return before + 1
    letters = reference.rstrip("0123456789")
    column = _column_of(letters) if 0 < len(reference) - len(letters) < 8 else 0
    if not 0 < column <= MAX_COLUMN or column <= before:
        raise damaged("cell", text=reference[:20])
    return column - 1


@lru_cache(maxsize=1_000)
def _column_of(letters: str) -> int:
    """The number of a column, counted from 1; 0 for what is none."""
    if not 0 < len(letters) < 4 or not set(letters) <= LETTERS:
        return 0
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
