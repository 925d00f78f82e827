"""What all scoring rules share: the case they judge, what they find, and the words that state them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol

from gmpy2 import mpq

from kpibook.entry import Entry, Text
from kpibook.formulas import Name
from kpibook.numbers import ZERO, show
from kpibook.standards.examples import Example
from kpibook.words import Words

ONE = mpq(1)
LOWER = "lower"
"""The direction of an indicator of which less is better."""


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


class Scored(NamedTuple):
    """What a rule found; without points where the numbers are there and it still cannot decide."""

    points: mpq | None
    steps: tuple[Step, ...]
    attainment: mpq | None = None
    """A ratio: 0.8 is 80 %."""
    label: str = ""
    """The name of the band or the level that was reached."""


class Reach(NamedTuple):
    """The actual nearest to the one measured that gives as many points as were asked for."""

    actual: mpq
    side: int = 0
    """The mark itself is enough (0), or only what is above (1) or below it (-1)."""


class Vote(NamedTuple):
    """The points that one relation gave, the mean where several people of it rated, and the weight of the relation."""

    relation: str
    points: mpq
    weight: mpq


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


class Measured(Protocol):
    """A measure or an indicator, as far as a sentence needs it."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Subject(Measured, Protocol):
    """An indicator, as far as a sentence needs it."""

    @property
    def direction(self) -> str: ...


class Item(Protocol):
    """An item of a scorecard or an extra, as far as a sentence needs it."""

    @property
    def target(self) -> mpq | None: ...
    @property
    def weight(self) -> mpq | None: ...
    @property
    def raters(self) -> Mapping[Any, mpq] | None: ...
    @property
    def most(self) -> mpq | None: ...
    @property
    def least(self) -> mpq | None: ...


def _unknown(_: str) -> Measured | None:
    return None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence may draw on beside the item itself."""

    named: Callable[[str], Measured | None] = _unknown
    """The measure or indicator of an id; a sentence names the id where it is unknown."""
    raters: Mapping[Any, mpq] = field(default_factory=dict)
    """The company's own weights of ratings, for items that have none."""
    target: mpq | None = None
    """The target that holds for a certain person, where it is not the item's own."""
    waits_for_raters: bool = False
    """Whether an item waits until every relation has rated."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a rule writes its numbers and names."""

    item: Item
    indicator: Subject
    say: Words
    setting: Setting

    @property
    def is_lower(self) -> bool:
        """Whether less is better."""
        return self.indicator.direction == LOWER

    @property
    def target(self) -> mpq | None:
        """The target that holds."""
        return self.item.target if self.setting.target is None else self.setting.target

    @property
    def weight(self) -> str:
        """What the item is worth."""
        return show(self.item.weight or ZERO)

    def told(self, key: str, **values: object) -> str:
        """A text under `standards.`, with the weight and the target filled in."""
        return self.say(f"standards.{key}", **{"weight": self.weight, "target": self.target_text(), **values})

    def target_text(self) -> str:
        """`目标 35%`, or the bare word where the target is set for each person."""
        if self.target is None:
            return self.say("standards.target.open")
        return self.say("standards.target.given", value=self.amount(self.target))

    def amount(self, value: mpq, identifier: str = "") -> str:
        """A value in the indicator's unit, or in that of the measure named."""
        measured: Measured | None = self.setting.named(identifier) if identifier else self.indicator
        return with_unit(value, measured.unit if measured else "")

    def name(self, name: Name) -> str:
        """What a formula's name is called."""
        return named(name, self.setting.named, self.say)

    def listed(self, texts: list[str]) -> str:
        """Several parts of one sentence."""
        return self.say("standards.semicolon").join(texts)


def with_unit(value: mpq, unit: str) -> str:
    """A value in its unit: `3.5%`, `120人`, `5 days`."""
    gap = " " if unit[:1].isascii() and unit[:1].isalnum() else ""
    return f"{show(value)}{gap}{unit}"


def named(name: Name, known: Callable[[str], Measured | None], say: Words) -> str:
    """A name of a formula in words: `上期订单量`."""
    measured = known(name.id)
    text = measured.name if measured else name.id
    return say(f"scopes.{name.scope}", name=text) if name.scope else text


class Rule(Entry):
    """A way to make points."""

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

    def judge(self, case: Case) -> Scored:
        """The points of a case and how they came about."""
        raise NotImplementedError

    def best(self, weight: mpq) -> mpq:
        """The most points that the rule gives for an item of this weight."""
        return weight

    def reach(self, case: Case, points: mpq) -> Reach | None:
        """The actual that gives at least `points`, more than the case's own has; None where no actual alone does."""
        return None

    def stated(self, wording: Wording) -> str:
        """The rule as a sentence, without the limits of an extra."""
        raise NotImplementedError

    def sentence(self, item: Item, indicator: Subject, say: Words, setting: Setting | None = None) -> str:
        """The rule with all its numbers: who knows only this sentence gets the same points."""
        text = self.stated(Wording(item, indicator, say, setting or Setting()))
        return text + "".join(_limits(item, say))


def _limits(item: Item, say: Words) -> list[str]:
    """The most and the least that an extra may give; an item has neither."""
    limits = (("most", item.most), ("least", item.least))
    return [say(f"standards.limit.{key}", value=show(value)) for key, value in limits if value is not None]


def attainment(case: Case, *, inverse: bool = False) -> mpq | None:
    """How far the target is reached, never under 0; None where the target allows no ratio.

    With target 0, lower-is-better attains 1 at 0 and 0 above it. `inverse` is target / actual; an actual of 0 or
    less has no such ratio and is None too: the rule then counts its cap.
    """
    target, actual = case.target, case.actual
    if target is None or actual is None:
        raise ValueError("a rule that needs a target and an actual got none")
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


def attained(case: Case, ratio: mpq, *, inverse: bool = False) -> Step:
    """How `attainment` came to its ratio."""
    actual, target = case.actual, case.target
    values = {"actual": actual, "target": target, "attainment": ratio}
    if case.direction != LOWER:
        return Step("attained" if ratio or not actual else "attained_negative", values)
    if not target:
        return Step("attained_of_zero", values)
    if inverse:
        return Step("attained_inverse", values)
    return Step("attained_linear" if ratio else "attained_twice", values)


def unusable(case: Case) -> Scored:
    """The target is there, but no ratio can be made with it."""
    return Scored(None, (Step("target_unusable", {"target": case.target}),))


def informed(case: Case) -> mpq | None:
    """The attainment for the reader of a card, where the rule itself does not use it."""
    return None if case.target is None or case.actual is None else attainment(case)
