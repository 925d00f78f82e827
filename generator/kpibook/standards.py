"""One type per scoring rule: the points it gives, and the sentence that states it."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.entry import Entry, Number, SnakeId, Text
from kpibook.formulas import FormulaText
from kpibook.numbers import HUNDRED, ZERO


class Units(StrEnum):
    """How a part of a unit counts: not at all, as a whole one, or as its part."""

    COMPLETE = "complete"
    STARTED = "started"
    EXACT = "exact"


class Proportional(Entry):
    """Weight times attainment."""

    rule: Literal["proportional"]
    lower: Literal["inverse", "linear"] = "linear"
    floor: Number | None = None
    cap: Number = HUNDRED
    by: Literal["ratio", "difference"] = "ratio"
    note: Text = ""


class Requirement(Entry):
    """One of several conditions of an all-or-nothing item."""

    measure: SnakeId
    at_least: Number | None = None
    at_most: Number | None = None


class AllOrNothing(Entry):
    """The weight when the target is met, else `otherwise`."""

    rule: Literal["all_or_nothing"]
    otherwise: Number = ZERO
    require: tuple[Requirement, ...] = ()
    note: Text = ""


class Band(Entry):
    """Points for values from (>=) and up to (<=) a mark."""

    lowest: Number | None = Field(default=None, alias="from")
    highest: Number | None = Field(default=None, alias="upto")
    points: Number
    label: Text = ""


class Bands(Entry):
    """The points of the first band that holds."""

    rule: Literal["bands"]
    of: Literal["actual", "attainment"] = "actual"
    bands: tuple[Band, ...]
    note: Text = ""


class Linear(Entry):
    """A straight line from 0 at `zero` to the weight at `full`."""

    rule: Literal["linear"]
    zero: Number
    full: Number
    note: Text = ""


class Range(Entry):
    """The weight within `low..high`, falling to 0 at `zero_below` and `zero_above`."""

    rule: Literal["range"]
    low: Number
    high: Number
    zero_below: Number | None = None
    zero_above: Number | None = None
    note: Text = ""


class Step(Entry):
    """A row of a step table: from this count on, this many points off."""

    count: Number = Field(alias="from")
    points: Number


def _steps(value: Any) -> Any:
    """A table may be written `{1: 1, 2: 3}` or as a list of `{from, points}`."""
    if isinstance(value, dict):
        return [{"from": count, "points": points} for count, points in value.items()]
    return value


class Deduct(Entry):
    """What a breach costs: `points` for each `per` of `measure`, or the step that its count reaches."""

    measure: SnakeId
    per: Number = mpq(1)
    points: Number | None = None
    steps: Annotated[tuple[Step, ...], BeforeValidator(_steps)] = ()
    name: Text = ""


class Deduction(Entry):
    """The weight less what breaches cost, never under 0."""

    rule: Literal["deduction"]
    deduct: tuple[Deduct, ...]
    note: Text = ""


class Shortfall(Entry):
    """The weight less `points` for each `per` units under the target."""

    rule: Literal["shortfall"]
    per: Number
    points: Number
    units: Units = Units.COMPLETE
    note: Text = ""


class Excess(Entry):
    """`points` for each `per` units over the target; for extras only."""

    rule: Literal["excess"]
    per: Number
    points: Number
    units: Units = Units.COMPLETE
    note: Text = ""


class RatingLevel(Entry):
    """A lettered level of a rating with its range of points and what it means."""

    level: Text
    lowest: Number = Field(alias="from")
    highest: Number = Field(alias="to")
    meaning: Text = ""


class Rating(Entry):
    """The points that raters give, at most the weight."""

    rule: Literal["rating"]
    levels: tuple[RatingLevel, ...] = ()
    note: Text = ""


class ByFormula(Entry):
    """Points from a formula over `actual`, `target`, `weight`, `attainment` and measures."""

    rule: Literal["formula"]
    points: FormulaText
    note: Text = ""


Standard = Annotated[
    Proportional | AllOrNothing | Bands | Linear | Range | Deduction | Shortfall | Excess | Rating | ByFormula,
    Field(discriminator="rule"),
]
