"""Entries that two catalogs have alike, and that say the same in both: they need not be compared text by text."""

from collections.abc import Mapping

from kpibook.base.entry import Entry
from kpibook.model import Catalog
from kpibook.reviewing.differences.side import Renames


class UnchangedEntries:
    """Knows which entries say the same on both sides.

    What an entry says draws on the entries that it names, and on the company. It is alike if it is equal on both sides,
    down to its places, and names nothing that is otherwise; where this is unsure, it is not.
    """

    def __init__(self, older: Catalog, newer: Catalog, renames: Renames) -> None:
        self._is_same_company = older.company == newer.company and older.grades == newer.grades
        renamed = {each for ids in renames.values() for pair in ids.items() for each in pair}
        self._moved = _with_dependents(renamed | _changed_ids(older, newer), newer)

    def holds(self, before: Entry, after: Entry) -> bool:
        """Whether an entry and what has become of it under the same id say the same."""
        is_equal = before is after or before == after
        return self._is_same_company and is_equal and not _names(after, self._moved)


def _changed_ids(older: Catalog, newer: Catalog) -> set[str]:
    """The ids of what is otherwise in one of the catalogs; of a role others tell no more than its name."""
    return {
        key
        for was, now in (*zip(_drawn_on(older), _drawn_on(newer), strict=True), (_titles(older), _titles(newer)))
        for key in {*was, *now}
        if key not in was or key not in now or was[key] != now[key]
    }


def _with_dependents(moved: set[str], catalog: Catalog) -> set[str]:
    """Ids, and those of all that names one of them, or something that does."""
    rest = [each for entries in _drawn_on(catalog) for each in entries.items()]
    found, more = moved, moved
    while more:
        more = {key for key, entry in rest if key not in found and _names(entry, more)}
        found = found | more
    return found


def _drawn_on(catalog: Catalog) -> tuple[Mapping[str, Entry], ...]:
    return catalog.departments, catalog.measures, catalog.indicators


def _titles(catalog: Catalog) -> Mapping[str, str]:
    return {key: role.name for key, role in catalog.roles.items()}


def _names(entry: Entry, ids: set[str]) -> bool:
    """Whether one of the ids stands anywhere in an entry: even one that only looks like it counts."""
    if not ids:
        return False
    text = repr(entry)
    return any(each in text for each in ids)
