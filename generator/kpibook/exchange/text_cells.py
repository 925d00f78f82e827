"""Write a text into a cell of a workbook so that it is read again to the letter, whatever it holds.

XlsxWriter escapes what looks like an escape (`_x0041_`), but not where two of them share an underscore, and takes a
text between `<r>` and `</r>` for markup of its own. Such texts are cut where no piece looks like anything.
"""

import re
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_OVERLAPPING = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_INSIDE = re.compile("(?<=_x)(?=[0-9A-Fa-f]{4}_)")
_START, _END = "<r>", "</r>"


def write_text(page: Worksheet, row: int, column: int, text: str, form: Format | None = None) -> None:
    """Write a text; rows and columns count from 0."""
    pieces = _pieces(text)
    if len(pieces) > 1:
        page.write_rich_string(row, column, *pieces, *((form,) if form else ()))
    else:
        page.write_string(row, column, text, form)


def _pieces(text: str) -> Sequence[str]:
    """The text as it is, or in three pieces and more, as XlsxWriter wants them."""
    if text.startswith(_START) and text.endswith(_END):
        return (*_START[:2], *_INSIDE.split(text[2:]))
    return _INSIDE.split(text) if _OVERLAPPING.search(text) else (text,)
