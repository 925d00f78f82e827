"""A cycle: who is appraised, every number that arrived, and what became of each row."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.entry import Date, Entry, Text
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.problems import Place
from kpibook.model.raters import Relation


class Schedule(Entry):
    """The days by which the steps of a cycle are done."""

    collect_by: Date | None = None
    review_by: Date | None = None
    confirm_by: Date | None = None


class CycleStatus(StrEnum):
    """Where a cycle stands."""

    PLANNED = "planned"
    OPEN = "open"
    PUBLISHED = "published"
    CLOSED = "closed"

    @property
    def is_settled(self) -> bool:
        """Whether people were shown their results: what they say is no longer provisional."""
        return self in (CycleStatus.PUBLISHED, CycleStatus.CLOSED)


class Release(StrEnum):
    """Who may see the cards of a cycle: HR, the managers as well, or everybody their own."""

    HR = "hr"
    MANAGERS = "managers"
    PEOPLE = "people"


class Combine(StrEnum):
    """How a longer cycle comes about from shorter ones: from their numbers, or as the mean of their totals."""

    RECOMPUTE = "recompute"
    MEAN_OF_SCORES = "mean_of_scores"


class CycleFile(Entry):
    """scorecards/<cycle>/cycle.yml."""

    name: Text
    kind: PeriodKind
    status: CycleStatus
    schedule: Schedule = Schedule()
    combine: Combine = Combine.RECOMPUTE
    release: Release | None = None
    """Who sees the cards; by default HR alone while the cycle is open, and everybody their own after that."""
    note: Text = ""


ABSENT_DAYS = "absent_days"
"""The column of people.csv that decides who is appraised; two rows of a person add up."""

EXEMPT = "exempt"
"""The column of people.csv that takes somebody out of a cycle, with the reason."""


WHOLE_POST = mpq(100)


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
    level: str = ""
    """The job level, where the role has levels."""
    share: mpq = WHOLE_POST
    """How much of the working time this post takes, in %, for somebody who holds several at once."""
    exempt: str = ""
    """Why the person is taken out of this cycle."""
    login: str = ""
    """The name under which the web server knows the person, where it is not the id in small letters."""
    mail: str = ""
    """Where notices go."""
    language: str = ""
    """In which language the person's own pages are, where it is not the company's."""
    numbers: Mapping[str, mpq] = field(default_factory=dict)
    """Further numeric columns that pay formulas use, such as `base_salary`."""

    @property
    def post(self) -> tuple[str, str]:
        """The role and the level in it."""
        return self.role, self.level


class WeekPart(NamedTuple):
    """The part of a number that came for a week, or for a day."""

    first_day: datetime.date
    last_day: datetime.date
    value: mpq
    place: Place

    @property
    def name(self) -> str:
        """`2026-W41`, or the day."""
        if self.first_day == self.last_day:
            return self.first_day.isoformat()
        year, week, _ = self.first_day.isocalendar()
        return f"{year}-W{week:02}"


class Reading(NamedTuple):
    """A number that arrived: its exact value in the measure's unit and where it stands."""

    value: mpq
    place: Place
    raw: str
    """The cell as it was written."""
    note: str = ""
    converted: bool = False
    source: str = ""
    """The cell that it was imported from; empty where nobody wrote it down, or the number was changed since."""
    events: "tuple[Reading, ...]" = ()
    """The rows that make it up, where the measure counts each event for itself."""
    weeks: tuple[WeekPart, ...] = ()
    """What came for each week or day, by time, where it is made of such."""

    @property
    def rows(self) -> "tuple[Reading, ...]":
        """The rows that it comes from."""
        return self.events or (self,)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row of targets.csv: a target for a person or a department."""

    value: mpq
    place: Place
    reason: str = ""
    approved_by: str = ""
    original: mpq | None = None
    """What it was before it was changed within the cycle."""
    approved_on: datetime.date | None = None
    threshold: mpq | None = None
    """Where points begin, where the row says so; without it that of the item moves with the target."""
    stretch: mpq | None = None
    """Where the most points are given, likewise."""


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


RatingRows = Mapping[tuple[str, str], tuple[RatingRow, ...]]
"""By (person, indicator)."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row of adjustments.csv."""

    points: mpq
    reason: str
    approved_by: str
    place: Place
    approved_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A row of calibration.csv: the total, the grade or both that a person gets in place of what was computed."""

    place: Place
    total: mpq | None
    grade: str
    """The id of a grade; empty where the grade follows from the total."""
    reason: str
    by: str
    on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """A row of leave.csv: protected leave, whose days are taken off those that somebody was there."""

    place: Place
    kind: str
    """What the company calls it: parental leave, an injury at work."""
    first_day: datetime.date
    last_day: datetime.date | None = None
    """None for one that goes on beyond the cycle."""


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
    whose: str = ""
    """Of a rating: the relation and the rater, as far as the row could be read."""


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
    kind: PeriodKind
    status: CycleStatus
    schedule: Schedule
    folder: str
    """The name under which places name the cycle's folder."""
    people: tuple[Assignment, ...] = ()
    """In the order of the file; a person who changed role stands there twice."""
    actuals: Mapping[tuple[str, str], Reading] = field(default_factory=dict)
    """By (subject, measure or collected indicator); a subject is a person's id as in people.csv, a department's id
    or `company`."""
    weekly: Sequence[tuple[str, str]] = ()
    """Those of the actuals that came week by week."""
    targets: Mapping[tuple[str, str], TargetRow] = field(default_factory=dict)
    """By (person or department, indicator)."""
    ratings: RatingRows = field(default_factory=dict)
    asked: RatingRows = field(default_factory=dict)
    """Rows of ratings.csv without a score: they name who is to rate."""
    adjustments: Mapping[str, tuple[Adjustment, ...]] = field(default_factory=dict)
    """By person."""
    calibration: Mapping[str, Calibration] | None = None
    """By person; None for a cycle without calibration.csv."""
    leave: Mapping[str, tuple[Leave, ...]] = field(default_factory=dict)
    """By person: the leave that is protected and falls into the cycle."""
    set_aside: tuple[SetAside, ...] = ()
    files: tuple[FileReport, ...] = ()
    release: Release | None = None
    """Who sees its cards, where cycle.yml says so."""
    moved_days: Mapping[datetime.date, datetime.date] = field(default_factory=dict)
    """By a day on which something is due: the usual one from which it was moved, as nobody works on that."""
    parents: Mapping[str, str | None] | None = None
    """By department: the one above it where the cycle's own catalog says so; None: as the catalog at hand says."""
    needed: Mapping[tuple[str, str], frozenset[str]] | None = None
    """By role and level: what everybody in it needs by the cycle's own catalog; None: by the catalog at hand."""
    combine: Combine = Combine.RECOMPUTE
