"""The card of a person: the slices of the cycle, their total, gates, grade and pay."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import Assignment, Catalog, Cycle, Role
from kpibook.model.series import SeriesKind
from kpibook.rules.standards import Step
from kpibook.scoring.approvals import CycleApprovals
from kpibook.scoring.carried import Carried
from kpibook.scoring.items import ItemScorer
from kpibook.scoring.month_totals import MeanTotal, MonthTotals
from kpibook.scoring.number_lookup import NumberLookup, table_of
from kpibook.scoring.pay import CardOutcome, Payer, RoleDays
from kpibook.scoring.plans import ItemPlan, RolePlan, plan_role
from kpibook.scoring.results import Card, GateOutcome, ItemScore, PayOutcome, RoleSpan, Status, Worth
from kpibook.scoring.series import SeriesTargets, Targets
from kpibook.scoring.sources import Gap, Missing
from kpibook.scoring.target_periods import TargetScale
from kpibook.scoring.totals import (
    Decisions,
    PublishedTotal,
    SliceTotal,
    days_of,
    finish,
    gates_withhold,
    is_withholding,
    join_spans,
    judge_gates,
    sum_up,
)
from kpibook.scoring.viewpoint import Viewpoint

ONE = mpq(1)

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
        self._series = SeriesTargets(catalog, cycle.period)
        self._items = ItemScorer(self.lookup, self._approvals, self._series)
        parts = self.lookup.part_periods()
        self._scale = TargetScale(catalog, cycle.period.kind, parts[0].kind if parts else cycle.period.kind)
        self._totals: MonthTotals | None = None
        self._plans: dict[tuple[str, str], RolePlan] = {}
        self._unclear: dict[str, list[Missing]] = {}
        for row in cycle.set_aside:
            if row.subject and table_of(row, cycle) in ("adjustments", "calibration", "leave"):
                gap = Missing(row.subject, row.key, "", cycle.period, row, Gap.SET_ASIDE)
                self._unclear.setdefault(row.subject, []).append(gap)

    def combine(self, total: Callable[[Period, str], mpq | None]) -> None:
        """Make each total the mean of those of the shorter cycles; `total` finds one of them."""
        self._totals = MonthTotals(self.lookup, total)

    def card(self, person: str) -> Card:
        """The card of a person over all roles held in the cycle."""
        card = self._card(person)
        if not self._cycle.leave:
            return card
        leave = self.lookup.roster.leave_days(person)
        return replace(card, leave=leave, leave_kinds=self.lookup.roster.kinds(person)) if leave else card

    def _card(self, person: str) -> Card:
        rows = self.lookup.roster.rows[person]
        reason = self.lookup.roster.why_not(person)
        if reason:
            return self._left_out(person, rows, reason)
        if self._totals:
            return self._combined(person, rows, self._totals.mean(person))
        parts = [self._slice(row, self._plan(row)) for row in rows]
        spans = tuple(part for part, _ in parts)
        if all(part.role.is_described_only for part in spans):
            pay = self._pay(spans, NOTHING, ZERO)
            days = self._days(person)
            return Card(person, rows[-1].name, spans, None, ZERO, Status.NOT_APPLICABLE, pay=pay, days=days)
        gaps = (*self._unclear.get(person, ()), *self._unapproved(spans))
        return self._computed(person, spans, join_spans(spans, tuple(found for _, found in parts)), gaps)

    def _combined(self, subject: str, rows: Sequence[Assignment], found: MeanTotal) -> Card:
        """The card of a longer cycle whose total is the mean of those of the shorter ones."""
        listed = (Step("combined", {}),)
        spans = tuple(self._unscored(row, self._plan(row), Status.NOT_APPLICABLE, listed) for row in rows)
        gaps = (*self._unclear.get(subject, ()), *self._unapproved(spans))
        card = self._computed(subject, spans, found.sum, gaps)
        if card.total is None or found.is_enough:
            return card
        # The grade is what more than half of the months would have to stand for; pay that goes by it waits.
        return self._ungraded(card)

    def _ungraded(self, card: Card) -> Card:
        end = PublishedTotal(card.total, None, card.steps, exact=card.exact)
        steps = (*(step for step in card.steps if not step.key.startswith("grade")), Step("too_few_months", {}))
        return replace(card, grade=None, steps=steps, pay=self._pay(card.spans, end, card.coverage))

    def _computed(
        self, person: str, spans: tuple[RoleSpan, ...], found: SliceTotal, gaps: tuple[Missing, ...] = ()
    ) -> Card:
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
            days=self._days(person),
        )

    def _unapproved(self, spans: tuple[RoleSpan, ...]) -> Iterator[Missing]:
        """The roles of a card that have no total before they are approved."""
        for role in dict.fromkeys(part.role.id for part in spans):
            lacking = self._approvals.roles.get(role)
            if lacking and not lacking.counts:
                yield Missing(role, role, "", self._cycle.period, gap=Gap.NOT_APPROVED)

    def _days(self, person: str) -> int:
        """The days of somebody who was not there for the whole cycle, else 0."""
        return self.lookup.roster.days_of.get(person, 0)

    def _status(
        self, spans: tuple[RoleSpan, ...], found: SliceTotal, gates: tuple[GateOutcome, ...], gaps: tuple[Missing, ...]
    ) -> Status:
        """Whether the card has a total; a number that was set aside is told before one that is missing."""
        if found.total is not None and not gates and not gaps:
            return Status.SCORED
        # A role that was held on days of leave alone is no part of the total, and nothing of it is waited for.
        counted = [part for part in spans if part.days] or spans
        scores = [score for part in counted for score in (*part.items, *part.extras) if score.weight or score.is_extra]
        held = gates_withhold(gates, self._catalog.company.missing)
        withheld = {score.status for score in scores if is_withholding(score)} | ({held} if held else set())
        if any(gap.set_aside for gap in gaps) or Status.SET_ASIDE in withheld:
            return Status.SET_ASIDE
        if not withheld and not found.applies:
            return Status.NOT_APPLICABLE
        return Status.MISSING if withheld or gaps or found.total is None else Status.SCORED

    def _left_out(self, person: str, rows: Sequence[Assignment], step: Step) -> Card:
        """Somebody who is not appraised, and why; the items are listed without points."""
        spans = tuple(self._unscored(row, self._plan(row), Status.EXCLUDED, (step,)) for row in rows)
        paid = self._pay(spans, NOTHING, ZERO)
        pay = tuple(outcome._replace(amount=ZERO) if outcome.line.pool else outcome for outcome in paid)
        days = self._days(person)
        return Card(person, rows[-1].name, spans, None, ZERO, Status.EXCLUDED, (step,), pay=pay, days=days)

    def unit(self, role: Role) -> Card:
        """The card of a department or of the company, whose scorecard `role` holds under the subject's id."""
        row = Assignment(role.id, role.name, role.id, role.department, role.place_of("scorecard"))
        if self._totals:
            self._plans[role.id, ""] = plan_role(role, self._catalog, self._scale)
            return replace(self._combined(role.id, [row], self._totals.mean(role.id)), is_unit=True)
        part, found = self._slice(row, plan_role(role, self._catalog, self._scale))
        if part.role.is_described_only:
            return Card(role.id, role.name, (part,), None, ZERO, Status.NOT_APPLICABLE, is_unit=True)
        return replace(self._computed(role.id, (part,), found), is_unit=True)

    def _slice(self, row: Assignment, plan: RolePlan) -> tuple[RoleSpan, SliceTotal]:
        if plan.is_described_only:
            part = self._unscored(row, plan, Status.NOT_APPLICABLE, (Step("described_only", {}),))
            return part, SliceTotal(None, ZERO, ())
        view = Viewpoint(row.person, row.department, self._cycle.period, share=row.share)
        items = tuple([self._items.score(item, view) for item in plan.items])
        extras = tuple([self._items.score(extra, view) for extra in plan.extras])
        found = sum_up(items, extras, plan.total)
        return RoleSpan(row, plan.role, days_of(row, self.lookup), items, extras, found.total, found.coverage), found

    def _unscored(self, row: Assignment, plan: RolePlan, status: Status, steps: tuple[Step, ...]) -> RoleSpan:
        items = tuple(_unscored(item, status, steps) for item in plan.items)
        extras = tuple(_unscored(extra, status, steps) for extra in plan.extras)
        return RoleSpan(row, plan.role, days_of(row, self.lookup), items, extras, None, ZERO)

    def _plan(self, row: Assignment) -> RolePlan:
        post = row.post
        plan = self._plans.get(post)
        if plan is None:
            role = self._catalog.roles[row.role].at_level(row.level)
            plan = self._plans[post] = plan_role(role, self._catalog, self._scale, self._series_of(row))
        return plan

    def _series_of(self, row: Assignment) -> Targets:
        """The role's targets in the file of a year; those that a job level has of its own go before them."""
        found = self._series.of(SeriesKind.ROLE, row.role)
        levels = (level for level in self._catalog.roles[row.role].levels if level.id == row.level)
        own = {item.indicator for level in levels for item in level.items if item.given_target is not None}
        return {indicator: target for indicator, target in found.items() if indicator not in own} if own else found

    def _pay(self, spans: tuple[RoleSpan, ...], final: PublishedTotal, coverage: mpq) -> tuple[PayOutcome, ...]:
        """The pay lines of the last role held, or of each role for its days; pools belong to the last one."""
        company = self._catalog.company
        time = sum((part.time for part in spans), ZERO)
        by_days = company.pay_after_transfer == "days" and len(spans) > 1 and time > 0
        present = self._present(spans)
        outcomes: list[PayOutcome] = []
        for part in spans if by_days else spans[-1:]:
            view, row = _view(part, self._cycle), part.assignment
            end = CardOutcome(final.total, final.grade, coverage, final.exact, is_open=final is not NOTHING)
            payer = Payer(self.lookup, view, row, end)
            lines = (line for line in part.role.pay if line.formula or line.table or part is spans[-1])
            share = RoleDays(part.time, time) if by_days else None
            if present:
                # Each role's part of the days that somebody was there, of all the days of the cycle.
                part_of_it = share.days / share.whole if share else ONE
                is_time = company.part_cycle.pay == "by_time"
                share = RoleDays(present * part_of_it, mpq(self.lookup.days), is_time)
            outcomes += [payer.pay(line, share) for line in lines]
        return tuple(outcomes)

    def _present(self, spans: tuple[RoleSpan, ...]) -> mpq:
        """The days for which pay is due to somebody who was not there for all of the time, else 0."""
        match self._catalog.company.part_cycle.pay:
            case "by_days":
                return mpq(self._days(spans[-1].assignment.person))
            case "by_time":
                time = sum((part.time for part in spans), ZERO)
                return time if time < self.lookup.days else ZERO
        return ZERO


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
        worth=Worth(plan.per_mark, plan.is_pooled),
    )
