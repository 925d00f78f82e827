"""Rules that count the units between a target and its actual: what lies short of it, and what lies beyond."""

from typing import ClassVar, Literal

from gmpy2 import mpq

from kpibook.base.entry import Entry, Number
from kpibook.base.numbers import ZERO, round_down, show
from kpibook.rules.standards.base import (
    Case,
    ReachedActual,
    Rule,
    RuleOutcome,
    Step,
    Units,
    attainment_if_known,
    target_and_actual,
    weight_less,
)
from kpibook.rules.standards.wording import LOWER, Wording


class _ByUnits(Rule):
    """What shortfall and excess have in common: points for each `per` units between target and actual."""

    per: Number
    points: Number
    units: Units = Units.COMPLETE

    needs_actual: ClassVar[bool] = True
    needs_target: ClassVar[bool] = True

    def _count_units(self, case: Case, key: str, amount: mpq) -> tuple[mpq, tuple[Step, ...]]:
        """How many units an amount holds, and the lines that say so."""
        count = self.units.counted(amount, self.per)
        between = Step(key, {"target": case.target, "actual": case.actual, "amount": amount})
        return count, (between, Step(f"units.{self.units}", {"amount": amount, "per": self.per, "count": count}))


class Bonus(Entry):
    """What each `per` units beyond the target, on its good side, add to an item."""

    per: Number
    points: Number
    units: Units = Units.COMPLETE


class Shortfall(_ByUnits):
    """The weight less `points` for each `per` units on the bad side of the target, or on a side that is named."""

    rule: Literal["shortfall"]
    side: Literal["bad", "under", "over", "both"] = "bad"
    bonus: Bonus | None = None

    def may_rise(self) -> bool:
        """A bonus has no end of its own."""
        return self.bonus is not None

    def judge(self, case: Case) -> RuleOutcome:
        """The weight less the points for the units that are lacking, or too many where that is the bad side."""
        target, actual = target_and_actual(case)
        ratio = attainment_if_known(case)
        is_over = actual > target if self.side == "both" else self.costs_over(case.direction)
        lacking = actual - target if is_over else target - actual
        if lacking <= 0:
            return self._outcome_met(case, ratio, is_over=is_over)
        count, steps = self._count_units(case, "over" if is_over else "under", lacking)
        loss = count * self.points
        lost = Step("unit_loss", {"count": count, "each": self.points, "loss": loss})
        return weight_less(case, loss, [*steps, lost])._replace(attainment=ratio)

    def _outcome_met(self, case: Case, ratio: mpq | None, *, is_over: bool) -> RuleOutcome:
        """The weight, and what lies beyond the target on the other side."""
        target, actual = target_and_actual(case)
        step = Step("met_lower" if is_over else "met", {"actual": actual, "target": target})
        full = Step("full_points", {"points": case.weight})
        beyond = target - actual if is_over else actual - target
        if self.bonus is None or beyond <= 0:
            return RuleOutcome(case.weight, (step, full), ratio)
        values = {"target": case.target, "actual": case.actual, "amount": beyond}
        count = self.bonus.units.counted(beyond, self.bonus.per)
        points = case.weight + count * self.bonus.points
        gained = {"weight": case.weight, "count": count, "each": self.bonus.points, "points": points}
        units = Step(f"units.{self.bonus.units}", {"amount": beyond, "per": self.bonus.per, "count": count})
        between = Step("under" if is_over else "over", values)
        return RuleOutcome(points, (step, between, units, Step("unit_bonus", gained)), ratio)

    def costs_over(self, direction: str) -> bool:
        """Whether points are lost above the target."""
        return direction == LOWER if self.side == "bad" else self.side == "over"

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The actual that gives so many points: as far from the target as they allow, in whole units."""
        if case.target is None or points > case.weight or self.points <= 0:
            return None
        is_over = (case.actual or ZERO) > case.target if self.side == "both" else self.costs_over(case.direction)
        away = 1 if is_over else -1
        count = (case.weight - points) / self.points
        if self.units is Units.EXACT:
            return ReachedActual(case.target + away * count * self.per)
        whole = round_down(count, 0)
        if self.units is Units.STARTED:
            return ReachedActual(case.target + away * whole * self.per)
        return ReachedActual(case.target + away * (whole + 1) * self.per, side=-away)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"per": wording.step(self.per), "points": show(self.points)}
        part = wording.say(f"standards.part_off.{self.units}", per=wording.amount(self.per))
        is_over = self.costs_over(wording.indicator.direction)
        key = "shortfall_both" if self.side == "both" else "shortfall_lower" if is_over else "shortfall"
        text = wording.write(key, part=part, **values)
        return text if self.bonus is None else text + self._bonus_stated(self.bonus, wording, is_over=is_over)

    @staticmethod
    def _bonus_stated(bonus: Bonus, wording: Wording, *, is_over: bool) -> str:
        values = {"per": wording.step(bonus.per), "points": show(bonus.points)}
        part = wording.say(f"standards.part_on.{bonus.units}", per=wording.amount(bonus.per))
        text = wording.write("excess_below" if is_over else "excess", part=part, **values)
        return wording.write("bonus", text=text)


class Excess(_ByUnits):
    """`points` for each `per` units beyond the target, from 0 on.

    Points are given on the good side of the target, which is below it where less is better; points that are taken
    off lie above it; `side` names another one.
    """

    rule: Literal["excess"]
    side: Literal["good", "under", "over"] = "good"

    def judge(self, case: Case) -> RuleOutcome:
        """The points for the units beyond the target."""
        target, actual = target_and_actual(case)
        ratio, is_below = attainment_if_known(case), self.is_below(case.direction)
        beyond = target - actual if is_below else actual - target
        if beyond <= 0:
            key = "not_under" if is_below else "not_over"
            return RuleOutcome(ZERO, (Step(key, {"actual": actual, "target": target}),), ratio)
        count, steps = self._count_units(case, "under" if is_below else "over", beyond)
        points = count * self.points
        gain = Step("unit_gain", {"count": count, "each": self.points, "points": points})
        return RuleOutcome(points, (*steps, gain), ratio)

    def is_below(self, direction: str) -> bool:
        """Whether points are given, or taken off, below the target."""
        if self.side != "good":
            return self.side == "under"
        return direction == LOWER and self.points > 0

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"per": wording.step(self.per), "points": show(abs(self.points))}
        part = wording.say(f"standards.part_on.{self.units}", per=wording.amount(self.per))
        is_below, is_off = self.is_below(wording.indicator.direction), self.points < 0
        keys = {(True, True): "excess_off_below", (True, False): "excess_below", (False, True): "excess_off"}
        return wording.write(keys.get((is_below, is_off), "excess"), part=part, **values)
