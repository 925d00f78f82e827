"""What changed in the catalog when, by whom and why: from `changes:` entries and from git, newest first."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.history import Commit, History
from kpibook.model import Change, Cycle, Indicator, Role
from kpibook.pages import paths
from kpibook.pages.context import NONE, HandbookContext, HandbookLinks
from kpibook.pages.dates import timed, whole_day
from kpibook.pages.prose import FOLDER
from kpibook.pages.text import code, escape

MOST = 50
"""Rows on the page of all changes."""
MOST_OF_ONE = 20
"""Rows on the page of a role."""
MOST_PAGES = 8
"""Pages that are named for one commit."""
LISTS = {"departments.yml": paths.DEPARTMENTS, "grades.yml": paths.GRADES, "measures.yml": paths.MEASURES}
"""Files that make a page under a title of the same name."""


class ChangelogRow(NamedTuple):
    """A change as a row of a table."""

    date: datetime.date
    day: Markup
    about: Markup
    what: str
    by: str
    why: str
    number: int = -1
    """Its place in git's log; entries of the catalog itself come before those of the same day."""


class ChangelogGroup(NamedTuple):
    """A cycle, or a month without one, and what changed in it."""

    title: str
    anchor: str
    rows: tuple[ChangelogRow, ...]


def changes_page(
    context: HandbookContext, history: History, cycles: Sequence[Cycle], prose: Mapping[str, str] = {}
) -> Iterator[tuple[str, str]]:
    """The latest changes of all, by cycle; no page where nothing is known.

    `prose` are the pages written by hand, with their titles.
    """
    at = context.at(paths.CHANGES)
    rows = sorted((*_all_rows(context, at), *_committed(context, at, history, prose)), key=_newest_first)[:MOST]
    if rows:
        stretches = tuple(
            ChangelogGroup(title, f"changes-{anchor}", tuple(group))
            for (title, anchor), group in groupby(rows, lambda row: _stretch(context, row.date, cycles))
        )
        yield context.render("changes", paths.CHANGES, source=context.file(""), stretches=stretches)


def changelog_rows(context: HandbookContext, entry: Role | Indicator) -> tuple[ChangelogRow, ...]:
    """What one entry says of its changes; how its file came about is told on the page of all changes."""
    rows = (_entry(context, change, Markup()) for change in entry.changes)
    return tuple(sorted(rows, key=_newest_first)[:MOST_OF_ONE])


def since(role: Role, indicators: Iterable[Indicator], cycle: Cycle) -> tuple[str, ...]:
    """What the `changes:` of a role and its indicators tell of the days of a cycle, oldest first."""
    first, last = cycle.period.first_day, cycle.period.last_day
    changes = (*role.changes, *(change for each in indicators for change in each.changes))
    inside = sorted((each for each in changes if first <= each.on <= last), key=lambda each: each.on)
    return tuple(dict.fromkeys(each.what for each in inside))


def _newest_first(row: ChangelogRow) -> tuple[int, int]:
    return -row.date.toordinal(), row.number


def _all_rows(context: HandbookContext, at: HandbookLinks) -> Iterator[ChangelogRow]:
    for role in context.catalog.roles.values():
        yield from (_entry(context, change, at.role(role)) for change in role.changes)
    for indicator in context.catalog.indicators.values():
        yield from (_entry(context, change, at.indicator(indicator)) for change in indicator.changes)


def _entry(context: HandbookContext, change: Change, about: Markup) -> ChangelogRow:
    by = context.posts.of(change.by) or NONE
    return ChangelogRow(change.on, _day_markup(context, change.on), about, change.what, by, change.why)


def _day_markup(context: HandbookContext, date: datetime.date) -> Markup:
    return timed(date, whole_day(date, context.say))


def _committed(
    context: HandbookContext, at: HandbookLinks, history: History, prose: Mapping[str, str]
) -> Iterator[ChangelogRow]:
    """Each commit once, with the pages of all files that it touched, newest first."""
    files: dict[Commit, list[str]] = {}
    for path in sorted(history):
        for commit in history[path]:
            files.setdefault(commit, []).append(path)
    for commit, touched in files.items():
        pages = tuple(dict.fromkeys(_page(context, at, path, prose) for path in touched))
        about = at.listed(pages[:MOST_PAGES])
        if len(pages) > MOST_PAGES:
            about += escape(context.say("changes.more", count=len(pages) - MOST_PAGES))
        yield _commit(context, commit, about)


def _commit(context: HandbookContext, commit: Commit, about: Markup) -> ChangelogRow:
    by = context.posts.of_known(commit.author) or NONE
    return ChangelogRow(
        commit.date, _day_markup(context, commit.date), about, commit.subject, by, commit.reason, commit.number
    )


def _page(context: HandbookContext, at: HandbookLinks, path: str, prose: Mapping[str, str]) -> Markup:
    """The page that a file makes; the file's name where it makes no page of its own any more."""
    folder, _, name = path.rpartition("/")
    role = context.catalog.roles.get(name.removesuffix(".yml")) if folder == "roles" else None
    if role:
        return at.role(role)
    if folder == "indicators":
        return at.to(context.say("handbook.indicators.title"), paths.INDICATORS)
    if path in LISTS:
        return at.to(context.say(f"handbook.{path.removesuffix('.yml')}.title"), LISTS[path])
    by_hand = path.removeprefix(f"{FOLDER}/")
    return at.to(prose[by_hand], by_hand) if by_hand != path and by_hand in prose else code(path)


def _stretch(context: HandbookContext, day: datetime.date, cycles: Sequence[Cycle]) -> tuple[str, str]:
    """The shortest cycle around a day: its name; the month where there is none."""
    around = [cycle for cycle in cycles if cycle.period.first_day <= day <= cycle.period.last_day]
    if around:
        cycle = min(around, key=lambda each: each.period.days)
        return cycle.name, str(cycle.period).casefold()
    return context.say("changes.month", year=day.year, month=day.month), f"{day.year}-{day.month:02d}"
