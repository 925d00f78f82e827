"""The cells of a workbook as they are stored: their texts, their kinds, and what stands around them.

Read without a spreadsheet library: openpyxl's streaming mode fills every row up to the number that a file claims,
leaves out merged ranges and hidden rows, and needs a second pass to tell a formula from its cached value.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence

from kpibook.base.problems import Said
from kpibook.reading.tables.cellvalues import CellKind, CellValues, number_kind
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.markup import Budget, Tag, attribute, parsed, tags
from kpibook.reading.tables.sheetrows import SharedTexts, Sheet, SheetRow, SheetRows
from kpibook.reading.tables.xml_escapes import written_text

MAX_SHEETS = 1_000
MAX_FORMATS = 65_536
"""A spreadsheet takes no more formats of cells."""
MIN_ROWS = 100_000
BYTES_PER_ROW = 10
"""A workbook has so many rows with anything in them at most, and more where its file has so many bytes for each."""


class Workbook:
    """An open workbook: its sheets, the texts that they share and the formats of their numbers.

    Whatever the libraries raise over a damaged one goes through, here and while rows are read.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._budget = Budget(size)
        self._max_rows = max(MIN_ROWS, size // BYTES_PER_ROW)
        targets = {
            attribute(each.attributes, "Id"): attribute(each.attributes, "Target")
            for each in self._tags("xl/_rels/workbook.xml.rels")
        }
        self.sheets: tuple[Sheet, ...] = ()
        self.has_hidden_names = False
        """Names that nobody sees in the program; those that it makes for itself are none."""
        self._is_from_1904 = False
        for tag in self._tags("xl/workbook.xml"):
            self._take(tag, targets)
        self._values = CellValues(self._shared_texts(), self._number_kinds(), is_from_1904=self._is_from_1904)

    def _take(self, tag: Tag, targets: Mapping[str, str]) -> None:
        """Take over what an element of the workbook's own part tells."""
        name, said = tag.name, tag.attributes
        if name == "sheet":
            is_hidden = attribute(said, "state") not in ("", "visible")
            sheet = Sheet(written_text(attribute(said, "name")), _member(targets[attribute(said, "id")]), is_hidden)
            self.sheets += (sheet,)
            if len(self.sheets) > MAX_SHEETS:
                raise FileFault("workbook-too-large", what=Said(("tables.limit.sheets",)), limit=MAX_SHEETS)
        if name == "definedName" and attribute(said, "hidden") in ("1", "true"):
            self.has_hidden_names |= not attribute(said, "name").startswith("_xlnm.")
        if name == "workbookPr" and attribute(said, "date1904") in ("1", "true"):
            self._is_from_1904 = True

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows that the sheet really has; raises FileFault where a row or a cell lies outside any sheet."""
        handler, filled = SheetRows(sheet, self._values), 0
        with self._archive.open(sheet.member) as part:
            for _ in parsed(part, sheet.member, self._budget, handler):
                filled += sum(1 for row in handler.found if row.cells)
                if filled > self._max_rows:
                    raise FileFault("too-many-rows", limit=self._max_rows)
                yield from handler.found
                handler.found.clear()

    def _shared_texts(self) -> Sequence[str]:
        name, handler = "xl/sharedStrings.xml", SharedTexts()
        if name in self._archive.namelist():
            with self._archive.open(name) as part:
                for _ in parsed(part, name, self._budget, handler):
                    pass
        return handler.found

    def _number_kinds(self) -> Sequence[CellKind]:
        """By the number of a cell's style: how its number is meant to be read; none where there are no styles."""
        if "xl/styles.xml" not in self._archive.namelist():
            return ()
        codes, formats = dict[str, str](), list[str]()
        for tag in self._tags("xl/styles.xml"):
            if tag.name == "numFmt":
                codes[attribute(tag.attributes, "numFmtId")] = attribute(tag.attributes, "formatCode")
            if tag.parent == "cellXfs":
                formats.append(attribute(tag.attributes, "numFmtId") or "0")
                if len(formats) > MAX_FORMATS:
                    raise FileFault("workbook-too-large", what=Said(("tables.limit.formats",)), limit=MAX_FORMATS)
        known = {number: number_kind(number, codes.get(number, "")) for number in set(formats)}
        return tuple(known[number] for number in formats)

    def _tags(self, member: str) -> Iterator[Tag]:
        with self._archive.open(member) as part:
            yield from tags(part, member, self._budget)


def _member(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"
