"""A cycle fits the handbook beyond its single rows: departments, managers, days, and columns that are needed."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kpibook.access import as_of, deciding_cycle, login_of, rows_on
from kpibook.access.logins import RESERVED, login_key
from kpibook.base.numbers import show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ReferenceEnd, dangling_reference, name_place
from kpibook.checking.checks.circular_references import circular_paths
from kpibook.checking.checks.comparisons import unless_waived
from kpibook.checking.checks.display_names import DisplayNames
from kpibook.checking.checks.references import PAY_NAMES, pay_formulas
from kpibook.model import ABSENT_DAYS, Assignment, Catalog, Cycle, PayLine

LISTED = 5
"""So many people are named."""

ADDRESS = re.compile(r"[^@\s,;<>()]{1,64}@[^@\s,;<>()]{1,255}")


def check_departments(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Each person is in the department of their role; somebody may well be lent to another."""
    called = DisplayNames(catalog, cycle)
    for row in cycle.people:
        role = catalog.roles.get(row.role)
        if role and role.department != row.department:
            departments = {"department": called.subject(row.department), "other": called.subject(role.department)}
            values = {"person": called.subject(row.person), "role": called.role(role.id), **departments}
            problem = Problem("other-department", row.place, values, Level.WARNING)
            yield from unless_waived(catalog, cycle, (row.person, ""), problem, "people")


def check_managers(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Nobody is a manager of their own manager."""
    del catalog
    people = {row.person.casefold(): row.person for row in cycle.people}
    # The last row of a person counts: who manages whom now.
    managers = {people[row.person.casefold()]: row for row in cycle.people}
    graph = {
        person: (people[row.manager.casefold()],)
        for person, row in managers.items()
        if row.manager.casefold() in people
    }
    for circle in circular_paths(graph):
        values = {"key": "manager", "circle": " → ".join(circle)}
        yield Problem("circular-reference", managers[circle[0]].place, values)


def check_absence(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Where days of absence decide who is appraised, they are known of everybody: an empty cell counts as none."""
    limit = catalog.company.eligibility.max_absent_days
    known = {row.person for row in cycle.people if ABSENT_DAYS in row.numbers}
    untold = {row.person: row for row in cycle.people if row.role in catalog.roles and row.person not in known}
    if limit is not None and untold:
        people = ", ".join([*untold][:LISTED]) + (" …" if len(untold) > LISTED else "")
        values = {"count": len(untold), "people": people, "limit": show(limit)}
        yield Problem("absent-days-missing", next(iter(untold.values())).place, values, Level.WARNING)


def check_logins(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """Nobody has the login of another, and nobody one that a web server takes for a word of its own."""
    del catalog
    newest_cycle = deciding_cycle(cycles)
    if newest_cycle is None:
        return
    first_of: dict[str, Assignment] = {}
    for row in rows_on(newest_cycle, as_of(newest_cycle)).values():
        login = login_of(row)
        other = first_of.setdefault(login_key(login), row)
        if login_key(login) == RESERVED:
            yield Problem("login-reserved", row.place, {"person": row.person, "login": RESERVED})
        elif other is not row:
            yield Problem("login-taken", row.place, {"person": row.person, "other": str(other.place)})


def check_mails(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """An address that notices go to looks like one."""
    del catalog
    for row in cycle.people:
        if row.mail and not ADDRESS.fullmatch(row.mail):
            values = {"person": row.person, "mail": row.mail}
            yield Problem("mail-not-an-address", row.place, values, Level.WARNING)


def check_schedule(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """The days of a cycle follow one another."""
    del catalog
    schedule = cycle.schedule
    days = [(key, getattr(schedule, key)) for key in ("collect_by", "review_by", "confirm_by")]
    given = [(key, day) for key, day in days if day]
    for (before, earlier), (key, day) in pairwise(given):
        if day < earlier:
            values = {"key": key, "day": str(day), "before": before, "earlier": str(earlier)}
            yield Problem("schedule-order", schedule.place_of(key), values)


TABLE = "table"
"""What the formula of a pay line calls the number of its table."""


def check_pay_columns(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """What the pay of an appraised role uses is measured, or is a column of people.csv, and never both."""
    columns = {column for row in cycle.people for column in row.numbers}
    roles = dict.fromkeys(row.role for row in cycle.people)
    for role in (catalog.roles[identifier] for identifier in roles if identifier in catalog.roles):
        for line, key, formula in pay_formulas(role):
            for name in formula.names:
                if (
                    name.scope
                    or name.id in PAY_NAMES
                    or (isinstance(line, PayLine) and line.table and name.id == TABLE)
                ):
                    continue
                known = catalog.named(name.id)
                if known and name.id in columns:
                    place = name_place(line, key, formula, name)
                    yield Problem("column-and-number", place, {"id": name.id, "name": known.name})
                if known or name.id in columns:
                    continue
                choice = (*columns, *PAY_NAMES, *catalog.measures, *catalog.indicators)
                link = ReferenceEnd(role.id, key, name_place(line, key, formula, name))
                yield dangling_reference(name.id, choice, link, f"{cycle.folder}/people.csv")
