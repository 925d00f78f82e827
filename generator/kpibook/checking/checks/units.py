"""What a formula adds, subtracts or compares is in one unit."""

from collections.abc import Iterator

from kpibook.base.entry import Entry
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import judged_items, name_place
from kpibook.checking.checks.references import formulas, pay_formulas
from kpibook.model import Catalog
from kpibook.rules.formulas import COMPARISON, Formula, Name, Node
from kpibook.rules.standards import ByFormula


def check_formula_units(catalog: Catalog) -> Iterator[Problem]:
    """Yuan are not added to per cent; what is multiplied or divided, and bare numbers, fit everything."""
    for owner, entry, key, formula in _formulas(catalog):
        differing = (_differing_units(node, catalog) for node in _within(formula.root))
        for unit, other, name in dict.fromkeys(filter(None, differing)):
            values = {"owner": owner, "unit": unit, "other": other, "name": str(name)}
            yield Problem("units-differ", name_place(entry, key, formula, name), values, Level.WARNING)


def _formulas(catalog: Catalog) -> Iterator[tuple[str, Entry, str, Formula]]:
    """Those over numbers alone, and those of pay, points and grades, of which only the numbers have units."""
    yield from formulas(catalog)
    for role in catalog.roles.values():
        yield from ((role.id, line, key, formula) for line, key, formula in pay_formulas(role))
    for each in judged_items(catalog):
        if isinstance(each.rule, ByFormula):
            yield each.holder.entry.id, each.rule, "points", each.rule.points
    for grade in catalog.grades:
        yield from ((grade.id, grade, "when", condition) for condition in grade.when)


def _differing_units(node: Node, catalog: Catalog) -> tuple[str, str, Name] | None:
    """The first two units that do not go together, and the number that has the second."""
    measured = [pair for part in node.alike for pair in _measured(part, catalog)]
    others = (pair for pair in measured if pair[0] != measured[0][0])
    return next(((measured[0][0], unit, name) for unit, name in others), None)


def _within(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _within(part)


def _measured(node: Node, catalog: Catalog) -> Iterator[tuple[str, Name]]:
    """The units of a part as far as they are plain, each with the number that has it."""
    if node.name:
        measured = catalog.named(node.name.id)
        if measured and measured.unit:
            yield measured.unit, node.name
    elif node.rank > COMPARISON:
        yield from (pair for part in node.alike for pair in _measured(part, catalog))
