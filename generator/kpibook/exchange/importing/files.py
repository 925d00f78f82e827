"""Read a file that came in, sheet by sheet: what it holds, and whether it is whole and for this cycle."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.period_words import is_of
from kpibook.exchange.importing.settings import Settings
from kpibook.exchange.importing.sheet_stamp import SheetStamp, catalog_hash, find_stamp
from kpibook.exchange.importing.sheets import ImportSource, read_sheet
from kpibook.exchange.importing.tally import NOT_WHOLE, OTHER_PERIOD, SheetTally
from kpibook.reading.cycle.manifest import Control, check_controls
from kpibook.reading.tables import READERS, DataFile, FileHead, Table, other_delimiter, read_bytes

STAMP_ROWS = 6
"""A stamp stands in one of the first rows."""


class FileReader:
    """Reads files one after the other, and keeps what is wrong with them as files."""

    def __init__(self, context: ImportContext, settings: Settings, controls: Mapping[str, tuple[Control, ...]]) -> None:
        self.context = context
        self.settings = settings
        self.controls = controls
        self.problems: list[Problem] = []

    def read(self, path: Path) -> Sequence[SheetTally]:
        """What each sheet of a file came to; nothing of a file that is not whole, or not for this cycle."""
        if path.suffix.lower() not in READERS:
            self.problems.append(Problem("import-other-kind", Place(path.name), {"kind": path.suffix or path.name}))
            return ()
        data, problems = read_bytes(path, path.name)
        self.problems += problems
        if data is None:
            return ()
        file = DataFile(data, path.name)
        tops, problems = file.heads(self.settings.delimiter)
        self.problems += problems
        stamps = [find_stamp(cell for _, cells in top.rows[:STAMP_ROWS] for cell in cells) for top in tops]
        faults = (self._stamp_fault(stamp, path.name) for stamp in dict.fromkeys(stamps) if stamp)
        if fault := next(filter(None, faults), None):
            self.problems.append(fault)
            return ()
        tables: list[Table] = []
        sheets = [self._sheet(file, *each, tables) for each in zip(tops, stamps, strict=True)]
        unread = [top for top, found in zip(tops, sheets, strict=True) if not any(each.is_explained for each in found)]
        self._check(path.name, unread, tables, is_ours=any(stamps))
        found = [tally for tallies in sheets for tally in tallies]
        # Of a file that was cut short nothing is taken.
        if tables and (cut_short := tuple(check_controls(self.controls.get(path.name, ()), tables))):
            self.problems += cut_short
            for tally in found:
                tally.give_up(NOT_WHOLE)
        return found

    def _stamp_fault(self, stamp: SheetStamp, file: str) -> Problem | None:
        """Why a sheet was not made for this cycle and this supplier; None where it was."""
        named, own = stamp.supplier, self.settings.supplier
        if stamp.cycle != str(self.context.period):
            values = {"cycle": stamp.cycle, "own": str(self.context.period)}
            return Problem("sheet-other-cycle", Place(file), values)
        if named and own and named != own:
            return Problem("sheet-other-supplier", Place(file), {"supplier": named, "own": own})
        return None

    def _sheet(
        self, file: DataFile, top: FileHead, stamp: SheetStamp | None, tables: list[Table]
    ) -> Sequence[SheetTally]:
        digest, settings = hashlib.sha256(file.data).hexdigest(), self.settings
        source = ImportSource(
            data=file,
            sha256=digest,
            context=self.context,
            progress=settings.progress,
            stamp=stamp,
            targets=settings.targets and not stamp,
            is_named=settings.is_named,
        )
        if not stamp and not top.sheet.isdigit() and is_of(top.sheet, self.context.period) is False:
            tally = SheetTally(file.name, top.sheet, digest, None, stamp, top.encoding)
            values = {"sheet": top.sheet, "own": str(self.context.period)}
            tally.problems.append(Problem("sheet-other-period", Place(file.name), values, Level.WARNING))
            tally.leave_out(top, top.filled, OTHER_PERIOD)
            return [tally]
        tallies = list[SheetTally]()
        for tally, table in read_sheet(source, top):
            tallies.append(tally)
            tables += [table] if table else []
            if table and stamp:
                self._check_stamp(tally, stamp, table)
        return tallies

    def _check_stamp(self, tally: SheetTally, stamp: SheetStamp, table: Table) -> None:
        """Whether a sheet came back as it went out."""
        if stamp.catalog != catalog_hash(self.context.catalog):
            values = {"catalog": stamp.catalog, "own": catalog_hash(self.context.catalog)}
            tally.problems.append(Problem("sheet-other-catalog", Place(tally.file), values, Level.WARNING))
        rows = table.ledger.rows - table.ledger.blank
        if rows < stamp.rows:
            expected = {"expected": stamp.rows, "found": rows}
            tally.problems.append(Problem("sheet-rows-missing", Place(tally.file), expected, Level.WARNING))

    def _check(self, file: str, tops: Sequence[FileHead], tables: Sequence[Table], *, is_ours: bool) -> None:
        """The file as a whole: what in it could not be read."""
        if not tables and tops and (sign := other_delimiter([cells for _, cells in tops[0].rows])):
            self.problems.append(Problem("import-other-delimiter", Place(file), {"found": sign}))
        elif not tables and tops:
            self.problems.append(Problem("no-header-found", Place(file), {"top": _first_cells(tops[0])}))
        read = {table.sheet for table in tables}
        for top in tops if tables and not is_ours else ():
            if top.sheet not in read:
                values = {"sheet": top.sheet, "rows": top.filled}
                self.problems.append(Problem("sheet-ignored", Place(file), values, Level.WARNING))


def _first_cells(top: FileHead) -> str:
    texts = (" ".join(cell.split()) for _, cells in top.rows[:3] for cell in cells)
    return ", ".join(filter(None, texts))[:120]


def cycles_named(files: Iterable[Path]) -> tuple[str, ...]:
    """The cycles that the stamps of these files name, each once."""
    found: dict[str, None] = {}
    for path in files:
        data, _ = read_bytes(path, path.name) if path.suffix.lower() in READERS else (None, ())
        tops = DataFile(data, path.name).first_cells(STAMP_ROWS) if data else ()
        found |= {stamp.cycle: None for stamp in map(find_stamp, tops) if stamp}
    return tuple(found)
