"""The navigation of the handbook's site, in the form that MkDocs reads."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from kpibook.base.words import Words
from kpibook.checking.lint import CODES
from kpibook.model import Catalog
from kpibook.pages import paths
from kpibook.pages.context import HandbookContext
from kpibook.pages.handbook.further_pages import in_order
from kpibook.pages.lookup import Branch

Entry: TypeAlias = "str | dict[str, str | list[Entry]]"
Nav: TypeAlias = list[Entry]

GUIDE = (
    *(paths.GUIDE, paths.GUIDE_FILES, paths.GUIDE_TABLES, paths.GUIDE_RULES, paths.GUIDE_SCORES),
    *(paths.GUIDE_CYCLES, paths.GUIDE_AFTER, paths.GUIDE_FORM, paths.GUIDE_SERVING),
)


def handbook_nav(catalog: Catalog, say: Words, paths_made: Collection[str], prose: Mapping[str, str] = {}) -> Nav:
    """Home, roles by department, the KPI dictionary by perspective, departments, grades, policies, templates, guide.

    Policies stand in it by their paths alone: their own titles name them. Those that say so in `prose`, the texts of
    the pages written by hand, come first, in the order of their numbers.
    """
    context = HandbookContext(catalog, say)
    policies: Nav = [*in_order(paths_made, prose)]
    nav: Nav = [
        {say("handbook.nav.home"): paths.HOME},
        {say("handbook.nav.roles"): [paths.ROLES, *_roles(context, context.lookup.departments)]},
        {say("handbook.nav.indicators"): [paths.INDICATORS, *_indicators(context)]},
        {say("handbook.nav.organisation"): _organisation(context)},
        {say("handbook.nav.policies"): [*_when(say, paths_made), *policies]},
        {say("handbook.aside.title"): _library(context)},
        {say("handbook.nav.guide"): [*GUIDE, *_lint(context)]},
    ]
    return [entry for entry in nav if isinstance(entry, dict) and all(entry.values())]


def _when(say: Words, paths_made: Collection[str]) -> Iterator[Entry]:
    """The calendar, and what changed where that is known."""
    yield {say("handbook.calendar.title"): paths.CALENDAR}
    if paths.CHANGES in paths_made:
        yield {say("changes.title"): paths.CHANGES}


def _lint(context: HandbookContext) -> Iterator[Entry]:
    """The strict checks, folded into one entry."""
    pages: Nav = [{context.say(f"lint.page.{code}.title"): paths.lint_page(code)} for code in CODES]
    yield {context.say("lint.page.index.title"): [paths.GUIDE_LINT, *pages]}


def _roles(context: HandbookContext, branches: Sequence[Branch]) -> Iterator[Entry]:
    """A section for each department with roles, its own or further below, nested as the departments are."""
    for branch in branches:
        entries: Nav = [{role.name: paths.role_page(role.id)} for role in context.lookup.roles_in(branch.id)]
        entries += _roles(context, branch.branches)
        if entries:
            yield {context.catalog.departments[branch.id].name: entries}


def _library(context: HandbookContext) -> Nav:
    """What is to draw on: its roles, its departments, and the indicators that nobody else is scored by."""
    lookup, say = context.lookup, context.say
    if not lookup.references:
        return []
    parts: tuple[tuple[str, Nav], ...] = (
        ("nav.roles", [{role.name: paths.role_page(role.id)} for role in lookup.reference_roles]),
        ("aside.departments", [{each.name: paths.department_page(each.id)} for each in lookup.references_in_order]),
        ("nav.indicators", [{each.name: paths.indicator_page(each.id)} for each in lookup.templates]),
    )
    nav: Nav = [paths.LIBRARY]
    nav += ({say(f"handbook.{key}"): entries} for key, entries in parts if entries)
    return nav


def _indicators(context: HandbookContext) -> Iterator[Entry]:
    for perspective, indicators in context.by_perspective.items():
        yield {perspective: [{i.name: paths.indicator_page(i.id)} for i in indicators]}
    yield {context.say("handbook.measures.title"): paths.MEASURES}


def _organisation(context: HandbookContext) -> Nav:
    departments: Nav = [{d.name: paths.department_page(d.id)} for d in context.lookup.departments_in_order]
    return [
        {context.say("handbook.organisation.title"): paths.ORGANISATION},
        {context.say("handbook.departments.title"): [paths.DEPARTMENTS, *departments]},
        {context.say("handbook.grades.title"): paths.GRADES},
    ]
