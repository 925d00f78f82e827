"""Who may open what, as a list: each viewer with the pages of every cycle and the reason for each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpibook.access.logins import Viewer, login_key, viewers
from kpibook.access.newest_cycle import release_of
from kpibook.access.permissions import CyclePermissions, permissions_of
from kpibook.base.periods import Period
from kpibook.model import COMPANY, Access, Catalog, Cycle

HR = "hr"
"""The reason of those who see everything."""
CYCLE = "cycle"
DEPARTMENT = "department"
CARD = "card"


@dataclass(frozen=True, slots=True)
class Page:
    """A page that somebody may open."""

    cycle: Period
    kind: str
    """A card, the page of a department with its own card, or that of the cycle."""
    about: str
    """The id of a person or a department; empty for the cycle."""
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A viewer, and every page that the viewer may open."""

    viewer: Viewer
    pages: tuple[Page, ...]


def listing(
    access: Access, cycles: Mapping[Period, Cycle], catalog_of: Callable[[Period], Catalog]
) -> Iterator[Listed]:
    """All viewers by login, their pages newest cycle first; each cycle is looked at by its own catalog."""
    permissions = {period: permissions_of(cycle, catalog_of(period), access) for period, cycle in cycles.items()}
    names = {cycle.period: _names(cycle, catalog_of(cycle.period)) for cycle in cycles.values()}
    newest_first = sorted(cycles, reverse=True)
    for viewer in viewers(access, cycles.values()):
        found = (page for each in newest_first for page in _pages(viewer, cycles[each], permissions[each], names[each]))
        yield Listed(viewer, tuple(found))


def of_login(listed: Sequence[Listed], login: str) -> Listed | None:
    """The viewer who logs in by this name."""
    return next((each for each in listed if login_key(each.viewer.login) == login_key(login)), None)


def _pages(viewer: Viewer, cycle: Cycle, permissions: CyclePermissions, names: Mapping[str, str]) -> Iterator[Page]:
    person = viewer.person.casefold()
    if viewer.is_hr and release_of(cycle):
        yield Page(cycle.period, CYCLE, "", cycle.name, HR)
    elif person in permissions.whole:
        yield Page(cycle.period, CYCLE, "", cycle.name, "whole")
    for department in permissions.departments.get(person, ()):
        yield Page(cycle.period, DEPARTMENT, department, names[department], "all_cards")
    for about, reason in permissions.cards.get(person, {}).items():
        yield Page(cycle.period, CARD, about, names[about], reason.value)


def _names(cycle: Cycle, catalog: Catalog) -> Mapping[str, str]:
    departments = {identifier: department.name for identifier, department in catalog.departments.items()}
    people = {row.person.casefold(): row.name for row in cycle.people}
    return {COMPANY: catalog.company.name, **departments, **people}
