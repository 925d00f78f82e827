"""The sheets that go out: one workbook for each supplying department and each rater, with the rows to fill in."""

from collections.abc import Iterator
from typing import Literal

from kpibook.exchange.collect.forms import FormSheet, Request
from kpibook.exchange.collect.number_rows import supplier_sheets
from kpibook.exchange.collect.rating_rows import rating_sheets
from kpibook.exchange.collect.text import csv_text
from kpibook.exchange.collect.workbook import workbook

__all__ = ["FormSheet", "Request", "collect_files"]

BOM = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something else."""


def collect_files(request: Request, style: Literal["xlsx", "csv"] = "xlsx") -> Iterator[tuple[str, bytes, int]]:
    """Each file that goes out with its name, its bytes and how many rows there are to fill in."""
    say = request.say
    books: dict[str, list[FormSheet]] = {}
    for sheet in (*supplier_sheets(request), *rating_sheets(request)):
        books.setdefault(sheet.book, []).append(sheet)
    for name, parts in books.items():
        rows = sum(len(sheet.rows) for sheet in parts)
        data = workbook(parts, say) if style == "xlsx" else (BOM + csv_text(parts, say)).encode("utf-8")
        yield f"{name}.{style}", data, rows
