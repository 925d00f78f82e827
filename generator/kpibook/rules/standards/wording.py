"""How rules write their numbers, units and names."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gmpy2 import mpq

from kpibook.base.numbers import SIGNS, ZERO, priced, share_text, show
from kpibook.base.word_units import ONE, DaysLate, TwoAnswers, WordUnit, for_number, one_of
from kpibook.base.words import Words
from kpibook.rules.formulas import Name

LOWER = "lower"
"""The direction of an indicator of which less is better."""


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
    def targets(self) -> Mapping[Any, mpq]: ...
    @property
    def threshold(self) -> mpq | None: ...
    @property
    def stretch(self) -> mpq | None: ...
    @property
    def weight(self) -> mpq | None: ...
    @property
    def raters(self) -> Mapping[Any, mpq] | None: ...
    @property
    def most(self) -> mpq | None: ...
    @property
    def least(self) -> mpq | None: ...


Marks = tuple[mpq | None, mpq | None]
"""The threshold and the stretch value beside a target."""
NO_MARKS: Marks = (None, None)
_LOOSE = re.compile(r"(?<=[0-9] )(?P<unit>[\u4e00-\u9fff][\u4e00-\u9fff/]*) (?=[\u4e00-\u9fff])")


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
    marks: Marks = NO_MARKS
    """The threshold and the stretch value that are given beside that target."""
    silent_raters: str = "share"
    """What a relation without a rating does: the others `share` its weight, the item waits (`block`), or `zero`."""


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
        return share_text(self.item.weight or ZERO)

    @property
    def marks(self) -> tuple[mpq | None, mpq | None]:
        """The threshold and the stretch value beside the target that holds."""
        return marks_beside_target(self.item, self.target, self.setting.marks)

    def write(self, key: str, **values: object) -> str:
        """A text under `standards.`, with the weight and the target filled in."""
        return self.say(f"standards.{key}", **{"weight": self.weight, "target": self.target_text(), **values})

    def target_text(self) -> str:
        """`目标 35%`, or the bare word where the target is set for each person."""
        if self.target is None:
            return self.say("standards.target.open")
        if self.setting.target is None and self.item.targets:
            return self.say("standards.target.by_kind", values=self.by_kind())
        return self.say("standards.target.given", value=self.amount(self.target))

    def by_kind(self) -> str:
        """The targets for each kind of cycle: `每月 40,000 元、每季度 130,000 元`."""
        return targets_by_kind(self.item.targets, self.indicator.unit, self.say)

    def amount(self, value: mpq, identifier: str = "") -> str:
        """A value in the indicator's unit, or in that of the measure named; days late as days."""
        unit = self.unit(identifier)
        if isinstance(unit, TwoAnswers):
            return self.say("standards.answer", word=unit.told(value))
        return with_unit(value, str(unit) if isinstance(unit, DaysLate) else unit)

    def step(self, value: mpq, identifier: str = "") -> str:
        """The size of a step with its unit: `5,000 元`, `5 cases`; a step of one is the bare word: each `case`."""
        one = one_of(self.unit(identifier)) if value == ONE else ""
        return self.say("standards.step", unit=one) if one else self.amount(value, identifier)

    def unit(self, identifier: str = "") -> str:
        """The indicator's unit, or that of the measure named."""
        measured: Measured | None = self.setting.named(identifier) if identifier else self.indicator
        return measured.unit if measured else ""

    def name(self, name: Name) -> str:
        """What a number that a rule uses is called: of single events all of them together."""
        return summed_name(name, self.setting.named, self.say)

    def event_name(self, name: Name) -> str:
        """What a measure of single events is called where each is looked at by itself."""
        return number_name(name, self.setting.named, self.say)

    def listed(self, texts: list[str]) -> str:
        """Several parts of one sentence."""
        return self.say("standards.semicolon").join(texts)


def marks_beside_target(item: Item, target: mpq | None, given: Marks = NO_MARKS) -> Marks:
    """The threshold and the stretch value of an item: as given, else they move with the target that holds."""
    own, (threshold, stretch) = item.target, given
    factor = target / own if own and target is not None else mpq(1)
    if threshold is None and item.threshold is not None:
        threshold = item.threshold * factor
    if stretch is None and item.stretch is not None:
        stretch = item.stretch * factor
    return threshold, stretch


def closed_up(text: str) -> str:
    """A sentence without the space between a unit and a word that are both Chinese: `目标 120 人得 10 分`."""
    return _LOOSE.sub(r"\g<unit>", text)


def with_unit(value: mpq, unit: str) -> str:
    """A value in its unit: `3.5%`, `120 人`, `1 day`, `€5`; in words where the unit has them."""
    if isinstance(unit, WordUnit):
        return unit.told(value)
    if not unit[:1].isalnum():
        return f"{show(value)}{unit}"
    currency, slash, rest = unit.partition("/")
    if currency in SIGNS:
        return f"{priced(show(value), currency)}{slash}{rest}"
    return f"{show(value)} {for_number(unit, value)}"


def targets_by_kind(targets: Mapping[Any, mpq], unit: str, say: Words) -> str:
    """Targets for several kinds of cycle."""
    texts = (say(f"standards.each.{kind}", value=with_unit(value, unit)) for kind, value in targets.items())
    return say("standards.comma").join(texts)


def number_name(name: Name, known: Callable[[str], Measured | None], say: Words) -> str:
    """A name of a formula in words: `上期订单量`."""
    measured = known(name.id)
    text = measured.name if measured else name.id
    return say(f"scopes.{name.scope}", name=text) if name.scope else text


def summed_name(name: Name, known: Callable[[str], Measured | None], say: Words) -> str:
    """A number that a rule uses, in words: of a measure of single events that is all of them together."""
    measured = known(name.id)
    if measured is None or not getattr(measured, "each", False):
        return number_name(name, known, say)
    return _scoped(name, say("standards.all_events", name=measured.name), say)


def in_formula(name: Name, known: Callable[[str], Measured | None], say: Words) -> str:
    """A number as a formula uses it, in words: what a word counts, and that a day counts as days late."""
    measured = known(name.id)
    match measured and measured.unit:
        case TwoAnswers() as unit:
            yes, _, no = unit.partition("/")
            values = {"name": measured.name if measured else name.id, "yes": yes.strip(), "no": no.strip()}
            return _scoped(name, say("standards.answers_of", **values), say)
        case DaysLate():
            return _scoped(name, say("standards.days_late_of", name=measured.name if measured else name.id), say)
    return summed_name(name, known, say)


def _scoped(name: Name, text: str, say: Words) -> str:
    return say(f"scopes.{name.scope}", name=text) if name.scope else text
