"""What is still to be handed over: per person and line the newest amount less everything before."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO


class PayrollKind(StrEnum):
    """Why a row is handed over: for the first time, or as more or less than before."""

    REGULAR = "regular"
    MORE = "more"
    LESS = "less"


class Due(NamedTuple):
    """What a line of somebody's pay comes to by the newest revision; None while it waits for a number."""

    person: str
    name: str
    line: str
    amount: mpq | None
    coefficient: mpq | None = None
    """The factor of the grade."""
    result: str = ""
    """The number of the result; empty for somebody who is in it no more."""
    state: str = ""
    """What the person answered to this result: a code."""


class PayrollRow(NamedTuple):
    """A row that payroll gets."""

    person: str
    name: str
    line: str
    kind: PayrollKind
    coefficient: mpq | None
    amount: mpq
    """What is to be paid, or taken back where it is negative."""
    result: str
    state: str

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is and for which line; ids are compared without case."""
        return self.person.casefold(), self.line


def payroll_rows(due: Iterable[Due], before: Iterable[PayrollRow]) -> Iterator[PayrollRow]:
    """The rows to hand over now: after them, what was handed over equals what is due.

    A first amount is handed over even if it is 0; after that only differences are. What waits for a number is left
    for later. What was handed over to somebody, or for a line, that the newest revision has no more is taken back.
    """
    given: dict[tuple[str, str], mpq] = {}
    last: dict[tuple[str, str], PayrollRow] = {}
    for row in before:
        given[row.key] = given.get(row.key, ZERO) + row.amount
        last[row.key] = row
    known = set()
    for each in due:
        key = each.person.casefold(), each.line
        known.add(key)
        if each.amount is not None:
            yield from _row(each, each.amount - given[key] if key in given else None)
    for key, row in last.items():
        if key not in known:
            yield from _row(Due(row.person, row.name, row.line, ZERO), -given[key])


def _row(due: Due, difference: mpq | None) -> Iterator[PayrollRow]:
    """The row of a first amount, where there is no difference to one before, or of a difference that is not 0."""
    amount = due.amount if difference is None else difference
    if amount is None or (difference is not None and not difference):
        return
    kind = PayrollKind.REGULAR if difference is None else PayrollKind.MORE if difference > 0 else PayrollKind.LESS
    yield PayrollRow(
        person=due.person,
        name=due.name,
        line=due.line,
        kind=kind,
        coefficient=due.coefficient,
        amount=amount,
        result=due.result,
        state=due.state,
    )
