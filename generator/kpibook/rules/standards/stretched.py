"""Points at three values: the threshold, the target and the stretch value."""

from typing import ClassVar, Literal

from gmpy2 import mpq

from kpibook.base.entry import Number
from kpibook.base.numbers import ZERO, show
from kpibook.rules.standards.base import (
    Case,
    ReachedActual,
    Rule,
    RuleOutcome,
    Step,
    attainment_if_known,
    target_and_actual,
)
from kpibook.rules.standards.wording import LOWER, Wording


class Stretch(Rule):
    """The weight at the target, other points at the threshold and at the stretch value, between them a straight line.

    Short of the threshold there is nothing, beyond the stretch value there is no more. A part without its value does
    not apply: without a threshold points begin at the target, without a stretch value they end there.
    """

    rule: Literal["stretch"]
    at_threshold: Number = ZERO
    at_stretch: Number | None = None
    between: Literal["line", "step"] = "line"

    needs_actual: ClassVar[bool] = True
    needs_target: ClassVar[bool] = True

    def best(self, weight: mpq) -> mpq:
        """The points at the stretch value."""
        return weight if self.at_stretch is None else max(weight, self.at_stretch)

    def judge(self, case: Case) -> RuleOutcome:
        """The points of the part in which the actual lies."""
        target, actual = target_and_actual(case)
        ratio = attainment_if_known(case)
        spots = self._spots(case, target)
        sign = -1 if case.direction == LOWER else 1
        reached = [at for at, (value, _) in enumerate(spots) if sign * actual >= sign * value]
        if not reached:
            values = {"actual": actual, "edge": spots[0][0]}
            return RuleOutcome(ZERO, (Step("short_of", values),), ratio)
        low, points = spots[reached[-1]]
        if reached[-1] == len(spots) - 1 or self.between == "step" or actual == low:
            return RuleOutcome(
                points, (Step("reached_mark", {"actual": actual, "edge": low, "points": points}),), ratio
            )
        high, more = spots[reached[-1] + 1]
        found = points + (more - points) * (actual - low) / (high - low)
        values = {"from": points, "to": more, "actual": actual, "low": low, "high": high, "points": found}
        return RuleOutcome(found, (Step("between_marks", values),), ratio)

    def _spots(self, case: Case, target: mpq) -> list[tuple[mpq, mpq]]:
        """The values at which points are given, from the worst to the best, with these points."""
        threshold, stretch = case.marks
        spots = [] if threshold is None else [(threshold, self.at_threshold)]
        spots.append((target, case.weight))
        return spots if stretch is None or self.at_stretch is None else [*spots, (stretch, self.at_stretch)]

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The place between two values, or the value itself, that gives the points."""
        if case.target is None or points > self.best(case.weight):
            return None
        before: tuple[mpq, mpq] | None = None
        for value, given in self._spots(case, case.target):
            if given >= points:
                if before is None or self.between == "step" or given == before[1]:
                    return ReachedActual(value)
                return ReachedActual(before[0] + (value - before[0]) * (points - before[1]) / (given - before[1]))
            before = (value, given)
        return None

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        direction = "lower" if wording.is_lower else "higher"

        def told(part: str, **values: object) -> str:
            return wording.say(f"standards.stretch.{direction}.{part}", **values)

        threshold, stretch = wording.marks
        parts = []
        if stretch is not None and self.at_stretch is not None:
            parts.append(told("most", value=wording.amount(stretch), points=show(self.at_stretch)))
        parts.append(told("target", target=wording.target_text(), weight=wording.weight))
        if threshold is not None:
            parts.append(told("least", value=wording.amount(threshold), points=show(self.at_threshold)))
        end = "step" if self.between == "step" or len(parts) == 1 else "line"
        return wording.listed(parts) + wording.say(f"standards.stretch.end.{end}")
