"""Nothing goes round in a circle: superiors, departments, formulas, and the managers of people."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from kpibook.base.problems import Place, Problem
from kpibook.model import Catalog

EARLIER = ("previous", "last_year")
"""Scopes of past periods: an indicator may build on its own past."""


def check_no_circles(catalog: Catalog) -> Iterator[Problem]:
    """Superiors, parents and formulas lead to an end."""
    superiors = {role.id: (role.reports_to,) for role in catalog.roles.values() if role.reports_to}
    for circle in circular_paths(superiors):
        yield _circular("reports_to", circle, catalog.roles[circle[0]].place_of("reports_to"))
    parents = {part.id: (part.parent,) for part in catalog.departments.values() if part.parent}
    for circle in circular_paths(parents):
        yield _circular("parent", circle, catalog.departments[circle[0]].place_of("parent"))
    formulas = {
        indicator.id: tuple(
            name.id
            for name in indicator.formula.names
            if name.scope not in EARLIER and name.id not in catalog.measures and name.id in catalog.indicators
        )
        for indicator in catalog.indicators.values()
        if indicator.formula
    }
    for circle in circular_paths(formulas):
        yield _circular("formula", circle, catalog.indicators[circle[0]].place_of("formula"))


def circular_paths(graph: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The circular paths of a graph, each beginning and ending with the same node; every node on a circle is in one."""
    left = dict(graph)
    while True:
        try:
            TopologicalSorter(left).prepare()
            return
        except CycleError as error:
            circle = list(reversed(error.args[1]))[:-1]
        first = min(circle, key=list(graph).index)
        at = circle.index(first)
        turned = (*circle[at:], *circle[:at], first)
        yield turned
        del left[first]


def _circular(key: str, circle: tuple[str, ...], place: Place) -> Problem:
    return Problem("circular-reference", place, {"key": key, "circle": " → ".join(circle)})
