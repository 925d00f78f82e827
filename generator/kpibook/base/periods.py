"""Periods of appraisal: a month, a quarter, a half-year or a year."""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
_PREFIX = {PeriodKind.MONTH: "-", PeriodKind.QUARTER: "-Q", PeriodKind.HALF: "-H"}
_PATTERN = re.compile(
    r"(?P<year>[12][0-9]{3})(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4])|-H(?P<half>[12]))?", re.ASCII
)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A period by its kind, year and number in the year (months 1..12, quarters 1..4, halves 1..2, years 1)."""

    kind: PeriodKind
    year: int
    number: int = 1

    def __hash__(self) -> int:
        # Without the kind: to ask a word of an enumeration for its hash runs through Python, and scoring looks up
        # numbers by their period for each item. Years and months of one number are told apart by comparing them.
        return self.year * 16 + self.number

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-10`, `2026-Q4`, `2026-H2` or `2026`; raises ValueError for anything else."""
        found = _PATTERN.fullmatch(text)
        if not found:
            raise ValueError(f"not a period: {text}")
        year = int(found["year"])
        for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF):
            if found[kind.value]:
                return cls(kind, year, int(found[kind.value]))
        return cls(PeriodKind.YEAR, year)

    def __str__(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return str(self.year)
        number = f"{self.number:02d}" if self.kind is PeriodKind.MONTH else str(self.number)
        return f"{self.year}{_PREFIX[self.kind]}{number}"

    def __lt__(self, other: "Period") -> bool:
        return (self.last_day, self.first_day) < (other.last_day, other.first_day)

    @property
    def previous(self) -> "Period":
        """The period of the same kind just before this one."""
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, 12 // MONTHS[self.kind])

    @property
    def last_year(self) -> "Period":
        """The same period one year earlier (同期)."""
        return Period(self.kind, self.year - 1, self.number)

    @property
    def months(self) -> tuple["Period", ...]:
        """The months that make up this period, first to last."""
        first = (self.number - 1) * MONTHS[self.kind] + 1
        return tuple(Period(PeriodKind.MONTH, self.year, first + i) for i in range(MONTHS[self.kind]))

    @property
    def parts(self) -> tuple[tuple["Period", ...], ...]:
        """The months that make this period, then the quarters and the half-years that do, each first to last."""
        whole = MONTHS[self.kind]
        return tuple(
            tuple(
                Period(kind, self.year, (self.number - 1) * whole // length + i) for i in range(1, whole // length + 1)
            )
            for kind, length in MONTHS.items()
            if length < whole
        )

    def is_due(self, kind: PeriodKind) -> bool:
        """Whether what comes once in so long a time comes in this period: its last month ends such a time."""
        return MONTHS[kind] <= MONTHS[self.kind] or self.last_day.month % MONTHS[kind] == 0

    def next_due(self, kind: PeriodKind) -> "Period":
        """The first period of this kind, from this one on, in which that comes."""
        period = self
        while not period.is_due(kind):
            period = period.next
        return period

    @property
    def next(self) -> "Period":
        """The period of the same kind just after this one."""
        if self.number < 12 // MONTHS[self.kind]:
            return Period(self.kind, self.year, self.number + 1)
        return Period(self.kind, self.year + 1, 1)

    @property
    def first_day(self) -> datetime.date:
        """The first calendar day of the period."""
        return datetime.date(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def last_day(self) -> datetime.date:
        """The last calendar day of the period."""
        month = self.number * MONTHS[self.kind]
        after = datetime.date(self.year + month // 12, month % 12 + 1, 1)
        return after - datetime.timedelta(days=1)

    @property
    def days(self) -> int:
        """How many calendar days the period has."""
        return (self.last_day - self.first_day).days + 1
