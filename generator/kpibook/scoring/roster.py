"""Who is in a cycle, and who is appraised."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import ABSENT_DAYS, COMPANY, Assignment, Catalog, Cycle


class Member(NamedTuple):
    """Somebody who was in a group for the whole cycle, or for a part of it."""

    person: str
    inside: tuple[Assignment, ...]
    """What of the cycle was in the group, by time."""
    rows: tuple[Assignment, ...]
    """The whole cycle, by time."""

    @property
    def is_whole(self) -> bool:
        """Whether no part of the cycle was elsewhere."""
        return len(self.inside) == len(self.rows)


class Roster:
    """Who is in a cycle, where, and who is appraised."""

    def __init__(self, cycle: Cycle, catalog: Catalog) -> None:
        self._catalog = catalog
        self._parents = cycle.parents
        self.rows: dict[str, list[Assignment]] = {}
        for row in cycle.people:
            if row.role in (catalog.roles if cycle.needed is None else cycle.needed):
                self.rows.setdefault(row.person, []).append(row)
        for rows in self.rows.values():
            if len(rows) > 1:
                rows.sort(key=lambda row: row.first_day or cycle.period.first_day)

    def absent_days(self, person: str) -> mpq:
        """The days of absence over all rows of a person."""
        return sum((row.numbers.get(ABSENT_DAYS, ZERO) for row in self.rows[person]), ZERO)

    def is_appraised(self, person: str) -> bool:
        """Whether the person was present long enough."""
        limit = self._catalog.company.eligibility.max_absent_days
        return limit is None or self.absent_days(person) <= limit

    @cached_property
    def members(self) -> Mapping[str, tuple[Member, ...]]:
        """The appraised people of each department, those of the departments below it included, and of the company."""
        found: dict[str, list[Member]] = {}
        for person, assignments in self.rows.items():
            if self.is_appraised(person):
                rows = tuple(assignments)
                for group, inside in self._groups(rows):
                    found.setdefault(group, []).append(Member(person, inside, rows))
        return {group: tuple(members) for group, members in found.items()}

    def _groups(self, rows: tuple[Assignment, ...]) -> Iterator[tuple[str, tuple[Assignment, ...]]]:
        """The company and each department that somebody was in, with the part of the cycle spent there."""
        yield COMPANY, rows
        inside: dict[str, list[Assignment]] = {}
        for row in rows:
            for group in self._upward(row.department):
                inside.setdefault(group, []).append(row)
        yield from ((group, tuple(part)) for group, part in inside.items())

    def _upward(self, department: str | None) -> Iterator[str]:
        """A department and all above it, each once."""
        seen: set[str] = set()
        while department and department not in seen:
            seen.add(department)
            yield department
            department = self._parent(department)

    def _parent(self, department: str) -> str | None:
        if self._parents is not None:
            return self._parents.get(department)
        known = self._catalog.departments.get(department)
        return known.parent if known else None


def days_in(row: Assignment, period: Period) -> int:
    """The days of a period in which a row of people.csv holds."""
    first = max(row.first_day or period.first_day, period.first_day)
    last = min(row.last_day or period.last_day, period.last_day)
    return max((last - first).days + 1, 0)
