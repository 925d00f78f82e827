"""The home page: every role at a press, the days of the cycle, what changed in words, what one may want to do."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.model import Change, Cycle, CycleStatus, Indicator, Role
from kpibook.pages import paths
from kpibook.pages.context import HandbookContext, HandbookLinks
from kpibook.pages.dates import day, day_of_week, timed, why_moved
from kpibook.pages.drawing.hues import grade_hues
from kpibook.pages.handbook.grades import line_of
from kpibook.pages.handbook.quick_links import quick_links
from kpibook.pages.text import capitalised, escape
from kpibook.rules.standards import with_unit

STEPS = ("collect_by", "review_by", "confirm_by")
MOST_NEWS = 5
EXAMPLES = 2
"""Indicators that are named beside the search."""


class DueStep(NamedTuple):
    """The day by which a step of a cycle is done."""

    date: str
    day: Markup
    text: Markup


class CycleCard(NamedTuple):
    """The current cycle; its name, its state, and what is due when."""

    name: str
    status: str
    is_open: bool
    steps: tuple[DueStep, ...]


class Group(NamedTuple):
    """A department with its roles."""

    link: Markup
    anchor: str
    roles: tuple[Markup, ...]


class GradeMark(NamedTuple):
    """A grade as a coloured letter with its threshold."""

    id: str
    hue: int
    name: str
    says: str


class News(NamedTuple):
    """What changed for people, on which day, why, and who approved it."""

    date: datetime.date
    day: Markup
    about: Markup
    what: str
    why: str


class _Event(NamedTuple):
    date: datetime.date
    what: str
    why: str = ""
    by: str = ""


def home_page(
    context: HandbookContext, cycles: Sequence[Cycle], prose: Mapping[str, str], *, has_changes: bool
) -> tuple[str, str]:
    """The page with its path; `cycles` are oldest first, `prose` the pages written by hand with their texts.

    `has_changes` says whether there is a page of all changes.
    """
    at = context.at(paths.HOME)
    cycle = current_cycle(cycles)
    references = sum(context.lookup.is_reference(role) for role in context.catalog.roles.values())
    return context.render(
        "home",
        paths.HOME,
        source=context.file("company.yml"),
        counts=context.lookup.counts,
        examples=tuple(_examples(context, cycle, at)),
        cycle=_card(context, cycle) if cycle else None,
        groups=tuple(_groups(context, at)),
        references=references,
        grades=tuple(_grades(context)),
        news=_news(context, cycles, at),
        has_changes=has_changes,
        tasks=tuple(quick_links(context, prose, paths.HOME)),
    )


def current_cycle(cycles: Sequence[Cycle]) -> Cycle | None:
    """The newest cycle that is open, else the newest of all."""
    newest = sorted(cycles, key=lambda cycle: (cycle.status is CycleStatus.OPEN, cycle.period))
    return newest[-1] if newest else None


def _examples(context: HandbookContext, cycle: Cycle | None, at: HandbookLinks) -> Iterator[Markup]:
    """The role that most people have, and the indicators that most of the company's roles are scored by."""
    held = Counter(person.role for person in cycle.people) if cycle else Counter[str]()
    roles = [role for role in context.catalog.roles.values() if not context.lookup.is_reference(role)]
    yield from (at.role(role) for role in sorted(roles, key=lambda role: -held[role.id])[:1])
    used = {
        key: sum(not context.lookup.is_reference(use.owner) for use in uses)
        for key, uses in context.lookup.uses.items()
    }
    most = sorted(used, key=lambda key: -used[key])[:EXAMPLES]
    yield from (at.indicator(context.catalog.indicators[key]) for key in most)


def _card(context: HandbookContext, cycle: Cycle) -> CycleCard:
    days = ((context.say(f"handbook.home.{key}"), getattr(cycle.schedule, key)) for key in STEPS)
    steps = tuple(
        DueStep(date.isoformat(), timed(date, day_of_week(date, context.say)), _explained(step, date, cycle, context))
        for step, date in days
        if date
    )
    status = capitalised(context.word("cycle_status", cycle.status))
    return CycleCard(cycle.name, status, cycle.status is CycleStatus.OPEN, steps)


def _explained(step: str, date: datetime.date, cycle: Cycle, context: HandbookContext) -> Markup:
    """What is to be done by a day, and why the day is another one than usual."""
    note = why_moved(date, cycle.moved_days, context.say)
    return escape(step) + (Markup("<small>{}</small>").format(escape(note)) if note else "")


def _groups(context: HandbookContext, at: HandbookLinks) -> Iterator[Group]:
    for department in context.lookup.departments_in_order:
        if roles := context.lookup.roles_in(department.id):
            in_line = sorted(roles, key=lambda role: len(context.lookup.superiors(role.id)))
            yield Group(at.department(department), f"department-{department.id}", tuple(map(at.role, in_line)))


def _grades(context: HandbookContext) -> Iterator[GradeMark]:
    hues = grade_hues(context.catalog.grades)
    for number, grade in enumerate(context.catalog.grades):
        factor = context.say("handbook.home.factor", factor=show(grade.factor)) if grade.factor is not None else ""
        says = context.say("handbook.stop").join(filter(None, (line_of(context, number), factor)))
        yield GradeMark(grade.id, hues[grade.id], grade.name, says)


def _news(context: HandbookContext, cycles: Sequence[Cycle], at: HandbookLinks) -> tuple[News, ...]:
    """The latest of what the catalog says it changed, of the targets of departments, and of the roles approved."""
    found = (*_entries(context, at), *_targets(context, cycles, at), *_approved(context, at))
    return tuple(sorted(found, key=lambda news: -news.date.toordinal())[:MOST_NEWS])


def _entries(context: HandbookContext, at: HandbookLinks) -> Iterator[News]:
    roles = (role for role in context.catalog.roles.values() if not context.lookup.is_reference(role))
    entries: tuple[tuple[Role | Indicator, Markup], ...] = (
        *((role, at.role(role)) for role in roles),
        *((indicator, at.indicator(indicator)) for indicator in context.catalog.indicators.values()),
    )
    for entry, about in entries:
        yield from (_entry(context, change, about) for change in entry.changes)


def _entry(context: HandbookContext, change: Change, about: Markup) -> News:
    return _news_of(context, about, _Event(change.on, change.what, change.why, context.posts.of(change.by)))


def _targets(context: HandbookContext, cycles: Sequence[Cycle], at: HandbookLinks) -> Iterator[News]:
    """The targets of departments in the current cycle, where a reason is given; a person's own are no news."""
    if not (cycle := current_cycle(cycles)):
        return
    for (subject, key), row in cycle.targets.items():
        department, indicator = context.catalog.departments.get(subject), context.catalog.indicators.get(key)
        if department and indicator and row.reason:
            values = {"indicator": indicator.name, "value": with_unit(row.value, indicator.unit), "cycle": cycle.name}
            what = context.say("handbook.home.target", **values)
            by = context.posts.of_known(row.approved_by)
            yield _news_of(context, at.department(department), _Event(cycle.period.first_day, what, row.reason, by))


def _approved(context: HandbookContext, at: HandbookLinks) -> Iterator[News]:
    for role in context.catalog.roles.values():
        if role.on and role.status == "approved" and not context.lookup.is_reference(role):
            what = context.say("handbook.home.approved", by=context.posts.of(role.by)).strip()
            yield _news_of(context, at.role(role), _Event(role.on, what))


def _news_of(context: HandbookContext, about: Markup, event: _Event) -> News:
    approved = context.say("handbook.home.by", by=event.by) if event.by else ""
    reason = context.say("handbook.home.period").join(filter(None, (_without_stop(context, event.why), approved)))
    return News(
        event.date, timed(event.date, day(event.date, context.say)), about, _without_stop(context, event.what), reason
    )


def _without_stop(context: HandbookContext, text: str) -> str:
    return text.strip().removesuffix(context.say("handbook.home.period").strip())
