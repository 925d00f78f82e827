"""The card of a person: the slices of the cycle, their total, gates, grade and pay."""

from collections.abc import Mapping, Sequence

from gmpy2 import mpq

from kpibook.model import Assignment, Catalog, Cycle, Grade
from kpibook.numbers import ZERO
from kpibook.periods import Period
from kpibook.results import Card, Gap, GateOutcome, ItemScore, Missing, PayOutcome, Slice, Status
from kpibook.scoring.book import Book, View, table_of
from kpibook.scoring.items import ItemScorer
from kpibook.scoring.pay import Payer
from kpibook.scoring.plans import Plan, RolePlan, plan_role
from kpibook.scoring.totals import (
    Sum,
    days_of,
    finish,
    gates_withhold,
    is_withholding,
    join_slices,
    judge_gates,
    sum_up,
)
from kpibook.standards import Step


class CardScorer:
    """Makes the cards of one cycle."""

    def __init__(self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle]) -> None:
        self.book = Book(catalog, cycle, history)
        self._catalog = catalog
        self._cycle = cycle
        self._items = ItemScorer(self.book)
        self._plans: dict[str, RolePlan] = {}
        self._unclear: dict[str, list[Missing]] = {}
        for row in cycle.set_aside:
            if row.subject and table_of(row, cycle) == "adjustments":
                gap = Missing(row.subject, row.key, "", cycle.period, row, Gap.SET_ASIDE)
                self._unclear.setdefault(row.subject, []).append(gap)

    def card(self, person: str) -> Card:
        """The card of a person over all roles held in the cycle."""
        rows = self.book.roster.rows[person]
        if not self.book.roster.is_appraised(person):
            return self._absent(person, rows)
        parts = [self._slice(row) for row in rows]
        slices = tuple(part for part, _ in parts)
        if all(self._plan(row.role).is_described_only for row in rows):
            pay = self._pay(slices[-1], None, None, ZERO)
            return Card(person, rows[-1].name, slices, None, ZERO, Status.NOT_APPLICABLE, pay=pay)
        return self._computed(person, slices, join_slices(slices, tuple(found for _, found in parts)))

    def _computed(self, person: str, slices: tuple[Slice, ...], found: Sum) -> Card:
        gates = tuple(
            outcome for part in slices for outcome in judge_gates(part.role, _view(part, self._cycle), self.book)
        )
        gaps = tuple(self._unclear.get(person, ()))
        status = self._status(slices, found, gates, gaps)
        adjustments = self._cycle.adjustments.get(person, ())
        if status is not Status.SCORED:
            found = found._replace(total=None)
        final = finish(found, adjustments, gates, self._catalog)
        return Card(
            person,
            slices[-1].assignment.name,
            slices,
            final.total,
            found.coverage,
            status,
            final.steps,
            adjustments,
            gates,
            final.grade,
            pay=self._pay(slices[-1], final.grade, final.total, found.coverage),
            gaps=gaps,
        )

    def _status(
        self, slices: tuple[Slice, ...], found: Sum, gates: tuple[GateOutcome, ...], gaps: tuple[Missing, ...]
    ) -> Status:
        """Whether the card has a total; a number that was set aside is told before one that is missing."""
        if found.total is not None and not gates and not gaps:
            return Status.SCORED
        scores = [score for part in slices for score in (*part.items, *part.extras) if score.weight or score.is_extra]
        held = gates_withhold(gates, self._catalog.company.missing)
        withheld = {score.status for score in scores if is_withholding(score)} | ({held} if held else set())
        if gaps or Status.SET_ASIDE in withheld:
            return Status.SET_ASIDE
        return Status.MISSING if withheld or found.total is None else Status.SCORED

    def _absent(self, person: str, rows: Sequence[Assignment]) -> Card:
        """Somebody who was away for too long is not appraised; the items are listed without points."""
        limit = self._catalog.company.eligibility.max_absent_days
        step = Step("absent", {"days": self.book.roster.absent_days(person), "limit": limit})
        slices = tuple(self._unscored(row, Status.EXCLUDED, (step,)) for row in rows)
        pay = self._pay(slices[-1], None, None, ZERO)
        return Card(person, rows[-1].name, slices, None, ZERO, Status.EXCLUDED, (step,), pay=pay)

    def _slice(self, row: Assignment) -> tuple[Slice, Sum]:
        plan = self._plan(row.role)
        if plan.is_described_only:
            part = self._unscored(row, Status.NOT_APPLICABLE, (Step("described_only", {}),))
            return part, Sum(None, ZERO, ())
        view = View(row.person, row.department, self._cycle.period)
        items = tuple([self._items.score(item, view) for item in plan.items])
        extras = tuple([self._items.score(extra, view) for extra in plan.extras])
        found = sum_up(items, extras)
        return Slice(row, plan.role, days_of(row, self.book), items, extras, found.total, found.coverage), found

    def _unscored(self, row: Assignment, status: Status, steps: tuple[Step, ...]) -> Slice:
        plan = self._plan(row.role)
        items = tuple(_unscored(item, status, steps) for item in plan.items)
        extras = tuple(_unscored(extra, status, steps) for extra in plan.extras)
        return Slice(row, plan.role, days_of(row, self.book), items, extras, None, ZERO)

    def _plan(self, role: str) -> RolePlan:
        if role not in self._plans:
            self._plans[role] = plan_role(self._catalog.roles[role], self._catalog)
        return self._plans[role]

    def _pay(self, part: Slice, grade: Grade | None, total: mpq | None, coverage: mpq) -> tuple[PayOutcome, ...]:
        """The pay lines of the last role held."""
        if not part.role.pay:
            return ()
        payer = Payer(self.book, _view(part, self._cycle), part.assignment, total=total, coverage=coverage)
        return tuple(payer.pay(line, grade) for line in part.role.pay)


def _view(part: Slice, cycle: Cycle) -> View:
    return View(part.assignment.person, part.assignment.department, cycle.period)


def _unscored(plan: Plan, status: Status, steps: tuple[Step, ...]) -> ItemScore:
    return ItemScore(
        item=plan.item,
        indicator=plan.indicator,
        section=plan.section,
        weight=plan.weight,
        status=status,
        target=plan.target,
        steps=steps,
        is_extra=plan.is_extra,
    )
