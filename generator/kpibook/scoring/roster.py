"""Who is in a cycle, and who is appraised."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from gmpy2 import mpq

from kpibook.model import COMPANY, Assignment, Catalog, Cycle
from kpibook.numbers import ZERO

ABSENT_DAYS = "absent_days"
"""The column of people.csv that decides who is appraised; two rows of a person add up."""


class Roster:
    """Who is in a cycle: each person's last assignment, and who is appraised."""

    def __init__(self, cycle: Cycle, catalog: Catalog) -> None:
        self._catalog = catalog
        self.rows: dict[str, list[Assignment]] = {}
        for row in cycle.people:
            if row.role in catalog.roles:
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
    def members(self) -> Mapping[str, tuple[Assignment, ...]]:
        """The appraised people of each department, those of the departments below it included, and of the company."""
        found: dict[str, list[Assignment]] = {}
        for person, rows in self.rows.items():
            if self.is_appraised(person):
                for group in (COMPANY, *self._upward(rows[-1].department)):
                    found.setdefault(group, []).append(rows[-1])
        return {group: tuple(rows) for group, rows in found.items()}

    def _upward(self, department: str | None) -> Iterator[str]:
        """A department and all above it, each once."""
        seen: set[str] = set()
        while department and department not in seen:
            seen.add(department)
            yield department
            known = self._catalog.departments.get(department)
            department = known.parent if known else None
