"""A workbook's rows as one CSV file, every text of which stays a text."""

from collections.abc import Sequence

from kpibook.base.words import Words
from kpibook.exchange.collect.forms import FormSheet
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.reading.tables import quoted, text_cell

NUMBERS = (ColumnRole.ACTUAL, ColumnRole.SCORE)
"""Numbers may begin with a minus."""


def csv_text(sheets: Sequence[FormSheet], say: Words) -> str:
    """The stamp, what to do, the header and all rows."""
    first = sheets[0]
    rows = [row for sheet in sheets for row in sheet.rows]
    stamp = first.stamp._replace(sheet=f"{first.stamp.sheet.partition('/')[0]}/all", rows=len(rows))
    if first.kind is SheetKind.RATINGS:
        stamp = first.stamp
    lines = [str(stamp), text_cell(first.title), text_cell(say("collect.csv_hint"))]
    lines.append(",".join(text_cell(column_title(column, first.kind, say)) for column in first.columns))
    for row in rows:
        lines.append(",".join(_cell(column, row.cells[column]) for column in first.columns))
    return "\n".join(lines) + "\n"


def column_title(column: ColumnRole, kind: SheetKind, say: Words) -> str:
    """The name of a column: the first of those by which import knows it; what is rated is an indicator."""
    if kind is SheetKind.RATINGS and column in (ColumnRole.MEASURE, ColumnRole.MEASURE_NAME):
        return say(f"collect.rated.{column}")
    return say(f"importing.header.{column}").partition("|")[0]


def _cell(column: ColumnRole, text: str) -> str:
    return quoted(text) if column in NUMBERS and _is_number(text) else text_cell(text)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
