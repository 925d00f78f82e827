"""Pay lines: an amount from the total, the grade, measures and the person's own columns."""

from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO, plain_number, round_half_up
from kpibook.model import Assignment, Grade, PayLine
from kpibook.rules.formulas import DivisionByZero, Formula, Name
from kpibook.rules.standards import Step
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.results import PayOutcome
from kpibook.scoring.sources import Missing, Source, gap_of
from kpibook.scoring.viewpoint import Viewpoint


class Figure(NamedTuple):
    """What a formula of a pay line came to, None where it waits; and its numbers."""

    value: mpq | None
    numbers: dict[Name, mpq]
    sources: tuple[Source, ...] = ()
    missing: tuple[Missing, ...] = ()


class RoleDays(NamedTuple):
    """The days for which pay is due and all the days: after a transfer, or where somebody was there for a part."""

    days: mpq
    whole: mpq
    is_time: bool = False
    """Whether posts that take a part of the working time count as so many fewer days."""


class CardOutcome(NamedTuple):
    """What a card came to."""

    total: mpq | None = None
    grade: Grade | None = None
    coverage: mpq = ZERO
    exact: mpq | None = None
    is_open: bool = True
    """Whether a total that is not there may still come."""


class Payer:
    """What the formulas of one card's pay lines may use."""

    def __init__(self, lookup: NumberLookup, view: Viewpoint, row: Assignment, end: CardOutcome) -> None:
        self._lookup = lookup
        self._view = view
        self._row = row
        factor = end.grade.factor if end.grade else None
        self._is_open = end.is_open
        self._grade = end.grade.id if end.grade else ""
        self._own = {"total": end.total, "exact_total": end.exact, "factor": factor, "coverage": end.coverage}

    def pay(self, line: PayLine, share: RoleDays | None = None) -> PayOutcome:
        """The amount of a line, rounded to the company's decimals of money; 0 where `when` does not hold.

        A line that shares a pool waits for everybody else.
        """
        steps: list[Step] = []
        used: tuple[Source, ...] = ()
        if line.when:
            found = self.figure(line.when)
            if found.value is None:
                return waiting_line(line, found.missing, is_open=self._is_open)
            used = found.sources
            key = "pay_when" if found.value else "pay_not_when"
            steps.append(Step(key, {"formula": line.when, "numbers": found.numbers}))
            if not found.value:
                return PayOutcome(line, ZERO, tuple(steps), (), used)
        if line.table:
            return self._by_table(line, share, steps, used)
        if line.formula is None:
            return PayOutcome(line, None, tuple(steps), (), used)
        return self._amount(line, line.formula, share, (steps, used))

    def _by_table(
        self, line: PayLine, share: RoleDays | None, steps: list[Step], used: tuple[Source, ...]
    ) -> PayOutcome:
        """The amount of the first row that fits; 0 where none does."""
        total, grade = self._own["total"], self._grade
        if total is None:
            return waiting_line(line, (), is_open=self._is_open)
        fitting = (at for at, row in enumerate(line.table, 1) if row.fits(total, grade, self._row.role))
        number = next(fitting, None)
        if number is None:
            steps.append(Step("pay_no_row", {"total": total}))
            return PayOutcome(line, ZERO, tuple(steps), (), used)
        row = line.table[number - 1]
        steps.append(Step("pay_taken", {"row": mpq(number), "formula": row.amount}))
        if line.formula is None:
            return self._amount(line, row.amount, share, (steps, used))
        found = self.figure(row.amount)
        if found.value is None:
            return waiting_line(line, found.missing, is_open=self._is_open)
        if not _is_number(row.amount):
            steps.append(Step("pay_row", {"formula": row.amount, "numbers": found.numbers, "amount": found.value}))
        self._own["table"] = found.value
        return self._amount(line, line.formula, share, (steps, (*used, *found.sources)))

    def _amount(
        self,
        line: PayLine,
        formula: Formula,
        share: RoleDays | None,
        before: tuple[list[Step], tuple[Source, ...]],
    ) -> PayOutcome:
        steps, used = before
        found = self.figure(formula)
        if found.value is None:
            return waiting_line(line, found.missing, is_open=self._is_open)
        if not (line.table and _is_number(formula)):
            steps.append(Step("pay", {"formula": formula, "numbers": found.numbers, "amount": found.value}))
        amount = self._rounded(found.value, share, steps)
        return PayOutcome(line, amount, tuple(steps), (), tuple(dict.fromkeys((*used, *found.sources))))

    def _rounded(self, exact: mpq, share: RoleDays | None, steps: list[Step]) -> mpq:
        if share:
            part = exact * share.days / share.whole
            values = {"exact": exact, "days": share.days, "whole": share.whole, "amount": part}
            steps.append(Step("pay_time" if share.is_time else "pay_days", values))
            exact = part
        places = self._lookup.catalog.company.rounding.money
        amount = round_half_up(exact, places)
        if amount != exact:
            steps.append(Step("pay_rounded", {"exact": exact, "places": places, "amount": amount}))
        return amount

    def figure(self, formula: Formula) -> Figure:
        """What a formula comes to, with the person's columns, the total, and measures."""
        numbers: dict[Name, mpq] = {}
        sources: list[Source] = []
        missing: tuple[Missing, ...] = ()
        for name in formula.names:
            if not name.scope and (name.id in self._own or name.id in self._row.numbers):
                value = self._own[name.id] if name.id in self._own else self._row.numbers[name.id]
                if value is not None:
                    numbers[name] = value
                continue
            found = self._lookup.number(self._view, name)
            if isinstance(found, Source):
                numbers[name] = found.value
                sources.append(found)
            else:
                missing += found
        if len(numbers) < len(formula.names):
            return Figure(None, numbers, tuple(sources), missing)
        try:
            return Figure(formula.evaluate(numbers), numbers, tuple(sources))
        except DivisionByZero as fault:
            gap = self._view.missing("", gap_of(fault))._replace(divisor=fault.divisor)
            return Figure(None, numbers, tuple(sources), (gap,))


def waiting_line(line: PayLine, missing: tuple[Missing, ...], *, is_open: bool = True) -> PayOutcome:
    """A line that waits for numbers; without any missing number it waits for the total or the grade's factor.

    Where no total will come there is nothing to wait for.
    """
    step = Step("pay_open" if is_open else "pay_never", {})
    return PayOutcome(line, None, () if missing else (step,), missing)


def _is_number(formula: Formula) -> bool:
    """Whether a formula is nothing but a number: there is nothing to compute then."""
    return plain_number(formula.text) is not None
