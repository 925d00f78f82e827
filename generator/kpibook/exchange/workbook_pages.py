"""What the pages of all our workbooks have in common: where their rows begin, how they are printed and locked."""

import datetime

from xlsxwriter.worksheet import Worksheet

HEADER = 4
"""The row of the header, counted from 0: title, stamp, what to do, and an empty one stand above it."""
FIRST = HEADER + 1
HEIGHT, TALL = 20, 36
"""In points: a line of Chinese text, and two of them."""
YELLOW = "#FFF2CC"
"""The ground of cells to fill in."""
A4 = 9
ALL = "A1:XFD1048576"
CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""The same for all workbooks: their bytes depend on their rows alone."""
INERT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
"""No text of a cell becomes a formula, a number or a link."""


def fit_to_paper(page: Worksheet) -> None:
    """Print all columns on one width of A4, however many sheets the rows take."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)


def lock_rows(page: Worksheet) -> None:
    """Lock all cells but the open ones; the header and the first two columns stay in sight."""
    page.freeze_panes(FIRST, 2)
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
