"""Rules that give a share of the weight: proportional, linear, range."""

from functools import cached_property
from typing import ClassVar, Literal

from gmpy2 import mpq

from kpibook.base.entry import Number
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.rules.standards.base import (
    ONE,
    Case,
    ReachedActual,
    Rule,
    RuleOutcome,
    Step,
    actual_at,
    attainment,
    attainment_step,
    target_and_actual,
    target_unusable,
)
from kpibook.rules.standards.wording import LOWER, Wording


class Proportional(Rule):
    """Weight times attainment."""

    rule: Literal["proportional"]
    lower: Literal["inverse", "linear"] = "linear"
    floor: Number | None = None
    cap: Number = HUNDRED
    by: Literal["ratio", "difference"] = "ratio"

    needs_actual: ClassVar[bool] = True
    needs_target: ClassVar[bool] = True

    @cached_property
    def highest(self) -> mpq:
        """The most that an attainment counts, as a ratio."""
        return self.cap / HUNDRED

    def judge(self, case: Case) -> RuleOutcome:
        """Weight times attainment, within floor and cap."""
        if self.by == "difference":
            return _by_difference(case)
        inverse = self.lower == "inverse"
        ratio = attainment(case, inverse=inverse)
        if ratio is None:
            return self._beyond_ratio(case)
        steps = [attainment_step(case, ratio, inverse=inverse)]
        if self.floor is not None and ratio * HUNDRED < self.floor:
            steps.append(Step("under_floor", {"attainment": ratio, "floor": self.floor}))
            return RuleOutcome(ZERO, tuple(steps), ratio)
        if ratio > self.highest:
            steps.append(Step("capped", {"attainment": ratio, "cap": self.highest}))
        points = self._share(case, min(ratio, self.highest), steps)
        return RuleOutcome(points, tuple(steps), ratio)

    def _beyond_ratio(self, case: Case) -> RuleOutcome:
        """An actual of 0 cannot divide the target and counts as the cap; other targets allow no ratio at all."""
        if case.direction != LOWER or not case.target or case.target < 0:
            return target_unusable(case)
        steps = [Step("inverse_of_zero", {"actual": case.actual, "cap": self.highest})]
        points = self._share(case, self.highest, steps)
        return RuleOutcome(points, tuple(steps), self.highest)

    @staticmethod
    def _share(case: Case, ratio: mpq, steps: list[Step]) -> mpq:
        if ratio == ONE:
            steps.append(Step("full_points", {"points": case.weight}))
            return case.weight
        points = case.weight * ratio
        steps.append(Step("share", {"weight": case.weight, "attainment": ratio, "points": points}))
        return points

    def best(self, weight: mpq) -> mpq:
        """The weight at the cap."""
        return weight if self.by == "difference" else weight * self.highest

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The actual of which the attainment gives the points."""
        if case.target is None or points > self.best(case.weight):
            return None
        ratio = points / case.weight
        if self.by == "difference":
            gap = (ONE - ratio) * HUNDRED
            return ReachedActual(case.target + gap if case.direction == LOWER else case.target - gap)
        needed = max(ratio, (self.floor or ZERO) / HUNDRED)
        actual = actual_at(case, needed, inverse=self.lower == "inverse")
        return None if actual is None else ReachedActual(actual)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        if self.by == "difference":
            return wording.write("difference_lower" if wording.is_lower else "difference_higher")
        if wording.is_lower and wording.target == ZERO:
            return wording.write("proportional_zero", full=show((wording.item.weight or ZERO) * min(self.highest, ONE)))
        kind = self.lower if wording.is_lower else "higher"
        floor = wording.write("floor", floor=show(self.floor)) if self.floor is not None else ""
        open_zero = wording.write("open_zero") if wording.is_lower and wording.target is None else ""
        if self.cap == HUNDRED and self.floor is None:
            main = wording.say(f"standards.proportional.{kind}", weight=wording.weight, target=wording.target_text())
            return main + open_zero + wording.write("stop")
        main = wording.say(
            f"standards.attainment.{kind}", weight=wording.weight, target=wording.target_text(), cap=show(self.cap)
        )
        return main + floor + open_zero + wording.write("stop")


def _by_difference(case: Case) -> RuleOutcome:
    """One per cent of the weight for each point of percentage that is lacking."""
    target, actual = target_and_actual(case)
    gap = actual - target if case.direction == LOWER else target - actual
    ratio = ONE - gap / HUNDRED
    if gap <= 0:
        return RuleOutcome(case.weight, (Step("full_points", {"points": case.weight}),), ratio)
    if ratio <= 0:
        return RuleOutcome(ZERO, (Step("difference_all", {"gap": gap}),), ZERO)
    points = case.weight * ratio
    step = Step("difference", {"weight": case.weight, "gap": gap, "points": points})
    return RuleOutcome(points, (step,), ratio)


class Linear(Rule):
    """A straight line from 0 at `zero` to the weight at `full`."""

    rule: Literal["linear"]
    zero: Number
    full: Number
    zero_from: Number | None = None
    """From here on, towards `zero`, there is nothing any more, whatever the line would give."""

    needs_actual: ClassVar[bool] = True

    def judge(self, case: Case) -> RuleOutcome:
        """The weight from `full` on, nothing up to `zero`, a straight line between."""
        actual, weight = _actual(case), case.weight
        rising = self.full > self.zero
        if actual >= self.full if rising else actual <= self.full:
            return RuleOutcome(weight, (Step("full_points", {"points": weight}),))
        if actual <= self.zero if rising else actual >= self.zero:
            return RuleOutcome(ZERO, (Step("line_zero", {"actual": actual, "zero": self.zero}),))
        if self.zero_from is not None and (actual <= self.zero_from if rising else actual >= self.zero_from):
            return RuleOutcome(ZERO, (Step("line_cliff", {"actual": actual, "edge": self.zero_from}),))
        points = weight * (actual - self.zero) / (self.full - self.zero)
        values = {"weight": weight, "actual": actual, "zero": self.zero, "full": self.full, "points": points}
        return RuleOutcome(points, (Step("line", values),))

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The place on the line that gives the points."""
        if points > case.weight:
            return None
        actual, edge, rising = (
            self.zero + (self.full - self.zero) * points / case.weight,
            self.zero_from,
            self.full > self.zero,
        )
        if edge is not None and (actual <= edge if rising else actual >= edge):
            return ReachedActual(edge, side=1 if rising else -1)
        return ReachedActual(actual)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        key = "linear_rising" if self.full > self.zero else "linear_falling"
        text = wording.write(key, zero=wording.amount(self.zero), full=wording.amount(self.full))
        if self.zero_from is None:
            return text
        cliff = "linear_cliff_rising" if self.full > self.zero else "linear_cliff_falling"
        return text + wording.write(cliff, edge=wording.amount(self.zero_from))


class Range(Rule):
    """The weight within `low..high`, falling to 0 at `zero_below` and `zero_above`."""

    rule: Literal["range"]
    low: Number
    high: Number
    zero_below: Number | None = None
    zero_above: Number | None = None

    needs_actual: ClassVar[bool] = True

    def judge(self, case: Case) -> RuleOutcome:
        """The weight inside; outside a straight line down to the mark, or nothing without a mark."""
        actual = _actual(case)
        if self.low <= actual <= self.high:
            values = {"actual": actual, "low": self.low, "high": self.high, "points": case.weight}
            return RuleOutcome(case.weight, (Step("within", values),))
        if actual < self.low:
            return _outside(case, edge=self.low, zero=self.zero_below)
        return _outside(case, edge=self.high, zero=self.zero_above)

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The place on the slope that gives the points, or the edge where there is no slope."""
        if points > case.weight:
            return None
        is_below = _actual(case) < self.low
        edge, zero = (self.low, self.zero_below) if is_below else (self.high, self.zero_above)
        return ReachedActual(edge if zero is None else zero + (edge - zero) * points / case.weight)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"low": wording.amount(self.low), "high": wording.amount(self.high)}
        below = self._side(wording, "below", self.zero_below, values)
        above = self._side(wording, "above", self.zero_above, values)
        return wording.write("range", below=below, above=above, **values)

    @staticmethod
    def _side(wording: Wording, side: str, zero: mpq | None, values: dict[str, str]) -> str:
        if zero is None:
            return wording.say(f"standards.range_none.{side}", **values)
        return wording.say(f"standards.range_falling.{side}", zero=wording.amount(zero), **values)


def _outside(case: Case, *, edge: mpq, zero: mpq | None) -> RuleOutcome:
    actual = _actual(case)
    if zero is None or abs(actual - edge) >= abs(zero - edge):
        return RuleOutcome(ZERO, (Step("out_of_range", {"actual": actual, "edge": edge}),))
    points = case.weight * (actual - zero) / (edge - zero)
    values = {"weight": case.weight, "actual": actual, "edge": edge, "zero": zero, "points": points}
    return RuleOutcome(points, (Step("falling", values),))


def _actual(case: Case) -> mpq:
    if case.actual is None:
        raise ValueError("a rule that needs an actual got none")
    return case.actual
