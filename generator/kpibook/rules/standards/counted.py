"""Rules that count units: what breaches cost, and what lies under or over a target."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Located, Number, SnakeId, Text
from kpibook.base.numbers import ZERO, round_down, show
from kpibook.rules.formulas import Name
from kpibook.rules.standards.base import ONE, Case, ReachedActual, Rule, RuleOutcome, Step, Units, compared, informed
from kpibook.rules.standards.wording import LOWER, Wording


class Tier(Entry):
    """A row of a step table: from this count on, this many points off."""

    count: Number = Field(alias="from")
    points: Number


def _steps(value: Any) -> Any:
    """A table may be written `{1: 1, 2: 3}` or as a list of `{from, points}`."""
    if isinstance(value, Located):
        return [tier_row(value, count) for count in value]
    if isinstance(value, dict):
        return [{"from": count, "points": points} for count, points in value.items()]
    return value


def tier_row(table: Located, count: str) -> Located:
    """A row of a table that a file writes as a mapping, with its own places."""
    row = Located(table.keys_at[count])
    row.put("from", count, key_at=row.place, value_at=row.place)
    row.put("points", table[count], key_at=row.place, value_at=table.values_at[count])
    return row


Count = Annotated[str, Field(pattern=r"^[0-9]+(?:\.[0-9]+)?$")]
"""The key of a step table that is written as a mapping."""

Tiers = Annotated[
    tuple[Tier, ...], BeforeValidator(_steps, json_schema_input_type=tuple[Tier, ...] | Mapping[Count, Number])
]


class Deduct(Entry):
    """What a breach costs: `points` for each `per` of `measure`, or the step that its count reaches."""

    measure: SnakeId
    per: Number = ONE
    points: Number | None = None
    steps: Tiers = ()
    name: Text = ""

    def loss(self, value: mpq) -> Step:
        """The points that a value costs, as the line of a derivation."""
        count = Units.COMPLETE.counted(value, self.per)
        values = {"row": self.name, "name": self.measure, "value": value, "count": count}
        if not self.steps:
            each = self.points or ZERO
            key = "deducted" if count == value else "deducted_units"
            return Step(key, {**values, "per": self.per, "each": each, "loss": count * each})
        reached = [tier for tier in self.steps if tier.count <= count]
        if not reached:
            return Step("deducted_none", {**values, "loss": ZERO})
        tier = max(reached, key=lambda tier: tier.count)
        return Step("deducted_tier", {**values, "tier": tier.count, "loss": tier.points})

    def stated(self, wording: Wording) -> str:
        """The row in words."""
        name = self.name or wording.name(Name("", self.measure))
        points, unit = show(self.points or ZERO), wording.unit(self.measure)
        if not self.steps and self.per == ONE and unit in wording.write("whole_units").split():
            return wording.write("deduct_each", name=name, unit=unit, points=points)
        if not self.steps:
            return wording.write("deduct", name=name, unit=wording.amount(self.per, self.measure), points=points)
        tiers = wording.write("comma").join(
            wording.write("tier", count=wording.amount(tier.count * self.per, self.measure), points=show(tier.points))
            for tier in sorted(self.steps, key=lambda tier: tier.count)
        )
        return wording.write("deduct_tiers", name=name, tiers=tiers)


class Deduction(Rule):
    """The weight less what breaches cost, never under 0."""

    rule: Literal["deduction"]
    deduct: tuple[Deduct, ...]

    def names(self) -> tuple[Name, ...]:
        """The measures that count the breaches."""
        return tuple(dict.fromkeys(Name("", row.measure) for row in self.deduct))

    def judge(self, case: Case) -> RuleOutcome:
        """The weight less the loss of every row."""
        steps = [row.loss(case.values[Name("", row.measure)]) for row in self.deduct]
        loss = sum((step.values["loss"] for step in steps), ZERO)
        return _less(case, loss, steps)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        rows = wording.listed([row.stated(wording) for row in self.deduct])
        if not wording.item.weight:
            return wording.write("deduction_extra", rows=rows)
        return wording.write("deduction", rows=rows)


class _ByUnits(Rule):
    """What shortfall and excess have in common: points for each `per` units between target and actual."""

    per: Number
    points: Number
    units: Units = Units.COMPLETE

    needs_actual: ClassVar[bool] = True
    needs_target: ClassVar[bool] = True

    def _counted(self, case: Case, key: str, amount: mpq) -> tuple[mpq, tuple[Step, ...]]:
        """How many units an amount holds, and the lines that say so."""
        count = self.units.counted(amount, self.per)
        between = Step(key, {"target": case.target, "actual": case.actual, "amount": amount})
        return count, (between, Step(f"units.{self.units}", {"amount": amount, "per": self.per, "count": count}))


class Shortfall(_ByUnits):
    """The weight less `points` for each `per` units on the bad side of the target."""

    rule: Literal["shortfall"]

    def judge(self, case: Case) -> RuleOutcome:
        """The weight less the points for the units that are lacking, or too many where less is better."""
        target, actual = compared(case)
        ratio, is_lower = informed(case), case.direction == LOWER
        lacking = actual - target if is_lower else target - actual
        if lacking <= 0:
            step = Step("met_lower" if is_lower else "met", {"actual": actual, "target": target})
            return RuleOutcome(case.weight, (step, Step("full_points", {"points": case.weight})), ratio)
        count, steps = self._counted(case, "over" if is_lower else "under", lacking)
        loss = count * self.points
        lost = Step("unit_loss", {"count": count, "each": self.points, "loss": loss})
        return _less(case, loss, [*steps, lost])._replace(attainment=ratio)

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """So near to the target that no more units are lacking than the points allow."""
        if case.target is None or points > case.weight or self.points <= 0:
            return None
        away = 1 if case.direction == LOWER else -1
        count = (case.weight - points) / self.points
        if self.units is Units.EXACT:
            return ReachedActual(case.target + away * count * self.per)
        whole = round_down(count, 0)
        if self.units is Units.STARTED:
            return ReachedActual(case.target + away * whole * self.per)
        return ReachedActual(case.target + away * (whole + 1) * self.per, side=-away)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"per": wording.amount(self.per), "points": show(self.points)}
        part = wording.say(f"standards.part_off.{self.units}", **values)
        return wording.write("shortfall_lower" if wording.is_lower else "shortfall", part=part, **values)


class Excess(_ByUnits):
    """`points` for each `per` units beyond the target; for extras only.

    Points are given on the good side of the target, which is below it where less is better; points that are taken
    off always lie above it.
    """

    rule: Literal["excess"]

    def judge(self, case: Case) -> RuleOutcome:
        """The points for the units beyond the target."""
        target, actual = compared(case)
        ratio, is_below = informed(case), self._is_below(case.direction)
        beyond = target - actual if is_below else actual - target
        if beyond <= 0:
            key = "not_under" if is_below else "not_over"
            return RuleOutcome(ZERO, (Step(key, {"actual": actual, "target": target}),), ratio)
        count, steps = self._counted(case, "under" if is_below else "over", beyond)
        points = count * self.points
        gain = Step("unit_gain", {"count": count, "each": self.points, "points": points})
        return RuleOutcome(points, (*steps, gain), ratio)

    def _is_below(self, direction: str) -> bool:
        return direction == LOWER and self.points > 0

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"per": wording.amount(self.per), "points": show(abs(self.points))}
        part = wording.say(f"standards.part_on.{self.units}", **values)
        key = "excess_below" if self._is_below(wording.indicator.direction) else "excess"
        return wording.write("excess_off" if self.points < 0 else key, part=part, **values)


def _less(case: Case, loss: mpq, steps: list[Step]) -> RuleOutcome:
    """The weight less a loss, as far down as the case allows."""
    points = case.weight - loss
    values = {"weight": case.weight, "loss": loss, "points": points}
    if case.least is not None and points < case.least:
        steps.append(Step("all_lost", {**values, "least": case.least}))
        return RuleOutcome(case.least, tuple(steps))
    steps.append(Step("weight_less", values))
    return RuleOutcome(points, tuple(steps))
