"""The rows of a CSV file: plain lines by the ten thousand as columns, and with care every line that needs it."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from kpibook.base.problems import Place
from kpibook.model import SetAside
from kpibook.reading.tables.decoding import Encoded, blocks, readable
from kpibook.reading.tables.ledger import Ledger
from kpibook.reading.tables.records import MAX_CELL, MAX_LINES, ODD, Dialect, Fault, Lines, Record, cut_record
from kpibook.reading.tables.table import RAW_SHOWN, PlainBatch, Row, RowBatch, set_special, shown, special_row

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CARE = re.compile(f'"|{ODD.pattern}')
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_ODD_BYTES = bytes((*range(9), *range(11, 13), *range(14, 32), 127))


def csv_batches(encoded: Encoded, dialect: Dialect, ledger: Ledger) -> Iterator[RowBatch]:
    """All rows, block by block; lines that are no rows go to the ledger."""
    number, left = 1, ""
    for text in blocks(encoded):
        cutter = _Cutter(left + text, number, dialect, ledger)
        cutter.skip(dialect.header_line if number == 1 else 0)
        cutter.cut(is_end=False)
        yield cutter.part()
        number, left = cutter.number, cutter.text[cutter.at :]
    cutter = _Cutter(left, number, dialect, ledger)
    cutter.cut(is_end=True)
    yield cutter.part()


class _Cutter:
    """Cuts a text into rows, from its beginning to its end or to a quote that may close later."""

    def __init__(self, text: str, number: int, dialect: Dialect, ledger: Ledger) -> None:
        self.text = text
        self.at = 0
        """How far the text was dealt with."""
        self.number = number
        """The number of the line there."""
        self.dialect = dialect
        self.ledger = ledger
        self._plain: list[str] = []
        self._lines: list[range] = []
        self._rows: list[Row] = []
        self._mark = ledger.mark()

    def skip(self, lines: int) -> None:
        """Leave out the first lines."""
        for found in islice(LINE.finditer(self.text), lines):
            self.at = found.end()
            self.number += 1

    def cut(self, *, is_end: bool) -> None:
        """Cut all lines; without the end of the file, a quote that is open at the end stays uncut."""
        next_odd = _odd_finder(self.text)
        while (odd := next_odd(self.at)) >= 0:
            start = max(self.text.rfind(end, self.at, odd) for end in "\r\n") + 1
            self._leave_plain(max(start, self.at))
            if not self._cut_careful(is_end=is_end):
                return
        self._leave_plain(len(self.text))

    def part(self) -> RowBatch:
        """All rows that were cut."""
        text = "".join(self._plain)
        lines: Sequence[int] = self._lines[0] if len(self._lines) == 1 else list(chain.from_iterable(self._lines))
        plain = self._cut_plain(text, lines) if text else None
        self.ledger.put_in_order(self._mark)
        return RowBatch(plain, tuple(self._rows))

    def _cut_careful(self, *, is_end: bool) -> bool:
        """Cut the next line with all that its quotes take in; False where they may close later."""
        record, lines = None, list[str]()
        for count in (1, 3, MAX_LINES + 1):
            if record is None:
                lines = [found[0] for found in islice(LINE.finditer(self.text, self.at), count)]
                part = Lines(lines, self.number, is_end=is_end and count > MAX_LINES)
                record = cut_record(part, 0, self.dialect)
        if record is None:
            return False
        taken = lines[: self._take(record, lines[0], self.number)]
        self.at += sum(map(len, taken))
        self.number += len(taken)
        return True

    def _leave_plain(self, end: int) -> None:
        """Keep lines without quotes: they are cut all at once."""
        text = self.text[self.at : end].replace("\r\n", "\n").replace("\r", "\n")
        self.at = end
        if not text:
            return
        if not text.endswith("\n"):
            text += "\n"
        count = text.count("\n")
        self._plain.append(text)
        self._lines.append(range(self.number, self.number + count))
        self.number += count

    def _cut_plain(self, text: str, lines: Sequence[int]) -> PlainBatch | None:
        """The columns of all lines that fit; the others go to the ledger."""
        if columns := _cut_whole(text, len(lines), self.dialect):
            self.ledger.rows += len(lines)
            return PlainBatch(lines, columns)
        fitting, runs, numbers = _fitting(self.dialect), list[str](), list[Sequence[int]]()
        at = row = 0
        while at < len(text):
            run = fitting.match(text, at)
            if run and run.end() > at:
                count = text.count("\n", at, run.end())
                runs.append(text[at : run.end()])
                numbers.append(lines[row : row + count])
                at, row = run.end(), row + count
            if at < len(text):
                at, row = self._cut_line(text, at, lines[row]), row + 1
        kept = list(chain.from_iterable(numbers))
        self.ledger.rows += len(kept)
        return PlainBatch(kept, _columns("".join(runs), len(kept), self.dialect)) if kept else None

    def _cut_line(self, text: str, at: int, number: int) -> int:
        """A line of another width than the header, or with a cell that is too long."""
        end = text.index("\n", at) + 1
        record = cut_record(Lines([text[at:end]], number, is_end=True), 0, self.dialect)
        if record is not None:
            self._take(record, text[at:end], number)
        return end

    def _take(self, record: Record | Fault, line: str, number: int) -> int:
        """Account for a row that was cut with care; returns how many lines it takes."""
        self.ledger.rows += 1
        if isinstance(record, Record) and len(record.cells) == self.dialect.width:
            self._rows.append((number, record.cells))
            return record.lines
        fault = _misfit(len(record.cells), self.dialect) if isinstance(record, Record) else record
        _set_aside(self.ledger, number, line.rstrip("\r\n"), self.dialect, fault)
        return 1


def _odd_finder(text: str) -> Callable[[int], int]:
    """What finds the next quote or odd character from a position on; -1 where there is none.

    To see whether there is any at all is quicker than to look for its place.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        is_odd = True
    else:
        is_odd = any(sign in text for sign in "\ufeff\ufffe\uffff") or len(data.translate(None, _ODD_BYTES)) < len(data)
        is_odd = is_odd or _C1.search(data) is not None
    if not is_odd:
        return partial(text.find, '"')

    def find(at: int) -> int:
        found = _CARE.search(text, at)
        return found.start() if found else -1

    return find


def _cut_whole(text: str, count: int, dialect: Dialect) -> tuple[Sequence[str], ...] | None:
    """The columns of lines that all fit, by cutting at every delimiter; None where one does not fit.

    A line end becomes a cell of its own, which has to come up after just so many cells every time.
    """
    delimiter, width, step = dialect.delimiter, dialect.width, MAX_CELL // 2
    if text.count(delimiter) != count * (width - 1):
        return None
    if any(text.find("\n", at, at + step) < 0 for at in range(0, len(text) - step, step)):
        return None
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    if set(cells[width :: width + 1]) != {"\n"}:
        return None
    del cells[-1]
    return tuple(cells[index :: width + 1] for index in range(width))


def _fitting(dialect: Dialect) -> re.Pattern[str]:
    """As many lines as have just as many cells as the header, none of them too long."""
    cell = rf"[^{re.escape(dialect.delimiter)}\n]{{0,{MAX_CELL}}}+"
    return re.compile(f"(?:{re.escape(dialect.delimiter).join([cell] * dialect.width)}\n)*+")


def _columns(text: str, count: int, dialect: Dialect) -> tuple[Sequence[str], ...]:
    """The columns of lines that all have as many cells as the header."""
    delimiter, width = dialect.delimiter, dialect.width
    cells = text.replace("\n", delimiter).split(delimiter)
    return tuple(cells[index : count * width : width] for index in range(width))


def _misfit(width: int, dialect: Dialect) -> Fault:
    return Fault("short-row" if width < dialect.width else "long-row", found=str(width))


def _set_aside(ledger: Ledger, number: int, line: str, dialect: Dialect, fault: Fault) -> None:
    """Account for a physical line that is no row."""
    raw = readable(line)
    place = Place(ledger.file, number, fault.column)
    special = special_row(line.split(dialect.delimiter), dialect.header) if fault.code.endswith("-row") else ""
    if special:
        set_special(ledger, place, raw, special)
        return
    values = {"text": shown(raw), "found": fault.found, "expected": dialect.width}
    ledger.aside(SetAside(place, raw[:RAW_SHOWN], fault.code, values))
