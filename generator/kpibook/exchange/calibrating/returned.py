"""A list that came back: complete, with a reason, a name and a day for each proposal, or refused as a whole."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kpibook.base.numbers import plain
from kpibook.base.problems import Place, Problem
from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.calibrating.session import SHEET, SessionRow
from kpibook.exchange.importing.sheet_stamp import SheetStamp, find_stamp
from kpibook.model import Calibration, Catalog, Cycle
from kpibook.reading.cycle.calibration import CALIBRATION, read_calibration
from kpibook.reading.cycle.records import records_context
from kpibook.reading.cycle.row_context import RowContext
from kpibook.reading.tables import DataFile, FileHead, Heading, guarded, read_bytes, read_table

FILE = "calibration.csv"
COLUMNS = ("person", "total", "grade", "reason", "by", "on")
READ_AS: Mapping[str, str] = {"new_total": "total", "new_grade": "grade", "total": "computed", "grade": "had"}
"""Columns of the list that are called otherwise in calibration.csv, or must not be taken for its own."""

STAMP_ROWS = 6
"""A stamp stands in one of the first rows."""


@dataclass(slots=True)
class CalibrationImport:
    """What a list says, and everything that is wrong with it."""

    rows: dict[str, Calibration] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: int = 0
    """How many rows of people stood in it."""

    @property
    def file(self) -> bytes:
        """calibration.csv with these rows."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for person, row in self.rows.items():
            total = "" if row.total is None else plain(row.total)
            cells = (person, total, row.grade, row.reason, row.by, row.on.isoformat() if row.on else "")
            writer.writerow(map(guarded, cells))
        return stream.getvalue().encode("utf-8")


def is_calibration(path: Path) -> bool:
    """Whether a file is such a list."""
    return path.suffix.lower() == ".xlsx" and _stamped(path)[1] is not None


def cycles_named(files: Iterable[Path]) -> tuple[str, ...]:
    """The cycles that the lists were made for, each once."""
    return tuple(dict.fromkeys(stamp.cycle for path in files if (stamp := _stamped(path)[1])))


def _stamped(path: Path) -> tuple[bytes | None, SheetStamp | None, FileHead | None]:
    data, _ = read_bytes(path, path.name)
    file = DataFile(data, path.name) if data else None
    # Any large table may come in: only where the first rows of a sheet say that it is ours is it read as a whole.
    found = (find_stamp(cells) for cells in file.first_cells(STAMP_ROWS)) if file else ()
    is_ours = any(stamp and stamp.sheet == SHEET for stamp in found)
    tops, _ = file.heads() if file and is_ours else ((), ())
    for top in tops:
        stamp = find_stamp(cell for _, cells in top.rows[:STAMP_ROWS] for cell in cells)
        if stamp and stamp.sheet == SHEET:
            return data, stamp, top
    return data, None, None


def take_in(path: Path, cycle: Cycle, catalog: Catalog, today: SheetStamp) -> CalibrationImport:
    """Read the list; with any problem nothing of it may be taken.

    `today` is the stamp that the list would have if it were written now.
    """
    found = CalibrationImport()
    data, stamp, top = _stamped(path)
    if data is None or stamp is None or top is None:
        raise ValueError(f"no list of a calibration: {path}")
    if cycle.status.is_settled:
        found.problems.append(Problem("calibration-settled", Place(path.name), {"cycle": str(cycle.period)}))
    if stamp.cycle != str(cycle.period):
        values = {"own": stamp.cycle, "cycle": str(cycle.period)}
        found.problems.append(Problem("calibration-other-cycle", Place(path.name), values))
    heading = _heading(top)
    if heading is None:
        found.problems.append(Problem("no-header-found", Place(path.name), {"top": " ".join(top.rows[0][1])[:120]}))
    if found.problems or heading is None:
        return found
    _read(found, data, path.name, heading, _context(cycle, catalog))
    _check_whole(found, stamp, today, path.name)
    return found


def _heading(top: FileHead) -> Heading | None:
    """Where the head of the list stands, whatever the language is."""
    titles = {
        words(language)(f"calibrating.column.{column}"): READ_AS.get(column, column)
        for language in LANGUAGES
        for column in SessionRow._fields
    }
    for line, cells in top.rows:
        names = [titles.get(cell.strip(), "") for cell in cells]
        if {"person", "grade", "total", "reason", "by", "on"} <= set(names):
            known = tuple(name or f"column_{at}" for at, name in enumerate(names))
            return Heading(line, known, top.sheet, top.delimiter)
    return None


def _context(cycle: Cycle, catalog: Catalog) -> RowContext:
    names = {row.person: row.name for row in cycle.people}
    return replace(records_context(cycle, catalog), names=names)


def _read(found: CalibrationImport, data: bytes, file: str, heading: Heading, context: RowContext) -> None:
    table, problems = read_table(data, file, replace(CALIBRATION, dates=("on",)), heading)
    found.problems += problems
    if table is None:
        return
    found.rows = dict(read_calibration(table, context))
    found.problems += [Problem(row.code, row.place, row.values) for row in table.ledger.set_aside]
    found.seen = table.ledger.rows - table.ledger.blank


def _check_whole(found: CalibrationImport, stamp: SheetStamp, today: SheetStamp, file: str) -> None:
    """Rows that were cut off, and totals that are others by now, refuse the list."""
    if found.seen < stamp.rows:
        values: dict[str, object] = {"expected": stamp.rows, "found": found.seen}
        found.problems.append(Problem("calibration-incomplete", Place(file), values))
    if stamp.catalog != today.catalog:
        found.problems.append(Problem("calibration-other-results", Place(file)))
    if not found.rows and not found.problems:
        found.problems.append(Problem("calibration-empty", Place(file)))
