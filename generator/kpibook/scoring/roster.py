"""Who is in a cycle, for how many of its days, and who is appraised."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import ABSENT_DAYS, COMPANY, WHOLE_POST, Assignment, Catalog, Cycle, Leave
from kpibook.rules.standards import Step

ONE_DAY = datetime.timedelta(days=1)


class Member(NamedTuple):
    """Somebody who was in a group for the whole cycle, or for a part of it."""

    person: str
    inside: tuple[Assignment, ...]
    """What of the cycle was in the group, by time."""
    rows: tuple[Assignment, ...]
    """The whole cycle, by time."""
    is_appraised: bool
    """Whether the person is: of one who is not, a number counts and none is owed."""

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
        known = catalog.roles if cycle.needed is None else {role for role, _ in cycle.needed}
        for row in cycle.people:
            if row.role in known:
                self.rows.setdefault(row.person, []).append(row)
        for rows in self.rows.values():
            if len(rows) > 1:
                # Of posts held at once the one that takes most of the time comes last, and names the card's role.
                rows.sort(key=lambda row: (row.first_day or cycle.period.first_day, row.share))
        self._period = cycle.period
        self.leave = cycle.leave
        self._is_exempt = {row.person for row in cycle.people if row.exempt}

    def absent_days(self, person: str) -> mpq:
        """The days of absence over all rows of a person."""
        return sum((row.numbers.get(ABSENT_DAYS, ZERO) for row in self.rows[person]), ZERO)

    @cached_property
    def days_of(self) -> Mapping[str, int]:
        """The days in the cycle of those who were not there for the whole of it."""
        whole, away = self._period.days, self.leave
        days = {
            person: days_together(rows, self._period, away.get(person, ()))
            for person, rows in self.rows.items()
            if person in away or any(row.first_day or row.last_day for row in rows)
        }
        return {person: count for person, count in days.items() if count < whole}

    def leave_days(self, person: str) -> int:
        """The days of protected leave that fall into the rows of somebody."""
        if person not in self.leave:
            return 0
        rows = self.rows[person]
        return days_together(rows, self._period) - days_together(rows, self._period, self.leave[person])

    def days_in(self, row: Assignment) -> int:
        """The days of the cycle in which a row holds, without those of protected leave."""
        away = self.leave.get(row.person)
        return days_together([row], self._period, away) if away else days_in(row, self._period)

    def is_appraised(self, person: str) -> bool:
        """Whether the person was present long enough, and is not exempt."""
        return self.why_not(person) is None

    def why_not(self, person: str) -> Step | None:
        """Why somebody is not appraised; None for who is."""
        company = self._catalog.company
        if person in self._is_exempt:
            reasons = dict.fromkeys(row.exempt for row in self.rows[person] if row.exempt)
            return Step("exempted", {"reasons": tuple(reasons)})
        limit, least = company.eligibility.max_absent_days, company.part_cycle.least_days
        if limit is not None and (absent := self.absent_days(person)) > limit:
            return Step("absent", {"days": absent, "limit": limit})
        leave, days = self.leave_days(person), self.days_of.get(person, least)
        if leave and not days:
            return Step("on_leave", {"kinds": self.kinds(person)})
        if least and days < least:
            values = {"days": mpq(days), "limit": mpq(least)}
            if leave:
                return Step("too_few_days_leave", {**values, "leave": mpq(leave), "kinds": self.kinds(person)})
            return Step("too_few_days", values)
        return None

    def kinds(self, person: str) -> tuple[str, ...]:
        """What the leave of somebody is called."""
        return tuple(dict.fromkeys(each.kind for each in self.leave[person]))

    @cached_property
    def members(self) -> Mapping[str, tuple[Member, ...]]:
        """Everybody in each department, those of the departments below it included, and in the company."""
        found: dict[str, list[Member]] = {}
        for person, assignments in self.rows.items():
            rows, is_appraised = tuple(assignments), self.is_appraised(person)
            for group, inside in self._groups(rows):
                found.setdefault(group, []).append(Member(person, inside, rows, is_appraised))
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


def days_together(rows: Sequence[Assignment], period: Period, away: Sequence[Leave] = ()) -> int:
    """The days of a period in which any of some rows holds, each day once, less those of leave; `rows` by time."""
    days, upto = 0, period.first_day - ONE_DAY
    for row in rows:
        first = max(row.first_day or period.first_day, upto + ONE_DAY)
        last = min(row.last_day or period.last_day, period.last_day)
        if last >= first:
            days, upto = days + (last - first).days + 1 - _days_away(first, last, away), last
    return days


def _days_away(first: datetime.date, last: datetime.date, leave: Sequence[Leave]) -> int:
    """The days from one to another on which somebody is on leave, each once."""
    days, upto = 0, first - ONE_DAY
    for each in sorted(leave, key=lambda each: each.first_day):
        begins, ends = max(each.first_day, upto + ONE_DAY), min(each.last_day or last, last)
        if ends >= begins:
            days, upto = days + (ends - begins).days + 1, ends
    return days


def time_in(row: Assignment, period: Period) -> mpq:
    """The days of a period in which a row holds, as far as the post takes the time."""
    return days_in(row, period) * row.share / WHOLE_POST


def days_in(row: Assignment, period: Period) -> int:
    """The days of a period in which a row of people.csv holds."""
    first = max(row.first_day or period.first_day, period.first_day)
    last = min(row.last_day or period.last_day, period.last_day)
    return max((last - first).days + 1, 0)
