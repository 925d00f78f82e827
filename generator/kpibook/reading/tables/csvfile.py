"""Strict CSV: a line that does not fit costs itself and nothing else; lines are counted as an editor counts them."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from kpibook.base.problems import Place, Problem
from kpibook.reading.tables.batches import LINE, csv_batches
from kpibook.reading.tables.columns import Heading, Layout, column_name, find_columns
from kpibook.reading.tables.decoding import Encoded, blocks, detect, readable
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.ledger import Ledger
from kpibook.reading.tables.records import MAX_LINES, Dialect, Lines, Record, cut_record
from kpibook.reading.tables.table import (
    HEAD_ROWS,
    FileHead,
    Table,
    cell_place,
    shown,
)

MAX_ROWS = 1_100_000
DELIMITERS = (",", ";", "\t")
"""What may divide the columns; all but the comma have to be declared."""

_SEPARATOR = re.compile(r'"?sep=(?P<sign>[^"\r\n]*)"?[\r\n]*', re.IGNORECASE)
_LINE_BYTES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FOREIGN = {b"PK\x03\x04": "zip / xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}


def read_csv(
    data: bytes, file: str, layout: Layout, heading: Heading | None = None
) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in the bytes of a CSV file; None where the file as a whole cannot be used."""
    try:
        _refuse_foreign(data)
        encoded = detect(data)
        header, dialect = _header(encoded, heading)
    except FileFault as fault:
        return None, (Problem(fault.code, Place(file), fault.values),)
    names = heading.names if heading else header
    columns, problems = find_columns(names, layout, partial(cell_place, file, dialect.header_line, header))
    if columns is None:
        return None, problems
    ledger = Ledger(file)
    ledger.problems.extend(problems)
    if not encoded.data.endswith((b"\n", b"\r")):
        ledger.warn("maybe-cut", Place(file), {})
    labels = (heading.labels if heading else ()) or header
    ids, leading, numbers = (
        tuple(columns[name] for name in names if name in columns)
        for names in (layout.ids, layout.leading, layout.numbers)
    )
    labelled = tuple(map(column_name, labels))
    dialect = Dialect(dialect.delimiter, labelled, dialect.header_line, ids, leading, numbers)
    parts = partial(csv_batches, _until(encoded, heading.until if heading else 0), dialect)
    called = heading.labels if heading else ()
    return Table(ledger, encoded.encoding.value, dialect.header, columns, parts, dialect.delimiter, labels=called), ()


def _until(encoded: Encoded, line: int) -> Encoded:
    """The file up to the line before this one; all of it for 0."""
    if not line:
        return encoded
    ends = [found.end() for found in islice(_LINE_BYTES.finditer(encoded.data), line - 1)]
    return encoded._replace(data=encoded.data[: ends[-1] if ends else 0])


def csv_heads(data: bytes, delimiter: str = "", below: int = 0) -> tuple[FileHead, ...]:
    """How a CSV file begins, or goes on below a line; raises FileFault where it cannot be used as a whole."""
    _refuse_foreign(data)
    encoded = detect(data)
    lines = list(islice(_lines(encoded), below + HEAD_ROWS * MAX_LINES))
    dialect, at = Dialect(delimiter or ",", (), 0), below
    if lines and not below and (separator := _SEPARATOR.fullmatch(lines[0])):
        dialect, at = Dialect(_declared(separator), (), 0), 1
    rows = list[tuple[int, tuple[str, ...]]]()
    part = Lines(lines, 1, is_end=True)
    while at < len(lines) and len(rows) < HEAD_ROWS:
        record = cut_record(part, at, dialect)
        if isinstance(record, Record):
            rows += [(at + 1, tuple(record.cells))] if any(map(str.strip, record.cells)) else []
            at += record.lines
        else:
            at += 1
    return (FileHead(tuple(rows), 0, "", encoded.encoding.value, dialect.delimiter),)


def _lines(encoded: Encoded) -> Iterator[str]:
    return (line for block in blocks(encoded) for line in LINE.findall(block))


def filled_lines(data: bytes) -> int:
    """How many lines of a CSV file hold anything; raises FileFault where its text cannot be read."""
    lines = (line for block in blocks(detect(data)) for line in LINE.findall(block))
    return sum(bool(line.strip(" ,;\t\r\n")) for line in lines)


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


def _header(encoded: Encoded, heading: Heading | None) -> tuple[Sequence[str], Dialect]:
    """The cells of the first line that is not blank, after a `sep=` line if there is one."""
    if heading:
        return _header_at(heading, list(islice(_lines(encoded), heading.line + MAX_LINES)))
    lines = LINE.findall(next(blocks(encoded), ""))
    delimiter = ","
    for number, line in enumerate(lines, start=1):
        if separator := _SEPARATOR.fullmatch(line):
            delimiter = _declared(separator)
        elif line.strip():
            dialect = Dialect(delimiter, (), number)
            record = cut_record(Lines([line], number, is_end=True), 0, dialect)
            if not isinstance(record, Record):
                raise FileFault("header-unreadable", text=shown(readable(line)))
            return record.cells, dialect
    raise FileFault("file-empty")


def _header_at(heading: Heading, lines: list[str]) -> tuple[Sequence[str], Dialect]:
    """The header that was found: its cells may run over several lines."""
    dialect = Dialect(heading.delimiter, (), heading.line)
    record = cut_record(Lines(lines, 1, is_end=True), heading.line - 1, dialect)
    if not isinstance(record, Record):
        raise FileFault("header-unreadable", text=shown(readable(lines[heading.line - 1])))
    return record.cells, Dialect(heading.delimiter, (), heading.line + record.lines - 1)
