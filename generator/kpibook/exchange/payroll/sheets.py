"""A batch as payroll's own table: its columns in its order under its names, as CSV or as a workbook."""

import datetime
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from gmpy2 import mpq
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kpibook.base.numbers import exact_text
from kpibook.base.words import Words
from kpibook.exchange.payroll.amounts import PayrollRow
from kpibook.exchange.payroll.batches import Batch
from kpibook.exchange.text_cells import write_text
from kpibook.model import PayrollColumn
from kpibook.reading.tables import text_cell

ENDINGS = (".csv", ".xlsx")
MARK = "\ufeff"
LONGEST = 15
"""So many digits does a number in a workbook keep."""
CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""The same for all workbooks: their bytes depend on their rows alone."""
INERT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
WIDTH = 16
NUMBERS = (PayrollColumn.COEFFICIENT, PayrollColumn.AMOUNT, PayrollColumn.REVISION)


class AmountTooLong(ValueError):
    """A workbook cannot hold an amount exactly; CSV can."""


def sheet_bytes(
    batch: Batch, headers: Mapping[PayrollColumn, str] | None, places: int, say: Words, style: str
) -> bytes:
    """The file that payroll takes, `.csv` or `.xlsx`; `places` are the decimals of money, `headers` its own columns.

    Raises:
        AmountTooLong: an amount has more digits than a number in a workbook keeps.
    """
    columns = headers or {column: say(f"payroll.column.{column}") for column in PayrollColumn}
    table = [[_text(row, column, batch, places, say) for column in columns] for row in batch.rows]
    if style == ".csv":
        lines = [",".join(map(text_cell, columns.values()))]
        lines += [",".join(map(_cell, columns, row)) for row in table]
        return (MARK + "\n".join(lines) + "\n").encode("utf-8")
    return _workbook(batch, columns, table, places, say)


def money_text(amount: mpq, places: int) -> str:
    """An amount exactly, with at least so many decimals; never rounded."""
    text = exact_text(amount)
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(places, '0')}" if places else text


def _cell(column: PayrollColumn, text: str) -> str:
    """A cell of CSV; only texts can be taken for formulas, a negative amount is none."""
    return text if column in NUMBERS else text_cell(text)


def _text(row: PayrollRow, column: PayrollColumn, batch: Batch, places: int, say: Words) -> str:
    """What stands in a column."""
    match column:
        case PayrollColumn.BATCH:
            return batch.id
        case PayrollColumn.KIND:
            return say(f"payroll.kind.{row.kind}")
        case PayrollColumn.COEFFICIENT:
            return "" if row.coefficient is None else exact_text(row.coefficient)
        case PayrollColumn.AMOUNT:
            return money_text(row.amount, places)
        case PayrollColumn.REVISION:
            return str(batch.revision)
        case PayrollColumn.STATE:
            key = f"payroll.state.{row.state}"
            return say(key) if key in say else row.state
        case _:
            return str(getattr(row, column))


def _workbook(
    batch: Batch, columns: Mapping[PayrollColumn, str], table: Sequence[Sequence[str]], places: int, say: Words
) -> bytes:
    """The rows on the first sheet, and on the second what both sides compare."""
    stream = io.BytesIO()
    book = Workbook(stream, INERT)
    book.set_properties({"created": CREATED, "title": batch.id, "author": "kpibook"})
    head, money = book.add_format({"bold": True}), book.add_format({"num_format": _money_format(places)})
    rows = book.add_worksheet(say("payroll.sheet.rows"))
    rows.set_column(0, len(columns) - 1, WIDTH)
    rows.freeze_panes(1, 0)
    for at, header in enumerate(columns.values()):
        write_text(rows, 0, at, header, head)
    for line, cells in enumerate(table, 1):
        for at, (column, text) in enumerate(zip(columns, cells, strict=True)):
            if text and column in NUMBERS:
                rows.write_number(line, at, _number(text), money if column is PayrollColumn.AMOUNT else None)
            else:
                write_text(rows, line, at, text)
    control = book.add_worksheet(say("payroll.sheet.control"))
    control.set_column(0, 1, 2 * WIDTH)
    _control(control, batch, places, say, money)
    book.close()
    return stream.getvalue()


def _control(sheet: Worksheet, batch: Batch, places: int, say: Words, money: Format) -> None:
    """The batch, its rows, its sum, and what it was made from."""
    facts: tuple[tuple[str, str | Decimal, Format | None], ...] = (
        ("batch", batch.id, None),
        ("rows", Decimal(len(batch.rows)), None),
        ("total", _number(money_text(batch.total, places)), money),
        ("revision", Decimal(batch.revision), None),
        ("seal", batch.seal, None),
    )
    for line, (key, value, style) in enumerate(facts):
        write_text(sheet, line, 0, say(f"payroll.control.{key}"))
        if isinstance(value, Decimal):
            sheet.write_number(line, 1, value, style)
        else:
            write_text(sheet, line, 1, value)


def _money_format(places: int) -> str:
    return "0." + "0" * places if places else "0"


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if len(number.normalize().as_tuple().digits) > LONGEST:
        raise AmountTooLong(text)
    return number
