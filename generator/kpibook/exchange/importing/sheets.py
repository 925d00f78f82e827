"""One sheet: each table in it, and what stands between and below them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import NamedTuple

from kpibook.base.problems import Level, Place, Problem
from kpibook.exchange.importing.context import ImportContext
from kpibook.exchange.importing.grid import is_header_row, names_rows
from kpibook.exchange.importing.header import find_header
from kpibook.exchange.importing.layouts import SheetHeader, SheetKind
from kpibook.exchange.importing.progress import Progress, Steps
from kpibook.exchange.importing.reader import SheetReader
from kpibook.exchange.importing.roster import RosterReader
from kpibook.exchange.importing.sheet_stamp import SheetStamp
from kpibook.exchange.importing.tally import OTHER_PERIOD, UNCLEAR, SheetTally
from kpibook.exchange.importing.title_periods import month_in, names_cycle, period_of_others, spans_said
from kpibook.exchange.importing.titles import read_titles
from kpibook.exchange.importing.units import is_money
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.exchange.importing.wanted import Refused, Wanted
from kpibook.reading.tables import DataFile, FileHead, Table

MOST_TABLES = 100
"""No sheet of people holds more tables one below the other."""

_FIGURE = re.compile(r"[-+0-9.,%]+")


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A file that came in, and how it is to be read."""

    data: DataFile
    sha256: str
    context: ImportContext
    progress: Progress
    stamp: SheetStamp | None = None
    targets: bool = False
    is_named: bool = False
    """Whether the cycle was named by the command."""

    @property
    def file(self) -> str:
        """The name of the file, as places give it."""
        return self.data.name


class Breaks(NamedTuple):
    """What stands between the rows of a table and ends it, or says something of those below."""

    header: int = 0
    """The line on which another header begins."""
    until: int = 0
    """The line at which this table ends; 0 where it goes on to the end."""
    sections: tuple[tuple[int, bool], ...] = ()
    notes: tuple[str, ...] = ()
    unclear: tuple[int, str] = (0, "")
    """A lone line that may change what the numbers below it are."""


def read_sheet(source: ImportSource, top: FileHead) -> Iterator[tuple[SheetTally, Table | None]]:
    """Every table of a sheet, from the top, and what became of its rows."""
    above, unit, says_kinds = 0, "", False
    for _ in range(MOST_TABLES):
        reading = _TableReading(source, top, above=above, unit_above=unit, says_kinds=says_kinds)
        tally, table, breaks = reading.read()
        says_kinds = says_kinds or any(not column.is_target for column in tally.columns)
        yield tally, table
        if not breaks.until:
            return
        if breaks.unclear[0]:
            yield reading.rest(breaks), None
            return
        unit = unit or next((each for each in reading.units if is_money(each)), "")
        above = breaks.until - 1
        tops, _ = source.data.heads(top.delimiter, below=above, sheet=top.sheet)
        if not tops:
            return
        top = tops[0]


class _TableReading:
    """Reads one table, and once more where it turns out to end early, or to have a note below it."""

    def __init__(self, source: ImportSource, top: FileHead, *, above: int, unit_above: str, says_kinds: bool) -> None:
        self.source = source
        self.top = top
        self.above = above
        """The line above it; 0 for the first table."""
        self.is_first = not above
        self.unit_above = unit_above
        self.says_kinds = says_kinds
        self.units: Sequence[str] = ()

    def read(self) -> tuple[SheetTally, Table | None, Breaks]:
        """The table; with what ends it."""
        found = find_header(self.top, self._wanted(()))
        if not isinstance(found, SheetHeader):
            return self._without_header(found), None, Breaks()
        doubts = tuple(self._period_problems(found))
        if any(each.level is Level.ERROR for each in doubts):
            tally = self._tally(found)
            tally.problems += doubts
            tally.leave_out(self.top, self.top.filled or self.source.data.filled_lines(), OTHER_PERIOD)
            return tally, None, Breaks()
        tally, table, reader = self._table(found, Breaks())
        breaks = self._breaks(table, reader, found) if table and reader and not self.source.stamp else Breaks()
        if breaks != Breaks():
            again = find_header(self.top, self._wanted(breaks.notes))
            found = again if isinstance(again, SheetHeader) else found
            tally, table, reader = self._table(found, breaks)
        self.units = found.said.units
        return tally, table, breaks

    def rest(self, breaks: Breaks) -> SheetTally:
        """What is below a line that nobody can be sure of."""
        source, (line, text) = self.source, breaks.unclear
        tops, _ = source.data.heads(self.top.delimiter, below=line - 1, sheet=self.top.sheet)
        top = tops[0] if tops else self.top
        tally = self._tally(None)
        cell = f"{top.sheet}!A{line}" if top.sheet else ""
        tally.problems.append(Problem("import-section-unclear", Place(source.file, line, 1, cell), {"text": text}))
        tally.leave_out(top, top.filled or len(top.rows), UNCLEAR)
        return tally

    def _wanted(self, notes: Sequence[str]) -> Wanted:
        source = self.source
        others = (self.top.sheet, PurePath(source.file).stem) if self.is_first else ()
        vocabulary = source.context.vocabulary
        return Wanted(vocabulary, source.file, others, notes, self.unit_above, source.targets, self.says_kinds)

    def _tally(self, found: SheetHeader | None) -> SheetTally:
        source = self.source
        return SheetTally(source.file, self.top.sheet, source.sha256, found, source.stamp, self.top.encoding)

    def _without_header(self, refused: Refused | None) -> SheetTally:
        """A table of which nothing is read."""
        tally = self._tally(None)
        if refused:
            tally.problems.append(refused.problem)
        elif not self.is_first:
            vocabulary = self.source.context.vocabulary
            heads = (row for row in self.top.rows if names_rows(row[1], vocabulary))
            # Where nothing below can be decoded, there is not even a first row.
            line, cells = next(heads, next(iter(self.top.rows), (self.above + 1, ())))
            place = Place(self.source.file, line, 1, f"{self.top.sheet}!A{line}" if self.top.sheet else "")
            words = ", ".join(cell.strip() for cell in cells if cell.strip())[:120]
            tally.problems.append(Problem("import-second-table", place, {"words": words or "?"}))
        rows = self.top.filled or (self.source.data.filled_lines() if self.is_first else len(self.top.rows))
        tally.leave_out(self.top, rows, UNCLEAR if tally.problems else "no-header")
        return tally

    def _period_problems(self, found: SheetHeader) -> Iterator[Problem]:
        """What says that a table is about another period: an error where nothing of it may be read.

        The titles above its header and the sheet's name say so; our own sheets have a stamp instead.
        """
        if self.source.stamp:
            return
        context, labels = self.source.context, found.heading.labels
        period = context.period
        titles = [" ".join(cells) for line, cells in self.top.rows if line in found.titles]
        has_months = any(month_in(label, period) is not None for label in labels)
        has_periods = has_months or not {ColumnRole.PERIOD, ColumnRole.WEEK}.isdisjoint(found.heading.names)
        said = period_of_others(
            (*titles, self.top.sheet),
            period,
            names=context.said_names,
            beside=(PurePath(self.source.file).stem, *labels),
            has_periods=has_periods,
        )
        if said:
            values = {"sheet": self.top.sheet or self.source.file, "own": str(period), "said": said}
            level = Level.WARNING if self.source.is_named else Level.ERROR
            yield Problem("title-other-period", Place(self.source.file), values, level)
        elif self.is_first and not self.source.is_named and not has_periods:
            yield from self._name_doubts((*titles, self.top.sheet, *labels))

    def _name_doubts(self, others: Sequence[str]) -> Iterator[Problem]:
        """Warn where the name of the file alone names a month, and not the cycle's: it may be the month of sending."""
        context, stem = self.source.context, PurePath(self.source.file).stem
        period = context.period
        said = period_of_others([stem], period, names=context.said_names)
        if said and said != str(period.year) and not names_cycle(others, period):
            values = {"own": str(period), "said": said}
            yield Problem("file-other-period", Place(self.source.file), values, Level.WARNING)

    def _table(self, found: SheetHeader, breaks: Breaks) -> tuple[SheetTally, Table | None, SheetReader | None]:
        source, tally = self.source, self._tally(found)
        tally.problems += self._period_problems(found)
        heading = replace(found.heading, until=breaks.until)
        table, problems = source.data.table(found.layout, heading)
        tally.problems += problems
        if table is None:
            tally.leave_out(self.top, self.top.filled or source.data.filled_lines())
            return tally, None, None
        about = max(self.top.filled, source.data.lines)
        steps = Steps(source.progress, source.file, about)
        if found.kind is SheetKind.ROSTER:
            RosterReader(table, found, source.context).read(tally, steps)
            return tally, table, None
        reader = SheetReader(table, found, source.context, breaks.sections)
        reader.read(tally, steps)
        return tally, table, reader

    def _breaks(self, table: Table, reader: SheetReader, found: SheetHeader) -> Breaks:
        """What among the rows that are none belongs to another table, or speaks of those below it."""
        odd = {
            row.place.line: row.raw.split(table.delimiter)
            for row in table.ledger.set_aside
            if row.code not in ("totals-row", OTHER_PERIOD, "repeated-header")
        }
        vocabulary = self.source.context.vocabulary
        header = next((line for line in sorted(odd) if is_header_row(odd[line], vocabulary)), 0)
        lone = {line: text for line, cells in odd.items() if (text := _only_text(cells))}
        data = {*reader.good, *reader.faulty} - set(lone)
        of_table = [line for line in data if not header or line < header]
        last = max((*of_table, *self._totals(table, header), found.heading.line))
        said = {line: text for line, text in sorted(lone.items()) if not header or line < header}
        return self._judged(said, header, last, found)

    @staticmethod
    def _totals(table: Table, header: int) -> Iterator[int]:
        lines = (row.place.line for row in table.ledger.set_aside if row.code == "totals-row")
        return (line for line in lines if not header or line < header)

    def _judged(self, lone: Mapping[int, str], header: int, last: int, found: SheetHeader) -> Breaks:
        context, period = self.source.context, self.source.context.period
        sections, notes, unclear = list[tuple[int, bool]](), list[str](), (0, "")
        for line, text in lone.items():
            said = read_titles([text], context.catalog, context.numbers)
            month = month_in(text, period)
            is_new_unit = bool(said.unclear or any(unit not in found.said.units for unit in said.units))
            if line > last:
                notes += [text] if is_new_unit and not header else []
            elif month is not None:
                sections.append((line, month))
            elif (is_new_unit or said.measures or spans_said(text, context.said_names)) and not unclear[0]:
                unclear = (line, text)
        until = last + 1 if header else 0
        if unclear[0] and (not until or unclear[0] < until):
            return Breaks(0, unclear[0], tuple(sections), tuple(notes), unclear)
        return Breaks(header, until, tuple(sections), tuple(notes))


def _only_text(cells: Sequence[str]) -> str:
    """The text of a row that holds nothing else; a lone number is none."""
    filled = [text for cell in cells if (text := cell.strip().strip('"').strip())]
    return filled[0] if len(filled) == 1 and not _FIGURE.fullmatch(filled[0]) else ""
