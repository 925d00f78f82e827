"""Spoilt files for every reader: how many end in an exception that nobody catches. None may.

Each input is a sound file with a few bytes flipped, cut out, doubled or put in, in one process.
"""

import io
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl

from kpibook.base.problems import Failure
from kpibook.pages.prose import check_prose
from kpibook.publishing.site.settings import read_settings
from kpibook.reading.tables import Layout, read_heads, read_table
from kpibook.reading.yamlfile import read_bytes
from kpibook.rules.formulas import Formula, FormulaFault

COMPANY = Path(__file__).parents[1] / "company"
ODD = (b"\0", b"\x1b", b'"', b"[", b"{", b"<!", b"&#x0;", b"\xff\xfe", b"\xe4\xb8", b"9" * 400, b"1e999999", b"---\n")
LAYOUT = Layout(("subject", "measure", "actual"), ("note",), ids=("subject",), numbers=("actual",))

Reader = Callable[[bytes], object]


def table(name: str) -> Reader:
    """A reader of tables that goes through all rows."""

    def read(data: bytes) -> None:
        read_heads(data, name)
        found, _ = read_table(data, name, LAYOUT)
        for _ in found.rows() if found else ():
            pass

    return read


def prose(data: bytes) -> None:
    """A page with its front matter."""
    for problem in check_prose({"a.md": data.decode("utf-8", "replace")}, "handbook"):
        str(problem)


def formula(data: bytes) -> None:
    """A formula."""
    with suppress(FormulaFault):
        Formula.parse(data.decode("utf-8", "replace"))


def settings(folder: Path) -> Reader:
    """The company's settings of its site."""

    def read(data: bytes) -> None:
        path = folder / "mkdocs.yml"
        path.write_bytes(data)
        with suppress(Failure):
            read_settings(path)

    return read


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four changes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(changed) + 1), chance.choice((1, 2, 8, 60))
        kind = chance.randrange(4)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + length]
        elif kind == 2:
            changed[at:at] = changed[at : at + length] * chance.choice((1, 2, 50))
        else:
            changed[at:at] = chance.choice(ODD)
    return bytes(changed)


def attempts(readers: dict[str, tuple[Reader, bytes]], count: int) -> Counter[str]:
    """How many inputs of each reader ended in an exception; each kind is printed once."""
    uncaught, chance = Counter[str](), random.Random(count)
    names = list(readers)
    for number in range(count):
        name = names[number % len(names)]
        read, data = readers[name]
        try:
            read(spoilt(data, chance))
        except Exception as err:  # any at all is what is looked for
            if not uncaught[f"{name} {type(err).__name__}"]:
                print(name, repr(err)[:200])
            uncaught[f"{name} {type(err).__name__}"] += 1
    return uncaught


def all_readers(folder: Path, workbook: bytes) -> dict[str, tuple[Reader, bytes]]:
    """Every reader with a sound file."""
    return {
        "csv": (table("a.csv"), (COMPANY / "scorecards/2026-10/actuals/support.csv").read_bytes()),
        "xlsx": (table("a.xlsx"), workbook),
        "yaml": (lambda data: read_bytes(data, "x.yml"), (COMPANY / "handbook/roles/barista.yml").read_bytes()),
        "prose": (prose, "---\ntitle: 标题\norder: 3\n---\n# 制度\n\n[岗位](a.md) `b`\n".encode()),
        "formula": (formula, b"round(max(sales, 0) / previous.sales * 100, 2) >= 5"),
        "settings": (settings(folder), b"site_name: A\ntheme: {palette: [{scheme: default}]}\nextra_css: [a.css]\n"),
    }


def sound_workbook() -> bytes:
    """A small workbook with texts, numbers and a date."""
    file, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("subject", "measure", "actual", "note"), ("E01", "sales", 5.5, "好"), ("E02", "sales", 0.1, "ok")):
        sheet.append(row)
    book.save(file)
    return file.getvalue()
