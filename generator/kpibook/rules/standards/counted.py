"""What breaches cost and merits add, by their count or by the size of each."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Entry, Located, Number, SnakeId, Text
from kpibook.base.numbers import ZERO, show
from kpibook.base.word_units import one_of
from kpibook.rules.formulas import Name
from kpibook.rules.standards.base import ONE, Case, Event, Rule, RuleOutcome, Step, Units, weight_less
from kpibook.rules.standards.wording import Wording


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
            return (self._count_step(value, lines),)
        events = [event for event in case.events.get(name, (Event(value),)) if event.value]
        none = Step(lines["none"], {"row": self.name, "name": self.measure, "value": ZERO, "loss": ZERO})
        return tuple(self._of_event(event, lines) for event in events) or (none,)

    def _of_event(self, event: Event, lines: Mapping[str, str]) -> Step:
        values = {"row": self.name, "name": self.measure, "value": event.value, "label": event.note}
        tier = _reached(self.each, event.value)
        if tier is None:
            return Step(lines["event_none"], {**values, "loss": ZERO})
        return Step(lines["event"], {**values, "tier": tier.count, "loss": tier.points})

    def _count_step(self, value: mpq, lines: Mapping[str, str]) -> Step:
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

        own = Name("", self.measure)
        name = self.name or (wording.event_name(own) if self.each else wording.name(own))
        points, unit = show(self.points or ZERO), wording.unit(self.measure)
        if self.each:
            return told("events", name=name, tiers=self._tiers(wording, told, "event", "event_rest"))
        if self.steps:
            return told("tiers", name=name, tiers=self._tiers(wording, told, "tier", "tier_rest"))
        if self.per == ONE and unit in wording.say("units.whole").replace("|", " ").split():
            return told("each", name=name, unit=one_of(unit) or unit, points=points)
        return told("per", name=name, unit=wording.step(self.per, self.measure), points=points)

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
            return weight_less(case, loss, steps)
        added = [step for row in self.add for step in row.count(case, ADDED)]
        gain = sum((step.values["loss"] for step in added), ZERO)
        return weight_less(case, loss, [*steps, *added], gain)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        rows = wording.listed([row.stated(wording, "off") for row in self.deduct])
        text = wording.write("deduction" if wording.item.weight else "deduction_extra", rows=rows)
        if not self.add:
            return text
        added = wording.listed([row.stated(wording, "on") for row in self.add])
        return text + wording.write("deduction_add", rows=added)
