"""The record of each batch that was handed over: its rows, and last how many they are, their sum and the seal."""

import csv
import io
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, exact_text
from kpibook.exchange.payroll.amounts import PayrollKind, PayrollRow
from kpibook.reading.tables import guarded, unguarded

BATCHES = "payroll"
"""The folder of a cycle that holds them."""

COLUMNS = ("batch", "person", "name", "line", "kind", "coefficient", "amount", "result", "revision", "state")
CONTROL = "control"
"""Begins the last row: how many rows, their sum, the revision and the hash of its seal."""
MARK = "\ufeff"


class BatchFault(ValueError):
    """The record of a batch is not as it was written; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class Batch(NamedTuple):
    """What was handed over at once."""

    id: str
    rows: tuple[PayrollRow, ...]
    revision: int
    seal: str
    """The hash of the seal of that revision."""

    @property
    def total(self) -> mpq:
        """The sum of all amounts, by which both sides see that nothing was lost."""
        return sum((row.amount for row in self.rows), ZERO)


def batch_id(cycle: str, number: int) -> str:
    """The name of a batch; no spreadsheet takes it for a day."""
    return f"{cycle}-B{number}"


def batch_text(batch: Batch) -> str:
    """The file of a batch; amounts stand in it exactly."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in batch.rows:
        coefficient = "" if row.coefficient is None else exact_text(row.coefficient)
        texts = map(guarded, (row.person, row.name, row.line))
        figures = (row.kind, coefficient, exact_text(row.amount), row.result, batch.revision, row.state)
        writer.writerow((batch.id, *texts, *figures))
    writer.writerow((CONTROL, len(batch.rows), *[""] * 4, exact_text(batch.total), "", batch.revision, batch.seal))
    return MARK + stream.getvalue()


def read_batch(data: bytes, identifier: str) -> Batch:
    """The batch that a file holds.

    Raises:
        BatchFault: not a single sign of it may differ from what was written, but its line ends.
    """
    line = 1
    try:
        text = data.decode("utf-8").removeprefix(MARK).replace("\r\n", "\n")
        *rows, last = csv.reader(io.StringIO(text, newline=""), strict=True)
        found = []
        for line, row in enumerate(rows, 1):
            if line == 1 and row != [*COLUMNS]:
                raise BatchFault(1)
            if line > 1:
                found.append(_row(row))
        line = len(rows) + 1
        batch = Batch(identifier, tuple(found), int(last[8]), last[9])
    except (ValueError, IndexError, csv.Error) as err:
        raise BatchFault(line) from err
    if MARK + text != batch_text(batch):
        raise BatchFault(_first_difference(text, batch_text(batch).removeprefix(MARK)))
    return batch


def _row(cells: list[str]) -> PayrollRow:
    _, person, name, line, kind, coefficient, amount, result, _, state = cells
    return PayrollRow(
        person=unguarded(person),
        name=unguarded(name),
        line=unguarded(line),
        kind=PayrollKind(kind),
        coefficient=mpq(coefficient) if coefficient else None,
        amount=mpq(amount),
        result=result,
        state=state,
    )


def _first_difference(one: str, other: str) -> int:
    """The first line that is not the same, counted from 1."""
    lines = zip(one.split("\n"), other.split("\n"), strict=False)
    return next((number for number, (left, right) in enumerate(lines, 1) if left != right), 1)
