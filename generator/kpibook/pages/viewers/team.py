"""The people whom a viewer manages: those who wait for the viewer first, then for others, then for nobody."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.access import Viewer
from kpibook.base.periods import Period
from kpibook.exchange.needs import NeedKind
from kpibook.exchange.status import Count
from kpibook.exchange.status.state import RATERS
from kpibook.model import Assignment
from kpibook.pages import number_format
from kpibook.pages.figures import NONE
from kpibook.pages.text import link
from kpibook.pages.viewers.viewer_facts import CardMark, ViewerFacts

GROUPS = (("mine", "warn"), ("others", ""), ("none", "good"))
"""Groups of a team, with the look of their heads."""


class TeamRow(NamedTuple):
    """Somebody whom the viewer manages: what the newest cycle waits for, and the newest total that may be told."""

    name: Markup | str
    role: str
    waiting: str
    """Empty where nothing is missing, which the head of the group says."""
    total: str
    grade: str
    hue: int
    difference: Markup | str


class TeamGroup(NamedTuple):
    """Some of a team, and what they have in common."""

    name: str
    kind: str
    """`warn`, `good` or nothing."""
    rows: tuple[TeamRow, ...]


def team_of(viewer: Viewer, viewing: ViewerFacts) -> tuple[TeamGroup, ...]:
    """The groups that have somebody."""
    person = viewer.person.casefold()
    found: dict[str, list[TeamRow]] = {key: [] for key, _ in GROUPS}
    for row in viewing.team.get(person, ()):
        group, waiting = _waiting_for(row, person, viewing)
        found[group].append(_team_row(row, waiting, person, viewing))
    return tuple(
        TeamGroup(viewing.say(f"my.group.{key}"), kind, tuple(found[key])) for key, kind in GROUPS if found[key]
    )


def _waiting_for(row: Assignment, viewer: str, viewing: ViewerFacts) -> tuple[str, str]:
    """Whom somebody's newest card waits for, and for what; no result of it."""
    say, count = viewing.say, viewing.counts.get(row.person.casefold())
    if count is None or count.is_complete:
        return "none", ""
    mine = [
        owed.key
        for owed in viewing.owed.get(f"{RATERS}{_id_of(viewer, viewing)}", ())
        if owed.need.subject.casefold() == row.person.casefold()
    ]
    if mine:
        return "mine", say("my.your_rating", keys=say("my.comma").join(mine))
    led = [
        owed.key
        for department in viewing.led_by(viewer)
        for owed in viewing.owed.get(department, ())
        if owed.need.kind is NeedKind.NUMBER and row.person in owed.need.people
    ]
    if led:
        return "mine", say("my.your_numbers", keys=say("my.comma").join(dict.fromkeys(led)))
    return "others", missing_text(count, viewing)


def missing_text(count: Count, viewing: ViewerFacts) -> str:
    """How much is missing, and how much set aside; of what there is none nothing is said."""
    values = {"missing": count.missing, "set_aside": count.set_aside}
    if not count.set_aside:
        return viewing.say("my.waiting_missing", **values)
    return viewing.say("my.waiting" if count.missing else "my.waiting_set_aside", **values)


def _id_of(viewer: str, viewing: ViewerFacts) -> str:
    row = viewing.roster.get(viewer)
    return row.person if row else viewer


def linked_card(person: str, viewer: str, viewing: ViewerFacts) -> tuple[Period, str] | None:
    """The newest card of somebody that the viewer may open, to which the team's row leads: its cycle, and whose."""
    seen = (each for each in viewing.newest_first if person in each.permissions.cards.get(viewer, {}))
    return next(((each.cycle.period, person) for each in seen if person in each.marks), None)


def _team_row(row: Assignment, waiting: str, viewer: str, viewing: ViewerFacts) -> TeamRow:
    person = row.person.casefold()
    role = viewing.catalog.roles.get(row.role)
    seen = [each for each in viewing.newest_first if person in each.permissions.cards.get(viewer, {})]
    known = [each for each in seen if person in each.marks]
    name: Markup | str = row.name
    mark = known[0].marks[person] if known else None
    if known:
        name = link(row.name, f"{viewing.card_path(known[0].cycle.period, person)}.md")
    before = known[1].marks[person] if len(known) > 1 else None
    return TeamRow(
        name,
        role.name if role else row.role,
        waiting,
        mark.total if mark else NONE,
        mark.grade if mark and mark.hue else "",
        mark.hue if mark else 0,
        _difference([mark, before]),
    )


def _difference(marks: Sequence[CardMark | None]) -> Markup | str:
    values = [mark.value for mark in marks if mark and mark.value is not None]
    if len(values) < len(marks):
        return NONE
    return number_format.coloured_difference(values[0] - values[1])
