"""What a viewer owes: ratings, numbers, an answer to the own result, talks with those whom the viewer manages."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.exchange.needs import NeedKind, State
from kpibook.exchange.status.state import RATERS
from kpibook.pages.dates import due_day, timed
from kpibook.pages.text import escape, link
from kpibook.pages.viewers.gathering import CycleMarks, Viewing
from kpibook.pages.viewers.plans import checks_of
from kpibook.records.told_results import ResultState, ToldResult

ASKED = (ResultState.DELIVERED, ResultState.OVERDUE)
"""States in which an answer is waited for."""


class Task(NamedTuple):
    """Something that a viewer owes, why, until when, and the way there."""

    what: str
    why: str
    due: Markup | str
    day: datetime.date | None
    link: Markup | str


def tasks_of(viewer: Viewer, viewing: Viewing) -> tuple[Task, ...]:
    """What is owed, what has no day after what has one; of the same day the own answer comes first."""
    return tuple(sorted(_tasks(viewer, viewing), key=lambda task: task.day or datetime.date.max))


def _tasks(viewer: Viewer, viewing: Viewing) -> Iterator[Task]:
    if viewer.person:
        yield from _answers(viewer.person.casefold(), viewing)
        yield from _talks(viewer.person.casefold(), viewing)
        yield from _checks(viewer.person.casefold(), viewing)
        yield from _owed(viewer, viewing)


def _task(what: str, why: str, day: datetime.date | None, viewing: Viewing, way: Markup | str = "") -> Task:
    moved = viewing.state.cycle.moved_days if viewing.state else {}
    due = timed(day, escape(due_day(day, moved, viewing.say))) if day else ""
    return Task(what, why, due, day, way)


def _told(marks: CycleMarks, person: str) -> ToldResult | None:
    """A result that waits for an answer."""
    told = marks.follow_up.of(person) if marks.follow_up else None
    return told if told and told.state in ASKED else None


def _answers(person: str, viewing: Viewing) -> Iterator[Task]:
    """The own results that were delivered and are not answered."""
    say = viewing.say
    for marks in viewing.newest_first:
        told = _told(marks, person)
        if told and marks.sight.cards.get(person, {}).get(person):
            path = f"{viewing.card_path(marks.cycle.period, person)}.md"
            what = say("my.task.confirm", cycle=marks.cycle.name)
            yield _task(what, say("my.task.confirm_why"), told.confirm_until, viewing, link(say("my.task.card"), path))


def _talks(person: str, viewing: Viewing) -> Iterator[Task]:
    """The results of those whom the viewer manages that wait for a talk and an answer, cycle by cycle."""
    say = viewing.say
    for marks in viewing.newest_first:
        waiting = []
        for row in viewing.team.get(person, ()):
            each = row.person.casefold()
            told = _told(marks, each)
            if told and each in marks.sight.cards.get(person, {}):
                waiting.append((told.confirm_until, row.name))
        if waiting:
            names = say("my.comma").join(name for _, name in waiting)
            days = [day for day, _ in waiting if day]
            what = say("my.task.talk", cycle=marks.cycle.name, count=len(waiting))
            yield _task(what, say("my.task.talk_why", names=names), min(days, default=None), viewing)


def _checks(person: str, viewing: Viewing) -> Iterator[Task]:
    """The plans of others that the viewer looks after."""
    say, checks = viewing.say, checks_of(person, viewing)
    if checks:
        names = say("my.comma").join(dict.fromkeys(check.name for check in checks))
        pages = {check.card for check in checks}
        way = link(say("my.task.card"), checks[0].card) if len(pages) == 1 else ""
        yield _task(say("my.task.check", count=len(checks)), names, checks[0].due, viewing, way)


def _owed(viewer: Viewer, viewing: Viewing) -> Iterator[Task]:
    """The ratings that the viewer owes, and what the department owes that the viewer leads."""
    state, say = viewing.state, viewing.say
    if state is None:
        return
    schedule = state.cycle.schedule
    row = viewing.roster.get(viewer.person.casefold())
    for owed in state.of_supplier(f"{RATERS}{row.person if row else viewer.person}"):
        what = say("my.rate", name=owed.subject, key=owed.key)
        yield _task(what, "", schedule.review_by or schedule.collect_by, viewing)
    for identifier in viewing.led_by(viewer.person.casefold()):
        name = viewing.catalog.departments[identifier].name
        numbers = [each for each in viewing.owed.get(identifier, ()) if each.need.kind is NeedKind.NUMBER]
        wrong = [each for each in numbers if each.need.state is State.SET_ASIDE]
        lacking = [each for each in numbers if each.need.state is not State.SET_ASIDE]
        if wrong:
            what = say("my.correct", department=name, count=len(wrong))
            names = say("my.comma").join(say("my.of", subject=each.subject, key=each.key) for each in wrong)
            yield _task(what, say("my.correct_why", names=names), schedule.collect_by, viewing)
        if lacking:
            what = say("my.supply", department=name, count=len(lacking))
            names = say("my.comma").join(dict.fromkeys(each.key for each in lacking))
            yield _task(what, names, schedule.collect_by, viewing)
