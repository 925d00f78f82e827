"""Texts that look like escapes or markup come back to the letter: from single cells, and through collect and import."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook

from kpibook.exchange.text_cells import write_text
from kpibook.exchange.workbook_pages import INERT
from kpibook.reading.tables import Layout, read_table
from sent_tables import make_company, numbers, october, run

HOSTILE = (
    *("_x0041_", "_x0041_x0042_", "_x005F_x0041_", "_x005F_x005F_x0041_", "__x0041__x0042_", "_x0041_x0042_x0043_"),
    *("<r>a</r>", "<r><t>a</t></r>", "<r></r>", "<r>_x0041_x0042_</r>", "<b>&amp;", "]]>", "=1+1", "-1", "@SUM(A1)"),
    *("_x", "_x0041", "_xZZZZ_", " a ", "a\nb", '"', "a,b", "\U0001f600_x0041_x0042_"),
)


def round_trip(texts: Sequence[str]) -> list[str]:
    """The texts as our own reader finds them in a workbook of ours."""
    stream = io.BytesIO()
    book = Workbook(stream, INERT)
    page = book.add_worksheet("a")
    write_text(page, 0, 0, "note")
    for row, text in enumerate(texts, start=1):
        write_text(page, row, 0, text, book.add_format({"bold": True}))
        page.write_number(row, 1, Decimal(row))
    write_text(page, 0, 1, "n")
    book.close()
    table, _ = read_table(stream.getvalue(), "a.xlsx", Layout(("note",), ("n",), numbers=("n",)))
    assert table is not None
    return [cells[0] for _, cells in table.rows()]


def test_hostile_texts_are_read_to_the_letter() -> None:
    assert round_trip(HOSTILE) == [*HOSTILE]


@given(st.lists(st.lists(st.sampled_from(["_", "x", "0041", "005F", "<r>", "</r>", "<", "a"]), max_size=9), max_size=5))
def test_whatever_looks_like_an_escape_is_read_to_the_letter(parts: list[list[str]]) -> None:
    texts = ["a" + "".join(each) for each in parts] + ["<r>" + "".join(each) + "</r>" for each in parts]

    assert round_trip(texts) == texts


@pytest.mark.parametrize("style", ["xlsx", "csv"])
@pytest.mark.parametrize("name", [text for text in HOSTILE if text.strip() == text and "\n" not in text])
def test_sheets_with_hostile_names_come_back(tmp_path: Path, style: str, name: str) -> None:
    root = make_company(tmp_path)
    people = october(root) / "people.csv"
    quoted = '"' + name.replace('"', '""') + '"'
    people.write_text(people.read_text(encoding="utf-8").replace("周然", quoted), encoding="utf-8")

    run(root, "collect", "2026-10", "--out", root / "out", "--format", style)
    file = root / "out" / f"support.{style}"
    (fill_workbook if style == "xlsx" else fill_csv)(file)
    result = run(root, "import", file)

    assert numbers(root)["E02 sales"] == "7", result.output
    assert "E02 sales = 7" in result.output


def fill_workbook(file: Path) -> None:
    """Fill in all open numbers; the texts stay as they are stored, as in a spreadsheet program."""
    book = openpyxl.load_workbook(file)
    [head] = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value == "实际"]
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            cell = rf'<c r="{head.column_letter}([0-9]+)" s="([0-9]+)"/>'
            archive.writestr(
                name, re.sub(cell.encode(), rb'<c r="%s\1" s="\2"><v>7</v></c>' % head.column_letter.encode(), data)
            )


def fill_csv(file: Path) -> None:
    """The same in a CSV file."""
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    head = next(number for number, row in enumerate(rows) if "实际" in row)
    at = rows[head].index("实际")
    for row in rows[head + 1 :]:
        row[at] = "7"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
