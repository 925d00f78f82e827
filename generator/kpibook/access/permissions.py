"""Which pages of a cycle somebody may open: who managed whom and led what at that time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from kpibook.access.newest_cycle import Span, days_of_row, release_of, shared_days
from kpibook.model import COMPANY, Access, Assignment, Catalog, Cycle, Release

Person = str
"""An id in small letters, as ids are compared."""


class AccessReason(StrEnum):
    """Why somebody may open a card; the first that holds is told."""

    OWN = "own"
    MANAGER = "manager"
    CHAIN = "chain"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class CyclePermissions:
    """What everybody may open of one cycle, HR aside, who see all of it."""

    cards: Mapping[Person, Mapping[Person, AccessReason]]
    """By viewer: the cards of whom, and why."""
    departments: Mapping[Person, tuple[str, ...]]
    """By viewer: the departments whose page and whose own card are theirs to see."""
    whole: frozenset[Person]
    """Who may see every card, and with it the page of the cycle."""


NO_PERMISSIONS = CyclePermissions({}, {}, frozenset())


def permissions_of(cycle: Cycle, catalog: Catalog, access: Access) -> CyclePermissions:
    """What everybody may open of a cycle, by the roster of that time and by how far its cards have gone out."""
    release = release_of(cycle)
    if release in (None, Release.HR):
        return NO_PERMISSIONS
    return _PermissionMaker(cycle, catalog, access, is_people=release is Release.PEOPLE).permissions()


def permissions_once_released(cycle: Cycle, catalog: Catalog, access: Access) -> CyclePermissions:
    """What everybody may open once all cards have gone out to people."""
    return _PermissionMaker(cycle, catalog, access, is_people=True).permissions()


@dataclass
class _PermissionMaker:
    cycle: Cycle
    catalog: Catalog
    access: Access
    is_people: bool
    cards: dict[Person, dict[Person, AccessReason]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Mapping[Person, list[Assignment]]:
        """The rows of people.csv by person, whose id is in small letters."""
        found: dict[Person, list[Assignment]] = {}
        for row in self.cycle.people:
            found.setdefault(row.person.casefold(), []).append(row)
        return found

    @cached_property
    def members(self) -> Mapping[str, frozenset[Person]]:
        """Who stands on the page of each department: everybody in the one where the cycle ended for them."""
        found: dict[str, set[Person]] = {}
        for person, rows in self.rows.items():
            known = [row for row in rows if row.role in self.catalog.roles]
            if known:
                last = max(reversed(known), key=lambda row: days_of_row(row, self.cycle)[0])
                found.setdefault(last.department, set()).add(person)
        return {department: frozenset(people) for department, people in found.items()}

    @cached_property
    def holders(self) -> Mapping[str, tuple[Assignment, ...]]:
        """Who held the leading role of each department: there, or anywhere where the role leads no other one."""
        by_role: dict[str, list[Assignment]] = {}
        for row in self.cycle.people:
            by_role.setdefault(row.role, []).append(row)
        led = [department.head for department in self.catalog.departments.values()]
        found = {}
        for identifier, department in self.catalog.departments.items():
            rows = by_role.get(department.head or "", [])
            own = [row for row in rows if row.department == identifier]
            found[identifier] = tuple(own or (rows if led.count(department.head) == 1 else ()))
        return found

    def permissions(self) -> CyclePermissions:
        """Whose cards, departments and whole cycles everybody may see, after all rows were looked at."""
        for person, rows in self.rows.items():
            if any(row.role in self.catalog.roles for row in rows):
                self._see(person, rows)
        return CyclePermissions(self.cards, dict(self._departments()), frozenset(self._who_sees_all()))

    def _see(self, person: Person, rows: list[Assignment]) -> None:
        if self.is_people:
            self._allow(person, person, AccessReason.OWN)
        for row in rows:
            days = days_of_row(row, self.cycle)
            self._climb(person, row, days, AccessReason.MANAGER, {person})
            for holder in self._heads(row) if self.access.heads else ():
                if shared_days(days, days_of_row(holder, self.cycle)):
                    self._allow(holder.person.casefold(), person, AccessReason.HEAD)

    def _heads(self, row: Assignment) -> Iterator[Assignment]:
        """The heads of somebody's department and of those above it."""
        for department in self._above(row.department):
            yield from self.holders[department]

    def _climb(self, person: Person, row: Assignment, days: Span, reason: AccessReason, passed: set[Person]) -> None:
        """Allow the manager of a row, and those above for the days that both rows share."""
        manager = row.manager.casefold()
        if not manager or manager in passed:
            return
        for above in self.rows.get(manager, ()):
            if shared := shared_days(days, days_of_row(above, self.cycle)):
                self._allow(manager, person, reason)
                if self.access.chain == "all":
                    self._climb(person, above, shared, AccessReason.CHAIN, {*passed, manager})

    def _above(self, department: str) -> Iterator[str]:
        """The department and, where the chain counts, those above it."""
        passed: set[str] = set()
        while department in self.catalog.departments and department not in passed:
            yield department
            passed.add(department)
            department = (self.catalog.departments[department].parent or "") if self.access.chain == "all" else ""

    def _allow(self, viewer: Person, person: Person, reason: AccessReason) -> None:
        if viewer != person or reason is AccessReason.OWN:
            known = self.cards.setdefault(viewer, {})
            order = list(AccessReason)
            known[person] = min(known.get(person, reason), reason, key=order.index)

    def _departments(self) -> Iterator[tuple[Person, tuple[str, ...]]]:
        """A department's page is for those who may see every card on it, and lead it or manage somebody there."""
        whole, led, everything = self._who_sees_all(), self._led(), (*self.catalog.departments, COMPANY)
        homes = {person: department for department, people in self.members.items() for person in people}
        for viewer in dict.fromkeys((*self.cards, *led)):
            seen = self.cards.get(viewer, {})
            managed = {homes[person] for person, reason in seen.items() if reason is not AccessReason.OWN}
            mine = managed | led.get(viewer, set())
            open_to = {each for each in mine if self.members.get(each, frozenset()) <= seen.keys()}
            found = everything if viewer in whole else tuple(each for each in everything if each in open_to)
            if found:
                yield viewer, found

    def _led(self) -> Mapping[Person, set[str]]:
        """The departments that somebody led at some time of the cycle, those below them included."""
        found: dict[Person, set[str]] = {}
        for department in self.catalog.departments if self.access.heads else ():
            for holder in (row for each in self._above(department) for row in self.holders[each]):
                found.setdefault(holder.person.casefold(), set()).add(department)
        return found

    def _who_sees_all(self) -> frozenset[Person]:
        everybody = frozenset[Person]().union(*self.members.values())
        return frozenset(
            viewer for viewer, seen in self.cards.items() if len(everybody) > 1 and everybody <= seen.keys()
        )
