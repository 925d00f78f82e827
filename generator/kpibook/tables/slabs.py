"""The rows of a CSV file: plain lines by the ten thousand as columns, and with care every line that needs it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat

from kpibook.model import SetAside
from kpibook.problems import Place
from kpibook.tables.decoding import Encoded, blocks, readable
from kpibook.tables.ledger import Ledger
from kpibook.tables.records import MAX_CELL, Fault, Lines, Record, Shape, cut_record
from kpibook.tables.table import RAW_SHOWN, Part, Row, Slab, set_special, shown, special_row

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CARE = re.compile('["\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]')
_STEP = MAX_CELL // 2


def csv_parts(encoded: Encoded, shape: Shape, ledger: Ledger) -> Iterator[Part]:
    """All rows, block by block; lines that are no rows go to the ledger."""
    number, open_lines = 1, list[str]()
    for text in blocks(encoded):
        skip = shape.header_line if number == 1 else 0
        if not open_lines and not _needs_care(text):
            plain = _with_plain_ends(text)
            count = plain.count("\n")
            yield _plain(_without_lines(plain, skip), range(number + skip, number + count), shape, ledger)
            number += count
            continue
        open_lines += LINE.findall(text)
        part, taken = _mixed(Lines(open_lines, number, is_end=False), skip, shape, ledger)
        yield part
        number += taken
        open_lines = open_lines[taken:]
    yield _mixed(Lines(open_lines, number, is_end=True), 0, shape, ledger)[0]


def _needs_care(text: str) -> bool:
    """Whether a quote, an odd character or a line as long as a cell may be stands somewhere in the text."""
    if _CARE.search(text):
        return True
    return any(text.find("\n", at, at + _STEP) < 0 for at in range(0, len(text) - _STEP, _STEP))


def _with_plain_ends(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return plain if plain.endswith("\n") else f"{plain}\n"


def _without_lines(text: str, count: int) -> str:
    at = 0
    for _ in range(count):
        at = text.index("\n", at) + 1
    return text[at:]


def _plain(text: str, lines: Sequence[int], shape: Shape, ledger: Ledger) -> Part:
    """Lines without quotes: all at once where all of them fit."""
    ledger.rows += len(lines)
    columns = _columns(text, len(lines), shape)
    if columns is not None:
        return Part(Slab(lines, columns), ())
    texts = text.split("\n")[: len(lines)]
    fits = [count == shape.width - 1 for count in map(str.count, texts, repeat(shape.delimiter))]
    for line, found, is_row in zip(lines, texts, fits, strict=True):
        if not is_row:
            _set_aside(ledger, line, found, shape, _misfit(found.count(shape.delimiter) + 1, shape))
    kept = [number for number, is_row in zip(lines, fits, strict=True) if is_row]
    fitting = "".join(f"{found}\n" for found, is_row in zip(texts, fits, strict=True) if is_row)
    return Part(Slab(kept, _columns(fitting, len(kept), shape) or ((),) * shape.width), ())


def _columns(text: str, count: int, shape: Shape) -> tuple[Sequence[str], ...] | None:
    """The columns of lines that all have as many cells as the header; None where one has not.

    A line end becomes a cell of its own, which has to come up after just so many cells every time.
    """
    if not count:
        return None
    delimiter, step = shape.delimiter, shape.width + 1
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    if len(cells) != count * step + 1 or set(cells[shape.width :: step]) != {"\n"}:
        return None
    del cells[-1]
    return tuple(cells[index::step] for index in range(shape.width))


def _mixed(part: Lines, skip: int, shape: Shape, ledger: Ledger) -> tuple[Part, int]:
    """The rows among lines of which some need care, and how many lines were dealt with: fewer where a quote may
    close later.
    """
    rows, taken, end, after = list[Row](), set[int](), len(part.lines), skip
    for at in _lines_with_care(part.lines):
        if at < after:
            continue
        record = cut_record(part, at, shape)
        if record is None:
            end = at
            break
        after = at + _take(record, at, part, rows, (shape, ledger))
        taken.update(range(at, after))
    plain = [at for at in range(skip, end) if at not in taken]
    text = _with_plain_ends("".join(part.lines[at] for at in plain)) if plain else ""
    found = _plain(text, [part.number + at for at in plain], shape, ledger)
    return Part(found.slab, tuple(rows)), end


def _lines_with_care(lines: Sequence[str]) -> Iterable[int]:
    """The lines with a quote, an odd character, or more characters than a cell may have."""
    starts = list(accumulate(map(len, lines), initial=0))
    text = "".join(lines)
    found = {bisect_right(starts, match.start()) - 1 for match in _CARE.finditer(text)}
    found.update(at for at, line in enumerate(lines) if len(line) > MAX_CELL)
    return sorted(found)


def _take(record: Record | Fault, at: int, part: Lines, rows: list[Row], book: tuple[Shape, Ledger]) -> int:
    """Account for a row that was cut with care; returns how many lines it takes."""
    shape, ledger = book
    ledger.rows += 1
    if isinstance(record, Record) and len(record.cells) == shape.width:
        rows.append((part.number + at, record.cells))
        return record.lines
    fault = _misfit(len(record.cells), shape) if isinstance(record, Record) else record
    _set_aside(ledger, part.number + at, part.lines[at].rstrip("\r\n"), shape, fault)
    return 1


def _misfit(width: int, shape: Shape) -> Fault:
    return Fault("short-row" if width < shape.width else "long-row", found=str(width))


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
