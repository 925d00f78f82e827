"""Whom a problem concerns, as people name it: `roles/cashier`, `roles/cashier/sales`, `indicators/sales`."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from kpibook.entry import Entry
from kpibook.model import Catalog, Department, Role
from kpibook.problems import Place

Spot = tuple[int, int]


class Addresses:
    """Finds the entry, or the item of a scorecard, in which a place lies: the last one that begins before it."""

    def __init__(self, catalog: Catalog) -> None:
        self._files: dict[str, list[tuple[Spot, str]]] = {}
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
    yield "company", catalog.company
    for grade in catalog.grades:
        yield f"grades/{grade.id}", grade
    for kind, entries in (("measures", catalog.measures), ("indicators", catalog.indicators)):
        yield from ((f"{kind}/{entry.id}", entry) for entry in entries.values())
    yield from _scored("departments", catalog.departments.values())
    yield from _scored("roles", catalog.roles.values())


def _scored(kind: str, owners: Iterable[Role | Department]) -> Iterator[tuple[str, Entry]]:
    for owner in owners:
        address = f"{kind}/{owner.id}"
        yield address, owner
        yield from ((address, part) for part in (*owner.scorecard, *owner.duties, *owner.gates))
        yield from ((f"{address}/{item.indicator}", item) for item in owner.items)
        yield from ((f"{address}/{extra.indicator}", extra) for extra in owner.extras)
