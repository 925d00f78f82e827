"""What a viewer owes: ratings, numbers, an answer to the own result, talks with those whom the viewer manages."""

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.base.words import Words
from kpibook.exchange.needs import NeedKind, State
from kpibook.exchange.status.state import RATERS
from kpibook.pages.dates import timed_due
from kpibook.pages.text import escape, link
from kpibook.pages.viewers.plans import checks_of
from kpibook.pages.viewers.quoted import ReadPage, missed_again
from kpibook.pages.viewers.viewer_facts import CycleMarks, ViewerFacts
from kpibook.records.result_states import ResultState, ToldResult

ASKED = (ResultState.DELIVERED, ResultState.OVERDUE)
"""States in which an answer is waited for."""


class Task(NamedTuple):
    """Something that a viewer owes, why, until when, and the way there."""

    what: str
    why: Markup | str
    due: Markup | str
    day: datetime.date | None
    link: Markup | str


def tasks_of(viewer: Viewer, viewing: ViewerFacts, read_card: ReadPage) -> tuple[Task, ...]:
    """What is owed, what has no day after what has one; of the same day the own answer comes first.

    `read_card` gives what was written of a card, which tells whether a plan is due.
    """
    return tuple(sorted(_tasks(viewer, viewing, read_card), key=lambda task: task.day or datetime.date.max))


def _tasks(viewer: Viewer, viewing: ViewerFacts, read_card: ReadPage) -> Iterator[Task]:
    if viewer.person:
        person = viewer.person.casefold()
        yield from _answers(person, viewing)
        yield from _talks(person, viewing)
        yield from _checks(person, viewing)
        yield from _own_plan(person, viewing, read_card)
        yield from _plans_of_team(person, viewing, read_card)
        yield from _ratings(viewer, viewing)
        yield from _numbers(viewer, viewing)


def _answers(person: str, viewing: ViewerFacts) -> Iterator[Task]:
    """The own results that were delivered and are not answered."""
    say = viewing.say
    for marks in viewing.newest_first:
        told = _unanswered_result(marks, person)
        if told and marks.permissions.cards.get(person, {}).get(person):
            path = f"{viewing.card_path(marks.cycle.period, person)}.md"
            what = say("my.task.confirm", cycle=marks.cycle.name)
            yield _task(what, say("my.task.confirm_why"), told.confirm_until, viewing, link(say("my.task.card"), path))


def _task(
    what: str, why: Markup | str, day: datetime.date | None, viewing: ViewerFacts, way: Markup | str = ""
) -> Task:
    moved = viewing.state.cycle.moved_days if viewing.state else {}
    due = timed_due(day, moved, viewing.say) if day else ""
    return Task(what, why, due, day, way)


def _unanswered_result(marks: CycleMarks, person: str) -> ToldResult | None:
    """A result that waits for an answer."""
    told = marks.follow_up.of(person) if marks.follow_up else None
    return told if told and told.state in ASKED else None


def _talks(person: str, viewing: ViewerFacts) -> Iterator[Task]:
    """The results of those whom the viewer manages that wait for a talk and an answer, cycle by cycle."""
    say = viewing.say
    for marks in viewing.newest_first:
        waiting = []
        for row in viewing.team.get(person, ()):
            each = row.person.casefold()
            told = _unanswered_result(marks, each)
            if told and each in marks.permissions.cards.get(person, {}):
                page = f"{viewing.card_path(marks.cycle.period, each)}.md#print"
                waiting.append((told.confirm_until, row.name, page))
        if waiting:
            names = escape(say("my.comma")).join(link(name, page) for _, name, page in waiting)
            days = [day for day, _, _ in waiting if day]
            what = say("my.task.talk", cycle=marks.cycle.name, count=len(waiting))
            why = escape(say("my.task.talk_why")) + names
            way = _begin([(name, page) for _, name, page in waiting], "sheet", say)
            yield _task(what, why, min(days, default=None), viewing, way)


def _checks(person: str, viewing: ViewerFacts) -> Iterator[Task]:
    """The plans of others that the viewer looks after."""
    say, checks = viewing.say, checks_of(person, viewing)
    if checks:
        names = say("my.comma").join(dict.fromkeys(check.name for check in checks))
        way = _begin(list(dict.fromkeys((check.name, check.card) for check in checks)), "card", say)
        yield _task(say("my.task.check", count=len(checks)), names, checks[0].due, viewing, way)


def _own_plan(person: str, viewing: ViewerFacts, read_card: ReadPage) -> Iterator[Task]:
    """A plan about what was missed in two cycles running; it is agreed upon in a talk and has no day of its own."""
    marks, say = _newest_told(person, person, viewing), viewing.say
    if marks is None:
        return
    path = viewing.card_path(marks.cycle.period, person)
    if again := missed_again(read_card(path)):
        row = viewing.roster.get(person)
        manager = viewing.roster.get(row.manager.casefold()) if row else None
        what = say("my.task.plan_with", name=manager.name) if manager else say("my.task.plan")
        yield Task(what, again, say("my.task.plan_due"), None, link(say("my.task.card"), f"{path}.md#talk"))


def _newest_told(person: str, viewer: str, viewing: ViewerFacts) -> CycleMarks | None:
    """The newest cycle whose result of somebody was published, where the viewer may open its card."""
    told = (marks for marks in viewing.newest_first if marks.follow_up and marks.follow_up.of(person))
    marks = next(told, None)
    return marks if marks and person in marks.permissions.cards.get(viewer, {}) and person in marks.marks else None


def _plans_of_team(person: str, viewing: ViewerFacts, read_card: ReadPage) -> Iterator[Task]:
    """The people whom the viewer manages and with whom a plan is to be agreed upon."""
    say, found = viewing.say, []
    for row in viewing.team.get(person, ()):
        marks = _newest_told(row.person.casefold(), person, viewing)
        path = viewing.card_path(marks.cycle.period, row.person) if marks else ""
        if path and missed_again(read_card(path)):
            found.append((row.name, f"{path}.md#talk"))
    if found:
        names = escape(say("my.comma")).join(link(name, page) for name, page in found)
        why = escape(say("my.task.plans_why")) + names
        what, way = say("my.task.plans", count=len(found)), _begin(found, "card", say)
        yield Task(what, why, say("my.task.plan_due"), None, way)


def _begin(people: Sequence[tuple[str, str]], key: str, say: Words) -> Markup:
    """The way to the page of the only one, or of whom to begin with; people are names and pages."""
    (name, page), *others = people
    return link(say("my.task.begin", name=name) if others else say(f"my.task.{key}"), page)


def _ratings(viewer: Viewer, viewing: ViewerFacts) -> Iterator[Task]:
    """The ratings that the viewer owes: one by itself, several together with whom and what they are about."""
    state, say, row = viewing.state, viewing.say, viewing.roster.get(viewer.person.casefold())
    owed = state.of_supplier(f"{RATERS}{row.person if row else viewer.person}") if state else ()
    if state is None or not owed:
        return
    day = state.cycle.schedule.review_by or state.cycle.schedule.collect_by
    asked: dict[str, dict[str, None]] = {}
    for each in owed:
        asked.setdefault(each.key, {})[each.subject] = None
    if len(owed) == 1:
        yield _task(say("my.rate", name=owed[0].subject, key=owed[0].key), "", day, viewing)
        return
    about = (say("my.rate_key", key=key, names=say("my.comma").join(names)) for key, names in asked.items())
    people = len({each.need.subject for each in owed})
    what = say("my.rate_many", count=len(owed), people=people)
    yield _task(what, say("my.semicolon").join(about), day, viewing)


def _numbers(viewer: Viewer, viewing: ViewerFacts) -> Iterator[Task]:
    """What the department owes that the viewer leads."""
    state, say = viewing.state, viewing.say
    if state is None:
        return
    schedule = state.cycle.schedule
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
