"""What people record around a result: that it was told and answered, talked about, planned by, appealed, agreed upon.

Nothing here decides a result: no part of scoring ever sees these types.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kpibook.base.problems import Place
from kpibook.model.cycle import FileReport, SetAside


class Answer(StrEnum):
    """What somebody was told of a result or said to it; silence is a state of its own and never consent."""

    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    DISAGREES = "disagrees"
    REFUSED = "refused"
    NO_REPLY = "no_reply"


class Cause(StrEnum):
    """Why something was missed, as the talk about it found."""

    CONDITIONS = "conditions"
    OWN = "own"
    BOTH = "both"


class PlanState(StrEnum):
    """What became of a plan."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    DROPPED = "dropped"


class AppealStep(StrEnum):
    """The steps of an appeal; `second` asks for a second decision, and `final` is that decision."""

    FILED = "filed"
    RECEIVED = "received"
    HEARD = "heard"
    DECIDED = "decided"
    SECOND = "second"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


class AppealCategory(StrEnum):
    """What an appeal is about."""

    FACT = "fact"
    STANDARD = "standard"
    PROCEDURE = "procedure"
    CALCULATION = "calculation"
    OTHER = "other"


class Outcome(StrEnum):
    """How an appeal was decided."""

    UPHELD = "upheld"
    """The result stands."""
    PARTLY = "partly"
    GRANTED = "granted"
    RETURNED = "returned"
    """It was sent back, for it cannot be decided as it is."""

    @property
    def asks_correction(self) -> bool:
        """Whether the result has to be corrected."""
        return self in (Outcome.PARTLY, Outcome.GRANTED)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A row of confirmations.csv."""

    place: Place
    person: str
    result: str
    """The number of the result that it is about."""
    answer: Answer
    on: datetime.date
    by: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """A row of interviews.csv."""

    place: Place
    person: str
    result: str
    on: datetime.date
    by: str
    summary: str
    cause: Cause | None = None
    opinion: str = ""
    """What the employee says to it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A row of plans.csv: what is to be done about an item; a later row of the same id takes its place."""

    place: Place
    plan: str
    person: str
    indicator: str
    """An id of the cycle's catalog; empty for a plan about no single item."""
    action: str
    due: datetime.date
    state: PlanState
    gap: str = ""
    support: str = ""
    owner: str = ""
    checked_on: datetime.date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Appeal:
    """A row of appeals.csv: one step of an appeal."""

    place: Place
    appeal: str
    person: str
    result: str
    step: AppealStep
    on: datetime.date
    by: str
    indicator: str = ""
    category: AppealCategory | None = None
    claim: str = ""
    evidence: str = ""
    filed_on: datetime.date | None = None
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A row of agreements.csv: somebody signed the targets of the cycle, by the catalog with this short hash."""

    place: Place
    person: str
    on: datetime.date
    by: str
    catalog: str


@dataclass(frozen=True, slots=True)
class Records:
    """All records of a cycle, each kind in the order of its file."""

    confirmations: tuple[Confirmation, ...] = ()
    interviews: tuple[Interview, ...] = ()
    plans: tuple[Plan, ...] = ()
    """Every row that was ever written."""
    appeals: tuple[Appeal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    files: tuple[FileReport, ...] = ()

    @property
    def plans_now(self) -> Mapping[str, Plan]:
        """By id: the row that counts of each plan."""
        return {row.plan: row for row in self.plans}

    @property
    def appeals_by_id(self) -> Mapping[str, tuple[Appeal, ...]]:
        """The steps of each appeal."""
        found: dict[str, tuple[Appeal, ...]] = {}
        for row in self.appeals:
            found[row.appeal] = (*found.get(row.appeal, ()), row)
        return found
