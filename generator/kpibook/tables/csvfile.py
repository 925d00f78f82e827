"""Strict CSV: a line that does not fit costs itself and nothing else; lines are counted as an editor counts them."""

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from kpibook.model import SetAside
from kpibook.problems import Place, Problem
from kpibook.tables.decoding import Encoded, blocks, detect, readable
from kpibook.tables.files import FileFault
from kpibook.tables.layout import Layout, column_name, find_columns
from kpibook.tables.ledger import Ledger
from kpibook.tables.table import RAW_SHOWN, Row, Table, WrittenCells, cell_place, set_special, shown, special_row

MAX_CELL = 32_767
MAX_ROWS = 1_100_000
MAX_LINES = 200
"""No cell of a company runs over more lines; a quote that never closes is given up there."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
_CARE = re.compile('["\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]')
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[^"\r\n]*)"?[\r\n]*', re.IGNORECASE)
_FOREIGN = {b"PK\x03\x04": "zip / xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a file's text is cut into rows."""

    delimiter: str
    header: tuple[str, ...]
    header_line: int
    ids: tuple[int, ...] = ()

    @property
    def cell_end(self) -> re.Pattern[str]:
        """Where a cell without quotes ends; patterns are cached by `re`."""
        return re.compile(f'[{self.delimiter}"\r\n]|$')

    @property
    def width(self) -> int:
        return len(self.header)


class _Fault(NamedTuple):
    """Why a physical line is no row, and the column where it shows."""

    code: str
    column: int = 1
    found: str = ""


class _Record(NamedTuple):
    """The cells of a row that was read with care, and the physical lines that it takes."""

    cells: Sequence[str]
    lines: int


def read_csv(data: bytes, file: str, layout: Layout) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a CSV file; None where the file as a whole cannot be used."""
    try:
        _refuse_foreign(data)
        encoded = detect(data)
        header, shape = _header(encoded)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    columns, problems = find_columns(header, layout, partial(cell_place, file, shape.header_line, header))
    if columns is None:
        return None, problems
    ledger = Ledger(file)
    ledger.problems.extend(problems)
    if not encoded.data.endswith((b"\n", b"\r")):
        ledger.warn("maybe-cut", Place(file), {})
    ids = tuple(columns[name] for name in layout.ids if name in columns)
    shape = _Shape(shape.delimiter, tuple(map(column_name, header)), shape.header_line, ids)
    open_rows = partial(_rows, encoded, shape)
    return Table(ledger, encoded.encoding.value, shape.header, columns, open_rows, shape.delimiter), ()


def _refuse_foreign(data: bytes) -> None:
    if not data.strip():
        raise FileFault("file-empty")
    for start, kind in _FOREIGN.items():
        if data.startswith(start):
            raise FileFault("file-not-csv", kind=kind)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise FileFault("file-not-csv", kind="HTML / XML")
    if max(data.count(b"\n"), data.count(b"\r")) > MAX_ROWS:
        raise FileFault("too-many-rows", limit=MAX_ROWS)


def _header(encoded: Encoded) -> tuple[Sequence[str], _Shape]:
    """The cells of the first line that is not blank, after a `sep=` line if there is one."""
    delimiter = ","
    for number, line in enumerate(_LINE.findall(next(blocks(encoded), "")), start=1):
        if separator := _SEPARATOR.fullmatch(line):
            delimiter = separator["sign"]
            if delimiter not in (",", ";", "\t"):
                raise FileFault("separator-unknown", found=shown(delimiter))
        elif line.strip():
            shape = _Shape(delimiter, (), number)
            record = _record(_Lines([line], number, is_end=True), 0, shape)
            if not isinstance(record, _Record):
                raise FileFault("header-unreadable", text=shown(readable(line)))
            return record.cells, shape
    raise FileFault("file-empty")


def _rows(encoded: Encoded, shape: _Shape, ledger: Ledger) -> Iterator[Row]:
    return chain.from_iterable(_batches(encoded, shape, ledger))


def _batches(encoded: Encoded, shape: _Shape, ledger: Ledger) -> Iterator[Iterable[Row]]:
    """The rows, some at a time: whole blocks of plain lines, and with care whatever needs it."""
    number, open_lines = 1, list[str]()
    for text in blocks(encoded):
        lines = None if open_lines or _CARE.search(text) else _plain_lines(text)
        skip = shape.header_line if number == 1 else 0
        if lines is not None:
            yield _plain(lines, number, skip, shape, ledger)
            number += len(lines)
            continue
        open_lines += _LINE.findall(text)
        rows, taken = _careful(_Lines(open_lines, number, is_end=False), skip, shape, ledger)
        yield rows
        number += taken
        open_lines = open_lines[taken:]
    yield _careful(_Lines(open_lines, number, is_end=True), 0, shape, ledger)[0]


def _plain_lines(text: str) -> list[str] | None:
    """The lines of a text without quotes; None where one is so long that its cells have to be looked at."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines if len(max(lines, key=len)) <= MAX_CELL else None


def _plain(lines: list[str], number: int, skip: int, shape: _Shape, ledger: Ledger) -> Iterable[Row]:
    delimiter, width = shape.delimiter, shape.width
    cut = [line.split(delimiter) for line in lines[skip:]]
    ledger.rows += len(cut)
    rows = zip(range(number + skip, number + len(lines)), cut, strict=True)
    if set(map(len, cut)) <= {width}:
        return rows
    return _fitting(rows, shape, ledger)


def _fitting(rows: Iterable[Row], shape: _Shape, ledger: Ledger) -> Iterator[Row]:
    for number, cells in rows:
        if len(cells) == shape.width:
            yield number, cells
        else:
            _set_aside(ledger, number, shape.delimiter.join(cells), shape, _misfit(len(cells), shape))


def _misfit(width: int, shape: _Shape) -> _Fault:
    return _Fault("short-row" if width < shape.width else "long-row", found=str(width))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Physical lines with their ends; `number` is that of the first, `is_end` says that none follow."""

    lines: list[str]
    number: int
    is_end: bool


def _careful(part: _Lines, skip: int, shape: _Shape, ledger: Ledger) -> tuple[list[Row], int]:
    """The rows among these lines, and how many lines were dealt with: fewer where a quote may close later."""
    rows, at, lines, number = list[Row](), skip, part.lines, part.number
    while at < len(lines):
        record = _record(part, at, shape)
        if record is None:
            break
        ledger.rows += 1
        if isinstance(record, _Record) and len(record.cells) != shape.width:
            record = _misfit(len(record.cells), shape)
        if isinstance(record, _Record):
            rows.append((number + at, record.cells))
            at += record.lines
        else:
            _set_aside(ledger, number + at, lines[at].rstrip("\r\n"), shape, record)
            at += 1
    return rows, at


def _set_aside(ledger: Ledger, number: int, line: str, shape: _Shape, fault: _Fault) -> None:
    """Account for a physical line that is no row."""
    raw = readable(line)
    place = Place(ledger.file, number, fault.column)
    special = special_row(line.split(shape.delimiter), shape.header) if fault.code.endswith("-row") else ""
    if special:
        set_special(ledger, place, raw, special)
        return
    values = {"text": shown(raw), "found": fault.found, "expected": shape.width}
    ledger.aside(SetAside(place, raw[:RAW_SHOWN], fault.code, values))


def _record(part: _Lines, at: int, shape: _Shape) -> _Record | _Fault | None:
    """The row that begins on line `at`; None where the lines that close its quote are still to come."""
    lines = part.lines
    if odd := _ODD.search(lines[at]):
        return _odd(odd)
    if '"' not in lines[at]:
        cells = lines[at].rstrip("\r\n").split(shape.delimiter)
        return _too_long(cells) or _Record(cells, 1)
    try:
        return _Quoted(part, at, shape).record()
    except _Unfit as unfit:
        return unfit.fault


def _odd(odd: re.Match[str]) -> _Fault:
    if "\ud800" <= odd[0] <= "\udfff":
        return _Fault("undecodable-line", odd.start() + 1)
    return _Fault("bad-character", odd.start() + 1, f"U+{ord(odd[0]):04X}")


def _too_long(cells: Sequence[str]) -> _Fault | None:
    longest = max(map(len, cells))
    return _Fault("cell-too-long", found=str(longest)) if longest > MAX_CELL else None


class _Unfit(Exception):
    """A row with quotes is not well formed; without a fault, the lines at hand end inside a cell."""

    def __init__(self, fault: _Fault | None) -> None:
        super().__init__(fault)
        self.fault = fault


class _Quoted:
    """A row with quoted cells, which may run over several physical lines."""

    def __init__(self, part: _Lines, at: int, shape: _Shape) -> None:
        self.lines = part.lines
        self.is_end = part.is_end
        self.at = at
        self.shape = shape
        self.text = part.lines[at]
        self.line_starts = [0]
        self.opened = 0
        """The column of the quote that is still open where the first line ends."""

    def record(self) -> _Record | _Fault:
        """The row; raises _Unfit where a quote stands wrong or stays open."""
        cells, positions, end = list[str](), [0], 0
        while True:
            end, cell = self._cell(positions[-1])
            cells.append(cell)
            if not self.text.startswith(self.shape.delimiter, end):
                break
            positions.append(end + 1)
        if self.text[end : end + 1] not in ("", "\r", "\n"):
            down, column = self._where(end)
            raise _Unfit(_Fault("quote-unclosed", self.opened) if down else _Fault("quote-misplaced", column))
        places = tuple(map(self._where, positions))
        raw = self.text.rstrip("\r\n")
        return _too_long(cells) or _Record(WrittenCells(cells, raw, places), len(self.line_starts))

    def _cell(self, position: int) -> tuple[int, str]:
        if not self.text.startswith('"', position):
            end = next(found.start() for found in self.shape.cell_end.finditer(self.text, position))
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
            raise _Unfit(_Fault("quote-unclosed", self.opened))
        self.line_starts.append(len(self.text))
        self.text += self.lines[following]

    def _ends_cell(self, line: str) -> bool:
        """Whether a line cannot be part of a cell, or would be a row of its own: a stray quote would swallow it."""
        if _ODD.search(line):
            return True
        cells = line.split(self.shape.delimiter)
        return len(cells) == self.shape.width and all(_ID.fullmatch(cells[index]) for index in self.shape.ids)

    def _where(self, position: int) -> tuple[int, int]:
        """Physical lines down from the first, and the column counted from 1."""
        down = bisect.bisect_right(self.line_starts, position) - 1
        return down, position - self.line_starts[down] + 1
