"""Rules that count units: what breaches cost, and what lies under or over a target."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Located, Number, SnakeId, Text
from kpibook.base.numbers import ZERO, round_down, show
from kpibook.rules.formulas import Name
from kpibook.rules.standards.base import (
    ONE,
    Case,
    Event,
    ReachedActual,
    Rule,
    RuleOutcome,
    Step,
    Units,
    compared,
    informed,
)
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


DEDUCTED = {
    "count": "deducted",
    "units": "deducted_units",
    "none": "deducted_none",
    "tier": "deducted_tier",
    "event": "deducted_event",
    "event_none": "deducted_event_none",
}
ADDED = {
    "count": "added",
    "units": "added_units",
    "none": "added_none",
    "tier": "added_tier",
    "event": "added_event",
    "event_none": "added_event_none",
}
"""The lines of a derivation that tell of a row, where it takes points off or adds them."""


class Deduct(Entry):
    """What a breach costs, or what a merit adds: `points` for each `per` of `measure`, the step that its count
    reaches, or for `each` event by its size.
    """

    measure: SnakeId
    per: Number = ONE
    points: Number | None = None
    steps: Tiers = ()
    each: Tiers = ()
    name: Text = ""

    def count(self, case: Case, lines: Mapping[str, str]) -> tuple[Step, ...]:
        """The points that its number comes to, as lines of a derivation; each event has a line."""
        name = Name("", self.measure)
        value = case.values[name]
        if not self.each:
            return (self._counted(value, lines),)
        events = [event for event in case.events.get(name, (Event(value),)) if event.value]
        none = Step(lines["none"], {"row": self.name, "name": self.measure, "value": ZERO, "loss": ZERO})
        return tuple(self._of_event(event, lines) for event in events) or (none,)

    def _of_event(self, event: Event, lines: Mapping[str, str]) -> Step:
        values = {"row": self.name, "name": self.measure, "value": event.value, "label": event.note}
        tier = _reached(self.each, event.value)
        if tier is None:
            return Step(lines["event_none"], {**values, "loss": ZERO})
        return Step(lines["event"], {**values, "tier": tier.count, "loss": tier.points})

    def _counted(self, value: mpq, lines: Mapping[str, str]) -> Step:
        count = Units.COMPLETE.counted(value, self.per)
        values = {"row": self.name, "name": self.measure, "value": value, "count": count}
        if not self.steps:
            each = self.points or ZERO
            key = lines["count"] if count == value else lines["units"]
            return Step(key, {**values, "per": self.per, "each": each, "loss": count * each})
        tier = _reached(self.steps, count)
        if tier is None:
            return Step(lines["none"], {**values, "loss": ZERO})
        return Step(lines["tier"], {**values, "tier": tier.count, "loss": tier.points})

    def stated(self, wording: Wording, kind: str) -> str:
        """The row in words; `kind` says whether points go `off` or `on`."""

        def told(form: str, **values: object) -> str:
            return wording.say(f"standards.{kind}.{form}", **values)

        name = self.name or wording.name(Name("", self.measure))
        points, unit = show(self.points or ZERO), wording.unit(self.measure)
        if self.each:
            return told("events", name=name, tiers=self._tiers(wording, told, "event", "event_rest"))
        if self.steps:
            return told("tiers", name=name, tiers=self._tiers(wording, told, "tier", "tier_rest"))
        if self.per == ONE and unit in wording.write("whole_units").split():
            return told("each", name=name, unit=unit, points=points)
        return told("per", name=name, unit=wording.amount(self.per, self.measure), points=points)

    def _tiers(self, wording: Wording, told: Callable[..., str], form: str, rest: str) -> str:
        """The tiers in words, as they are read: counts from the smallest, sizes of events from the largest."""
        ordered = sorted(self.each or self.steps, key=lambda tier: tier.count, reverse=bool(self.each))
        per = ONE if self.each else self.per
        texts = (
            told(form, count=wording.amount(tier.count * per, self.measure), points=show(tier.points))
            if tier.count
            else told(rest, points=show(tier.points))
            for tier in ordered
        )
        return wording.write("comma").join(texts)


def _reached(tiers: tuple[Tier, ...], value: mpq) -> Tier | None:
    """The largest tier that is not above a value."""
    return max((tier for tier in tiers if tier.count <= value), key=lambda tier: tier.count, default=None)


class Deduction(Rule):
    """The weight less what breaches cost, and more by what merits add; never under 0."""

    rule: Literal["deduction"]
    deduct: tuple[Deduct, ...]
    add: tuple[Deduct, ...] = ()

    def names(self) -> tuple[Name, ...]:
        """The measures that count the breaches and the merits."""
        return tuple(dict.fromkeys(Name("", row.measure) for row in (*self.deduct, *self.add)))

    def may_rise(self) -> bool:
        """Merits may lift the points above the weight."""
        return bool(self.add)

    def event_names(self) -> tuple[Name, ...]:
        """The measures of which each event costs by itself."""
        return tuple(dict.fromkeys(Name("", row.measure) for row in (*self.deduct, *self.add) if row.each))

    def judge(self, case: Case) -> RuleOutcome:
        """The weight less the loss of every row, and more by the gain of every other."""
        steps = [step for row in self.deduct for step in row.count(case, DEDUCTED)]
        loss = sum((step.values["loss"] for step in steps), ZERO)
        if not self.add:
            return _less(case, loss, steps)
        added = [step for row in self.add for step in row.count(case, ADDED)]
        gain = sum((step.values["loss"] for step in added), ZERO)
        return _less(case, loss, [*steps, *added], gain)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        rows = wording.listed([row.stated(wording, "off") for row in self.deduct])
        text = wording.write("deduction" if wording.item.weight else "deduction_extra", rows=rows)
        if not self.add:
            return text
        added = wording.listed([row.stated(wording, "on") for row in self.add])
        return text + wording.write("deduction_add", rows=added)


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
        target, actual = compared(case)
        ratio = informed(case)
        is_over = actual > target if self.side == "both" else self._costs_over(case.direction)
        lacking = actual - target if is_over else target - actual
        if lacking <= 0:
            return self._met(case, is_over=is_over)._replace(attainment=ratio)
        count, steps = self._counted(case, "over" if is_over else "under", lacking)
        loss = count * self.points
        lost = Step("unit_loss", {"count": count, "each": self.points, "loss": loss})
        return _less(case, loss, [*steps, lost])._replace(attainment=ratio)

    def _met(self, case: Case, *, is_over: bool) -> RuleOutcome:
        """The weight, and what lies beyond the target on the other side."""
        target, actual = compared(case)
        step = Step("met_lower" if is_over else "met", {"actual": actual, "target": target})
        full = Step("full_points", {"points": case.weight})
        beyond = target - actual if is_over else actual - target
        if self.bonus is None or beyond <= 0:
            return RuleOutcome(case.weight, (step, full))
        values = {"target": case.target, "actual": case.actual, "amount": beyond}
        count = self.bonus.units.counted(beyond, self.bonus.per)
        points = case.weight + count * self.bonus.points
        gained = {"weight": case.weight, "count": count, "each": self.bonus.points, "points": points}
        units = Step(f"units.{self.bonus.units}", {"amount": beyond, "per": self.bonus.per, "count": count})
        between = Step("under" if is_over else "over", values)
        return RuleOutcome(points, (step, between, units, Step("unit_bonus", gained)))

    def _costs_over(self, direction: str) -> bool:
        """Whether points are lost above the target."""
        return direction == LOWER if self.side == "bad" else self.side == "over"

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """So near to the target that no more units are lacking than the points allow."""
        if case.target is None or points > case.weight or self.points <= 0:
            return None
        is_over = (case.actual or ZERO) > case.target if self.side == "both" else self._costs_over(case.direction)
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
        values = {"per": wording.amount(self.per), "points": show(self.points)}
        part = wording.say(f"standards.part_off.{self.units}", **values)
        is_over = self._costs_over(wording.indicator.direction)
        key = "shortfall_both" if self.side == "both" else "shortfall_lower" if is_over else "shortfall"
        text = wording.write(key, part=part, **values)
        return text if self.bonus is None else text + self._bonus_stated(self.bonus, wording, is_over=is_over)

    @staticmethod
    def _bonus_stated(bonus: Bonus, wording: Wording, *, is_over: bool) -> str:
        values = {"per": wording.amount(bonus.per), "points": show(bonus.points)}
        part = wording.say(f"standards.part_on.{bonus.units}", **values)
        return wording.write("excess_below" if is_over else "excess", part=part, **values)


class Excess(_ByUnits):
    """`points` for each `per` units beyond the target, from 0 on.

    Points are given on the good side of the target, which is below it where less is better; points that are taken
    off lie above it; `side` names another one.
    """

    rule: Literal["excess"]
    side: Literal["good", "under", "over"] = "good"

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
        if self.side != "good":
            return self.side == "under"
        return direction == LOWER and self.points > 0

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        values = {"per": wording.amount(self.per), "points": show(abs(self.points))}
        part = wording.say(f"standards.part_on.{self.units}", **values)
        is_below, is_off = self._is_below(wording.indicator.direction), self.points < 0
        keys = {(True, True): "excess_off_below", (True, False): "excess_below", (False, True): "excess_off"}
        return wording.write(keys.get((is_below, is_off), "excess"), part=part, **values)


def _less(case: Case, loss: mpq, steps: list[Step], gain: mpq | None = None) -> RuleOutcome:
    """The weight less a loss and more by a gain, as far down as the case allows."""
    points = case.weight - loss + (gain or ZERO)
    values = {"weight": case.weight, "loss": loss, "points": points, **({} if gain is None else {"gain": gain})}
    if case.least is not None and points < case.least:
        key = "all_lost" if gain is None else "all_lost_both"
        return RuleOutcome(case.least, (*steps, Step(key, {**values, "least": case.least})))
    key = "weight_less" if gain is None else "weight_less_both"
    return RuleOutcome(points, (*steps, Step(key, values)))
