"""The start page of a viewer, ready to be set: what to do by when, the newest card, the team, what else to read."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.access.permissions import AccessReason
from kpibook.base.numbers import show
from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.model import Assignment
from kpibook.pages.dates import day_of_week, period_name
from kpibook.pages.drawing.ruler import Pin, ruler
from kpibook.pages.text import capitalised, environment, escape, front_matter, joined, link, role_name
from kpibook.pages.viewers.departments import DepartmentsView, departments_of
from kpibook.pages.viewers.plans import ViewerPlanRow, plans_of
from kpibook.pages.viewers.quoted import Quoted, ReadPage, quoted
from kpibook.pages.viewers.steps import StepView, steps_of
from kpibook.pages.viewers.targets import TargetsView, planned_targets, running_targets
from kpibook.pages.viewers.tasks import Task, tasks_of
from kpibook.pages.viewers.team import TeamGroup, linked_card, team_of
from kpibook.pages.viewers.viewer_facts import CardMark, CycleMarks, ViewerFacts

PAST = 6
"""So many earlier totals stand side by side."""


class Newest(NamedTuple):
    """The newest card that a viewer has."""

    heading: str
    state: str
    total: str
    """Empty without one."""
    grade: str
    hue: int
    ruler: Markup
    quoted: Quoted
    """What its page tells of the result."""
    link: Markup


class PastTotal(NamedTuple):
    """The total of a cycle, or why there is none, with the way to its card."""

    total: str
    grade: str
    hue: int
    cycle: Markup


class PagesRow(NamedTuple):
    """What else of a cycle the viewer may open."""

    cycle: str
    links: Markup


class StartView(NamedTuple):
    """Everything that stands on a start page."""

    title: str
    name: str
    about: Markup | str
    is_hr: bool
    tasks: tuple[Task, ...]
    next_task: int
    """The number of the first task that leads somewhere, from 1; 0 for none."""
    newest: Newest | None
    past: tuple[PastTotal, ...]
    running: TargetsView | None
    planned: TargetsView | None
    plans: tuple[ViewerPlanRow, ...]
    team: tuple[TeamGroup, ...]
    team_note: str
    team_waits: bool
    """Whether the cycle waits for anything about somebody of the team."""
    cycle: str
    steps: tuple[StepView, ...]
    departments: DepartmentsView
    others: tuple[PagesRow, ...]


def start_pages(
    viewing: ViewerFacts, read_card: ReadPage, others: Sequence[ViewerFacts] = ()
) -> Iterator[tuple[str, str]]:
    """The start page of each viewer as (path below the viewers' folder, Markdown), each in the viewer's language.

    `read_card` gives what was written of a card, of which a start page quotes.
    """
    by_person = {person: other for other in others for person in other.readers or ()}
    for viewer in viewing.viewers:
        own = by_person.get(viewer.person.casefold(), viewing)
        view = start_view(viewer, own, read_card)
        template = environment(own.say).get_template("pages/viewers/start.md.j2")
        told_in = {} if own is viewing else {"lang": own.say.language}
        front = front_matter(title=view.title, hide=["toc"], **told_in)
        yield f"{viewer.folder}/index.md", template.render(view=view, front=front)


def start_view(viewer: Viewer, viewing: ViewerFacts, read_card: ReadPage) -> StartView:
    """The finished view of a viewer's start page."""
    say, person, cycle = viewing.say, viewer.person.casefold(), viewing.current
    tasks, own = tasks_of(viewer, viewing, read_card), tuple(_own(person, viewing))
    team = team_of(viewer, viewing)
    state = say(f"cards.cycle_status.{cycle.status}") if cycle else ""
    count = sum(len(group.rows) for group in team)
    return StartView(
        title=say("my.title"),
        name=_greeting(viewer.name, tasks, own, say),
        about=_about(viewing.roster.get(person), viewing),
        is_hr=viewer.is_hr,
        tasks=tasks,
        next_task=next((number for number, task in enumerate(tasks, 1) if task.link), 0),
        newest=_newest(own, viewing, person, read_card) if own else None,
        past=tuple(_past_total(*each, viewing, person) for each in own[1 : PAST + 1]),
        running=running_targets(person, viewing) if _runs(own, viewing) else None,
        planned=planned_targets(person, viewing),
        plans=plans_of(person, viewing),
        team=team,
        team_note=say("my.team_note", count=count) if team else "",
        team_waits=any(row.waiting for group in team for row in group.rows),
        cycle=say("my.cycle", name=cycle.name, state=state) if cycle else "",
        steps=tuple(steps_of(person, viewing)),
        departments=departments_of(person, viewing),
        others=tuple(_pages_of_others(person, viewing)),
    )


def _greeting(name: str, tasks: Sequence[Task], own: Sequence[tuple[CycleMarks, CardMark]], say: Words) -> str:
    """Name, and in short what there is: things to do and by when, or the newest result; a card without one is none."""
    days = [task.day for task in tasks if task.day]
    if days:
        return say("my.greeting.due", name=name, count=len(tasks), day=day_of_week(min(days), say))
    if tasks:
        return say("my.greeting.tasks", name=name, count=len(tasks))
    if own and own[0][1].value is not None:
        return say("my.greeting.card", name=name, cycle=own[0][0].cycle.name)
    return say("my.name", name=name)


def _about(row: Assignment | None, viewing: ViewerFacts) -> Markup | str:
    """Role, department and manager."""
    if row is None:
        return ""
    catalog, say = viewing.catalog, viewing.say
    role, department = catalog.roles.get(row.role), catalog.departments.get(row.department)
    manager = viewing.roster.get(row.manager.casefold())
    parts: list[Markup | str] = [role_name(row.role, role.name if role else row.role)]
    parts += [department.name if department else row.department]
    parts += [say("my.manager", name=manager.name)] if manager else []
    return joined(parts, say("my.dot"))


def _own(person: str, viewing: ViewerFacts) -> Iterator[tuple[CycleMarks, CardMark]]:
    """The viewer's own cards, the newest first."""
    for marks in viewing.newest_first:
        if marks.permissions.cards.get(person, {}).get(person) and (mark := marks.marks.get(person)):
            yield marks, mark


def _newest(
    own: Sequence[tuple[CycleMarks, CardMark]], viewing: ViewerFacts, person: str, read_card: ReadPage
) -> Newest:
    """The newest card beside the one before it, where that is of the cycle just before."""
    say, (marks, mark) = viewing.say, own[0]
    period = marks.cycle.period
    before = next((each for other, each in own[1:] if other.cycle.period == period.previous), None)
    pin = None
    if before and before.value is not None:
        pin = Pin(before.value, say("cards.pin", period=period_name(period.previous, say), total=before.total))
    drawn = Markup("")
    if mark.value is not None and len(marks.grades) > 1:
        lines = say("my.comma").join(f"{grade.id} {show(grade.threshold)}" for grade in marks.grades)
        text = say("cards.ruler", total=mark.total, lines=lines)
        drawn = ruler(Pin(mark.value, mark.total), pin, marks.grades, mark.grade, text)
    told = marks.follow_up.of(person) if marks.follow_up else None
    state = say(f"cards.follow.state.{told.state}", revision=told.revision) if told else capitalised(mark.status)
    return Newest(
        say("my.newest", cycle=marks.cycle.name),
        state,
        "" if mark.value is None else mark.total,
        _grade(mark),
        mark.hue,
        drawn,
        quoted(read_card(viewing.card_path(period, person))),
        link(say("my.task.card" if mark.value is None else "my.open"), f"{viewing.card_path(period, person)}.md"),
    )


def _runs(own: Sequence[tuple[CycleMarks, CardMark]], viewing: ViewerFacts) -> bool:
    """Whether the own card of the cycle that goes on is not there yet."""
    return not (own and own[0][0].cycle is viewing.current)


def _grade(mark: CardMark) -> str:
    if not mark.hue:
        return ""
    return mark.grade if mark.grade == mark.grade_name else f"{mark.grade} {mark.grade_name}"


def _past_total(marks: CycleMarks, mark: CardMark, viewing: ViewerFacts, person: str) -> PastTotal:
    path = f"{viewing.card_path(marks.cycle.period, person)}.md"
    total = capitalised(mark.status) if mark.value is None else mark.total
    return PastTotal(total, mark.grade, mark.hue, link(marks.cycle.name, path))


def _pages_of_others(person: str, viewing: ViewerFacts) -> Iterator[PagesRow]:
    """The cards of others to which no page of a department leads, and one's own that stand nowhere else."""
    team = {linked_card(row.person.casefold(), person, viewing) for row in viewing.team.get(person, ())}
    own = {marks.cycle.period for marks, _ in tuple(_own(person, viewing))[: PAST + 1]}
    for marks in viewing.newest_first:
        mine = marks.permissions.departments.get(person, ())
        found = tuple(
            link(marks.marks[each].name, f"{viewing.card_path(marks.cycle.period, each)}.md")
            for each, reason in marks.permissions.cards.get(person, {}).items()
            if each in marks.marks
            and (marks.cycle.period, each) not in team
            and _stands_alone(reason, marks, each, mine, own)
        )
        if found:
            yield PagesRow(marks.cycle.name, escape(viewing.say("my.comma")).join(found))


def _stands_alone(
    reason: AccessReason, marks: CycleMarks, person: str, mine: Sequence[str], own: Collection[Period]
) -> bool:
    if reason is AccessReason.OWN:
        return marks.cycle.period not in own
    return marks.homes[person] not in mine
