"""Ids that changed: each former id belongs to one entry, and rows that still use it are told where it went."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import ascii_letters

from kpibook.base.entry import Entry
from kpibook.base.problems import Place, Problem, nearest
from kpibook.model import Catalog, Cycle

KINDS = {
    "unknown-role": "role",
    "unknown-department": "department",
    "unknown-subject": "department",
    "unknown-measure": "number",
    "unknown-indicator": "number",
}
"""Why a row is set aside that uses an id which the catalog does not have, and what it is an id of."""

IdOfKind = tuple[str, str]
"""role, department or number, and an id: a department may be called as a role is."""

LISTED = 5
"""So many rows are named."""


def check_former_ids(catalog: Catalog) -> Iterator[Problem]:
    """A former id is none of today, and two entries cannot both have been it."""
    for entries in _kinds(catalog).values():
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
    gone = gone_ids(catalog, earlier)
    for (kind, text), places in rows_of_gone_ids(cycle).items():
        rows: dict[str, list[Place]] = {}
        for place in places if (kind, text) in gone else ():
            rows.setdefault(place.file, []).append(place)
        for own in rows.values():
            listed = rows_text(own[:LISTED]) + (" …" if len(own) > LISTED else "")
            values = {"id": text, "now": gone[kind, text], "count": len(own), "rows": listed}
            yield Problem("id-gone", own[0], {**values, "cycle": str(cycle.period)})


def rows_text(places: Iterable[Place]) -> str:
    """The numbers of rows, in a table of text or a workbook."""
    return ", ".join(place.cell.rpartition("!")[2].lstrip(ascii_letters) or str(place.line) for place in places)


def without_told_rows(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems without those of rows of which it is told already that the id they use is gone."""
    every = tuple(problems)
    gone = {(each.place.file, each.values["id"]) for each in every if each.code == "id-gone"}
    for each in every:
        text = str(each.values.get("text", "")).strip()
        if each.code not in KINDS or (each.place.file, text) not in gone:
            yield each


def rows_of_gone_ids(cycle: Cycle) -> Mapping[IdOfKind, Sequence[Place]]:
    """The places of the rows of a cycle that were set aside for an id which its catalog does not have."""
    found: dict[IdOfKind, list[Place]] = {}
    for row in cycle.set_aside:
        if row.code in KINDS:
            key = KINDS[row.code], str(row.values.get("text", "")).strip()
            found.setdefault(key, []).append(row.place)
    return found


def gone_ids(catalog: Catalog, earlier: Catalog | None) -> Mapping[IdOfKind, str]:
    """Ids that are no more, each with the one that most likely took its place."""
    found: dict[IdOfKind, str] = {}
    for kind, entries in _kinds(catalog).items():
        before = _kinds(earlier)[kind] if earlier else {}
        found |= {
            (kind, each): _likely(before[each], before, entries) for each in before if each not in entries and entries
        }
    return found | dict(renamed_ids(catalog))


def _likely(gone: Entry, before: Mapping[str, Entry], entries: Mapping[str, Entry]) -> str:
    """The id that an entry has most likely now: of the same name, else of those that are new the most alike."""
    new = [each for each in entries if each not in before]
    same = [each for each in new if _name(entries[each]) == _name(gone)]
    return nearest(_id(gone), same or new or entries)[0]


def renamed_ids(catalog: Catalog) -> Mapping[IdOfKind, str]:
    """Former ids, each with the one that its entry has now, as `was:` tells."""
    return {
        (kind, former): _id(entry)
        for kind, entries in _kinds(catalog).items()
        for entry in entries.values()
        for former in _former(entry)
    }


def _kinds(catalog: Catalog) -> Mapping[str, Mapping[str, Entry]]:
    return {
        "role": catalog.roles,
        "department": catalog.departments,
        "number": {**catalog.measures, **catalog.indicators},
    }


def _former(entry: Entry) -> tuple[str, ...]:
    former: tuple[str, ...] = getattr(entry, "was", ())
    return former


def _id(entry: Entry) -> str:
    return str(getattr(entry, "id", ""))


def _name(entry: Entry) -> str:
    return str(getattr(entry, "name", ""))
