"""Names that suppliers use for what is collected: each leads to one number."""

from collections.abc import Iterator

from kpibook.base.problems import Level, Problem
from kpibook.model import Catalog, Indicator, Measure
from kpibook.reading.tables import column_name


def check_aliases(catalog: Catalog) -> Iterator[Problem]:
    """An alias belongs to one number, and to one that is collected."""
    for indicator in catalog.indicators.values():
        if indicator.aliases and catalog.collected(indicator.id) is not indicator:
            yield Problem("alias-unused", indicator.place_of("aliases"), {"id": indicator.id}, Level.WARNING)
    collected = [entry for entry in map(catalog.collected, (*catalog.measures, *catalog.indicators)) if entry]
    owners = {column_name(name): entry for entry in reversed(collected) for name in (entry.name, entry.id)}
    for entry in collected:
        yield from _used_before(entry, owners)


def _used_before(entry: Measure | Indicator, owners: dict[str, Measure | Indicator]) -> Iterator[Problem]:
    for alias in entry.aliases:
        other = owners.setdefault(column_name(alias), entry)
        if other.id != entry.id:
            yield Problem("alias-taken", entry.place_of("aliases"), {"alias": alias, "id": entry.id, "by": other.id})
