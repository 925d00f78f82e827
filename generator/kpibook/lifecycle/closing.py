"""Close a published cycle: all were shown their results and answered or let the time pass; appeals are decided."""

import datetime
from collections.abc import Iterator

from kpibook.base.periods import Period
from kpibook.base.problems import NOWHERE, Failure, Place, Problem
from kpibook.base.words import Words
from kpibook.checking.checks.records import ONLY_TOLD
from kpibook.content import Content, follow_up_of, records_to_come
from kpibook.exchange.record_sheets import with_rows
from kpibook.lifecycle.steps import CycleStep, log_entry, log_step, refuse_unless, set_status
from kpibook.model import Answer, Confirmation, CycleStatus
from kpibook.reading.cycle.folder import is_record
from kpibook.records.follow_up import FollowUp
from kpibook.records.result_states import ResultState
from kpibook.sealing.revisions import Signed

KIND = "confirmations"
FILE = f"{KIND}.csv"
LISTED = 5


def close(content: Content, period: Period, signed: Signed, *, anyway: bool = False) -> CycleStep:
    """The status of a cycle whose windows are over, with a row for each who let the time to answer pass.

    Raises:
        Failure: it is not published, or something holds it; all of that is told.
    """
    refuse_unless(content, period, CycleStatus.PUBLISHED)
    place = Place(content.cycles[period].folder)
    if period not in content.seals:
        raise Failure([Problem("step-unsealed", place, {"cycle": str(period)})])
    to_come = records_to_come(content, period, signed.on)
    faults = tuple(each for each in (*content.problems, *to_come) if _holds(each, place.file))
    found = follow_up_of(content, period, signed.on)
    lapsed = found.in_state(ResultState.OVERDUE)
    points = (*faults, *_unanswered(found, place), *_appeals(found, place))
    if points and not anyway:
        raise Failure((*points, Problem("close-open", place, {"cycle": str(period), "count": len(points)})))
    step = CycleStep()
    if lapsed:
        silence = (Answer.NO_REPLY, signed.on, signed.by)
        rows = [Confirmation(NOWHERE, each.person, each.number, *silence) for each in lapsed]
        step.changes.writes[f"{period}/{FILE}"] = with_rows(content.scorecards / str(period), place.file, KIND, rows)
    set_status(content, period, CycleStatus.CLOSED, step)
    log_step(content, period, step, log_entry(signed, "close"))
    step.lines.append(content.say("lifecycle.close.done", cycle=period, lapsed=len(lapsed)))
    step.lines += _may_appeal(found, content.say, signed.on)
    return step


def _may_appeal(found: FollowUp, say: Words, on: datetime.date) -> Iterator[str]:
    """Who still has time to appeal: whoever answered has, and an appeal is taken after the cycle is closed, too."""
    days = [each.appeal_until for each in found.told.values() if not each.appeals and each.appeal_until]
    if left := [day for day in days if day >= on]:
        yield say("lifecycle.close.may_appeal", count=len(left), until=max(left))


def _holds(problem: Problem, folder: str) -> bool:
    """Whether a record cannot be used, or contradicts others; what is only told of it does no harm."""
    return is_record(problem.place.file, folder) and problem.code not in ("repeated-row", *ONLY_TOLD)


def _unanswered(found: FollowUp, place: Place) -> Iterator[Problem]:
    """Whoever was not told the result, or may still answer."""
    for code, states in (
        ("close-undelivered", (ResultState.UNDELIVERED, ResultState.CORRECTED)),
        ("close-unanswered", (ResultState.DELIVERED,)),
    ):
        people = [each.person for each in found.in_state(*states)]
        if people:
            listed = ", ".join(people[:LISTED]) + (" …" if len(people) > LISTED else "")
            yield Problem(code, place, {"count": len(people), "people": listed})


def _appeals(found: FollowUp, place: Place) -> Iterator[Problem]:
    """Appeals that are not decided, and granted ones that no correction names."""
    for case in found.appeals:
        values = {"appeal": case.id, "person": case.person}
        if case.is_open:
            yield Problem("close-appeal", place, values)
        elif case.awaits_correction:
            yield Problem("close-appeal-granted", place, values)
