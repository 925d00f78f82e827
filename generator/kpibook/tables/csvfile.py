"""Strict CSV: a line that does not fit costs itself and nothing else; lines are counted as an editor counts them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from kpibook.model import SetAside
from kpibook.problems import Place, Problem
from kpibook.tables.decoding import Encoded, blocks, detect, readable
from kpibook.tables.files import FileFault
from kpibook.tables.layout import Heading, Layout, column_name, find_columns
from kpibook.tables.ledger import Ledger
from kpibook.tables.records import MAX_CELL, MAX_LINES, Fault, Lines, Record, Shape, cut_record
from kpibook.tables.table import (
    RAW_SHOWN,
    TOP_ROWS,
    Row,
    Table,
    Top,
    cell_place,
    set_special,
    shown,
    special_row,
)

MAX_ROWS = 1_100_000
DELIMITERS = (",", ";", "\t")
"""What may divide the columns; all but the comma have to be declared."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CARE = re.compile('["\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]')
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[^"\r\n]*)"?[\r\n]*', re.IGNORECASE)
_FOREIGN = {b"PK\x03\x04": "zip / xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}


def read_csv(
    data: bytes, file: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a CSV file; None where the file as a whole cannot be used."""
    try:
        _refuse_foreign(data)
        encoded = detect(data)
        header, shape = _header(encoded, heading)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    names = heading.names if heading else header
    columns, problems = find_columns(names, layout, partial(cell_place, file, shape.header_line, header))
    if columns is None:
        return None, problems
    ledger = Ledger(file)
    ledger.problems.extend(problems)
    if not encoded.data.endswith((b"\n", b"\r")):
        ledger.warn("maybe-cut", Place(file), {})
    ids = tuple(columns[name] for name in layout.ids if name in columns)
    shape = Shape(shape.delimiter, tuple(map(column_name, header)), shape.header_line, ids)
    open_rows = partial(_rows, encoded, shape)
    return Table(ledger, encoded.encoding.value, shape.header, columns, open_rows, shape.delimiter), ()


def csv_tops(data: bytes, delimiter: str = "") -> tuple[Top, ...]:
    """How a CSV file begins; raises FileFault where it cannot be used as a whole."""
    _refuse_foreign(data)
    encoded = detect(data)
    lines = _LINE.findall(next(blocks(encoded), ""))[: TOP_ROWS * MAX_LINES]
    shape, at = Shape(delimiter or ",", (), 0), 0
    if lines and (separator := _SEPARATOR.fullmatch(lines[0])):
        shape, at = Shape(_declared(separator), (), 0), 1
    rows = list[tuple[int, tuple[str, ...]]]()
    part = Lines(lines, 1, is_end=True)
    while at < len(lines) and len(rows) < TOP_ROWS:
        record = cut_record(part, at, shape)
        if isinstance(record, Record):
            rows += [(at + 1, tuple(record.cells))] if any(map(str.strip, record.cells)) else []
            at += record.lines
        else:
            at += 1
    return (Top(tuple(rows), 0, "", encoded.encoding.value, shape.delimiter),)


def _declared(separator: re.Match[str]) -> str:
    delimiter = separator["sign"]
    if delimiter not in DELIMITERS:
        raise FileFault("separator-unknown", found=shown(delimiter))
    return delimiter


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


def _header(encoded: Encoded, heading: Heading | None) -> tuple[Sequence[str], Shape]:
    """The cells of the first line that is not blank, after a `sep=` line if there is one."""
    lines = _LINE.findall(next(blocks(encoded), ""))
    if heading:
        return _header_at(heading, lines)
    delimiter = ","
    for number, line in enumerate(lines, start=1):
        if separator := _SEPARATOR.fullmatch(line):
            delimiter = _declared(separator)
        elif line.strip():
            shape = Shape(delimiter, (), number)
            record = cut_record(Lines([line], number, is_end=True), 0, shape)
            if not isinstance(record, Record):
                raise FileFault("header-unreadable", text=shown(readable(line)))
            return record.cells, shape
    raise FileFault("file-empty")


def _header_at(heading: Heading, lines: list[str]) -> tuple[Sequence[str], Shape]:
    """The header that was found: its cells may run over several lines."""
    shape = Shape(heading.delimiter, (), heading.line)
    record = cut_record(Lines(lines, 1, is_end=True), heading.line - 1, shape)
    if not isinstance(record, Record):
        raise FileFault("header-unreadable", text=shown(readable(lines[heading.line - 1])))
    return record.cells, Shape(heading.delimiter, (), heading.line + record.lines - 1)


def _rows(encoded: Encoded, shape: Shape, ledger: Ledger) -> Iterator[Row]:
    return chain.from_iterable(_batches(encoded, shape, ledger))


def _batches(encoded: Encoded, shape: Shape, ledger: Ledger) -> Iterator[Iterable[Row]]:
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
        rows, taken = _careful(Lines(open_lines, number, is_end=False), skip, shape, ledger)
        yield rows
        number += taken
        open_lines = open_lines[taken:]
    yield _careful(Lines(open_lines, number, is_end=True), 0, shape, ledger)[0]


def _plain_lines(text: str) -> list[str] | None:
    """The lines of a text without quotes; None where one is so long that its cells have to be looked at."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines if len(max(lines, key=len)) <= MAX_CELL else None


def _plain(lines: list[str], number: int, skip: int, shape: Shape, ledger: Ledger) -> Iterable[Row]:
    delimiter, width = shape.delimiter, shape.width
    cut = [line.split(delimiter) for line in lines[skip:]]
    ledger.rows += len(cut)
    rows = zip(range(number + skip, number + len(lines)), cut, strict=True)
    if set(map(len, cut)) <= {width}:
        return rows
    return _fitting(rows, shape, ledger)


def _fitting(rows: Iterable[Row], shape: Shape, ledger: Ledger) -> Iterator[Row]:
    for number, cells in rows:
        if len(cells) == shape.width:
            yield number, cells
        else:
            _set_aside(ledger, number, shape.delimiter.join(cells), shape, _misfit(len(cells), shape))


def _misfit(width: int, shape: Shape) -> Fault:
    return Fault("short-row" if width < shape.width else "long-row", found=str(width))


def _careful(part: Lines, skip: int, shape: Shape, ledger: Ledger) -> tuple[list[Row], int]:
    """The rows among these lines, and how many lines were dealt with: fewer where a quote may close later."""
    rows, at, lines, number = list[Row](), skip, part.lines, part.number
    while at < len(lines):
        record = cut_record(part, at, shape)
        if record is None:
            break
        ledger.rows += 1
        if isinstance(record, Record) and len(record.cells) != shape.width:
            record = _misfit(len(record.cells), shape)
        if isinstance(record, Record):
            rows.append((number + at, record.cells))
            at += record.lines
        else:
            _set_aside(ledger, number + at, lines[at].rstrip("\r\n"), shape, record)
            at += 1
    return rows, at


def _set_aside(ledger: Ledger, number: int, line: str, shape: Shape, fault: Fault) -> None:
    """Account for a physical line that is no row."""
    raw = readable(line)
    place = Place(ledger.file, number, fault.column)
    special = special_row(line.split(shape.delimiter), shape.header) if fault.code.endswith("-row") else ""
    if special:
        set_special(ledger, place, raw, special)
        return
    values = {"text": shown(raw), "found": fault.found, "expected": shape.width}
    ledger.aside(SetAside(place, raw[:RAW_SHOWN], fault.code, values))
