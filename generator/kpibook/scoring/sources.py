"""A number that was used, with the rows that it came from; a target; and why a number is missing."""

import datetime
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.problems import Place
from kpibook.model import Reading, SetAside
from kpibook.rules.formulas import DivisionByZero, NegativeBase, Node, OutOfBounds
from kpibook.rules.standards import Marks
from kpibook.rules.standards import Step as Step


class TargetOrigin(StrEnum):
    """Which of the three sources a target came from."""

    PERSON = "person"
    DEPARTMENT = "department"
    ROLE = "role"


class Target(NamedTuple):
    """A target and where it came from; `reason` and `approved_by` stand in targets.csv."""

    value: mpq
    origin: TargetOrigin
    place: Place
    reason: str = ""
    approved_by: str = ""
    original: mpq | None = None
    """What the target was before it was changed within the cycle, as targets.csv says."""
    approved_on: datetime.date | None = None
    plain: mpq | None = None
    """As the role's file says it, where the value may be made from it."""
    periods: int = 1
    """So many times of `kind` the cycle has, each with the plain target."""
    kind: str = ""
    """The kind of cycle that the plain target is for."""
    days: int = 0
    """The days that the target is for, where somebody was not there for the `whole` cycle."""
    whole: int = 0
    parts: tuple[mpq, ...] = ()
    """The targets of the months, or quarters, that it is the sum of."""
    share: mpq | None = None
    """How much of the working time the post takes, in %, where the target is for no more than that."""
    threshold: mpq | None = None
    """What targets.csv gives beside it, in place of the item's own."""
    stretch: mpq | None = None

    @property
    def beside(self) -> Marks:
        """What its row gives beside it."""
        return self.threshold, self.stretch

    def beside_at(self, aim: mpq | None) -> Marks:
        """Threshold and stretch value beside another target, moved with it in proportion."""
        if aim is None or aim == self.value or not self.value:
            return self.beside
        threshold, stretch = self.beside
        factor = aim / self.value
        return None if threshold is None else threshold * factor, None if stretch is None else stretch * factor


class Gap(StrEnum):
    """Why a number is missing."""

    NOT_GIVEN = "not_given"
    NOT_DUE = "not_due"
    NO_CYCLE = "no_cycle"
    NO_TARGET = "no_target"
    NOT_RATED = "not_rated"
    ZERO_DIVISOR = "zero_divisor"
    NEGATIVE_BASE = "negative_base"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_PEERS = "no_peers"
    SET_ASIDE = "set_aside"
    NOT_APPROVED = "not_approved"
    BEYOND = "beyond"
    """What shorter cycles add up to lies outside the bounds of the number."""


def gap_of(fault: DivisionByZero) -> Gap:
    """Why a formula has no value."""
    if isinstance(fault, OutOfBounds):
        return Gap.OUT_OF_BOUNDS
    return Gap.NEGATIVE_BASE if isinstance(fault, NegativeBase) else Gap.ZERO_DIVISOR


class Missing(NamedTuple):
    """A number that is not there: whose, which, who owes it, and where it was set aside (if it was)."""

    subject: str
    key: str
    owner: str
    """The department that supplies it; empty for a rating."""
    period: Period
    set_aside: SetAside | None = None
    gap: Gap = Gap.NOT_GIVEN
    divisor: Node | None = None
    """The part of a formula that divides and was 0."""
    relation: str = ""
    """Who did not rate, where others did."""
    due: Period | None = None
    """When it is due, where it is not yet."""
    value: mpq | None = None
    """What it came to, where it lies beyond its bounds."""
    limit: mpq | None = None


class DayShare(NamedTuple):
    """Of whom a group counts a part, after a change of department: the days there and all the days.

    Posts held at once count their share of the days.
    """

    person: str
    days: mpq
    whole: mpq


class Source(NamedTuple):
    """A number that was used: whose, which, its value, and the rows that it came from."""

    subject: str
    scope: str
    key: str
    value: mpq
    readings: tuple[Reading, ...]
    parts: tuple["Source", ...] = ()
    """What an indicator inside a formula was itself computed from."""
    shares: tuple[DayShare, ...] = ()
    """Whose numbers count by days only."""


def read_from(source: Source) -> Iterator[Reading]:
    """Every row that a number came from, those of its parts included."""
    yield from source.readings
    for part in source.parts:
        yield from read_from(part)
