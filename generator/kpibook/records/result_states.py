"""The life of a person's result after it was published: told, answered, appealed, decided, corrected, lapsed.

All that asks where a result stands asks here: cards, HR's page, status, sheets, and the closing of a cycle.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from kpibook.base.working_days import WorkingDays
from kpibook.model import Answer, Company, Confirmation, Records, Schedule
from kpibook.records.appeals import AppealCase, appeal_case
from kpibook.records.published import PublishedResults


class ResultState(StrEnum):
    """Where a person's result stands."""

    UNDELIVERED = "undelivered"
    CORRECTED = "corrected"
    """It was corrected, and the new result is not delivered yet."""
    DELIVERED = "delivered"
    OVERDUE = "overdue"
    """It was delivered, nobody answered, and the time is over."""
    CONFIRMED = "confirmed"
    DISAGREED = "disagreed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The time went by without an answer, which is no consent."""
    APPEALED = "appealed"
    DECIDED = "decided"
    """An appeal was decided, and whoever appealed has not answered since; a correction may be still to come."""


ANSWERED: Mapping[Answer, ResultState] = {
    Answer.CONFIRMED: ResultState.CONFIRMED,
    Answer.DISAGREES: ResultState.DISAGREED,
    Answer.REFUSED: ResultState.REFUSED,
    Answer.NO_REPLY: ResultState.LAPSED,
}
WAITING = (ResultState.UNDELIVERED, ResultState.CORRECTED, ResultState.DELIVERED, ResultState.OVERDUE)
"""The states in which somebody has not answered."""


@dataclass(frozen=True, slots=True)
class Windows:
    """How long people may answer and appeal, and how long a decision may take; days are working days."""

    confirm_by: datetime.date | None
    confirm_days: int
    file_days: int
    decide_days: int
    days: WorkingDays

    def to_confirm(self, delivered: datetime.date) -> datetime.date:
        """The last day to answer a result that was delivered on a day."""
        last = self.days.after(delivered, self.confirm_days)
        return max(last, self.confirm_by) if self.confirm_by else last

    def to_appeal(self, delivered: datetime.date) -> datetime.date:
        """The last day to appeal against it."""
        return self.days.after(delivered, self.file_days)


def windows_of(company: Company, schedule: Schedule, days: WorkingDays) -> Windows:
    """The windows of a cycle."""
    appeals = company.appeals
    return Windows(schedule.confirm_by, company.confirm_days, appeals.file_days, appeals.decide_days, days)


@dataclass(frozen=True, slots=True)
class ToldResult:
    """A person's present result with everything that was recorded of it."""

    person: str
    number: str
    revision: int
    """The revision in which the result became what it is."""
    state: ResultState
    answers: tuple[Confirmation, ...]
    """What was recorded of the present result."""
    earlier: tuple[Confirmation, ...]
    """What was recorded of results that were corrected since."""
    appeals: tuple[AppealCase, ...]
    """All appeals of the person, those against earlier results too."""
    delivered_on: datetime.date | None = None
    confirm_until: datetime.date | None = None
    appeal_until: datetime.date | None = None

    @property
    def answer(self) -> Confirmation | None:
        """The last answer to the present result."""
        return next((row for row in reversed(self.answers) if row.answer in ANSWERED), None)

    @property
    def is_answered(self) -> bool:
        """Whether nothing more is to be waited for: an appeal is an answer, too."""
        return self.state not in WAITING

    def is_over(self, day: datetime.date) -> bool:
        """Whether the time to answer is over on a day, and nobody answered."""
        is_open = self.state in (ResultState.DELIVERED, ResultState.OVERDUE)
        return is_open and self.confirm_until is not None and self.confirm_until < day


class ResultKey(NamedTuple):
    """Whose result, its number, and the revision in which it became so, with its day."""

    person: str
    number: str
    revision: int
    on: datetime.date | None


def told_results(
    published: PublishedResults, records: Records, windows: Windows, today: datetime.date | None = None
) -> Mapping[str, ToldResult]:
    """Where the result of each person who is appraised stands; without a day nothing is overdue."""
    rows: dict[str, list[Confirmation]] = {}
    for row in records.confirmations:
        rows.setdefault(row.person, []).append(row)
    appeals: dict[str, list[AppealCase]] = {}
    for steps in records.appeals_by_id.values():
        case = appeal_case(steps, windows.days, windows.decide_days, published.appeals)
        case = _in_time(case, rows.get(case.person, ()), published, windows)
        appeals.setdefault(case.person, []).append(case)
    found = {}
    for person, number in published.numbers.items():
        first = published.first_with(person, number)
        revision = first.number if first else published.revisions[-1].number
        key = ResultKey(person, number, revision, first.on if first else None)
        told = _told_result(key, rows.get(person, ()), appeals.get(person, ()), windows)
        found[person] = replace(told, state=_state(told, today))
    return found


def _in_time(
    case: AppealCase, rows: Sequence[Confirmation], published: PublishedResults, windows: Windows
) -> AppealCase:
    """An appeal with the last day to file it, and whether it is against a result that was no longer the newest."""
    first = published.first_with(case.person, case.result)
    delivered = received_on([row for row in rows if row.result == case.result], first.on if first else None)
    newest = published.numbers.get(case.person, case.result)
    now = published.first_with(case.person, newest)
    is_outdated = newest != case.result and now is not None and case.filed_on > now.on
    return replace(case, file_until=windows.to_appeal(delivered) if delivered else None, is_outdated=is_outdated)


def _told_result(
    key: ResultKey, rows: Sequence[Confirmation], appeals: Sequence[AppealCase], windows: Windows
) -> ToldResult:
    answers = tuple(row for row in rows if row.result == key.number)
    delivered = received_on(answers, key.on)
    return ToldResult(
        person=key.person,
        number=key.number,
        revision=key.revision,
        state=ResultState.UNDELIVERED,
        answers=answers,
        earlier=tuple(row for row in rows if row.result != key.number),
        appeals=tuple(appeals),
        delivered_on=delivered,
        confirm_until=windows.to_confirm(delivered) if delivered else None,
        appeal_until=windows.to_appeal(delivered) if delivered else None,
    )


def delivered_on(rows: Iterable[Confirmation], since: datetime.date | None) -> datetime.date | None:
    """The day on which a result was delivered, by the rows about it; None where none says so.

    A later row corrects an earlier one, but what was answered by then had been delivered. Nothing is delivered before
    it is published: such a day is a slip of the pen, and opens no time to answer.
    """
    told = [row for row in rows if since is None or row.on >= since]
    answered = min((row.on for row in told if row.answer in ANSWERED), default=datetime.date.max)
    days = [row.on for row in told if row.answer is Answer.DELIVERED]
    return next((day for day in reversed(days) if day <= answered), min(days, default=None))


def received_on(rows: Iterable[Confirmation], since: datetime.date | None) -> datetime.date | None:
    """When a result was delivered; where nobody noted it, the day of the first answer: a signed paper is one row."""
    rows = tuple(rows)
    answered = (row.on for row in rows if since is None or row.on >= since)
    return delivered_on(rows, since) or min(answered, default=None)


def _state(told: ToldResult, today: datetime.date | None) -> ResultState:
    """The one state that tells most: an appeal before an answer, an answer before the delivery."""
    if any(case.is_open for case in told.appeals):
        return ResultState.APPEALED
    if any(case.awaits_correction for case in told.appeals):
        return ResultState.DECIDED
    own = [case for case in told.appeals if case.result == told.number]
    answer = told.answer
    decided = max((case.decision.on for case in own if case.decision), default=None)
    if decided and (answer is None or answer.answer is Answer.NO_REPLY or answer.on <= decided):
        return ResultState.DECIDED
    if answer:
        return ANSWERED[answer.answer]
    if own:
        return ResultState.DISAGREED
    if told.confirm_until:
        return ResultState.OVERDUE if today and told.confirm_until < today else ResultState.DELIVERED
    return ResultState.CORRECTED if told.revision > 1 else ResultState.UNDELIVERED
