"""By what somebody is scored: items in sections, extras, gates."""

from collections.abc import Mapping
from typing import Literal

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Entry, Flag, KebabId, Number, Part, PlainText, SnakeId, Text
from kpibook.base.periods import PeriodKind
from kpibook.model.given_targets import GivenTarget, of_kinds, plain_target
from kpibook.model.raters import RaterWeights, Relation
from kpibook.model.total import Total
from kpibook.rules.formulas import FormulaText
from kpibook.rules.standards import Excess, Standard

ONE = mpq(1)


class Exempt(Entry):
    """When an item does not apply: no cases is not no data."""

    when: FormulaText
    then: Literal["full", "leave_out"] = "full"
    """Full points, or the other items are scaled up to 100."""
    note: Text = ""


class ScorecardItem(Entry):
    """An indicator on a scorecard: the points it is worth, its target and the rule that scores it."""

    indicator: SnakeId
    given_weight: Part | None = Field(default=None, alias="weight")
    marks: Number | None = None
    """What its rule gives out of, where the paper has marks of its own: they are turned into points by the weight, or
    by their part of the section's marks.
    """
    threshold: Number | None = None
    """Where points begin, beside the target; moves with it."""
    given_target: GivenTarget | None = Field(default=None, alias="target")
    stretch: Number | None = None
    """Where the most points are given, beside the target; moves with it."""
    given_most: Part | None = Field(default=None, alias="max")
    """How far its points may rise above its weight."""
    standard: Standard | None = None
    raters: RaterWeights | None = None
    rater_posts: Mapping[Relation, KebabId] = Field(default_factory=dict)
    """By relation: the role whose holder rates in it, whoever that is."""
    supports: SnakeId | None = None
    exempt: Exempt | None = None
    prorate: Flag = True
    """Whether its target shrinks with the days of somebody who was there for a part of the cycle."""
    confidential: Flag = False
    """Whether it stands on cards alone, and on no page for everybody."""
    levels: tuple[PlainText, ...] = ()
    """The job levels that it is for; without any, all of them."""
    comment_under: Number | None = None
    """Under how many % a rating, or an attainment, needs words; without it as the company says, with 0 never."""
    note: Text = ""

    @property
    def weight(self) -> mpq | None:
        """The most that its rule gives: its marks, where it has any and is not on trial."""
        return (
            self.given_weight
            if self.marks is None or (self.given_weight is not None and not self.given_weight)
            else self.marks
        )

    @property
    def target(self) -> mpq | None:
        """Its target; of one for each kind of cycle that for the shortest."""
        return plain_target(self.given_target)

    @property
    def targets(self) -> Mapping[PeriodKind, mpq]:
        """Its targets by kind of cycle, where it has any."""
        return of_kinds(self.given_target)

    @property
    def most(self) -> mpq | None:
        """The limit of its points: its `max`, else its weight where the rule itself has no end."""
        is_open = isinstance(self.standard, Excess) and self.given_most is None
        return self.weight if is_open else self.given_most

    @property
    def best(self) -> mpq:
        """The most points that it can give."""
        weight = self.weight or mpq(0)
        best = weight if self.standard is None else self.standard.best(weight)
        if self.given_most is not None and self.standard is not None and self.standard.may_rise():
            best = self.given_most
        return best if self.most is None else min(best, self.most)

    @property
    def least(self) -> mpq | None:
        """An item gives at least 0, by its rule; only extras have a limit of their own."""
        return None

    @property
    def floor(self) -> mpq | None:
        """Where points that the rule takes off come to an end."""
        return mpq(0)


class Section(Entry):
    """A headed group of items."""

    section: Text
    weight: Part | None = None
    items: tuple[ScorecardItem, ...] = ()
    note: Text = ""

    @property
    def has_marks(self) -> bool:
        """Whether its items have marks in place of weights, so that they share the weight of the section."""
        return any(item.marks is not None and item.given_weight is None for item in self.items)

    @property
    def marks(self) -> mpq:
        """What the rules of its items give at most, together."""
        return sum((item.weight for item in self.items if item.weight is not None), mpq(0))

    def is_pooled(self, total: Total) -> bool:
        """Whether its items are parts of a whole of their own, which counts by the weight of the section."""
        return self.has_marks or (total.by == "sections" and self.weight is not None)

    def per_mark(self, item: ScorecardItem, total: Total) -> mpq:
        """How many points of the total each point of an item's rule brings."""
        if self.is_pooled(total):
            return (self.weight or mpq(0)) / self.marks if self.marks else mpq(0)
        if item.marks and item.given_weight is not None:
            return item.given_weight / item.marks
        return mpq(1)

    def counted(self, total: Total) -> mpq | None:
        """What the section counts in the total; None where an item lacks its weight."""
        if self.is_pooled(total):
            return self.weight
        weights = [item.given_weight for item in self.items]
        return None if None in weights else sum((weight for weight in weights if weight is not None), mpq(0))


class Extra(Entry):
    """Points on top of, or off, the hundred (加减分项)."""

    indicator: SnakeId
    standard: Standard
    given_target: GivenTarget | None = Field(default=None, alias="target")
    most: Number | None = Field(default=None, alias="max")
    least: Number | None = Field(default=None, alias="min")
    prorate: Flag = True
    """As that of an item."""
    confidential: Flag = False
    """As that of an item."""
    levels: tuple[PlainText, ...] = ()
    """As those of an item."""
    note: Text = ""

    @property
    def target(self) -> mpq | None:
        """Its target; of one for each kind of cycle that for the shortest."""
        return plain_target(self.given_target)

    @property
    def targets(self) -> Mapping[PeriodKind, mpq]:
        """Its targets by kind of cycle, where it has any."""
        return of_kinds(self.given_target)

    @property
    def weight(self) -> mpq | None:
        """What a rule takes as the weight: the most that the extra gives."""
        return self.most

    @property
    def best(self) -> mpq:
        """The most points that it can give, as far as its limit tells."""
        return self.most or mpq(0)

    @property
    def threshold(self) -> mpq | None:
        """Only items have one."""
        return None

    @property
    def stretch(self) -> mpq | None:
        """Only items have one."""
        return None

    @property
    def raters(self) -> RaterWeights | None:
        """An extra is rated by the company's own weights."""
        return None

    @property
    def exempt(self) -> Exempt | None:
        """An extra always applies."""
        return None

    @property
    def floor(self) -> mpq | None:
        """Deductions end at its `min`; without one at 0 if it gives something, else nowhere."""
        return self.least if self.least is not None or self.most is None else mpq(0)


class Gate(Entry):
    """A condition over measures that caps the grade or the total (一票否决)."""

    when: FormulaText
    grade_at_most: PlainText | None = None
    total_at_most: Number | None = None
    name: Text = ""
    note: Text = ""


class Scored(Entry):
    """What roles and departments have in common: a scorecard with extras and gates."""

    scorecard: tuple[Section, ...] = ()
    extras: tuple[Extra, ...] = ()
    gates: tuple[Gate, ...] = ()
    total: Total | None = None
    """How its total is made; without it as the company says."""

    @property
    def items(self) -> tuple[ScorecardItem, ...]:
        """All items of all sections, in order."""
        return tuple(item for section in self.scorecard for item in section.items)

    @property
    def has_own_scorecard(self) -> bool:
        """Whether anything of a scorecard is written."""
        return bool(self.scorecard or self.extras or self.gates)

    def has_marks(self, total: Total) -> bool:
        """Whether the points of some item are marks of its own, and not yet points of the total."""
        return any(
            section.is_pooled(total) or any(section.per_mark(item, total) != ONE for item in section.items)
            for section in self.scorecard
        )

    @property
    def is_described_only(self) -> bool:
        """Whether no item has a weight: shown, never computed."""
        return all(item.weight is None for item in self.items)
