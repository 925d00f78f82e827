"""Numbers that can be right and are likely wrong: told with their row, and waived with a reason in waivers.yml.

A waiver names `measures/<measure>`, `measures/<measure>/<cycle>` or `measures/<measure>/<cycle>/<subject>` (of targets
`indicators/…`, of the roster `people/<cycle>/<person>`); it holds for cycles that end on its last day or before, so
that nothing depends on the day on which a check runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.display_names import DisplayNames
from kpibook.model import Accumulate, Catalog, Cycle, Reading

DATA_CODES = (
    *("value-hundredfold", "same-for-everybody", "department-sum-differs"),
    *("number-jumped", "number-zero", "number-repeated"),
    *("percent-or-fraction", "part-over-whole", "target-or-fraction", "cascade-gap", "cascade-periods"),
    "other-department",
)
"""Warnings about numbers of a cycle."""
FEWEST = 5
"""Fewer people may well have the same number."""
MOST = 200_000
"""In a cycle with more numbers than this single ones are not compared: it would take longer than reading them."""

Subjects = Mapping[str, Sequence[str]]
"""By measure: whom its numbers are about."""


def check_changes(catalog: Catalog, cycles: Sequence[Cycle]) -> Iterator[Problem]:
    """No number is a hundred times that of the cycle before, or a hundredth of it."""
    by_period = {cycle.period: cycle for cycle in cycles}
    for cycle in cycles:
        before = by_period.get(cycle.period.previous)
        if before is None or not _is_compared(cycle) or len(before.actuals) > MOST:
            continue
        called = DisplayNames(catalog, cycle)
        for key, reading in cycle.actuals.items():
            last = before.actuals.get(key)
            if last and _is_hundredfold(reading.value, last.value):
                values = {"what": called.what(*key), "value": show(reading.value), "last": show(last.value)}
                yield from unless_waived(catalog, cycle, key, reading_warning("value-hundredfold", reading, **values))


def check_same(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Not everybody has the same number, unless it is none."""
    people, called = {row.person for row in cycle.people}, DisplayNames(catalog, cycle)
    for measure, subjects in _by_measure(cycle).items():
        own = [subject for subject in subjects if subject in people]
        if len(own) < FEWEST:
            continue
        # Asked for one by one: the second is another one nearly always, and most are never made of their cells here.
        first = cycle.actuals[own[0], measure]
        if not first.value or any(cycle.actuals[subject, measure].value != first.value for subject in own):
            continue
        values = {"measure": called.number(measure), "value": show(first.value), "count": len(own)}
        problem = reading_warning("same-for-everybody", first, **values)
        yield from unless_waived(catalog, cycle, ("", measure), problem)


def check_department_sums(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """The number given for a department is the sum of those given for its people, where all of them have one."""
    called = DisplayNames(catalog, cycle)
    members: dict[str, set[str]] = {}
    for row in cycle.people:
        members.setdefault(row.department, set()).add(row.person)
    for measure, subjects in _by_measure(cycle).items():
        collected = catalog.collected(measure)
        if collected is None or collected.accumulate is not Accumulate.SUM:
            continue
        given = set(subjects)
        for department, people in members.items():
            if department not in given or not people <= given:
                continue
            total = sum((cycle.actuals[person, measure].value for person in people), ZERO)
            own = cycle.actuals[department, measure]
            if total != own.value:
                problem = reading_warning(
                    "department-sum-differs",
                    own,
                    measure=called.number(measure),
                    department=called.subject(department),
                    value=show(own.value),
                    sum=show(total),
                    count=len(people),
                )
                yield from unless_waived(catalog, cycle, (department, measure), problem)


def _is_compared(cycle: Cycle) -> bool:
    """Whether anybody may still mend a number of the cycle, and comparing them all does not take too long."""
    return not cycle.status.is_settled and len(cycle.actuals) <= MOST


def _by_measure(cycle: Cycle) -> Subjects:
    found: dict[str, list[str]] = {}
    for subject, measure in cycle.actuals if _is_compared(cycle) else ():
        found.setdefault(measure, []).append(subject)
    return found


def _is_hundredfold(value: mpq, last: mpq) -> bool:
    return bool(value and last) and (abs(value) >= abs(last) * HUNDRED or abs(last) >= abs(value) * HUNDRED)


def unless_waived(
    catalog: Catalog, cycle: Cycle, key: tuple[str, str], problem: Problem, kind: str = "measures"
) -> Iterator[Problem]:
    """The warning with its address, unless somebody waived it.

    Args:
        key: whom it is about, and the id of what; either may be empty.
        kind: what that is an id of.
    """
    subject, identifier = key
    address = "/".join(filter(None, (kind, identifier, str(cycle.period), subject)))
    if not any(waiver.covers(problem.code, address, cycle.period.last_day) for waiver in catalog.waivers):
        yield replace(problem, values={**problem.values, "address": address})


def reading_warning(code: str, reading: Reading, **values: object) -> Problem:
    """A warning at the row of a number, with the values that its words name."""
    return Problem(code, reading.place, values, Level.WARNING)
