"""How far the cycle has come that a viewer looks at, from its days to the last one to appeal."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import CycleStatus
from kpibook.pages.dates import day_of_week, days, timed, timed_due
from kpibook.pages.text import escape
from kpibook.pages.viewers.viewer_facts import ViewerFacts
from kpibook.records.result_states import ToldResult

PERIOD, COLLECT, REVIEW, CONFIRM, APPEAL, OVER = range(6)
SCHEDULED = {COLLECT: "collect_by", REVIEW: "review_by", CONFIRM: "confirm_by"}


class StepView(NamedTuple):
    """A step of the cycle: its day, what is to be said of it, and whether it is done or next."""

    name: str
    day: Markup | str
    note: str
    is_yours: bool
    """Whether it waits for the viewer."""
    kind: str
    """`done`, `now`, `till` (done when its day is over) or nothing."""


def steps_of(person: str, viewing: ViewerFacts) -> Iterator[StepView]:
    """The steps of the newest cycle; what its state says is done, and what is next."""
    cycle, say = viewing.current, viewing.say
    if cycle is None:
        return
    told, now = _own_result(person, viewing), _now(person, viewing)
    first, last = cycle.period.first_day, cycle.period.last_day
    # While numbers come in, the day on which the page is opened says whether the period is over: the script looks.
    kind = "till" if now == COLLECT else "done"
    yield StepView(say("cards.period"), timed(last, escape(days(first, last, say))), "", False, kind)
    for number, step in SCHEDULED.items():
        day = getattr(cycle.schedule, step)
        if number == CONFIRM and told and told.confirm_until:
            day = told.confirm_until
        written = timed_due(day, cycle.moved_days, say) if day else ""
        note = say("my.complete") if number == COLLECT and now > COLLECT else ""
        is_yours = number == CONFIRM == now and told is not None and told.confirm_until is not None
        yield StepView(say(f"cards.schedule.{step}"), written, note, is_yours, _kind(number, now))
    yield _appeal(told, now, viewing)


def _now(person: str, viewing: ViewerFacts) -> int:
    """The step that comes next.

    Published results are to be confirmed, and then may be appealed against; before that numbers come in until all are
    there, and then are reviewed.
    """
    cycle, state = viewing.current, viewing.state
    if cycle is None or cycle.status is CycleStatus.CLOSED:
        return OVER
    if not cycle.status.is_settled:
        return REVIEW if state and state.is_complete else COLLECT
    told = _own_result(person, viewing)
    return APPEAL if told and told.is_answered else CONFIRM


def _own_result(person: str, viewing: ViewerFacts) -> ToldResult | None:
    """Where the viewer's own result of the cycle stands."""
    marks = viewing.seen.get(viewing.current.period) if viewing.current else None
    return marks.follow_up.of(person) if marks and marks.follow_up else None


def _kind(number: int, now: int) -> str:
    return "done" if number < now else "now" if number == now else ""


def _appeal(told: ToldResult | None, now: int, viewing: ViewerFacts) -> StepView:
    """The last day to appeal; before a result is delivered, how long it may take from then on."""
    say, until = viewing.say, told.appeal_until if told else None
    day: Markup | str = timed(until, escape(day_of_week(until, say))) if until else ""
    note = "" if until or now == OVER else say("my.step.appeal_days", days=viewing.catalog.company.appeals.file_days)
    return StepView(say("my.step.appeal"), day, note, False, _kind(APPEAL, now))
