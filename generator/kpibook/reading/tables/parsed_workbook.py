"""A workbook that is asked for its tables again and again, and parsed once."""

from collections.abc import Sequence

from kpibook.base.problems import Said
from kpibook.reading.tables.archive import ignored_parts, open_archive
from kpibook.reading.tables.columns import MAX_COLUMNS
from kpibook.reading.tables.files import FileFault, damage_told
from kpibook.reading.tables.sheetrows import Sheet, SheetRow
from kpibook.reading.tables.workbook import Workbook

MAX_PLACES = 1_000_000
"""So many cells may the rows have together, once each is as wide as the header."""


class ParsedWorkbook:
    """An open workbook and the rows of those of its sheets that were asked for."""

    def __init__(self, data: bytes) -> None:
        """Open the bytes of a workbook; raises FileFault where it cannot be used as a whole."""
        with damage_told():
            archive = open_archive(data)
            self._workbook = Workbook(archive, len(data))
        self.parts = (*ignored_parts(archive), *(("tables.part.names",) if self._workbook.has_hidden_names else ()))
        """What it holds beside its cells, and is never read."""
        self._rows: dict[str, Sequence[SheetRow]] = {}

    @property
    def visible(self) -> Sequence[Sheet]:
        """The sheets that people see."""
        return [sheet for sheet in self._workbook.sheets if not sheet.is_hidden]

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of all other sheets."""
        return tuple(sheet.name for sheet in self._workbook.sheets if sheet.is_hidden)

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name."""
        return next(sheet for sheet in self._workbook.sheets if sheet.name == name)

    def rows(self, sheet: Sheet) -> Sequence[SheetRow]:
        """The rows from the first one that holds anything; a row of a sheet that holds nothing at all is blank.

        Raises:
            FileFault: the sheet is damaged, or larger than any table.
        """
        if sheet.member not in self._rows:
            with damage_told():
                self._rows[sheet.member] = self._filled(sheet)
        return self._rows[sheet.member]

    def first_rows(self, sheet: Sheet, count: int) -> Sequence[SheetRow]:
        """The first rows that hold anything; those below are not looked at."""
        found: list[SheetRow] = []
        with damage_told():
            for row in self._workbook.rows(sheet):
                found += [row] if row.cells else []
                if len(found) == count:
                    break
        return found

    def _filled(self, sheet: Sheet) -> Sequence[SheetRow]:
        rows = list(self._workbook.rows(sheet))
        first = next((index for index, row in enumerate(rows) if row.cells), len(rows))
        if first == len(rows):
            return ()
        width = max(rows[first].cells) + 1
        if width > MAX_COLUMNS:
            raise FileFault("too-many-columns", count=width, limit=MAX_COLUMNS)
        # Rows are filled up to the width of the header: a few bytes of each could become a thousand cells.
        if sum(bool(row.cells) for row in rows) * width > MAX_PLACES:
            raise FileFault("workbook-too-large", what=Said(("tables.limit.cells",)), limit=MAX_PLACES)
        return rows[first:]
