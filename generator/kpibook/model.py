"""The catalog and a cycle, in the handbook's own words: frozen, with the place of every value."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from gmpy2 import mpq
from pydantic import BeforeValidator, Field

from kpibook.entry import Date, Entry, Flag, KebabId, Number, SnakeId, Text, Whole
from kpibook.formulas import Formula, FormulaText
from kpibook.periods import Kind, Period
from kpibook.problems import Place
from kpibook.standards import Standard

COMPANY = "company"
"""The subject of actuals that belong to the whole company."""


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


class MissingPolicy(StrEnum):
    """What a missing actual does: no total, re-weigh the rest, or count as zero."""

    BLOCK = "block"
    EXCLUDE = "exclude"
    ZERO = "zero"


class Relation(StrEnum):
    """Who rates whom."""

    SELF = "self"
    MANAGER = "manager"
    PEER = "peer"
    REPORT = "report"
    CUSTOMER = "customer"


class Approval(StrEnum):
    """How far a role is agreed."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    APPROVED = "approved"


class Rounding(Entry):
    """Decimals of published figures, always half-up."""

    score: Annotated[Whole, Field(ge=0, le=6)] = 1
    rate: Annotated[Whole, Field(ge=0, le=6)] = 2
    money: Annotated[Whole, Field(ge=0, le=6)] = 2
    at: Literal["total", "item"] = "total"


class Eligibility(Entry):
    """Who is appraised: nobody with more days of absence than this (column `absent_days` of people.csv)."""

    max_absent_days: Number | None = None


class Rank(Entry):
    """The group in which totals are ranked, and whether cards show it.

    Equal totals share a rank: 1, 1, 3 (`ties: shared`) or 1, 1, 2 (`dense`).
    """

    within: Literal["role", "department", "company"] = "role"
    ties: Literal["shared", "dense"] = "shared"
    shown: Flag = True


class Streak(Entry):
    """What follows when a condition holds for several cycles on end."""

    name: Text
    when: FormulaText
    """Over `rank`, `ranked`, `total`, `factor` and `failed` (1 or 0)."""
    cycles: Whole
    gap: Literal["breaks", "skipped"] = "breaks"
    """What a cycle without a total does to a run."""
    again: Literal["each", "new_run"] = "new_run"
    """Whether a run that goes on counts in each further cycle, or begins anew."""
    amount: Number | None = None
    note: Text = ""


class Limits(Entry):
    """From where on a scorecard is doubtful: `check --strict` says so."""

    rated_points: Number = mpq(40)
    fewest_items: Whole = 3
    most_items: Whole = 10
    least_weight: Number = mpq(5)
    deducted_points: Number = mpq(50)


RaterWeights = Mapping[Relation, Number]


class Exempt(Entry):
    """When an item does not apply: no cases is not no data."""

    when: FormulaText
    then: Literal["full", "leave_out"] = "full"
    """Full points, or the other items are scaled up to 100."""
    note: Text = ""


class Comparison(Entry):
    """What it tells when numbers stand to each other in some way; never points."""

    when: FormulaText
    says: Text


class ScorecardItem(Entry):
    """An indicator on a scorecard: the points it is worth, its target and the rule that scores it."""

    indicator: SnakeId
    weight: Number | None = None
    target: Number | None = None
    standard: Standard | None = None
    raters: RaterWeights | None = None
    supports: SnakeId | None = None
    exempt: Exempt | None = None
    note: Text = ""

    @property
    def most(self) -> mpq | None:
        """An item gives at most its weight, by its rule; only extras have a limit of their own."""
        return None

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
    weight: Number | None = None
    items: tuple[ScorecardItem, ...] = ()
    note: Text = ""


class Extra(Entry):
    """Points on top of, or off, the hundred (加减分项)."""

    indicator: SnakeId
    standard: Standard
    target: Number | None = None
    most: Number | None = Field(default=None, alias="max")
    least: Number | None = Field(default=None, alias="min")
    note: Text = ""

    @property
    def weight(self) -> mpq | None:
        """What a rule takes as the weight: the most that the extra gives."""
        return self.most

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
    grade_at_most: Text | None = None
    total_at_most: Number | None = None
    name: Text = ""
    note: Text = ""


class Scored(Entry):
    """What roles and departments have in common: a scorecard with extras and gates."""

    scorecard: tuple[Section, ...] = ()
    extras: tuple[Extra, ...] = ()
    gates: tuple[Gate, ...] = ()

    @property
    def items(self) -> tuple[ScorecardItem, ...]:
        """All items of all sections, in order."""
        return tuple(item for section in self.scorecard for item in section.items)

    @property
    def is_described_only(self) -> bool:
        """Whether no item has a weight: shown, never computed."""
        return all(item.weight is None for item in self.items)


class Company(Scored):
    """handbook/company.yml."""

    name: Text
    language: Literal["zh", "en"]
    currency: Text = "CNY"
    rounding: Rounding = Rounding()
    missing: MissingPolicy = MissingPolicy.BLOCK
    raters: RaterWeights = Field(default_factory=lambda: {Relation.MANAGER: mpq(1)})
    missing_rater: Literal["share", "block"] = "share"
    """Where a relation gives no rating: the others share its weight, or the item waits."""
    eligibility: Eligibility = Eligibility()
    rank: Rank = Rank()
    streaks: tuple[Streak, ...] = ()
    pay_after_transfer: Literal["last", "days"] = "last"
    """Whose pay lines hold after a change of role: those of the last role, or of each by its days."""
    columns: Mapping[SnakeId, Text] = Field(default_factory=dict)
    limits: Limits = Limits()
    intro: Text = ""
    note: Text = ""

    @property
    def id(self) -> str:
        """The subject of what belongs to the whole company."""
        return COMPANY


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Lines = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many, json_schema_input_type=tuple[Text, ...] | Text)]
"""One text or a list of texts."""


class Change(Entry):
    """What was changed in an entry, by whom, when and why: for those who have to live with it."""

    on: Date
    what: Text
    by: Text = ""
    why: Text = ""


class Measure(Entry):
    """A number that a department supplies each cycle."""

    id: SnakeId
    name: Text
    unit: Text
    owner: KebabId
    aliases: Lines = ()
    """What else suppliers call it in the tables that they send."""
    source: Text = ""
    frequency: Kind = Kind.MONTH
    accumulate: Accumulate = Accumulate.SUM
    minimum: Number | None = None
    maximum: Number | None = None
    note: Text = ""


class Indicator(Entry):
    """An entry of the KPI dictionary; without a formula it is itself collected, like a measure."""

    id: SnakeId
    name: Text
    definition: Text = ""
    formula: FormulaText | None = None
    unit: Text
    direction: Direction
    perspective: Text = ""
    owner: KebabId | None = None
    aliases: Lines = ()
    """What else suppliers call it in the tables that they send, where it is itself collected."""
    source: Text = ""
    frequency: Kind = Kind.MONTH
    accumulate: Accumulate = Accumulate.SUM
    minimum: Number | None = None
    maximum: Number | None = None
    compares: tuple[Comparison, ...] = ()
    changes: tuple[Change, ...] = ()
    note: Text = ""


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


class PayLine(Entry):
    """An amount computed from the total, or a share of a pool; 0 where `when` does not hold."""

    name: Text
    formula: FormulaText | None = None
    pool: FormulaText | None = None
    """The amount that is shared, in place of `formula`."""
    among: Literal["role", "department", "company"] = "role"
    """Who shares the pool: everybody there whose role has this line."""
    by: FormulaText | None = None
    """By what the pool is shared; without it everybody gets the same."""
    when: FormulaText | None = None
    note: Text = ""


class Department(Scored):
    """A part of the company."""

    id: KebabId
    name: Text
    parent: KebabId | None = None
    head: KebabId | None = None
    purpose: Text = ""
    duties: tuple[Duty, ...] = ()
    note: Text = ""


class Role(Scored):
    """A post: what it is for, what it does, and how it is scored."""

    id: KebabId
    name: Text
    department: KebabId
    reports_to: KebabId | None = None
    purpose: Text = ""
    status: Approval = Approval.DRAFT
    by: Text = ""
    on: Date | None = None
    duties: tuple[Duty, ...] = ()
    authority: Lines = ()
    qualifications: Qualifications = Qualifications()
    pay: tuple[PayLine, ...] = ()
    changes: tuple[Change, ...] = ()
    note: Text = ""


class Consequences(Entry):
    """What a grade leads to."""

    training: Text = ""
    promotion: Text = ""
    level: Text = ""
    pay: Text = ""


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | Formula) else value


Conditions = Annotated[
    tuple[FormulaText, ...],
    BeforeValidator(_one_or_more, json_schema_input_type=tuple[FormulaText, ...] | FormulaText),
]
"""One condition or a list of conditions."""


class Grade(Entry):
    """A grade, reached by totals from `threshold` on."""

    id: Text
    name: Text
    threshold: Number = Field(alias="from")
    when: Conditions = ()
    """What must hold beside the total: all of it."""
    factor: Number | None = None
    fail: Flag = False
    meaning: Text = ""
    consequences: Consequences = Consequences()
    note: Text = ""


class Waiver(Entry):
    """A warning that is meant for now: about what, why, and until which day."""

    code: Text
    where: Text
    reason: Text
    until: Date
    by: Text = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """A company's whole handbook; mappings are by id and keep the order of the files."""

    company: Company
    departments: Mapping[str, Department]
    grades: tuple[Grade, ...]
    """Best first."""
    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]
    roles: Mapping[str, Role]
    waivers: tuple[Waiver, ...] = ()
    folder: str = "handbook"
    """The name under which places name the handbook folder."""
    faulty: frozenset[tuple[str, str]] = frozenset()
    """(kind, id) of entries with faults of their own, told already: `("role", "cashier")`; the id is empty where
    a file could not be read to its end. Such an entry is left out, or lacks the faulty part."""

    def collected(self, identifier: str) -> Measure | Indicator | None:
        """What is collected under this id: a measure, or an indicator without a formula."""
        indicator = self.indicators.get(identifier)
        return self.measures.get(identifier) or (indicator if indicator and not indicator.formula else None)

    def computed(self, identifier: str) -> Indicator | None:
        """The indicator of this id if it is computed; measures come first."""
        indicator = self.indicators.get(identifier)
        return indicator if indicator and indicator.formula and identifier not in self.measures else None

    def named(self, identifier: str) -> Measure | Indicator | None:
        """What a formula means by this id: a measure or any indicator."""
        return self.measures.get(identifier) or self.indicators.get(identifier)


class Schedule(Entry):
    """The days by which the steps of a cycle are done."""

    collect_by: Date | None = None
    review_by: Date | None = None
    confirm_by: Date | None = None


class CycleStatus(StrEnum):
    """Where a cycle stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class CycleFile(Entry):
    """scorecards/<cycle>/cycle.yml."""

    name: Text
    kind: Kind
    status: CycleStatus
    schedule: Schedule = Schedule()
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A row of people.csv: a person in a role, for the whole cycle or from one day to another."""

    person: str
    name: str
    role: str
    department: str
    place: Place
    manager: str = ""
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    numbers: Mapping[str, mpq] = field(default_factory=dict)
    """Further numeric columns that pay formulas use, such as `base_salary`."""


class Reading(NamedTuple):
    """A number that arrived: its exact value in the measure's unit and where it stands."""

    value: mpq
    place: Place
    raw: str
    """The cell as it was written."""
    note: str = ""
    converted: bool = False


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row of targets.csv: a target for a person or a department."""

    value: mpq
    place: Place
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A row of ratings.csv: `value` as points where a number was given, `level` where a level was."""

    relation: Relation
    rater: str
    place: Place
    raw: str
    value: mpq | None = None
    level: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row of adjustments.csv."""

    points: mpq
    reason: str
    approved_by: str
    place: Place


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that could not be used: its raw text is kept, and the reason is a problem of its own.

    `subject` and `key` (a measure or an indicator) are known where the row could be read that far: a card then
    says "set aside" for this number and not "missing".
    """

    place: Place
    raw: str
    code: str
    """The reason: a key under `problems.` in the locale."""
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    subject: str = ""
    key: str = ""
    table: str = ""
    """`actuals` or `ratings` where the row waits in the cycle's set-aside.csv; else its file tells."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one data file: rows = used + set aside + repeated + blank."""

    file: str
    encoding: str
    rows: int
    used: int
    set_aside: int
    repeated: int = 0
    blank: int = 0
    empty: int = 0
    """Of the used rows, those whose number is left empty: it is missing."""
    converted: tuple[tuple[Place, str, str], ...] = ()
    """Cells read by a declared conversion: place, raw text, value."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One appraisal period: who is appraised, and every number that arrived for it."""

    period: Period
    name: str
    kind: Kind
    status: CycleStatus
    schedule: Schedule
    folder: str
    """The name under which places name the cycle's folder."""
    people: tuple[Assignment, ...] = ()
    """In the order of the file; a person who changed role stands there twice."""
    actuals: Mapping[tuple[str, str], Reading] = field(default_factory=dict)
    """By (subject, measure or collected indicator); a subject is a person's id as in people.csv, a department's id
    or `company`."""
    targets: Mapping[tuple[str, str], TargetRow] = field(default_factory=dict)
    """By (person or department, indicator)."""
    ratings: Mapping[tuple[str, str], tuple[RatingRow, ...]] = field(default_factory=dict)
    """By (person, indicator)."""
    adjustments: Mapping[str, tuple[Adjustment, ...]] = field(default_factory=dict)
    """By person."""
    set_aside: tuple[SetAside, ...] = ()
    files: tuple[FileReport, ...] = ()
