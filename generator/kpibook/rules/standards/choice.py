"""Rules that choose between fixed points: all or nothing, and bands."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Entry, Number, SnakeId, Text
from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.rules.formulas import Name
from kpibook.rules.standards.base import (
    Case,
    ReachedActual,
    Rule,
    RuleOutcome,
    Step,
    actual_at,
    attainment,
    attainment_if_known,
    attainment_step,
    target_and_actual,
    target_unusable,
)
from kpibook.rules.standards.wording import LOWER, Wording

NEXT = mpq(1, 10**9)
"""So little past a mark that no band ends between."""


class Requirement(Entry):
    """One of several conditions of an all-or-nothing item."""

    measure: SnakeId
    at_least: Number | None = None
    at_most: Number | None = None

    def holds(self, value: mpq) -> bool:
        """Whether a value keeps the condition."""
        is_high_enough = self.at_least is None or value >= self.at_least
        return is_high_enough and (self.at_most is None or value <= self.at_most)

    def stated(self, wording: Wording) -> str:
        """The condition in words."""
        name = wording.name(Name("", self.measure))
        low = wording.amount(self.at_least, self.measure) if self.at_least is not None else ""
        high = wording.amount(self.at_most, self.measure) if self.at_most is not None else ""
        key = "between" if low and high else "at_least" if low else "at_most" if high else "any"
        return wording.say(f"standards.require.{key}", name=name, low=low, high=high)


class AllOrNothing(Rule):
    """The weight when the target is met, else `otherwise`."""

    rule: Literal["all_or_nothing"]
    otherwise: Number = ZERO
    require: tuple[Requirement, ...] = ()

    def judges_actual(self) -> bool:
        """With conditions of its own it needs no actual of the indicator."""
        return not self.require

    def judges_target(self) -> bool:
        """With conditions of its own it needs no target."""
        return not self.require

    def names(self) -> tuple[Name, ...]:
        """The measures of its conditions."""
        return tuple(dict.fromkeys(Name("", requirement.measure) for requirement in self.require))

    def judge(self, case: Case) -> RuleOutcome:
        """The weight if everything holds."""
        if not self.require:
            return self._against_target(case)
        steps, met = [], True
        for requirement in self.require:
            value = case.values[Name("", requirement.measure)]
            holds = requirement.holds(value)
            met = met and holds
            steps.append(Step("required" if holds else "required_not", {"name": requirement.measure, "value": value}))
        return self._outcome(case, met, tuple(steps))

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The target itself; with several conditions no single number."""
        if self.require or case.target is None or points > case.weight:
            return None
        return ReachedActual(case.target)

    def _against_target(self, case: Case) -> RuleOutcome:
        target, actual = target_and_actual(case)
        met = actual <= target if case.direction == LOWER else actual >= target
        key = ("met_lower" if met else "unmet_lower") if case.direction == LOWER else ("met" if met else "unmet")
        step = Step(key, {"actual": actual, "target": target})
        return self._outcome(case, met, (step,))._replace(attainment=attainment_if_known(case))

    def _outcome(self, case: Case, met: bool, steps: tuple[Step, ...]) -> RuleOutcome:
        points = case.weight if met else self.otherwise
        return RuleOutcome(points, (*steps, Step("full_points" if met else "otherwise", {"points": points})))

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        key = "nothing" if not self.otherwise else "less" if self.otherwise < 0 else "some"
        otherwise = wording.say(f"standards.otherwise.{key}", points=show(abs(self.otherwise)))
        if self.require:
            conditions = wording.listed([requirement.stated(wording) for requirement in self.require])
            return wording.write("all_required", otherwise=otherwise, conditions=conditions)
        return wording.write("all_lower" if wording.is_lower else "all_higher", otherwise=otherwise)


STEPS = {
    "rest": "band_rest",
    "from": "band_from",
    "above": "band_above",
    "upto": "band_upto",
    "below": "band_below",
    "between": "band_between",
    "between_above": "band_between_above",
    "between_below": "band_between_below",
    "between_open": "band_between_open",
}
"""The lines of a derivation that tell of a band."""


class Ends(NamedTuple):
    """Whether the ends of a band lie beyond its marks: `above` and not `from`, `below` and not `upto`."""

    is_above: bool
    is_below: bool

    def key(self, band: "Band") -> str:
        """How such a band is called in texts."""
        if band.lowest is None:
            return "rest" if band.highest is None else "below" if self.is_below else "upto"
        if band.highest is None:
            return "above" if self.is_above else "from"
        if self.is_above:
            return "between_open" if self.is_below else "between_above"
        return "between_below" if self.is_below else "between"


class Band(Entry):
    """Points for values from (>=) or above (>) a mark, and up to (<=) or below (<) another."""

    least: Number | None = Field(default=None, alias="from")
    above: Number | None = None
    most: Number | None = Field(default=None, alias="upto")
    below: Number | None = None
    points: Number
    label: Text = ""

    @cached_property
    def lowest(self) -> mpq | None:
        """The mark at its lower end."""
        return self.above if self.least is None else self.least

    @cached_property
    def highest(self) -> mpq | None:
        """The mark at its upper end."""
        return self.below if self.most is None else self.most

    @cached_property
    def ends(self) -> Ends:
        """Whether it begins above and ends below its marks."""
        return Ends(self.least is None and self.above is not None, self.most is None and self.below is not None)

    @cached_property
    def step(self) -> str:
        """The key under `steps.` of the line that says which values it takes."""
        return STEPS[self.ends.key(self)]

    def holds(self, value: mpq) -> bool:
        """Whether the band takes a value; one without marks takes all."""
        low, high = self.lowest, self.highest
        if (low is not None and value < low) or (high is not None and value > high):
            return False
        return not (value == low and self.ends.is_above) and not (value == high and self.ends.is_below)


class Bands(Rule):
    """The points of the first band that holds."""

    rule: Literal["bands"]
    of: Literal["actual", "attainment"] = "actual"
    bands: tuple[Band, ...]

    needs_actual: ClassVar[bool] = True

    def judges_target(self) -> bool:
        """Only bands of attainment need a target."""
        return self.of == "attainment"

    def judge(self, case: Case) -> RuleOutcome:
        """The points of the first band that holds; none where no band does."""
        if self.of == "attainment":
            ratio = attainment(case)
            if ratio is None:
                return target_unusable(case)
            return self._banded(ratio * HUNDRED, "%", (attainment_step(case, ratio),), ratio)
        if case.actual is None:
            raise ValueError("a rule that needs an actual got none")
        return self._banded(case.actual, "", ())

    def _banded(self, value: mpq, unit: str, steps: tuple[Step, ...], ratio: mpq | None = None) -> RuleOutcome:
        for band in self.bands:
            if band.holds(value):
                values = {"value": value, "unit": unit, "low": band.lowest, "high": band.highest}
                values |= {"label": band.label, "points": band.points}
                return RuleOutcome(band.points, (*steps, Step(band.step, values)), ratio, band.label)
        return RuleOutcome(ZERO, (*steps, Step("no_band", {"value": value, "unit": unit})), ratio)

    def best(self, weight: mpq) -> mpq:
        """The points of the best band."""
        return max(band.points for band in self.bands)

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The nearest mark of a band at which, or next to which, there are so many points."""
        now = case.actual
        if now is None:
            return None
        nearest_first = sorted(self._marks(case), key=lambda mark: abs(mark - now))
        return next((reach for mark in nearest_first if (reach := self._reached(case, mark, points))), None)

    def _marks(self, case: Case) -> Iterator[mpq]:
        """Where bands begin and end, as actuals."""
        for mark in dict.fromkeys(mark for band in self.bands for mark in (band.lowest, band.highest)):
            actual = mark if mark is None or self.of == "actual" else actual_at(case, mark / HUNDRED)
            if actual is not None:
                yield actual

    def _reached(self, case: Case, mark: mpq, points: mpq) -> ReachedActual | None:
        sides = (side for side in (0, 1, -1) if self._points_at(case, mark + side * NEXT) >= points)
        return next((ReachedActual(mark, side) for side in sides), None)

    def _points_at(self, case: Case, actual: mpq) -> mpq:
        """As `judge`, without its reasons: marks are tried by the dozen."""
        value: mpq | None = actual
        if self.of == "attainment":
            ratio = attainment(Case(case.weight, case.direction, case.target, actual))
            value = None if ratio is None else ratio * HUNDRED
        return next((band.points for band in self.bands if value is not None and band.holds(value)), ZERO)

    def stated(self, wording: Wording) -> str:
        """The rule in words."""
        bands = wording.listed(list(self._rows(wording)))
        if self.of == "actual":
            return wording.write("bands_of_actual", bands=bands)
        key = "lower" if wording.is_lower else "higher"
        return wording.say(f"standards.bands_of_attainment.{key}", bands=bands, target=wording.target_text())

    def _rows(self, wording: Wording) -> Iterator[str]:
        for number, band in enumerate(self.bands):
            label = wording.write("label", label=band.label) if band.label else ""
            key = self._ends(number).key(band) if number or band.step != "band_rest" else "all"
            low, high = (self._mark(mark, wording) for mark in (band.lowest, band.highest))
            yield wording.say(f"standards.band.{key}", low=low, high=high, points=show(band.points), label=label)
        if not self.are_complete:
            yield wording.write("no_band")

    def _ends(self, number: int) -> Ends:
        """Where a band begins and ends, without the marks that bands before it take."""
        band, before = self.bands[number], self.bands[:number]
        low, high = (
            mark is not None and any(each.holds(mark) for each in before) for mark in (band.lowest, band.highest)
        )
        return Ends(band.ends.is_above or low, band.ends.is_below or high) if band.lowest != band.highest else band.ends

    def _mark(self, mark: mpq | None, wording: Wording) -> str:
        if mark is None:
            return ""
        return f"{show(mark)}%" if self.of == "attainment" else wording.amount(mark)

    @property
    def are_complete(self) -> bool:
        """Whether some band holds for every value."""
        upward = [band for band in self.bands if band.highest is None]
        downward = [band for band in self.bands if band.lowest is None]
        if any(band.lowest is None for band in upward):
            return True
        lows = [(band.lowest, band.ends.is_above) for band in upward if band.lowest is not None]
        highs = [(band.highest, not band.ends.is_below) for band in downward if band.highest is not None]
        if not lows or not highs:
            return False
        (low, is_above), (high, is_upto) = min(lows), max(highs)
        return low < high or (low == high and (is_upto or not is_above))
