"""The start page of a viewer, ready to be set: what to do by when, one's own cards, the team, pages of departments."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.access.sight import Reason
from kpibook.exchange.needs import NeedKind
from kpibook.exchange.status.state import RATERS
from kpibook.model import Assignment
from kpibook.pages.figures import NONE
from kpibook.pages.text import environment, escape, front_matter, link
from kpibook.pages.viewers.gathering import CycleMarks, Viewing

STEPS = ("collect_by", "review_by", "confirm_by")


class Task(NamedTuple):
    """Something that a viewer owes, and by when."""

    what: str
    due: str


class CardRow(NamedTuple):
    """A card of the viewer's own."""

    cycle: Markup
    total: str
    grade: str
    status: str
    state: str


class TeamRow(NamedTuple):
    """Somebody whom the viewer manages."""

    name: str
    role: str
    waiting: str
    card: Markup | str
    total: str
    grade: str


class PagesRow(NamedTuple):
    """What else of a cycle the viewer may open."""

    cycle: str
    links: Markup


class StartView(NamedTuple):
    """Everything that stands on a start page."""

    title: str
    name: str
    about: str
    is_hr: bool
    cycle: str
    steps: tuple[tuple[str, str], ...]
    tasks: tuple[Task, ...]
    cards: tuple[CardRow, ...]
    team: tuple[TeamRow, ...]
    departments: tuple[PagesRow, ...]
    others: tuple[PagesRow, ...]


def start_pages(viewing: Viewing) -> Iterator[tuple[str, str]]:
    """The start page of each viewer as (path below the viewers' folder, Markdown)."""
    template = environment(viewing.say).get_template("pages/viewers/start.md.j2")
    for viewer in viewing.viewers:
        view = start_view(viewer, viewing)
        yield (
            f"{viewer.folder}/index.md",
            template.render(view=view, front=front_matter(title=view.title, hide=["toc"])),
        )


def start_view(viewer: Viewer, viewing: Viewing) -> StartView:
    """The finished view of a viewer's start page."""
    say, person, cycle = viewing.say, viewer.person.casefold(), viewing.current
    state = say(f"cards.cycle_status.{cycle.status}") if cycle else ""
    return StartView(
        title=say("my.title"),
        name=say("my.name", name=viewer.name),
        about=_about(viewing.roster.get(person), viewing),
        is_hr=viewer.is_hr,
        cycle=say("my.cycle", name=cycle.name, state=state) if cycle else "",
        steps=tuple(_steps(viewing)),
        tasks=tuple(_tasks(viewer, viewing)),
        cards=tuple(_cards(person, viewing)),
        team=tuple(_team_row(row, person, viewing) for row in viewing.team.get(person, ())),
        departments=tuple(_departments(person, viewing)),
        others=tuple(_others(person, viewing)),
    )


def _about(row: Assignment | None, viewing: Viewing) -> str:
    """Role, department and manager."""
    if row is None:
        return ""
    catalog, say = viewing.catalog, viewing.say
    role, department = catalog.roles.get(row.role), catalog.departments.get(row.department)
    manager = viewing.roster.get(row.manager.casefold())
    parts = [role.name if role else row.role, department.name if department else row.department]
    return say("my.dot").join([*parts, *([say("my.manager", name=manager.name)] if manager else [])])


def _steps(viewing: Viewing) -> Iterator[tuple[str, str]]:
    schedule = viewing.current.schedule if viewing.current else None
    for step in STEPS if schedule else ():
        if day := getattr(schedule, step):
            yield viewing.say(f"cards.schedule.{step}"), str(day)


def _tasks(viewer: Viewer, viewing: Viewing) -> Iterator[Task]:
    """The ratings that the viewer owes, and what the department owes that the viewer leads."""
    state, say = viewing.state, viewing.say
    if state is None or not viewer.person:
        return
    schedule = state.cycle.schedule
    row = viewing.roster.get(viewer.person.casefold())
    for owed in state.of_supplier(f"{RATERS}{row.person if row else viewer.person}"):
        yield Task(
            say("my.rate", name=owed.subject, key=owed.key), str(schedule.review_by or schedule.collect_by or NONE)
        )
    for identifier, department in viewing.catalog.departments.items():
        if row and department.head == row.role and row.department == identifier:
            owed_numbers = [each for each in viewing.owed.get(identifier, ()) if each.need.kind is NeedKind.NUMBER]
            if owed_numbers:
                what = say("my.supply", department=department.name, count=len(owed_numbers))
                yield Task(what, str(schedule.collect_by or NONE))


def _cards(person: str, viewing: Viewing) -> Iterator[CardRow]:
    """The viewer's own cards, the newest first."""
    for marks in viewing.newest_first:
        if marks.sight.cards.get(person, {}).get(person) and (mark := marks.marks.get(person)):
            period = marks.cycle.period
            yield CardRow(
                link(marks.cycle.name, f"{viewing.card_path(period, person)}.md"),
                mark.total,
                mark.grade,
                mark.status,
                viewing.say(f"cards.cycle_status.{marks.cycle.status}"),
            )


def _team_row(row: Assignment, viewer: str, viewing: Viewing) -> TeamRow:
    """Somebody of the team: what the newest cycle waits for, and the newest card that the viewer may open."""
    person, say = row.person.casefold(), viewing.say
    role = viewing.catalog.roles.get(row.role)
    known = (marks for marks in viewing.newest_first if person in marks.sight.cards.get(viewer, {}))
    latest = next((marks for marks in known if person in marks.marks), None)
    card: Markup | str = NONE
    if latest:
        card = link(latest.cycle.name, f"{viewing.card_path(latest.cycle.period, person)}.md")
    mark = latest.marks[person] if latest else None
    return TeamRow(
        row.name,
        role.name if role else row.role,
        _waiting(row, viewing, say("my.complete")),
        card,
        mark.total if mark else NONE,
        mark.grade if mark else NONE,
    )


def _waiting(row: Assignment, viewing: Viewing, complete: str) -> str:
    """What the card of the newest cycle waits for; no result of it."""
    count = viewing.counts.get(row.person.casefold())
    if count is None:
        return NONE
    if count.is_complete:
        return complete
    return viewing.say("my.waiting", missing=count.missing, set_aside=count.set_aside)


def _departments(person: str, viewing: Viewing) -> Iterator[PagesRow]:
    """The pages of cycles and departments, the newest cycle first."""
    for marks in viewing.newest_first:
        found = tuple(_pages_of(person, marks, viewing))
        if found:
            yield PagesRow(marks.cycle.name, _listed(found, viewing))


def _pages_of(person: str, marks: CycleMarks, viewing: Viewing) -> Iterator[Markup]:
    period = marks.cycle.period
    if person in marks.sight.whole:
        yield link(viewing.say("my.whole"), f"{period}/index.md")
    for identifier in marks.sight.departments.get(person, ()):
        department = viewing.catalog.departments.get(identifier)
        name = department.name if department else viewing.catalog.company.name
        if identifier in marks.departments:
            yield link(name, f"{period}/departments/{identifier}.md")
        if identifier in marks.units:
            yield link(viewing.say("my.unit", name=name), f"{period}/units/{identifier}.md")


def _others(person: str, viewing: Viewing) -> Iterator[PagesRow]:
    """The cards of others to which no page of a department leads."""
    for marks in viewing.newest_first:
        mine = marks.sight.departments.get(person, ())
        found = tuple(
            link(marks.marks[each].name, f"{viewing.card_path(marks.cycle.period, each)}.md")
            for each, reason in marks.sight.cards.get(person, {}).items()
            if reason is not Reason.OWN and each in marks.marks and marks.homes[each] not in mine
        )
        if found:
            yield PagesRow(marks.cycle.name, _listed(found, viewing))


def _listed(links: Sequence[Markup], viewing: Viewing) -> Markup:
    return escape(viewing.say("my.comma")).join(links)
