"""What all scoring rules share: the case they judge, what they find, and the words that state them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from gmpy2 import mpq

from kpibook.base.entry import Entry, Text
from kpibook.base.numbers import ZERO, share_text
from kpibook.base.words import Words
from kpibook.rules.formulas import Name
from kpibook.rules.standards.examples import Example
from kpibook.rules.standards.wording import LOWER, Item, Setting, Subject, Wording, closed_up

ONE = mpq(1)


class Units(StrEnum):
    """How a part of a unit counts: not at all, as a whole one, or as its part."""

    COMPLETE = "complete"
    STARTED = "started"
    EXACT = "exact"

    def counted(self, amount: mpq, per: mpq) -> mpq:
        """How many units of `per` an amount holds; never negative."""
        if amount <= 0:
            return ZERO
        units = amount / per
        if self is Units.EXACT or units.denominator == 1:
            return units
        whole = mpq(units.numerator // units.denominator)
        return whole if self is Units.COMPLETE else whole + 1


class Step(NamedTuple):
    """One line of a derivation: a key under `steps.` in the locale, and the exact numbers that fill it."""

    key: str
    values: Mapping[str, Any]


class RuleOutcome(NamedTuple):
    """What a rule found; without points where the numbers are there and it still cannot decide."""

    points: mpq | None
    steps: tuple[Step, ...]
    attainment: mpq | None = None
    """A ratio: 0.8 is 80 %."""
    label: str = ""
    """The name of the band or the level that was reached."""


class ReachedActual(NamedTuple):
    """The actual nearest to the one measured that gives as many points as were asked for."""

    actual: mpq
    side: int = 0
    """The mark itself is enough (0), or only what is above (1) or below it (-1)."""


class Vote(NamedTuple):
    """The points that one relation gave, the mean where several people of it rated, and the weight of the relation."""

    relation: str
    points: mpq
    weight: mpq


class Event(NamedTuple):
    """One of several things that a measure adds up, such as an accident, with its note."""

    value: mpq
    note: str = ""


class Case(NamedTuple):
    """The numbers of one item of one person; a rule looks only at those it needs."""

    weight: mpq
    direction: str = "higher"
    target: mpq | None = None
    actual: mpq | None = None
    values: Mapping[Name, mpq] = {}
    """The numbers that the rule names itself."""
    votes: tuple[Vote, ...] = ()
    least: mpq | None = ZERO
    """Where points that are taken off come to an end; None for an extra without end."""
    events: Mapping[Name, tuple[Event, ...]] = {}
    """The single events of measures that the rule judges one by one."""
    marks: tuple[mpq | None, mpq | None] = (None, None)
    """The threshold and the stretch value beside the target."""


class Rule(Entry):
    """A scoring rule: it turns the numbers of a case into points."""

    examples: tuple[Example, ...] = ()
    note: Text = ""

    needs_actual: ClassVar[bool] = False
    needs_target: ClassVar[bool] = False

    def judges_actual(self) -> bool:
        """Whether the indicator itself has to be measured."""
        return self.needs_actual

    def judges_target(self) -> bool:
        """Whether there has to be a target."""
        return self.needs_target

    def names(self) -> tuple[Name, ...]:
        """The numbers that the rule names itself."""
        return ()

    def judge(self, case: Case) -> RuleOutcome:
        """The points of a case and how they came about."""
        raise NotImplementedError

    def best(self, weight: mpq) -> mpq:
        """The most points that the rule gives for an item of this weight."""
        return weight

    def may_rise(self) -> bool:
        """Whether it may give more than the weight and names no end itself."""
        return False

    def event_names(self) -> tuple[Name, ...]:
        """The measures of which it judges each event by itself."""
        return ()

    def reach(self, case: Case, points: mpq) -> ReachedActual | None:
        """The actual that gives at least `points`, more than the case's own has; None where no actual alone does."""
        return None

    def stated(self, wording: Wording) -> str:
        """The rule as a sentence, without the limits of an extra."""
        raise NotImplementedError

    def sentence(self, item: Item, indicator: Subject, say: Words, setting: Setting | None = None) -> str:
        """The rule with all its numbers: who knows only this sentence gets the same points."""
        text = self.stated(Wording(item, indicator, say, setting or Setting()))
        return closed_up(text) + "".join(_limits(item, say))


def _limits(item: Item, say: Words) -> list[str]:
    """The most and the least that an extra may give; an item has neither."""
    limits = (("most", item.most), ("least", item.least))
    return [say(f"standards.limit.{key}", value=share_text(value)) for key, value in limits if value is not None]


def target_and_actual(case: Case) -> tuple[mpq, mpq]:
    """The target and the actual of a rule that needs both."""
    if case.target is None or case.actual is None:
        raise ValueError("a rule that needs a target and an actual got none")
    return case.target, case.actual


def attainment(case: Case, *, inverse: bool = False) -> mpq | None:
    """How far the target is reached, never under 0; None where the target allows no ratio.

    With target 0, lower-is-better attains 1 at 0 and 0 above it. `inverse` is target / actual; an actual of 0 or
    less has no such ratio and is None too: the rule then counts its cap.
    """
    target, actual = target_and_actual(case)
    if case.direction != LOWER:
        if target <= 0:
            return None
        return actual / target if actual > 0 else ZERO
    if target < 0:
        return None
    if not target:
        return ZERO if actual > 0 else ONE
    if inverse:
        return target / actual if actual > 0 else None
    ratio = 2 - actual / target
    return ratio if ratio > 0 else ZERO


def actual_at(case: Case, ratio: mpq, *, inverse: bool = False) -> mpq | None:
    """The actual that attains a ratio above 0: the way back through `attainment`."""
    target = case.target
    if target is None or target < 0 or ratio <= 0:
        return None
    if case.direction != LOWER:
        return target * ratio if target else None
    if not target:
        return ZERO if ratio <= ONE else None
    return target / ratio if inverse else target * (2 - ratio)


def attainment_step(case: Case, ratio: mpq, *, inverse: bool = False) -> Step:
    """The line of a derivation that says how `attainment` came to its ratio."""
    actual, target = case.actual, case.target
    values = {"actual": actual, "target": target, "attainment": ratio}
    if case.direction != LOWER:
        return Step("attained" if ratio or not actual else "attained_negative", values)
    if not target:
        return Step("attained_of_zero", values)
    if inverse:
        return Step("attained_inverse", values)
    return Step("attained_linear" if ratio else "attained_twice", values)


def target_unusable(case: Case) -> RuleOutcome:
    """No points: the target is there, but no ratio can be made with it."""
    return RuleOutcome(None, (Step("target_unusable", {"target": case.target}),))


def attainment_if_known(case: Case) -> mpq | None:
    """The attainment as information on a card, where the rule does not use it; None without target or actual."""
    return None if case.target is None or case.actual is None else attainment(case)


def weight_less(case: Case, loss: mpq, steps: list[Step], gain: mpq | None = None) -> RuleOutcome:
    """The weight less a loss and more by a gain, as far down as the case allows."""
    points = case.weight - loss + (gain or ZERO)
    values = {"weight": case.weight, "loss": loss, "points": points, **({} if gain is None else {"gain": gain})}
    if case.least is not None and points < case.least:
        key = "all_lost" if gain is None else "all_lost_both"
        return RuleOutcome(case.least, (*steps, Step(key, {**values, "least": case.least})))
    key = "weight_less" if gain is None else "weight_less_both"
    return RuleOutcome(points, (*steps, Step(key, values)))
