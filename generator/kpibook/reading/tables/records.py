"""One row of a CSV file: cut at its delimiters, with quotes, over as many physical lines as it takes."""

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from kpibook.reading.tables.table import WrittenCells

MAX_CELL = 32_767
LONGEST_NAME = 40
MAX_LINES = 200
"""No cell of a company runs over more lines; a quote that never closes is given up there."""

ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NUMBER = re.compile("[-+(]?[\xa5\uffe5$\u20ac]?[0-9]", re.ASCII)
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')


@cache
def _cell_end(delimiter: str) -> re.Pattern[str]:
    """Where a cell without quotes ends."""
    return re.compile(f'[{delimiter}"\r\n]')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file's text is cut into rows."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    ids: tuple[int, ...] = ()
    leading: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.header)


class Fault(NamedTuple):
    """Why a physical line is no row, and the column where it shows."""

    code: str
    column: int = 1
    found: str = ""


class Record(NamedTuple):
    """The cells of a row that was read with care, and the physical lines that it takes."""

    cells: Sequence[str]
    lines: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Physical lines with their ends; `number` is that of the first, `is_end` says that none follow."""

    lines: list[str]
    number: int
    is_end: bool


def cut_record(part: Lines, at: int, dialect: Dialect) -> Record | Fault | None:
    """The row that begins on line `at`; None where the lines that close its quote are still to come."""
    lines = part.lines
    if odd := ODD.search(lines[at]):
        return _odd(odd)
    if '"' not in lines[at]:
        cells = lines[at].rstrip("\r\n").split(dialect.delimiter)
        return _too_long(cells) or Record(cells, 1)
    try:
        return _Quoted(part, at, dialect).record()
    except _Unfit as unfit:
        return unfit.fault


def _odd(odd: re.Match[str]) -> Fault:
    if "\ud800" <= odd[0] <= "\udfff":
        return Fault("undecodable-line", odd.start() + 1)
    return Fault("bad-character", odd.start() + 1, f"U+{ord(odd[0]):04X}")


def _too_long(cells: Sequence[str]) -> Fault | None:
    longest = max(map(len, cells))
    return Fault("cell-too-long", found=str(longest)) if longest > MAX_CELL else None


class _Unfit(Exception):
    """A row with quotes is not well formed; without a fault, the lines at hand end inside a cell."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__(fault)
        self.fault = fault


class _Quoted:
    """A row with quoted cells, which may run over several physical lines."""

    def __init__(self, part: Lines, at: int, dialect: Dialect) -> None:
        self.lines = part.lines
        self.is_end = part.is_end
        self.at = at
        self.dialect = dialect
        self.text = part.lines[at]
        self.line_starts = [0]
        self.opened = 0
        """The column of the quote that is still open where the first line ends."""

    def record(self) -> Record | Fault:
        """The row; raises _Unfit where a quote stands wrong or stays open."""
        cells, positions, end = list[str](), [0], 0
        while True:
            end, cell = self._cell(positions[-1])
            cells.append(cell)
            if not self.text.startswith(self.dialect.delimiter, end):
                break
            positions.append(end + 1)
        if self.text[end : end + 1] not in ("", "\r", "\n"):
            down, column = self._where(end)
            raise _Unfit(Fault("quote-unclosed", self.opened) if down else Fault("quote-misplaced", column))
        places = tuple(map(self._where, positions))
        raw = self.text.rstrip("\r\n")
        return _too_long(cells) or Record(WrittenCells(cells, raw, places), len(self.line_starts))

    def _cell(self, position: int) -> tuple[int, str]:
        if not self.text.startswith('"', position):
            found = _cell_end(self.dialect.delimiter).search(self.text, position)
            end = found.start() if found else len(self.text)
            return end, self.text[position:end]
        while not (found := _QUOTED.match(self.text, position)):
            self._take_line(position)
        return found.end(), found[1].replace('""', '"')

    def _take_line(self, position: int) -> None:
        """Go on with the next physical line, as the quote at `position` is still open."""
        following = self.at + len(self.line_starts)
        if len(self.line_starts) == 1:
            self.opened = position + 1
        is_there = following < len(self.lines)
        if not is_there and not self.is_end and len(self.line_starts) < MAX_LINES:
            raise _Unfit(None)
        if not is_there or len(self.line_starts) == MAX_LINES or self._ends_cell(self.lines[following]):
            raise _Unfit(Fault("quote-unclosed", self.opened))
        self.line_starts.append(len(self.text))
        self.text += self.lines[following]

    def _ends_cell(self, line: str) -> bool:
        """Whether a line cannot be part of a cell, or would be a row of its own: a stray quote would swallow it."""
        if ODD.search(line):
            return True
        cells = line.rstrip("\r\n").split(self.dialect.delimiter)
        if len(cells) != self.dialect.width:
            return False
        ids = [cells[index].strip() for index in self.dialect.ids]
        if any(ids) and all(not each or _ID.fullmatch(each) for each in ids):
            return True
        # Where people go by their names, a line of a remark looks like a row only if it has a number in its place, too.
        is_somebody = any(0 < len(cells[index].strip()) <= LONGEST_NAME for index in self.dialect.leading)
        numbers = [cells[index].strip() for index in self.dialect.numbers]
        return is_somebody and (not numbers or any(map(_NUMBER.match, numbers)))

    def _where(self, position: int) -> tuple[int, int]:
        """Physical lines down from the first, and the column counted from 1."""
        down = bisect.bisect_right(self.line_starts, position) - 1
        return down, position - self.line_starts[down] + 1
