"""The cells of a workbook as they are stored: their texts, their kinds, and what stands around them.

Read without a spreadsheet library: openpyxl's streaming mode fills every row up to the number that a file claims,
leaves out merged ranges and hidden rows, and needs a second pass to tell a formula from its cached value.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Context
from enum import StrEnum
from string import ascii_uppercase
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from kpibook.reading.tables.files import FileFault

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_AS_SHOWN = Context(prec=15)
"""A spreadsheet shows 15 significant digits; what it stores beyond them (0.28499999999999998) is noise."""

_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_FORMATS = frozenset((9, 10))
"""Formats that a workbook need not spell out (ECMA-376, 18.8.30)."""


class CellKind(StrEnum):
    """What a cell of a workbook holds."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    FLAG = "flag"
    ERROR = "error"
    NOT_CALCULATED = "not-calculated"


class Cell(NamedTuple):
    """A cell that is not empty; a number is written out exactly, a date as `2026-10-31`."""

    text: str
    kind: CellKind
    is_formula: bool = False


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
    """An open workbook: its sheets, the texts that they share and the formats of their numbers."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        root = self._parse("xl/workbook.xml")
        targets = {
            _attribute(relation, "Id"): _attribute(relation, "Target")
            for relation in self._parse("xl/_rels/workbook.xml.rels")
        }
        self.sheets = tuple(
            Sheet(
                _attribute(node, "name"),
                _member(targets[_attribute(node, "id")]),
                _attribute(node, "state") not in ("", "visible"),
            )
            for node in _named(root, "sheet")
        )
        names = (node for node in _named(root, "definedName") if _attribute(node, "hidden") in ("1", "true"))
        self.has_hidden_names = any(not _attribute(node, "name").startswith("_xlnm.") for node in names)
        """Names that nobody sees in the program; those that it makes for itself are none."""
        is_1904 = any(_attribute(node, "date1904") in ("1", "true") for node in _named(root, "workbookPr"))
        self._epoch = datetime.date(1904, 1, 1) if is_1904 else datetime.date(1899, 12, 30)
        self._texts = self._shared_texts()
        self._kinds = self._number_kinds()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows that the sheet really has; raises FileFault where a row or a cell lies outside any sheet."""
        number = 0
        with self._archive.open(sheet.member) as file:
            for _, node in ElementTree.iterparse(file):
                name = _local(node)
                if name == "mergeCell":
                    sheet.merged.append(_attribute(node, "ref"))
                if name == "col" and _attribute(node, "hidden") in ("1", "true"):
                    sheet.hidden_columns.append(_columns(node))
                if name == "row":
                    number = _row_number(node, number)
                    yield SheetRow(number, dict(self._cells(node)), _attribute(node, "hidden") in ("1", "true"))
                    node.clear()

    def _cells(self, row: Element) -> Iterator[tuple[int, Cell]]:
        column = -1
        for node in row:
            column = _column(_attribute(node, "r"), column)
            cell = self._cell(node)
            if cell is not None:
                yield column, cell

    def _cell(self, node: Element) -> Cell | None:
        parts = {_local(part): part for part in node}
        is_formula = "f" in parts
        value = parts["v"].text or "" if "v" in parts else ""
        kind = _attribute(node, "t") or "n"
        if kind == "inlineStr":
            value = _written(parts["is"]) if "is" in parts else ""
        if not value:
            return Cell("", CellKind.NOT_CALCULATED, True) if is_formula and kind != "str" else None
        if kind == "n":
            number_kind = self._kinds.get(_attribute(node, "s") or "0", CellKind.NUMBER)
            return Cell(self._number(value, number_kind), number_kind, is_formula)
        if kind == "s":
            value = self._texts[int(value)]
        kinds = {"b": CellKind.FLAG, "e": CellKind.ERROR, "d": CellKind.DATE}
        return Cell(value, kinds.get(kind, CellKind.TEXT), is_formula) if value else None

    def _number(self, value: str, kind: CellKind) -> str:
        if kind is CellKind.DATE:
            return self._date(value)
        if kind is CellKind.NUMBER and _WHOLE.fullmatch(value):
            return value
        exact = _AS_SHOWN.create_decimal(value)
        text = f"{exact.scaleb(2) if kind is CellKind.PERCENT else exact:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}%" if kind is CellKind.PERCENT else text

    def _date(self, value: str) -> str:
        try:
            day = self._epoch + datetime.timedelta(days=int(value))
        except (ValueError, OverflowError):
            return value
        return day.isoformat()

    def _shared_texts(self) -> tuple[str, ...]:
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return ()
        return tuple(_written(node) for node in _named(self._parse("xl/sharedStrings.xml"), "si"))

    def _number_kinds(self) -> dict[str, CellKind]:
        """By the number of a cell's style: how its number is meant to be read."""
        if "xl/styles.xml" not in self._archive.namelist():
            return {}
        root = self._parse("xl/styles.xml")
        codes = {_attribute(node, "numFmtId"): _attribute(node, "formatCode") for node in _named(root, "numFmt")}
        styles = next(_named(root, "cellXfs"), Element("cellXfs"))
        formats = [_attribute(node, "numFmtId") or "0" for node in styles]
        return {str(index): _number_kind(number, codes.get(number, "")) for index, number in enumerate(formats)}

    def _parse(self, member: str) -> Element:
        return ElementTree.fromstring(self._archive.read(member))


def open_workbook(archive: zipfile.ZipFile) -> Workbook:
    """The workbook in an archive; raises FileFault where it is none."""
    try:
        return Workbook(archive)
    except (KeyError, ElementTree.ParseError, ValueError, IndexError, ArithmeticError) as err:
        raise FileFault("workbook-damaged", reason=str(err)[:100]) from err


def _number_kind(number: str, code: str) -> CellKind:
    if code:
        signs = _NOT_CODE.sub("", code.split(";")[0]).lower()
        if "%" in signs:
            return CellKind.PERCENT
        return CellKind.DATE if re.search("[dmyhs年月日]", signs) else CellKind.NUMBER
    if int(number) in _PERCENT_FORMATS:
        return CellKind.PERCENT
    return CellKind.DATE if int(number) in _DATE_FORMATS else CellKind.NUMBER


def _columns(node: Element) -> range:
    first, last = _attribute(node, "min"), _attribute(node, "max")
    return range(int(first) - 1, int(last)) if first.isdecimal() and last.isdecimal() else range(0)


def _local(node: Element) -> str:
    """A name without its namespace: transitional and strict workbooks differ in nothing else."""
    return node.tag.rpartition("}")[2]


def _named(root: Element, name: str) -> Iterator[Element]:
    return (node for node in root.iter() if _local(node) == name)


def _attribute(node: Element, name: str) -> str:
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _written(node: Element) -> str:
    """The text of a rich string, without the pronunciation that may stand beside it."""
    if _local(node) == "rPh":
        return ""
    return (node.text or "" if _local(node) == "t" else "") + "".join(map(_written, node))


def _member(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _row_number(node: Element, before: int) -> int:
    number = int(_attribute(node, "r") or before + 1)
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
    column = 0
    for letter in found[1] if found else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    if not 0 < column <= MAX_COLUMN or column <= before:
        raise FileFault("workbook-damaged", reason=f"cell {reference[:20]}")
    return column - 1
