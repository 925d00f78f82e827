"""From the items of a person to the total: slices, extras, adjustments, one rounding, gates, grade."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, round_half_up
from kpibook.model import WHOLE_POST, Adjustment, Assignment, Calibration, Gate, Grade, MissingPolicy, Role, Total
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import Step
from kpibook.scoring.conditions import Decision, decide, due_gaps
from kpibook.scoring.marks import has_marks
from kpibook.scoring.marks import points_counted as counted_marks
from kpibook.scoring.number_lookup import NumberLookup
from kpibook.scoring.results import CalibrationOutcome, GateOutcome, GradeOutcome, ItemScore, RoleSpan, Status
from kpibook.scoring.viewpoint import Viewpoint

KNOWN = (Status.SCORED, Status.NOT_APPLICABLE)
"""Of items whose numbers wait for nothing. Looked up once: a word of an enumeration costs a search each time."""


class SliceTotal(NamedTuple):
    """The total of one slice: unrounded, without adjustments and gates; None where it is withheld."""

    total: mpq | None
    coverage: mpq
    steps: tuple[Step, ...]
    applies: bool = True
    """Whether any item of the slice does."""


class PublishedTotal(NamedTuple):
    """The published total with its grade."""

    total: mpq | None
    grade: Grade | None
    steps: tuple[Step, ...]
    conditions: tuple[GradeOutcome, ...] = ()
    exact: mpq | None = None
    """The total before it was rounded."""
    computed: mpq | None = None
    """The total rounded, before calibration and gates."""
    calibration: CalibrationOutcome | None = None


class Decisions(NamedTuple):
    """What people decided on a total beside its items."""

    adjustments: tuple[Adjustment, ...] = ()
    calibration: Calibration | None = None


def sum_up(items: tuple[ItemScore, ...], extras: tuple[ItemScore, ...], rule: Total) -> SliceTotal:
    """Add up the items and extras of a slice; an item of weight 0 is on trial and does not count."""
    weighted = [score for score in items if score.weight]
    counted = [score for score in weighted if not is_left_out(score)]
    in_marks = has_marks(weighted)
    known = [score for score in counted if score.status in KNOWN]
    whole = _worth(counted, in_marks=in_marks)
    measured = whole if len(known) == len(counted) else _worth(known, in_marks=in_marks)
    coverage = measured * HUNDRED / whole if whole else ZERO
    withheld = any(is_withholding(score) for score in (*counted, *extras))
    if withheld or not whole or not (measured or any(score.points is not None for score in counted)):
        return SliceTotal(None, coverage, (), applies=bool(counted) or not items)
    total, steps = _items_total(weighted, rule) if in_marks else _points_total(weighted, counted, rule)
    added = tuple([score.points for score in extras if score.points is not None])
    if added:
        steps.append(Step("sum_extras", {"terms": (total, *added), "sum": total + sum(added, ZERO)}))
        total += sum(added, ZERO)
    if rule.turned is not None:
        values = {"sum": total, "whole": rule.whole, "most": rule.told_out_of, "result": total * rule.turned}
        steps.append(Step("total_turned", values))
        total *= rule.turned
    return SliceTotal(total, coverage, tuple(steps))


def _worth(scores: list[ItemScore], *, in_marks: bool) -> mpq:
    """What items count together in the total."""
    worth = [score.counts if in_marks else score.weight for score in scores]
    return sum(worth, ZERO)


def _points_total(weighted: list[ItemScore], counted: list[ItemScore], rule: Total) -> tuple[mpq, list[Step]]:
    """The sum of the items' points, scaled up where some of them do not count."""
    terms = tuple([score.points for score in counted if score.points is not None])
    total = sum(terms, ZERO)
    steps = [Step("sum_items", {"terms": terms, "sum": total})]
    if len(terms) == len(weighted):
        return total, steps
    weight = sum((score.weight for score in counted if score.points is not None), ZERO)
    return _reweighed(total, weight, rule, steps)


def _items_total(weighted: list[ItemScore], rule: Total) -> tuple[mpq, list[Step]]:
    """The sum of what sections and items with marks of their own bring."""
    brought = list(counted_marks(weighted))
    terms = tuple([each.points for each in brought])
    total, steps = sum(terms, ZERO), [each.step for each in brought if each.step]
    steps.append(Step("sum_items", {"terms": terms, "sum": total}))
    weight = sum((each.weight for each in brought), ZERO)
    if weight == sum((score.counts for score in weighted), ZERO):
        return total, steps
    return _reweighed(total, weight, rule, steps)


def _reweighed(total: mpq, weight: mpq, rule: Total, steps: list[Step]) -> tuple[mpq, list[Step]]:
    weighed = total * rule.whole / weight
    values = {"sum": total, "whole": rule.whole, "weight": weight, "result": weighed}
    return weighed, [*steps, Step("reweighed", values)]


def is_withholding(score: ItemScore) -> bool:
    """Whether the total cannot be told without this item."""
    return score.points is None and score.status not in (Status.EXCLUDED, Status.NOT_APPLICABLE)


def is_left_out(score: ItemScore) -> bool:
    """Whether the item does not apply, and the others are scaled up for it."""
    return score.points is None and score.status is Status.NOT_APPLICABLE


def join_spans(spans: tuple[RoleSpan, ...], sums: tuple[SliceTotal, ...]) -> SliceTotal:
    """The total of all slices by their days; slices without weighted items and without days do not count.

    Posts held at once count their share of the days.
    """
    if len(sums) == 1:
        return sums[0]
    pairs = zip(spans, sums, strict=True)
    counted = [(part, found) for part, found in pairs if found.applies and not part.role.is_described_only]
    if len(counted) == 1:
        return counted[0][1]
    if not counted:
        return SliceTotal(None, ZERO, (), applies=False)
    counted = [(part, found) for part, found in counted if part.days]
    time = sum((part.time for part, _ in counted), ZERO)
    if not time:
        return SliceTotal(None, ZERO, ())
    coverage = sum((found.coverage * part.time for part, found in counted), ZERO) / time
    steps: list[Step] = []
    for part, found in counted:
        steps += (_slice_step(part), *found.steps)
    terms = tuple((found.total, part) for part, found in counted if found.total is not None)
    if len(terms) < len(counted):
        return SliceTotal(None, coverage, tuple(steps))
    total = sum((points * part.time for points, part in terms), ZERO) / time
    steps.append(_mean_step(terms, time, total))
    return SliceTotal(total, coverage, tuple(steps))


def _slice_step(part: RoleSpan) -> Step:
    values = {"role": part.title, "days": mpq(part.days), "share": part.assignment.share}
    return Step("slice" if part.assignment.share == WHOLE_POST else "slice_share", values)


def _mean_step(terms: tuple[tuple[mpq, RoleSpan], ...], time: mpq, total: mpq) -> Step:
    """The mean by days, and by shares where posts were held at once."""
    if all(part.assignment.share == WHOLE_POST for _, part in terms):
        parts: tuple[tuple[mpq, ...], ...] = tuple((points, mpq(part.days)) for points, part in terms)
        return Step("by_days", {"parts": parts, "days": time, "result": total})
    parts = tuple((points, mpq(part.days), part.assignment.share) for points, part in terms)
    return Step("by_days_and_shares", {"shares": parts, "days": time, "result": total})


def finish(
    found: SliceTotal, changes: Decisions, gates: Iterable[GateOutcome], last: RoleSpan, lookup: NumberLookup
) -> PublishedTotal:
    """Adjust, round once, calibrate, let the gates close, grade by what the last role asks for."""
    if found.total is None:
        return PublishedTotal(None, None, found.steps)
    steps, places = list(found.steps), lookup.catalog.company.rounding.score
    exact = found.total
    if changes.adjustments:
        terms = (exact, *(row.points for row in changes.adjustments))
        exact = sum(terms, ZERO)
        steps.append(Step("adjusted", {"terms": terms, "sum": exact}))
    computed = total = round_half_up(exact, places)
    steps.append(Step("total_rounded", {"exact": exact, "places": places, "total": total}))
    calibration = None
    if changes.calibration:
        own = {"total": computed, "exact_total": exact, "coverage": found.coverage}
        calibration = _calibrated(changes.calibration, _graded(own, last, lookup, [])[0], computed, places)
        exact, total = _calibrated_total(calibration, exact, steps)
    closed = [outcome.gate for outcome in gates if outcome.holds]
    for gate in closed:
        if gate.total_at_most is not None and total > gate.total_at_most:
            steps.append(Step("total_capped", {"gate": gate, "total": total, "most": gate.total_at_most}))
            total = gate.total_at_most
            exact = min(exact, total)
    own = {"total": total, "exact_total": exact, "coverage": found.coverage}
    conditions: tuple[GradeOutcome, ...] = ()
    if calibration and calibration.row.grade:
        grade = _calibrated_grade(calibration, closed, lookup.catalog.grades, steps)
    else:
        grade, conditions = _graded(own, last, lookup, steps)
    for gate in closed:
        lower = _at_most(grade, gate.grade_at_most, lookup.catalog.grades)
        if lower is not grade:
            grade = lower
            steps.append(Step("grade_capped", {"gate": gate, "grade": grade}))
    return PublishedTotal(total, grade, tuple(steps), conditions, exact, computed, calibration)


def _calibrated(row: Calibration, grade: Grade | None, computed: mpq, places: int) -> CalibrationOutcome:
    total = None if row.total is None else round_half_up(row.total, places)
    return CalibrationOutcome(row, computed, grade, total)


def _calibrated_total(found: CalibrationOutcome, exact: mpq, steps: list[Step]) -> tuple[mpq, mpq]:
    """The exact and the rounded total after calibration."""
    row = found.row
    if row.total is None or found.total is None:
        return exact, found.computed
    steps.append(Step("calibrated", {"before": found.computed, "total": found.total, **_decision(row)}))
    return row.total, found.total


def _calibrated_grade(
    found: CalibrationOutcome, closed: Iterable[Gate], grades: tuple[Grade, ...], steps: list[Step]
) -> Grade | None:
    """The grade that was set; where a gate caps the total, at most the grade of that total."""
    row = found.row
    grade = next((each for each in grades if each.id == row.grade), None)
    steps.append(Step("grade_calibrated", {"grade": grade, **_decision(row)}))
    for gate in closed:
        most = gate.total_at_most
        limit = None if most is None else next((each for each in grades if most >= each.threshold), None)
        lower = _at_most(grade, limit.id if limit else None, grades)
        if lower is not grade:
            grade = lower
            steps.append(Step("grade_capped", {"gate": gate, "grade": grade}))
    return grade


def _decision(row: Calibration) -> Mapping[str, object]:
    return {"reason": row.reason, "by": row.by, "on": row.on}


def _graded(
    own: Mapping[str, mpq], last: RoleSpan, lookup: NumberLookup, steps: list[Step]
) -> tuple[Grade | None, tuple[GradeOutcome, ...]]:
    """The highest grade whose total is reached and whose conditions hold; one that is undecided does not."""
    total, looked_at = own["total"], list[GradeOutcome]()
    view = Viewpoint(last.assignment.person, last.assignment.department, lookup.cycle.period)
    for grade in lookup.catalog.grades:
        if total < grade.threshold:
            continue
        asked = grade.conditions(last.role.id)
        outcomes = [_condition(grade, condition, decide(condition, view, lookup, own), steps) for condition in asked]
        looked_at += outcomes
        if all(outcome.holds for outcome in outcomes):
            steps.append(Step("graded", {"total": total, "grade": grade, "threshold": grade.threshold}))
            return grade, tuple(looked_at)
    return None, tuple(looked_at)


def _condition(grade: Grade, condition: Formula, found: Decision, steps: list[Step]) -> GradeOutcome:
    key = {True: "grade_holds", False: "grade_fails", None: "grade_open"}[found.holds]
    steps.append(Step(key, {"grade": grade, "formula": condition, "numbers": found.values}))
    return GradeOutcome(grade, condition, found.holds, found.sources, found.missing)


def _at_most(grade: Grade | None, limit: str | None, grades: tuple[Grade, ...]) -> Grade | None:
    """The grade, or the limit where that is the lower one; `grades` is best first."""
    order = [each.id for each in grades]
    if grade is None or limit not in order or order.index(grade.id) >= order.index(limit):
        return grade
    return grades[order.index(limit)]


def judge_gates(role: Role, view: Viewpoint, lookup: NumberLookup) -> tuple[GateOutcome, ...]:
    """Which gates of a role close."""
    decided = ((gate, decide(gate.when, view, lookup)) for gate in role.gates)
    return tuple(GateOutcome(gate, found.holds, found.sources, due_gaps(found.missing)) for gate, found in decided)


def gates_withhold(gates: Iterable[GateOutcome | GradeOutcome], policy: MissingPolicy) -> Status | None:
    """Whether an undecided gate, or condition of a grade, withholds the total, and as what."""
    gaps = [gap for outcome in gates for gap in outcome.missing]
    if any(gap.set_aside for gap in gaps):
        return Status.SET_ASIDE
    return Status.MISSING if gaps and policy is MissingPolicy.BLOCK else None


def days_of(row: Assignment, lookup: NumberLookup) -> int:
    """The days of the cycle in which a row of people.csv holds."""
    if row.first_day is None and row.last_day is None and row.person not in lookup.roster.leave:
        return lookup.days
    return lookup.roster.days_in(row)
