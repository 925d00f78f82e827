"""Numbers do not grow without bound: what a chain of formulas multiplies, and how long the chain is."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from kpibook.base.problems import Problem
from kpibook.model import Catalog, Indicator
from kpibook.rules.formulas import Formula
from kpibook.rules.formulas.sizes import COLLECTED, Size, size

EARLIER = ("previous", "last_year")
"""Scopes of past periods: a chain through them is as long as there are cycles, and is bounded where it is computed."""
MOST_FACTORS = 1000
"""An index of a company over twenty indices of departments over ten rates each has 400."""
LONGEST_CHAIN = 50
"""So many formulas may build upon one another."""


def check_sizes(catalog: Catalog) -> Iterator[Problem]:
    """No formula multiplies its numbers with one another over and over; what follows from one told is not told."""
    formulas = {each.id: each.formula for each in catalog.indicators.values() if each.formula}
    needs = {key: _inner(formula, formulas) for key, formula in formulas.items()}
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError:
        return
    sizes, lengths, spoilt = dict[str, Size](), dict[str, int](), set[str]()
    for key in order:
        if not spoilt.isdisjoint(needs[key]):
            spoilt.add(key)
            continue
        found = size(formulas[key].root, lambda name: sizes.get(name.id, COLLECTED))
        length = 1 + max((lengths[each] for each in needs[key]), default=0)
        problem = _size_problem(catalog.indicators[key], found, length)
        if problem:
            yield problem
            spoilt.add(key)
        sizes[key], lengths[key] = found, length


def _inner(formula: Formula, formulas: dict[str, Formula]) -> tuple[str, ...]:
    return tuple(name.id for name in formula.names if name.scope not in EARLIER and name.id in formulas)


def _size_problem(indicator: Indicator, found: Size, length: int) -> Problem | None:
    place = indicator.place_of("formula")
    if found.factors > MOST_FACTORS:
        values = {"indicator": indicator.id, "factors": found.factors, "limit": MOST_FACTORS}
        return Problem("formula-too-large", place, values)
    if length > LONGEST_CHAIN:
        return Problem("formula-chain-too-long", place, {"indicator": indicator.id, "limit": LONGEST_CHAIN})
    return None
