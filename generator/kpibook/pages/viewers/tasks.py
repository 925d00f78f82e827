"""What a viewer owes: ratings, numbers, an answer to the own result, talks with those whom the viewer manages."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.exchange.needs import NeedKind
from kpibook.exchange.status.state import RATERS
from kpibook.pages.dates import day_of_week, timed
from kpibook.pages.text import escape, link
from kpibook.pages.viewers.gathering import CycleMarks, Viewing
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


def tasks_of(viewer: Viewer, viewing: Viewing) -> Iterator[Task]:
    """What is owed, the own answer first."""
    if viewer.person:
        yield from _answers(viewer.person.casefold(), viewing)
        yield from _talks(viewer.person.casefold(), viewing)
        yield from _owed(viewer, viewing)


def _task(what: str, why: str, day: datetime.date | None, viewing: Viewing, way: Markup | str = "") -> Task:
    due = timed(day, escape(day_of_week(day, viewing.say))) if day else ""
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
    for identifier, department in viewing.catalog.departments.items():
        if row and department.head == row.role and row.department == identifier:
            numbers = [each for each in viewing.owed.get(identifier, ()) if each.need.kind is NeedKind.NUMBER]
            if numbers:
                what = say("my.supply", department=department.name, count=len(numbers))
                names = say("my.comma").join(dict.fromkeys(each.key for each in numbers))
                yield _task(what, names, schedule.collect_by, viewing)
