"""All pages of the handbook: `{path: Markdown}`, with nothing about any person."""

import datetime
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.base.history import NO_HISTORY, History
from kpibook.base.words import Words
from kpibook.model import Catalog, Cycle
from kpibook.pages import paths
from kpibook.pages.changelog import changes_page
from kpibook.pages.context import NONE, HandbookContext
from kpibook.pages.dates import day, timed, timed_due
from kpibook.pages.handbook.departments import department_pages
from kpibook.pages.handbook.further_pages import further_links, further_pages, in_order, linked_pages
from kpibook.pages.handbook.grades import grades_page
from kpibook.pages.handbook.guide import guide_pages
from kpibook.pages.handbook.home import STEPS, home_page
from kpibook.pages.handbook.indicators import indicator_pages
from kpibook.pages.handbook.library import library_page
from kpibook.pages.handbook.lint import lint_pages
from kpibook.pages.handbook.quick_links import next_links
from kpibook.pages.handbook.roles import role_pages
from kpibook.pages.prose import FOLDER, is_prose, split_front_matter, title_of
from kpibook.pages.text import front_matter

MOST_WISHES = 4
"""So many things that one may want to do next stand below a page written by hand."""


class HandbookFacts(NamedTuple):
    """What is known beyond the catalog: when its files last changed, by whom, and what open cycles score otherwise."""

    changed: Mapping[str, datetime.date] = {}
    """By path below the handbook's folder, files outside it by their whole name."""
    history: History = NO_HISTORY
    """By path below the handbook's folder, newest first."""
    older: Mapping[str, Sequence[str]] = {}
    """By role: the open cycles that score it by an older version, each with what differs."""
    used: Mapping[str, Sequence[str]] = {}
    """By indicator: the names of the cycles in which somebody was scored by it, the oldest first."""
    only: Container[str] | None = None
    """The pages that are asked for, where not all are."""


NOTHING = HandbookFacts()


class CycleDates(NamedTuple):
    """A cycle with the days by which its steps are done."""

    name: str
    status: str
    span: Markup
    days: tuple[Markup | str, ...]
    """The day of every step, a dash where none is set."""


def handbook_pages(
    catalog: Catalog,
    cycles: Sequence[Cycle],
    say: Words,
    prose: Mapping[str, str],
    known: HandbookFacts = NOTHING,
) -> dict[str, str]:
    """Every page of the handbook by its path; `cycles` are oldest first, `prose` are the pages written by hand."""
    context = HandbookContext(catalog, say, known.changed, cycles, known.only)
    changes = tuple(changes_page(context, known.history, cycles, {p: title_of(p, text) for p, text in prose.items()}))
    pages = dict(
        (
            home_page(context, cycles, prose, has_changes=bool(changes)),
            _calendar(context, cycles),
            *role_pages(context, known.older),
            *indicator_pages(context, known.used),
            *department_pages(context),
            *library_page(context),
            grades_page(context, prose),
            *changes,
            *guide_pages(context),
            *lint_pages(context),
            *_prose(context, prose),
        )
    )
    return {path: text for path, text in pages.items() if context.is_wanted(path)}


def _calendar(context: HandbookContext, cycles: Sequence[Cycle]) -> tuple[str, str]:
    """All cycles with their days, newest first."""
    views = tuple(_cycle(context, cycle) for cycle in reversed(cycles))
    source = f"{cycles[-1].folder.rpartition('/')[0]}/" if cycles else context.file("company.yml")
    return context.render("calendar", paths.CALENDAR, source=source, cycles=views, steps=_step_names(context))


def _step_names(context: HandbookContext) -> tuple[str, ...]:
    return tuple(context.say(f"handbook.step.{key}") for key in STEPS)


def _cycle(context: HandbookContext, cycle: Cycle) -> CycleDates:
    days = tuple((key, getattr(cycle.schedule, key)) for key in STEPS)
    first, last = (timed(date, day(date, context.say)) for date in (cycle.period.first_day, cycle.period.last_day))
    return CycleDates(
        cycle.name,
        context.word("cycle_status", cycle.status),
        Markup(context.say("handbook.calendar.from_to", first=first, last=last)),
        tuple(timed_due(date, cycle.moved_days, context.say) if date else NONE for _, date in days),
    )


def _prose(context: HandbookContext, prose: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    order = in_order(prose, prose)
    for path, text in prose.items():
        if is_prose(path) and context.is_wanted(path):
            source, owner = context.file(f"{FOLDER}/{path}"), _kept_by(context, text)
            pages = further_pages(path, prose, order)
            links = tuple(further_links(pages, prose, context.at(path)))
            asked = tuple(next_links(context, prose, path, {*pages, *linked_pages(path, text)}))[:MOST_WISHES]
            named = context.render("prose", path, source=source, owner=owner, onward=links, tasks=asked)[1]
            yield path, f"{prose_page(path, text, source).rstrip()}\n\n{named}"


def _kept_by(context: HandbookContext, text: str) -> str:
    """Who answers for a page written by hand, by the department or the words that its front matter names."""
    front, _ = split_front_matter(text)
    owner = str((front or {}).get("owner") or "")
    return context.department_name(owner) if owner else ""


def prose_page(path: str, text: str, source: str) -> str:
    """A page written by hand with a front matter of its own."""
    front, body = split_front_matter(text)
    description = str((front or {}).get("description") or "")
    told = {"description": description} if description else {}
    return front_matter(title=title_of(path, text), source=source, kind="policy", **told) + "\n" + body.lstrip("\n")
