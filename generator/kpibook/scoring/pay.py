"""Pay lines: an amount from the total, the grade, measures and the person's own columns."""

from gmpy2 import mpq

from kpibook.formulas import DivisionByZero, Formula, Name
from kpibook.model import Assignment, Grade, PayLine
from kpibook.numbers import ZERO, round_half_up
from kpibook.results import Gap, Missing, PayOutcome, Source
from kpibook.scoring.book import Book, View
from kpibook.standards import Step


class Payer:
    """What the formulas of one card's pay lines may use."""

    def __init__(self, book: Book, view: View, row: Assignment, *, total: mpq | None, coverage: mpq) -> None:
        self._book = book
        self._view = view
        self._row = row
        self._total = total
        self._coverage = coverage
        self._factor: mpq | None = None

    def pay(self, line: PayLine, grade: Grade | None) -> PayOutcome:
        """The amount of a line, rounded to the company's decimals of money; 0 where `when` does not hold."""
        self._factor = grade.factor if grade else None
        try:
            return self._paid(line)
        except DivisionByZero as fault:
            gap = Missing(self._view.subject, "", "", self._view.period, gap=Gap.ZERO_DIVISOR, divisor=fault.divisor)
            return PayOutcome(line, None, (), (gap,))

    def _paid(self, line: PayLine) -> PayOutcome:
        steps: list[Step] = []
        used: list[Source] = []
        if line.when:
            values, missing = self._numbers(line.when, used)
            if len(values) < len(line.when.names):
                return self._open(line, missing)
            holds = bool(line.when.evaluate(values))
            key = "pay_when" if holds else "pay_not_when"
            steps.append(Step(key, {"formula": line.when, "numbers": values}))
            if not holds:
                return PayOutcome(line, ZERO, tuple(steps), (), tuple(used))
        values, missing = self._numbers(line.formula, used)
        if len(values) < len(line.formula.names):
            return self._open(line, missing)
        exact = line.formula.evaluate(values)
        steps.append(Step("pay", {"formula": line.formula, "numbers": values, "amount": exact}))
        places = self._book.catalog.company.rounding.money
        amount = round_half_up(exact, places)
        if amount != exact:
            steps.append(Step("pay_rounded", {"exact": exact, "places": places, "amount": amount}))
        return PayOutcome(line, amount, tuple(steps), (), tuple(dict.fromkeys(used)))

    @staticmethod
    def _open(line: PayLine, missing: tuple[Missing, ...]) -> PayOutcome:
        """A line that waits for numbers; without any missing number it waits for the total or the grade's factor."""
        return PayOutcome(line, None, () if missing else (Step("pay_open", {}),), missing)

    def _numbers(self, formula: Formula, used: list[Source]) -> tuple[dict[Name, mpq], tuple[Missing, ...]]:
        values: dict[Name, mpq] = {}
        missing: tuple[Missing, ...] = ()
        own = {"total": self._total, "factor": self._factor, "coverage": self._coverage}
        for name in formula.names:
            if not name.scope and (name.id in own or name.id in self._row.numbers):
                value = own[name.id] if name.id in own else self._row.numbers[name.id]
                if value is not None:
                    values[name] = value
                continue
            found = self._book.number(self._view, name)
            if isinstance(found, Source):
                values[name] = found.value
                used.append(found)
            else:
                missing += found
        return values, missing
