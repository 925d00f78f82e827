"""What scoring yields: points, totals, grades, ranks and pay, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.model import (
    WHOLE_POST,
    Adjustment,
    Assignment,
    Calibration,
    Cycle,
    Extra,
    Gate,
    Grade,
    Indicator,
    PayLine,
    RatingRow,
    Role,
    ScorecardItem,
    Streak,
    TotalLevel,
    levelled,
)
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import RuleOutcome
from kpibook.rules.standards import Step as Step
from kpibook.scoring.approvals import Unapproved
from kpibook.scoring.sources import Gap, Missing, Source, Target

ONE = mpq(1)


class Status(StrEnum):
    """What became of an item: the words of `items.csv`."""

    SCORED = "scored"
    MISSING = "missing"
    SET_ASIDE = "set_aside"
    EXCLUDED = "excluded"
    NOT_APPLICABLE = "not_applicable"
    TRIAL = "trial"
    """An item of weight 0: its numbers are shown and give no points."""


class Worth(NamedTuple):
    """What the points of an item are in the total: points of it, marks of the item's own, or the way to a level."""

    per_mark: mpq = ONE
    is_pooled: bool = False
    levels: tuple[TotalLevel, ...] = ()


AS_THEY_ARE = Worth()
"""Points of an item that are points of the total."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item of somebody's scorecard with its points and everything that led to them."""

    item: ScorecardItem | Extra
    indicator: Indicator
    section: str
    weight: mpq
    status: Status
    target: Target | None = None
    actual: mpq | None = None
    attainment: mpq | None = None
    """A ratio: 0.8 is 80 %."""
    points: mpq | None = None
    steps: tuple[Step, ...] = ()
    sources: tuple[Source, ...] = ()
    ratings: tuple[RatingRow, ...] = ()
    missing: tuple[Missing, ...] = ()
    is_extra: bool = False
    label: str = ""
    """The band or the level that was reached, where it has a name."""
    original: RuleOutcome | None = None
    """What the target would have given before it was changed, where targets.csv says what it was."""
    findings: tuple[str, ...] = ()
    """What comparisons of numbers tell; never points."""
    refused: tuple[Unapproved, ...] = ()
    """Targets of targets.csv that do not count, as they lack their approval."""
    worth: Worth = AS_THEY_ARE
    """What its points are in the total. One field and not three: each costs time in every item of everybody."""

    @property
    def per_mark(self) -> mpq:
        """How many points of the total each of its points brings, where they are marks of the item's own."""
        return self.worth.per_mark

    @property
    def is_pooled(self) -> bool:
        """Whether it shares the weight of its section by marks."""
        return self.worth.is_pooled

    @property
    def levels(self) -> tuple[TotalLevel, ...]:
        """Those by which it brings a part of its weight in place of points."""
        return self.worth.levels

    @property
    def best(self) -> mpq:
        """The most points that it can give."""
        return levelled(self.levels, self.item.best, self.weight)

    @property
    def counts(self) -> mpq:
        """What it counts in the total: its weight, whatever marks it has."""
        return self.weight * self.per_mark

    @property
    def is_on_trial(self) -> bool:
        """Whether it is worth nothing, and its numbers are shown only."""
        return not self.weight and not self.is_extra


class GateOutcome(NamedTuple):
    """A gate, and whether it closed; `holds` is None where its numbers are missing."""

    gate: Gate
    holds: bool | None
    sources: tuple[Source, ...]
    missing: tuple[Missing, ...] = ()


class GradeOutcome(NamedTuple):
    """A condition of a grade whose total was reached; `holds` is None where its numbers are missing."""

    grade: Grade
    condition: Formula
    holds: bool | None
    sources: tuple[Source, ...]
    missing: tuple[Missing, ...] = ()


class StreakOutcome(NamedTuple):
    """A streak that came full in this cycle, and the cycles that made it."""

    streak: Streak
    periods: tuple[Period, ...]


class CalibrationOutcome(NamedTuple):
    """A calibration with what it changed, before gates."""

    row: Calibration
    computed: mpq
    """The total that was computed, rounded."""
    grade: Grade | None
    """The grade that was computed."""
    total: mpq | None
    """The calibrated total, rounded; None where the total stays."""


class PayOutcome(NamedTuple):
    """A pay line and its amount, rounded; None where the total or a number is missing."""

    line: PayLine
    amount: mpq | None
    steps: tuple[Step, ...]
    missing: tuple[Missing, ...] = ()
    sources: tuple[Source, ...] = ()
    streak: StreakOutcome | None = None
    """The streak that brings it, where it comes of no line of a role."""


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """One role of a person within the cycle: the whole of it, or some days of it after a transfer."""

    assignment: Assignment
    role: Role
    days: int
    items: tuple[ItemScore, ...]
    extras: tuple[ItemScore, ...]
    total: mpq | None
    """Unrounded, without adjustments and gates."""
    coverage: mpq
    """% of weight that was measured."""

    @property
    def title(self) -> str:
        """The role, with the job level where it has levels."""
        return f"{self.role.name} {self.assignment.level}".strip()

    @property
    def time(self) -> mpq:
        """The days, as far as the post takes the time."""
        return self.days * self.assignment.share / WHOLE_POST


@dataclass(frozen=True, slots=True)
class Card:
    """A person's scorecard for one cycle."""

    person: str
    name: str
    spans: tuple[RoleSpan, ...]
    """By time; the last one names the card's role and department."""
    total: mpq | None
    """Rounded, after adjustments and gates; None where the missing-policy or a set-aside row withholds it."""
    coverage: mpq
    status: Status
    """scored; missing or set_aside (no total); excluded (not eligible); not_applicable (described only)."""
    steps: tuple[Step, ...] = ()
    """How the total was made from the slices."""
    adjustments: tuple[Adjustment, ...] = ()
    gates: tuple[GateOutcome, ...] = ()
    grade: Grade | None = None
    rank: int | None = None
    ranked: int = 0
    """How many share the ranking."""
    pay: tuple[PayOutcome, ...] = ()
    gaps: tuple[Missing, ...] = ()
    """What the card as a whole waits for: adjustments, calibrations and leave set aside, and the approval of a role."""
    computed: mpq | None = None
    """The total before adjustments and gates, unrounded."""
    exact: mpq | None = None
    """The total before it was rounded, after adjustments and gates."""
    conditions: tuple[GradeOutcome, ...] = ()
    """The conditions of grades that were looked at."""
    streaks: tuple[StreakOutcome, ...] = ()
    refused: tuple[tuple[Adjustment, Unapproved], ...] = ()
    """Adjustments that do not count, as they lack their approval."""
    total_computed: mpq | None = None
    """The total rounded, before calibration and gates."""
    calibration: CalibrationOutcome | None = None
    is_unit: bool = False
    """Whether it is of a department or of the company, and not of a person."""
    is_as_sealed: bool = False
    """Whether these are the figures of a seal, which this program computes otherwise: it cannot tell how they came."""
    days: int = 0
    """The days in the cycle of somebody who was not there for the whole of it; else 0."""
    leave: int = 0
    """The days of protected leave, which are no part of those."""
    leave_kinds: tuple[str, ...] = ()

    @property
    def adjustment(self) -> mpq:
        """The points of all adjustments."""
        return sum((row.points for row in self.adjustments), mpq(0))

    @property
    def paid(self) -> mpq | None:
        """The sum of all pay, that of streaks included, of roundings as they are paid; None where a line waits."""
        amounts = [outcome.amount for outcome in self.pay]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, mpq(0)) if len(known) == len(amounts) else None

    @property
    def role(self) -> Role:
        """The role held at the end of the cycle."""
        return self.spans[-1].role

    @property
    def department(self) -> str:
        """The department at the end of the cycle."""
        return self.spans[-1].assignment.department

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Every number that this card waits for, each once."""
        scores = [score for part in self.spans for score in (*part.items, *part.extras) if score.missing]
        if not (scores or self.gates or self.conditions or self.gaps):
            # Nearly every card, several times for each list that it is on.
            return ()
        of_items = (gap for score in scores for gap in score.missing)
        of_gates = (gap for outcome in self.gates for gap in outcome.missing)
        of_grades = (gap for outcome in self.conditions for gap in outcome.missing)
        return tuple(dict.fromkeys((*of_items, *of_gates, *of_grades, *self.gaps)))

    @property
    def waits_for_approval_alone(self) -> bool:
        """Whether it has no total for the sole reason that a role is not approved."""
        gaps = {gap.gap for gap in self.missing}
        return self.status is Status.MISSING and gaps == {Gap.NOT_APPROVED}


TakenKey = tuple[Period, str, str]
"""Of what is taken from another cycle: that cycle, whose it is, and which number or standing."""


@dataclass(frozen=True, slots=True)
class Results:
    """All cards of a cycle, in the order of people.csv."""

    cycle: Cycle
    cards: tuple[Card, ...]
    units: tuple[Card, ...] = ()
    """The cards of departments with a scorecard, then that of the company; their subject stands as the person."""
    taken: Mapping[TakenKey, str] = field(default_factory=dict, compare=False)
    """Everything that was taken from other cycles, exactly as carried.csv says it."""
