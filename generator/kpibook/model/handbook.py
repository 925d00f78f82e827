"""What the handbook describes: measures, indicators, departments and roles."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.base.entry import Date, Days, Entry, Flag, KebabId, Number, SnakeId, Text
from kpibook.base.periods import PeriodKind
from kpibook.model.job_levels import JobLevel, extras_at, sections_at
from kpibook.model.scorecards import Scored
from kpibook.rules.formulas import FormulaText, RateText


class Direction(StrEnum):
    """Whether more, less, or the middle is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


class Accumulate(StrEnum):
    """How months make a quarter, a half-year or a year."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"


class Lifecycle(StrEnum):
    """Whether a number is only planned, in use, or given up."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class NumberKind(StrEnum):
    """What is written for a number: the number itself, one of two words, or the day on which something was done."""

    NUMBER = "number"
    YES_NO = "yes_no"
    DATE = "date"


class Approval(StrEnum):
    """How far a role is agreed."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    APPROVED = "approved"


def _one_or_many(value: Any) -> Any:
    # A mapping may be one text in both languages.
    return [value] if isinstance(value, str | Mapping) else value


Lines = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many, json_schema_input_type=tuple[Text, ...] | Text)]
"""One text or a list of texts."""

FormerIds = Annotated[
    tuple[KebabId, ...], BeforeValidator(_one_or_many, json_schema_input_type=tuple[KebabId, ...] | KebabId)
]
FormerNumbers = Annotated[
    tuple[SnakeId, ...], BeforeValidator(_one_or_many, json_schema_input_type=tuple[SnakeId, ...] | SnakeId)
]
"""The ids that an entry had before: one or a list."""


class Change(Entry):
    """What was changed in an entry, by whom, when and why: for those who have to live with it."""

    on: Date
    what: Text
    by: Text = ""
    why: Text = ""


class Comparison(Entry):
    """What it tells when numbers stand to each other in some way; never points."""

    when: FormulaText
    says: Text


class Measure(Entry):
    """A number that a department supplies each cycle."""

    id: SnakeId
    name: Text
    unit: Text
    owner: KebabId
    aliases: Lines = ()
    """What else suppliers call it in the tables that they send."""
    was: FormerNumbers = ()
    source: Text = ""
    frequency: PeriodKind = PeriodKind.MONTH
    accumulate: Accumulate = Accumulate.SUM
    weekly: Flag = False
    """Whether it is asked for week by week: its sheets have a row for each week of the cycle."""
    each: Flag = False
    """Whether it may stand in several rows of one subject, each an event of its own; they are added up."""
    kind: NumberKind = NumberKind.NUMBER
    """What is written for it; of the two words of the unit the first is 1, a day is how many days after it was due."""
    due_after: Days | None = None
    """Of a day: when it is due, so many days after the end of the cycle."""
    due_on: Date | None = None
    """Of a day: when it is due, on this very day."""
    minimum: Number | None = None
    maximum: Number | None = None
    status: Lifecycle = Lifecycle.ACTIVE
    since: Date | None = None
    """The day from which the status holds."""
    replaced_by: SnakeId | None = None
    note: Text = ""


class Indicator(Entry):
    """An entry of the KPI dictionary; without a formula it is itself collected, like a measure."""

    id: SnakeId
    name: Text
    definition: Text = ""
    formula: RateText | None = None
    unit: Text
    direction: Direction
    perspective: Text = ""
    owner: KebabId | None = None
    aliases: Lines = ()
    """What else suppliers call it in the tables that they send, where it is itself collected."""
    was: FormerNumbers = ()
    source: Text = ""
    frequency: PeriodKind = PeriodKind.MONTH
    accumulate: Accumulate = Accumulate.SUM
    weekly: Flag = False
    """Whether it is asked for week by week, where it is itself collected."""
    kind: NumberKind = NumberKind.NUMBER
    """What is written for it; of the two words of the unit the first is 1, a day is how many days after it was due."""
    due_after: Days | None = None
    """Of a day: when it is due, so many days after the end of the cycle."""
    due_on: Date | None = None
    """Of a day: when it is due, on this very day."""
    minimum: Number | None = None
    maximum: Number | None = None
    compares: tuple[Comparison, ...] = ()
    confidential: Flag = False
    """Whether only those whom it concerns hear of it: no public page, search or form names it."""
    status: Lifecycle = Lifecycle.ACTIVE
    since: Date | None = None
    """The day from which the status holds."""
    replaced_by: SnakeId | None = None
    changes: tuple[Change, ...] = ()
    note: Text = ""


def due_day(each: Measure | Indicator, last_day: datetime.date) -> datetime.date | None:
    """When what is written as a day is due in a cycle that ends on a day; None where nothing says so."""
    if each.due_on is not None or each.due_after is None:
        return each.due_on
    return last_day + datetime.timedelta(days=each.due_after)


class Duty(Entry):
    """What a role does, how well, and how much of the working time it takes (share in %)."""

    name: Text
    content: Text = ""
    requirement: Text = ""
    share: Number | None = None
    note: Text = ""


class Qualifications(Entry):
    """What somebody needs to bring for a role."""

    education: Text = ""
    experience: Text = ""
    knowledge: Lines = ()
    skills: Lines = ()
    qualities: Lines = ()
    other: Lines = ()


class PayRow(Entry):
    """A row of a pay table: for whom it is, and what it gives; the first that fits counts."""

    threshold: Number | None = Field(default=None, alias="from")
    """From this total on."""
    grades: Lines = Field(default=(), alias="grade")
    roles: Annotated[
        tuple[KebabId, ...], BeforeValidator(_one_or_many, json_schema_input_type=tuple[KebabId, ...] | KebabId)
    ] = Field(default=(), alias="role")
    amount: FormulaText

    def fits(self, total: mpq, grade: str, role: str) -> bool:
        """Whether it is for somebody with this total and grade in this role."""
        is_reached = self.threshold is None or total >= self.threshold
        return is_reached and (not self.grades or grade in self.grades) and (not self.roles or role in self.roles)


class PayLine(Entry):
    """An amount computed from the total, or a share of a pool; 0 where `when` does not hold."""

    name: Text
    formula: FormulaText | None = None
    table: tuple[PayRow, ...] = ()
    """What is paid by total, grade and role, in place of `formula`; or what a formula calls `table`."""
    pool: FormulaText | None = None
    """The amount that is shared, in place of `formula`."""
    among: Literal["role", "department", "company"] = "role"
    """Who shares the pool: everybody there whose role has this line."""
    by: FormulaText | None = None
    """By what the pool is shared; without it everybody gets the same."""
    when: FormulaText | None = None
    confidential: Flag = False
    """As that of an indicator."""
    note: Text = ""


class Department(Scored):
    """A part of the company."""

    id: KebabId
    name: Text
    parent: KebabId | None = None
    head: KebabId | None = None
    reference: Flag = False
    """Whether it and what is below it is no part of the company but material to draw on, shown apart."""
    aliases: Lines = ()
    """What else people call it, for whoever searches."""
    contact: Text = ""
    """Whom to ask there about its numbers; always as the handbook of today says."""
    purpose: Text = ""
    duties: tuple[Duty, ...] = ()
    was: FormerIds = ()
    note: Text = ""


class Role(Scored):
    """A post: what it is for, what it does, and how it is scored."""

    id: KebabId
    name: Text
    department: KebabId
    reports_to: KebabId | None = None
    scorecard_of: KebabId | None = None
    """The role whose scorecard, extras and gates it shares; its pay is its own."""
    aliases: Lines = ()
    """What else people call it, for whoever searches."""
    purpose: Text = ""
    status: Approval = Approval.DRAFT
    by: Text = ""
    on: Date | None = None
    duties: tuple[Duty, ...] = ()
    authority: Lines = ()
    qualifications: Qualifications = Qualifications()
    pay: tuple[PayLine, ...] = ()
    pay_total: Text = ""
    """What the sum of all pay of a cycle is called, such as the month's wage; without it cards tell none."""
    levels: tuple[JobLevel, ...] = ()
    """Who holds the role is on one of these, where there are any (column `level` of people.csv)."""
    changes: tuple[Change, ...] = ()
    was: FormerIds = ()
    note: Text = ""

    def at_level(self, level: str) -> "Role":
        """The role as somebody on a level is scored by it; the role itself where it has no such level."""
        own = next((each for each in self.levels if each.id == level), None)
        if own is None:
            return self
        scorecard, extras = sections_at(own, self.scorecard), extras_at(own, self.extras)
        places = {**self.places, "scorecard": own.place_of()}
        return self.model_copy(update={"scorecard": scorecard, "extras": extras, "places": places})
