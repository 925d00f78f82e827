"""Workbooks of records in the hands of people: collected, filled in, and what became of them."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lives import Life

HEADER = 5


def collected(life: Life) -> Path:
    out = life.root / "out"
    life.run("collect", "2026-10", "--records", "--out", str(out))
    return out


def rows_of(page: Worksheet) -> list[dict[str, object]]:
    head = [cell.value for cell in page[HEADER]]
    found = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in page.iter_rows(min_row=HEADER + 1)]
    return [{str(key): value for key, value in row.items() if value is not None} for row in found]


def fill(file: Path, sheet: str, line: int, cells: Mapping[str, object]) -> None:
    """Write into a row of a sheet, counted from 0, as somebody with a spreadsheet does."""
    book = load_workbook(file)
    page = book[sheet]
    head = [cell.value for cell in page[HEADER]]
    for name, value in cells.items():
        page.cell(HEADER + 1 + line, head.index(name) + 1).value = value  # type: ignore[assignment]
    book.save(file)


def number(life: Life, person: str, revision: int = 1) -> str:
    return str(json.loads(life.read(f"2026-10/revisions/{revision}/seal.json"))["people"][person])


def rows(life: Life, kind: str) -> list[dict[str, str]]:
    with life.path(f"2026-10/{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """The tiny company, whose October is published."""
    monkeypatch.chdir(tmp_path)
    life = Life(tmp_path)
    life.publish()
    return life
