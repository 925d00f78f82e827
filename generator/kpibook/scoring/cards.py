"""The card of a person: the slices of the cycle, their total, gates, grade and pay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import Assignment, Catalog, Cycle, Role
from kpibook.rules.standards import Step
from kpibook.scoring.approvals import CycleApprovals
from kpibook.scoring.carried import Carried
from kpibook.scoring.items import ItemScorer
from kpibook.scoring.number_lookup import NumberLookup, Viewpoint, table_of
from kpibook.scoring.pay import CardOutcome, Payer, RoleDays
from kpibook.scoring.plans import ItemPlan, RolePlan, plan_role
from kpibook.scoring.results import Card, Gap, GateOutcome, ItemScore, Missing, PayOutcome, RoleSpan, Status
from kpibook.scoring.totals import (
    Decisions,
    PublishedTotal,
    Sum,
    days_of,
    finish,
    gates_withhold,
    is_withholding,
    join_spans,
    judge_gates,
    sum_up,
)

NOTHING = PublishedTotal(None, None, ())
"""The end of a card without a total."""


class CardScorer:
    """Makes the cards of one cycle."""

    def __init__(
        self, catalog: Catalog, cycle: Cycle, history: Mapping[Period, Cycle], carried: Carried | None = None
    ) -> None:
        self.lookup = NumberLookup(catalog, cycle, history, carried)
        self._catalog = catalog
        self._cycle = cycle
        self._approvals = CycleApprovals(catalog, cycle)
        self._items = ItemScorer(self.lookup, self._approvals)
        self._plans: dict[str, RolePlan] = {}
        self._unclear: dict[str, list[Missing]] = {}
        for row in cycle.set_aside:
            if row.subject and table_of(row, cycle) in ("adjustments", "calibration"):
                gap = Missing(row.subject, row.key, "", cycle.period, row, Gap.SET_ASIDE)
                self._unclear.setdefault(row.subject, []).append(gap)

    def card(self, person: str) -> Card:
        """The card of a person over all roles held in the cycle."""
        rows = self.lookup.roster.rows[person]
        if not self.lookup.roster.is_appraised(person):
            return self._absent(person, rows)
        parts = [self._slice(row, self._plan(row.role)) for row in rows]
        spans = tuple(part for part, _ in parts)
        if all(part.role.is_described_only for part in spans):
            pay = self._pay(spans, NOTHING, ZERO)
            return Card(person, rows[-1].name, spans, None, ZERO, Status.NOT_APPLICABLE, pay=pay)
        gaps = (*self._unclear.get(person, ()), *self._unapproved(spans))
        return self._computed(person, spans, join_spans(spans, tuple(found for _, found in parts)), gaps)

    def _computed(self, person: str, spans: tuple[RoleSpan, ...], found: Sum, gaps: tuple[Missing, ...] = ()) -> Card:
        policy = self._catalog.company.missing
        gates = tuple(
            outcome for part in spans for outcome in judge_gates(part.role, _view(part, self._cycle), self.lookup)
        )
        status = self._status(spans, found, gates, gaps)
        adjustments, refused = self._approvals.split(person)
        computed = found.total if status is Status.SCORED else None
        changes = Decisions(adjustments, (self._cycle.calibration or {}).get(person))
        final = finish(found._replace(total=computed), changes, gates, spans[-1], self.lookup)
        held = gates_withhold(final.conditions, policy)
        if held:
            status, computed = held, None
            final = NOTHING._replace(steps=final.steps, conditions=final.conditions)
        return Card(
            person,
            spans[-1].assignment.name,
            spans,
            final.total,
            found.coverage,
            status,
            final.steps,
            adjustments,
            gates,
            final.grade,
            pay=self._pay(spans, NOTHING if status is Status.NOT_APPLICABLE else final, found.coverage),
            gaps=gaps,
            computed=computed,
            exact=final.exact,
            conditions=final.conditions,
            refused=refused,
            total_computed=final.computed,
            calibration=final.calibration,
        )

    def _unapproved(self, spans: tuple[RoleSpan, ...]) -> Iterator[Missing]:
        """The roles of a card that have no total before they are approved."""
        for role in dict.fromkeys(part.role.id for part in spans):
            lacking = self._approvals.roles.get(role)
            if lacking and not lacking.counts:
                yield Missing(role, role, "", self._cycle.period, gap=Gap.NOT_APPROVED)

    def _status(
        self, spans: tuple[RoleSpan, ...], found: Sum, gates: tuple[GateOutcome, ...], gaps: tuple[Missing, ...]
    ) -> Status:
        """Whether the card has a total; a number that was set aside is told before one that is missing."""
        if found.total is not None and not gates and not gaps:
            return Status.SCORED
        scores = [score for part in spans for score in (*part.items, *part.extras) if score.weight or score.is_extra]
        held = gates_withhold(gates, self._catalog.company.missing)
        withheld = {score.status for score in scores if is_withholding(score)} | ({held} if held else set())
        if any(gap.set_aside for gap in gaps) or Status.SET_ASIDE in withheld:
            return Status.SET_ASIDE
        if not withheld and not found.applies:
            return Status.NOT_APPLICABLE
        return Status.MISSING if withheld or gaps or found.total is None else Status.SCORED

    def _absent(self, person: str, rows: Sequence[Assignment]) -> Card:
        """Somebody who was away for too long is not appraised; the items are listed without points."""
        limit = self._catalog.company.eligibility.max_absent_days
        step = Step("absent", {"days": self.lookup.roster.absent_days(person), "limit": limit})
        spans = tuple(self._unscored(row, self._plan(row.role), Status.EXCLUDED, (step,)) for row in rows)
        paid = self._pay(spans, NOTHING, ZERO)
        pay = tuple(outcome._replace(amount=ZERO) if outcome.line.pool else outcome for outcome in paid)
        return Card(person, rows[-1].name, spans, None, ZERO, Status.EXCLUDED, (step,), pay=pay)

    def unit(self, role: Role) -> Card:
        """The card of a department or of the company, whose scorecard `role` holds under the subject's id."""
        row = Assignment(role.id, role.name, role.id, role.department, role.place_of("scorecard"))
        part, found = self._slice(row, plan_role(role, self._catalog))
        if part.role.is_described_only:
            return Card(role.id, role.name, (part,), None, ZERO, Status.NOT_APPLICABLE, is_unit=True)
        return replace(self._computed(role.id, (part,), found), is_unit=True)

    def _slice(self, row: Assignment, plan: RolePlan) -> tuple[RoleSpan, Sum]:
        if plan.is_described_only:
            part = self._unscored(row, plan, Status.NOT_APPLICABLE, (Step("described_only", {}),))
            return part, Sum(None, ZERO, ())
        view = Viewpoint(row.person, row.department, self._cycle.period)
        items = tuple([self._items.score(item, view) for item in plan.items])
        extras = tuple([self._items.score(extra, view) for extra in plan.extras])
        found = sum_up(items, extras)
        return RoleSpan(row, plan.role, days_of(row, self.lookup), items, extras, found.total, found.coverage), found

    def _unscored(self, row: Assignment, plan: RolePlan, status: Status, steps: tuple[Step, ...]) -> RoleSpan:
        items = tuple(_unscored(item, status, steps) for item in plan.items)
        extras = tuple(_unscored(extra, status, steps) for extra in plan.extras)
        return RoleSpan(row, plan.role, days_of(row, self.lookup), items, extras, None, ZERO)

    def _plan(self, role: str) -> RolePlan:
        if role not in self._plans:
            self._plans[role] = plan_role(self._catalog.roles[role], self._catalog)
        return self._plans[role]

    def _pay(self, spans: tuple[RoleSpan, ...], final: PublishedTotal, coverage: mpq) -> tuple[PayOutcome, ...]:
        """The pay lines of the last role held, or of each role for its days; pools belong to the last one."""
        days = sum(part.days for part in spans)
        by_days = self._catalog.company.pay_after_transfer == "days" and len(spans) > 1 and days > 0
        outcomes: list[PayOutcome] = []
        for part in spans if by_days else spans[-1:]:
            view, row = _view(part, self._cycle), part.assignment
            end = CardOutcome(final.total, final.grade, coverage, final.exact, is_open=final is not NOTHING)
            payer = Payer(self.lookup, view, row, end)
            lines = (line for line in part.role.pay if line.formula or part is spans[-1])
            share = RoleDays(part.days, days) if by_days else None
            outcomes += [payer.pay(line, share) for line in lines]
        return tuple(outcomes)


def _view(part: RoleSpan, cycle: Cycle) -> Viewpoint:
    return Viewpoint(part.assignment.person, part.assignment.department, cycle.period)


def _unscored(plan: ItemPlan, status: Status, steps: tuple[Step, ...]) -> ItemScore:
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
