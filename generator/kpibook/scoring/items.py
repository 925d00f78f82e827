"""One item of one person: its numbers, its target, its points, and how they came about."""

from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Exempt, MissingPolicy, RatingRow, levelled
from kpibook.rules.formulas import DivisionByZero, Name
from kpibook.rules.standards import NO_MARKS, Case, RuleOutcome, Step, marks_beside_target
from kpibook.scoring.approvals import CycleApprovals
from kpibook.scoring.collected import Gaps
from kpibook.scoring.conditions import decide
from kpibook.scoring.item_limits import level_reached, limited_points
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.plans import ItemPlan
from kpibook.scoring.rating_lookup import RatingLookup
from kpibook.scoring.results import ONE, ItemScore, Status, Worth
from kpibook.scoring.series import SeriesTargets
from kpibook.scoring.sources import Gap, Source, Target, TargetOrigin
from kpibook.scoring.target_lookup import TargetLookup
from kpibook.scoring.viewpoint import Viewpoint

SCORED = Status.SCORED
"""What nearly every item is: a word of an enumeration costs a search each time."""


class ItemScorer:
    """Scores items of one cycle."""

    def __init__(self, lookup: NumberLookup, approvals: CycleApprovals, series: SeriesTargets) -> None:
        company, cycle = lookup.catalog.company, lookup.cycle
        self._lookup = lookup
        self._cycle = cycle
        self._actuals = cycle.actuals
        self._policy = company.missing
        self._ratings = RatingLookup(lookup)
        self._waits_until_due = company.not_due == "wait"
        self._places = company.rounding.score if company.rounding.at == "item" else None
        self._targets = TargetLookup(lookup, approvals, series)
        # Both are asked of each item, a hundred thousand times: held here, they are one step nearer.
        self._targeted, self._refused = self._targets.indicators, self._targets.refused

    def score(self, plan: ItemPlan, view: Viewpoint) -> ItemScore:
        """The item with its points, or with what it waits for."""
        if plan.is_usual and not self._refused:
            # Nearly every item: ten thousand people have a hundred thousand of them.
            return self._rated(plan, view) if plan.rating else self._measured(plan, view)
        score = self._score(plan, view)
        if plan.is_pooled or plan.per_mark is not ONE or plan.levels:
            return replace(score, worth=Worth(plan.per_mark, plan.is_pooled, plan.levels))
        return score

    def _score(self, plan: ItemPlan, view: Viewpoint) -> ItemScore:
        if plan.exempt:
            exempted = self._exempted(plan, plan.exempt, view)
            if exempted:
                return exempted
        score = self._rated(plan, view) if plan.rating else self._measured(plan, view)
        if self._refused and plan.has_row_targets and (refused := tuple(self._targets.refused_of(plan, view))):
            score = replace(score, refused=refused)
        return replace(score, findings=self._findings(plan, view)) if plan.indicator.compares else score

    def _exempted(self, plan: ItemPlan, exempt: Exempt, view: Viewpoint) -> ItemScore | None:
        """The item where it does not apply, or where nobody can tell whether it does."""
        decision = decide(exempt.when, view, self._lookup)
        if decision.holds is None:
            return self._waiting_score(plan, decision.missing, target=plan.target, sources=decision.sources)
        if not decision.holds:
            return None
        points = plan.weight if exempt.then == "full" and not plan.is_on_trial else None
        key = "exempt_full" if exempt.then == "full" else "exempt_out"
        key = "exempt_trial" if plan.is_on_trial else key
        step = Step(key, {"formula": exempt.when, "numbers": decision.values, "points": points})
        return ItemScore(
            item=plan.item,
            indicator=plan.indicator,
            section=plan.section,
            weight=plan.weight,
            status=Status.NOT_APPLICABLE,
            target=plan.target,
            points=points,
            steps=(step,),
            sources=decision.sources,
        )

    def _findings(self, plan: ItemPlan, view: Viewpoint) -> tuple[str, ...]:
        """What comparisons tell; one whose numbers are missing tells nothing."""
        compared = ((each, decide(each.when, view, self._lookup)) for each in plan.indicator.compares)
        return tuple(each.says for each, decision in compared if decision.holds)

    def _measured(self, plan: ItemPlan, view: Viewpoint) -> ItemScore:
        sources, values, gaps = self._numbers(plan, view)
        target = plan.target
        if plan.has_row_targets and plan.indicator.id in self._targeted:
            target, gaps = self._targets.of_row(plan, view, gaps)
        if target and plan.goes_by_days and target.origin is TargetOrigin.ROLE:
            target = self._targets.for_the_time(target, view)
        if target is None and plan.judges_target and not gaps:
            gaps = (view.missing(plan.indicator.id, Gap.NO_TARGET),)
        if gaps:
            return self._waiting_score(plan, gaps, target=target, sources=sources)
        try:
            actual = self._actual(plan, values)
            case = Case(plan.weight, plan.indicator.direction, target and target.value, actual, values, (), plan.floor)
            if plan.is_particular:
                case = self._special_case(plan, case, target, view)
            scored = plan.rule.judge(case)
            is_changed = target is not None and target.original is not None
            original = self._original(plan, case, target) if is_changed else None
        except DivisionByZero as fault:
            gap = self._lookup.undefined(plan.indicator, view, fault)
            return self._waiting_score(plan, (gap,), target=target, sources=sources)
        score = self._scored(plan, scored, target, actual, (sources, ()))
        return (
            replace(score, original=original, steps=(*score.steps, *_steps_before_change(original, target)))
            if original
            else score
        )

    def _special_case(self, plan: ItemPlan, case: Case, target: Target | None, view: Viewpoint) -> Case:
        """The case with what few rules ask for: single events, and what stands beside the target."""
        events = {name: self._lookup.events(view.subject, name.id) for name in plan.rule.event_names()}
        given = target.beside if target else NO_MARKS
        return case._replace(events=events, marks=marks_beside_target(plan.item, case.target, given))

    @staticmethod
    def _original(plan: ItemPlan, case: Case, target: Target | None) -> RuleOutcome | None:
        """What the target would have given before targets.csv changed it."""
        if plan.is_on_trial or target is None or target.original is None or target.original == target.value:
            return None
        original = case._replace(target=target.original, marks=marks_beside_target(plan.item, target.original))
        found = plan.rule.judge(original)
        if found.points is None or not plan.levels:
            return found
        return found._replace(points=levelled(plan.levels, found.points, plan.weight))

    def _numbers(self, plan: ItemPlan, view: Viewpoint) -> tuple[tuple[Source, ...], dict[Name, mpq], Gaps]:
        sources: list[Source] = []
        values: dict[Name, mpq] = {}
        gaps: Gaps = ()
        actuals, subject = self._actuals, view.subject
        for name in plan.names:
            # Nearly every number is a person's own of this cycle; the look-up is for all others.
            reading = None if name.scope else actuals.get((subject, name.id))
            if reading is not None:
                source = Source(subject, "", name.id, reading.value, reading.events or (reading,))
            else:
                found = self._lookup.number(view, name)
                if not isinstance(found, Source):
                    gaps += found
                    continue
                source = found
            sources.append(source)
            values[name] = source.value
        return tuple(sources), values, gaps

    @staticmethod
    def _actual(plan: ItemPlan, values: dict[Name, mpq]) -> mpq | None:
        if not plan.judges_actual:
            return None
        return plan.formula.evaluate(values) if plan.formula else values[plan.own]

    def _rated(self, plan: ItemPlan, view: Viewpoint) -> ItemScore:
        found = self._ratings.of(plan, view)
        if found.gaps or found.outcome is None:
            return self._waiting_score(plan, found.gaps, target=None, sources=(), ratings=found.rows)
        scored = found.outcome
        rated = scored.points if found.rated is None else found.rated
        if plan.rating and rated is not None:
            points, steps, attainment, _ = scored
            scored = RuleOutcome(points, steps, attainment, plan.rating.label(rated, found.only_level))
        return self._scored(plan, scored, None, rated, ((), found.rows))

    def _waiting_score(
        self,
        plan: ItemPlan,
        gaps: Gaps,
        *,
        target: Target | None,
        sources: tuple[Source, ...],
        ratings: tuple[RatingRow, ...] = (),
    ) -> ItemScore:
        """An item without its numbers, and what that does to it."""
        status, points, step = self._without(plan, gaps)
        return ItemScore(
            item=plan.item,
            indicator=plan.indicator,
            section=plan.section,
            weight=plan.weight,
            status=status,
            target=target,
            points=points,
            steps=(step,) if step else (),
            sources=sources,
            ratings=ratings,
            missing=() if status is Status.NOT_APPLICABLE else tuple(dict.fromkeys(gaps)),
            is_extra=plan.is_extra,
        )

    def _without(self, plan: ItemPlan, gaps: Gaps) -> tuple[Status, mpq | None, Step | None]:
        """What becomes of an item: a number set aside withholds, a missing one does what the policy says.

        What is not due yet is not missing: the item does not apply, or waits, as the company says.
        """
        if any(gap.set_aside for gap in gaps):
            return Status.SET_ASIDE, None, None
        if not_due := self._not_due(plan, gaps):
            return Status.MISSING if self._waits_until_due else Status.NOT_APPLICABLE, None, not_due
        if plan.is_on_trial:
            return Status.MISSING, None, Step("trial", {})
        if self._policy is MissingPolicy.EXCLUDE:
            return Status.EXCLUDED, None, Step("missing_excluded", {})
        if self._policy is MissingPolicy.ZERO:
            return Status.MISSING, ZERO, Step("missing_zero", {"points": ZERO})
        return Status.MISSING, None, None

    def _not_due(self, plan: ItemPlan, gaps: Gaps) -> Step | None:
        """When the item is due, where it is not yet: by one of its numbers, or by its indicator's own frequency."""
        period = self._cycle.period
        early = next((gap for gap in gaps if gap.gap is Gap.NOT_DUE), None)
        key = early.key if early else plan.indicator.id
        when = self._lookup.due(key, early.period if early else period)
        if when is None:
            return None
        known = self._lookup.catalog.named(key)
        kind = known.frequency if known else ""
        return Step("not_due", {"name": key, "frequency": kind, "due": str(when)})

    def _scored(
        self,
        plan: ItemPlan,
        scored: RuleOutcome,
        target: Target | None,
        actual: mpq | None,
        evidence: tuple[tuple[Source, ...], tuple[RatingRow, ...]],
    ) -> ItemScore:
        points, steps, attainment, label = scored
        sources, ratings = evidence
        status = Status.SET_ASIDE if points is None else SCORED
        if plan.is_on_trial and points is not None:
            status, points = Status.TRIAL, None
            steps = (*(step for step in steps if step.key.startswith("attained")), Step("trial", {}))
        elif points is not None and (plan.is_limited or self._places is not None):
            points, steps = limited_points(plan, points, steps, places=self._places)
            label = level_reached(steps) or label if plan.levels else label
        # By position, in the order of its fields: a hundred thousand of them are made, and names are slower.
        return ItemScore(
            plan.item,
            plan.indicator,
            plan.section,
            plan.weight,
            status,
            target,
            actual,
            attainment,
            points,
            steps,
            sources,
            ratings,
            (),
            plan.is_extra,
            label,
        )


def _steps_before_change(original: RuleOutcome, target: Target | None) -> tuple[Step, ...]:
    """The target before its change and what it would have given, for those who have to agree to the change."""
    values = {"original": target and target.original, "attainment": original.attainment, "points": original.points}
    if original.points is None:
        return ()
    return (Step("original_attained" if original.attainment is not None else "original_points", values),)
