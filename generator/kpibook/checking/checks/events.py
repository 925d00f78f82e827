"""Conditions over single events look at all of them together; whether that is meant is asked."""

from collections.abc import Iterator

from kpibook.base.entry import Entry
from kpibook.base.numbers import ZERO
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import judged_items, name_place
from kpibook.checking.checks.references import formulas, pay_formulas
from kpibook.model import Catalog
from kpibook.rules.formulas import COMPARISON, Formula, Name, Node
from kpibook.rules.standards import AllOrNothing


def check_sums_of_events(catalog: Catalog) -> Iterator[Problem]:
    """A bound on a measure of single events may be meant for each of them, and holds for their sum."""
    for owner, entry, key, formula in _conditions(catalog):
        for name in dict.fromkeys(_bounded(formula.root)):
            if _counts_events(catalog, name.id):
                yield _doubt(catalog, owner, name.id, formula.text, name_place(entry, key, formula, name))
    for each in judged_items(catalog):
        for row in each.rule.require if isinstance(each.rule, AllOrNothing) else ():
            if (row.at_least or row.at_most) and _counts_events(catalog, row.measure):
                yield _doubt(catalog, each.holder.entry.id, row.measure, row.measure, row.place_of("measure"))


def _conditions(catalog: Catalog) -> Iterator[tuple[str, Entry, str, Formula]]:
    yield from (each for each in formulas(catalog) if each[2] == "when")
    yield from ((grade.id, grade, "when", condition) for grade in catalog.grades for condition in grade.when)
    for role in catalog.roles.values():
        yield from ((role.id, line, key, formula) for line, key, formula in pay_formulas(role) if key == "when")


def _bounded(node: Node) -> Iterator[Name]:
    """The numbers that are compared with a fixed one; with 0 a sum and each of its parts compare alike."""
    if node.rank == COMPARISON:
        for one, other in (node.parts, node.parts[::-1]):
            if one.name and not (other.name or other.parts) and other.compute({}) != ZERO:
                yield one.name
    for part in node.parts:
        yield from _bounded(part)


def _counts_events(catalog: Catalog, identifier: str) -> bool:
    measure = catalog.measures.get(identifier)
    return measure is not None and measure.each


def _doubt(catalog: Catalog, owner: str, measure: str, text: str, place: Place) -> Problem:
    values = {"owner": owner, "text": text, "measure": catalog.measures[measure].name}
    return Problem("bound-on-all-events", place, values, Level.WARNING)
