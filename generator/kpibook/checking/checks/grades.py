"""Grades go down step by step to 0, and gates do something."""

from collections.abc import Iterator
from itertools import pairwise

from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.problems import Problem
from kpibook.checking.checks.base import ReferenceEnd, check_reference, holders
from kpibook.checking.checks.references import pay_formulas
from kpibook.model import COMPANY, Catalog, Consequence
from kpibook.rules.formulas import Name
from kpibook.scoring.years import LISTS

MOST_CYCLES = 36
"""So many cycles on end a list may take."""


def check_grades(catalog: Catalog) -> Iterator[Problem]:
    """Best first, the last one from 0; two from the same total only if the better one asks for more."""
    for above, grade in pairwise(catalog.grades):
        is_same = grade.threshold == above.threshold and above.when
        if grade.threshold >= above.threshold and not is_same:
            values = {"grade": grade.id, "from": show(grade.threshold), "above": above.id}
            values = {**values, "above_from": show(above.threshold)}
            yield Problem("grade-order", grade.place_of("from"), values)
    lowest = catalog.grades[-1] if catalog.grades else None
    if lowest and lowest.threshold != ZERO and ("grade", "") not in catalog.faulty:
        values = {"grade": lowest.id, "from": show(lowest.threshold)}
        yield Problem("grade-bottom", lowest.place_of("from"), values)
    if lowest and lowest.when:
        yield Problem("grade-bottom-condition", lowest.place_of("when"), {"grade": lowest.id})
    for grade in catalog.grades:
        if grade.factor is not None and grade.factor < 0:
            yield Problem("factor-negative", grade.place_of("factor"), {"factor": show(grade.factor)})


def check_factors(catalog: Catalog) -> Iterator[Problem]:
    """Where pay goes by the factor of the grade, each grade has one."""
    lines = (line for role in catalog.roles.values() for line in pay_formulas(role))
    if any(Name("", "factor") in formula.names for _, _, formula in lines):
        for grade in catalog.grades:
            if grade.factor is None:
                yield Problem("factor-missing", grade.place_of(), {"grade": grade.id})


def check_lists(catalog: Catalog) -> Iterator[Problem]:
    """A list takes one cycle at least, and has a rule only where it is one."""
    for grade in catalog.grades:
        for key in LISTS:
            found: Consequence = getattr(grade.consequences, key)
            if not 1 <= found.cycles <= MOST_CYCLES:
                values = {"cycles": found.cycles, "most": MOST_CYCLES}
                yield Problem("list-cycles", found.place_of("cycles"), values)
            elif "cycles" in found.model_fields_set and not found.list:
                yield Problem("list-missing", found.place_of("cycles"), {"key": key, "grade": grade.id})


def check_distribution(catalog: Catalog) -> Iterator[Problem]:
    """A quota names a grade, and a share of at most 100 %."""
    for quota in catalog.company.distribution.limits:
        yield from check_reference(
            catalog, "grade", quota.grade, ReferenceEnd(COMPANY, "limits", quota.place_of("grade"))
        )
        if not ZERO <= quota.at_most <= HUNDRED:
            values = {"grade": quota.grade, "at_most": show(quota.at_most)}
            yield Problem("quota-out-of-range", quota.place_of("at_most"), values)


def check_gates(catalog: Catalog) -> Iterator[Problem]:
    """A gate caps the grade or the total."""
    for holder in holders(catalog):
        for gate in holder.entry.gates:
            if gate.grade_at_most is None and gate.total_at_most is None:
                yield Problem("gate-without-effect", gate.place_of(), {"when": gate.when.text})
