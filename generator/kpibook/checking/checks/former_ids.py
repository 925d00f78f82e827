"""Ids that changed: each former id belongs to one entry, and rows that still use it are told where it went."""

from collections.abc import Iterator, Mapping

from kpibook.base.entry import Entry
from kpibook.base.problems import Place, Problem, nearest
from kpibook.model import Catalog, Cycle

CODES = ("unknown-role", "unknown-department", "unknown-measure", "unknown-indicator", "unknown-subject")
"""Why a row is set aside that uses an id which the catalog does not have."""

LISTED = 5
"""So many rows are named."""


def check_former_ids(catalog: Catalog) -> Iterator[Problem]:
    """A former id is none of today, and two entries cannot both have been it."""
    for entries in _kinds(catalog):
        claimed: dict[str, str] = {}
        for entry in entries.values():
            for former in _former(entry):
                place, values = entry.place_of("was"), {"former": former, "id": _id(entry)}
                if former in entries:
                    yield Problem("was-still-used", place, values)
                elif former in claimed:
                    yield Problem("was-twice", place, {**values, "other": claimed[former]})
                claimed.setdefault(former, _id(entry))


def check_ids_of_rows(catalog: Catalog, cycle: Cycle, earlier: Catalog | None = None) -> Iterator[Problem]:
    """No row of a cycle that still runs uses an id that is gone; `earlier` is the catalog of the cycle before."""
    if cycle.status.is_settled:
        return
    gone = _gone(catalog, earlier)
    rows: dict[tuple[str, str], list[str]] = {}
    places: dict[tuple[str, str], Place] = {}
    for row in cycle.set_aside:
        text = str(row.values.get("text", "")).strip()
        if row.code in CODES and text in gone:
            key = (row.place.file, text)
            places.setdefault(key, row.place)
            rows.setdefault(key, []).append(str(row.place.cell or row.place.line))
    for key, lines in rows.items():
        listed = ", ".join(lines[:LISTED]) + (" …" if len(lines) > LISTED else "")
        values = {"id": key[1], "now": gone[key[1]], "count": len(lines), "rows": listed}
        yield Problem("id-gone", places[key], values)


def _gone(catalog: Catalog, earlier: Catalog | None) -> Mapping[str, str]:
    """Ids that are no more, each with the one that most likely took its place."""
    found: dict[str, str] = {}
    for kind, entries in enumerate(_kinds(catalog)):
        before = _kinds(earlier)[kind] if earlier else {}
        found |= {each: nearest(each, entries)[0] for each in before if each not in entries and entries}
        found |= {former: _id(entry) for entry in entries.values() for former in _former(entry)}
    return found


def _kinds(catalog: Catalog) -> tuple[Mapping[str, Entry], ...]:
    return catalog.roles, catalog.departments, {**catalog.measures, **catalog.indicators}


def _former(entry: Entry) -> tuple[str, ...]:
    former: tuple[str, ...] = getattr(entry, "was", ())
    return former


def _id(entry: Entry) -> str:
    return str(getattr(entry, "id", ""))
