"""Nothing that everybody may read tells of what is confidential."""

from collections.abc import Iterator

from kpibook.base.problems import Problem
from kpibook.checking.checks.base import name_place
from kpibook.model import Catalog, hidden_indicators


def check_confidential(catalog: Catalog) -> Iterator[Problem]:
    """No public indicator, grade or streak is made from a confidential indicator."""
    hidden = hidden_indicators(catalog)
    if not hidden:
        return
    for key, indicator in catalog.indicators.items():
        names = indicator.formula.names if indicator.formula and key not in hidden else ()
        for name in names:
            if name.id in hidden and indicator.formula:
                place = name_place(indicator, "formula", indicator.formula, name)
                yield Problem("confidential-used", place, {"owner": key, "id": name.id})
    for grade in catalog.grades:
        for name in (name for condition in grade.when for name in condition.names if name.id in hidden):
            yield Problem("confidential-used", grade.place_of("when"), {"owner": grade.id, "id": name.id})
