"""Whom a problem concerns, as people name it: `roles/cashier`, `roles/cashier/sales`, `indicators/sales`."""

from bisect import bisect_right
from collections.abc import Iterator

from kpibook.base.entry import Entry
from kpibook.base.problems import Place
from kpibook.model import Catalog, Company, Department, Role

LineColumn = tuple[int, int]


class Addresses:
    """Finds the entry, or the item of a scorecard, in which a place lies: the last one that begins before it."""

    def __init__(self, catalog: Catalog) -> None:
        self._files: dict[str, list[tuple[LineColumn, str]]] = {}
        for address, entry in _entries(catalog):
            for place in entry.places.values():
                self._files.setdefault(place.file, []).append(((place.line, place.column), address))
        for spots in self._files.values():
            spots.sort()

    def of(self, place: Place) -> str:
        """The address of a place; empty for a place in no entry."""
        spots = self._files.get(place.file, [])
        if not spots:
            return ""
        number = bisect_right(spots, ((place.line, place.column), "\U0010ffff"))
        return spots[max(number - 1, 0)][1]


def _entries(catalog: Catalog) -> Iterator[tuple[str, Entry]]:
    """Every part that an address names, and the parts around it that end it."""
    for grade in catalog.grades:
        yield f"grades/{grade.id}", grade
    for measure in catalog.measures.values():
        yield f"measures/{measure.id}", measure
    for indicator in catalog.indicators.values():
        yield f"indicators/{indicator.id}", indicator
    yield from _scored("company", catalog.company)
    for department in catalog.departments.values():
        yield from _scored(f"departments/{department.id}", department)
    for role in catalog.roles.values():
        yield from _scored(f"roles/{role.id}", role)


def _scored(address: str, owner: Role | Department | Company) -> Iterator[tuple[str, Entry]]:
    duties = owner.duties if isinstance(owner, Role | Department) else ()
    yield address, owner
    yield from ((address, part) for part in (*owner.scorecard, *duties, *owner.gates))
    yield from ((f"{address}/{item.indicator}", item) for item in owner.items)
    yield from ((f"{address}/{extra.indicator}", extra) for extra in owner.extras)
