"""How a company scores: what is missing, rounded, ranked, approved, and limited in number."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from kpibook.base.entry import Entry, Flag, Number, PlainText, Whole
from kpibook.model.handbook import Lines


class MissingPolicy(StrEnum):
    """What a missing actual does: no total, re-weigh the rest, or count as zero."""

    BLOCK = "block"
    EXCLUDE = "exclude"
    ZERO = "zero"


class Rounding(Entry):
    """Decimals of published figures, always half-up."""

    score: Annotated[Whole, Field(ge=0, le=6)] = 1
    rate: Annotated[Whole, Field(ge=0, le=6)] = 2
    money: Annotated[Whole, Field(ge=0, le=6)] = 2
    at: Literal["total", "item"] = "total"


class Eligibility(Entry):
    """Who is appraised: nobody with more days of absence than this (column `absent_days` of people.csv)."""

    max_absent_days: Number | None = None


class PartCycle(Entry):
    """What becomes of targets and pay where somebody was there for a part of a cycle, and from how many days on
    somebody is appraised.
    """

    targets: Literal["full", "by_days", "by_time"] = "full"
    """By the days there, or by the days times the share of the working time that a post takes."""
    pay: Literal["full", "by_days", "by_time"] = "full"
    least_days: Whole = 0
    leave_kinds: Lines = ()
    """What leave.csv may call protected leave; without any it may say what it likes."""


class Rank(Entry):
    """The group in which totals are ranked, and whether cards show it.

    Equal totals share a rank: 1, 1, 3 (`ties: shared`) or 1, 1, 2 (`dense`).
    """

    within: Literal["role", "department", "company"] = "role"
    ties: Literal["shared", "dense"] = "shared"
    shown: Flag = True


class ApprovalPolicy(StrEnum):
    """Whether something has to be approved: nobody asks, its lack is told, or it does not count without."""

    OFF = "off"
    WARN = "warn"
    REQUIRE = "require"


class Approvals(Entry):
    """What has to be approved before it counts."""

    roles: ApprovalPolicy = ApprovalPolicy.WARN
    targets: ApprovalPolicy = ApprovalPolicy.WARN
    adjustments: ApprovalPolicy = ApprovalPolicy.WARN
    adjustment_most: Number | None = None
    """The most points that a row of adjustments.csv may add or take off."""


class Quota(Entry):
    """How many of a group may have a grade or a better one."""

    grade: PlainText
    at_most: Number
    """% of those with a grade, rounded down to whole people."""


class Distribution(Entry):
    """How many may have which grade; told where there are more, never applied."""

    within: Literal["role", "department", "company"] = "department"
    pool_under: Whole = 10
    """A group of fewer people is judged together with all that stands below the next higher one."""
    limits: tuple[Quota, ...] = ()
