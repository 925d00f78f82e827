"""Three readers of workbooks side by side: ours, python-calamine, and openpyxl behind the same look at the archive.

Three hundred made workbooks, of which each cell that is read has a value that is right: how many cells each reader
gives as they are meant, tells or refuses, and gives otherwise without a word; and how long it takes. python-calamine
is no dependency: install it beside (`pip install --target DIR python-calamine`) and put DIR on PYTHONPATH.
"""

import datetime
import io
import random
import re
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import openpyxl
from xlsxwriter.workbook import Workbook as Made

from kpibook.reading.tables.archive import open_archive
from kpibook.reading.tables.cellvalues import CellKind
from kpibook.reading.tables.files import FileFault
from kpibook.reading.tables.parsed_workbook import ParsedWorkbook

ROWS = 40
TOLD = "(told)"
"""What is right for a cell that holds no value: that it is told."""
STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
SHOWN = Context(prec=15)

Reader = Callable[[bytes], Sequence[str]]
"""Gives the first column from the top, written as ours writes it."""


class Sample(NamedTuple):
    """A workbook and the texts of its first column."""

    kind: str
    data: bytes
    right: Sequence[str]


# Workbooks


def number_text(value: float) -> str:
    """A number with the 15 digits that a spreadsheet shows."""
    text = f"{SHOWN.create_decimal(Decimal(repr(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def made(kind: str, chance: random.Random) -> Sample:
    """A workbook of a kind."""
    stream = io.BytesIO()
    book: Any = Made(stream, {"in_memory": True, "date_1904": kind == "dates from 1904"})
    page = book.add_worksheet("a")
    right = [FILLERS[kind](book, page, row, chance) for row in range(ROWS)]
    book.close()
    data = stream.getvalue()
    return Sample(kind, CHANGES[kind](data) if kind in CHANGES else data, right)


def _number(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    value = chance.choice((chance.randrange(10**6), round(chance.uniform(-1e4, 1e4), 2), 0.1 + 0.2, 1e15, 1e-7))
    page.write_number(row, 0, value)
    return number_text(value)


def _percent(book: Any, page: Any, row: int, chance: random.Random) -> str:
    value = round(chance.uniform(0, 2), 4)
    page.write_number(row, 0, value, book.add_format({"num_format": chance.choice(("0%", "0.00%", "0.0%;[Red]-0.0%"))}))
    return number_text(float(Decimal(repr(value)) * 100)) + "%"


def _date(book: Any, page: Any, row: int, chance: random.Random) -> str:
    day = datetime.date(2026, 1, 1) + datetime.timedelta(days=chance.randrange(4000))
    code = chance.choice(("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d/yy", "[$-804]yyyy/m/d;@"))
    page.write_datetime(row, 0, day, book.add_format({"num_format": code}))
    return day.isoformat()


def _duration(book: Any, page: Any, row: int, chance: random.Random) -> str:
    seconds = chance.randrange(60, 900_000)
    page.write_number(row, 0, seconds / 86400, book.add_format({"num_format": "[h]:mm"}))
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _text(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    text = chance.choice(("林晓", "a & b <c>", "007", " 空 格 ", "1,234", "=1+1", "好\n坏", "😀")) + str(row)
    page.write_string(row, 0, text)
    return text


def _escape(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    text = chance.choice(("_x0041_", "_x000D_", "a_x005F_b", "_x41_"))
    page.write_string(row, 0, text)
    return text


def _rich(book: Any, page: Any, row: int, chance: random.Random) -> str:
    page.write_rich_string(row, 0, "甲", book.add_format({"bold": True}), "乙", str(chance.randrange(99)) + "x")
    return str(page.table[row][0].raw_string)


def _calculated(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    value = chance.randrange(1000)
    page.write_formula(row, 0, f"={value}+0", None, value)
    return str(value)


def _not_calculated(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    page.write_formula(row, 0, f"=SUM(C1:C{chance.randrange(1, 9)})", None, "")
    return TOLD


def _error(_book: Any, page: Any, row: int, chance: random.Random) -> str:
    page.write_formula(row, 0, "=1/0", None, chance.choice(("#DIV/0!", "#N/A", "#REF!")))
    return TOLD


def _strict(data: bytes) -> bytes:
    return _parts(data, lambda _, part: _replaced(part, STRICT))


def _replaced(part: bytes, pairs: Sequence[tuple[bytes, bytes]]) -> bytes:
    for one, other in pairs:
        part = part.replace(one, other)
    return part


def _wps(data: bytes) -> bytes:
    """As other offices save: no place of rows and cells, no dimension, no properties, texts in the cells."""

    def change(name: str, part: bytes) -> bytes:
        if name.startswith("xl/worksheets/"):
            part = re.sub(rb"<dimension[^>]*/>", b"", part)
            part = re.sub(rb'<row r="[0-9]+" spans="[^"]*"', b"<row", part)
            part = re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", part)
        return part

    return _parts(data, change, without="docProps/")


def _parts(data: bytes, change: Callable[[str, bytes], bytes], without: str = "\0") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            if not name.startswith(without):
                out.writestr(name, change(name, archive.read(name)))
    return stream.getvalue()


FILLERS: Mapping[str, Callable[[Any, Any, int, random.Random], str]] = {
    "numbers": _number,
    "per cent": _percent,
    "dates": _date,
    "dates from 1904": _date,
    "durations": _duration,
    "texts": _text,
    "escapes": _escape,
    "rich texts": _rich,
    "formulas": _calculated,
    "formulas without values": _not_calculated,
    "errors": _error,
    "Strict OOXML": _number,
    "like WPS": _date,
}
CHANGES: Mapping[str, Callable[[bytes], bytes]] = {"Strict OOXML": _strict, "like WPS": _wps}


# Readers


def ours(data: bytes) -> Sequence[str]:
    """Our own reader."""
    book = ParsedWorkbook(data)
    told = (CellKind.NOT_CALCULATED, CellKind.ERROR, CellKind.DAMAGED)
    rows = book.rows(book.visible[0])
    return [TOLD if row.cells[0].kind in told else row.cells[0].text for row in rows]


def by_calamine(data: bytes) -> Sequence[str]:
    """python-calamine: values alone, no formats and no formulas."""
    rows = (
        import_module("python_calamine")
        .CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_index(0)
        .to_python()
    )
    return [_plain(row[0]) for row in rows]


def by_openpyxl(data: bytes) -> Sequence[str]:
    """openpyxl with values and formats, behind our look at the archive."""
    open_archive(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page: Any = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        found: list[str] = []
        for [cell, *_] in page.iter_rows():
            is_percent = "%" in (cell.number_format or "") and isinstance(cell.value, int | float)
            is_error = cell.data_type == "e"
            text = number_text(float(Decimal(repr(cell.value)) * 100)) + "%" if is_percent else _plain(cell.value)
            found.append(TOLD if is_error else text)
    return found


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, float):
        return number_text(value)
    return "" if value is None else str(value)


READERS: Mapping[str, Reader] = {
    "ours": ours,
    **({"calamine": by_calamine} if find_spec("python_calamine") else {}),
    "openpyxl": by_openpyxl,
}


def judged(reader: Reader, sample: Sample) -> Counter[str]:
    """How many cells are right, told, and given otherwise without a word."""
    try:
        found = [*reader(sample.data)]
    except FileFault:
        return Counter(refused=len(sample.right))
    except Exception as err:  # what a library raises is told by the caller
        return Counter({f"raised {type(err).__name__}": len(sample.right)})
    found += [""] * (len(sample.right) - len(found))
    return Counter("right" if one == other else "other" for one, other in zip(found, sample.right, strict=False))


def main(count: int = 300) -> None:
    """Print the table."""
    chance = random.Random(count)
    samples = [made(kind, chance) for kind, _ in zip(_round(FILLERS), range(count), strict=False)]
    print(f"{count} workbooks, {sum(len(each.right) for each in samples):,} cells: right / otherwise / refused")
    for kind in FILLERS:
        line = []
        for reader in READERS.values():
            total = sum((judged(reader, each) for each in samples if each.kind == kind), Counter[str]())
            rest = {key: value for key, value in total.items() if key not in ("right", "other")}
            line.append(f"{total['right']:5} {total['other']:5} {rest or ''!s:>8}")
        print(f"{kind:24}", "  |  ".join(line))
    for name, reader in READERS.items():
        begin = time.process_time()
        for sample in samples:
            judged(reader, sample)
        print(f"{name:24}{time.process_time() - begin:8.2f} s")


def _round(kinds: Sequence[str] | Mapping[str, object]) -> Iterator[str]:
    """The kinds again and again."""
    while True:
        yield from kinds


if __name__ == "__main__":
    main()
