"""The library as the form offers it: each role as values, with the entries that may have to come with it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kpibook.authoring.adopting_roles import Fitting, fitted_files, fresh_ids
from kpibook.authoring.library import library
from kpibook.authoring.library_texts import text_of
from kpibook.authoring.reused_entries import ReusedEntry, wanted_entries
from kpibook.authoring.skeletons import NewEntry
from kpibook.base.entry import Located
from kpibook.model import Catalog, Indicator, Measure, Role
from kpibook.reading.yamlfile import read_bytes

OPEN_OWNER = "owner-to-be-chosen"
"""Stands in an entry for the department that supplies it, where the company has none of the library's."""


class OfferedEntry(NamedTuple):
    """An indicator or a measure of the library, fitted for a company that lacks it."""

    id: str
    name: str
    file: str
    """Below the handbook."""
    head: str
    """What its file begins with, where there is no such file yet."""
    text: str
    """Its lines."""


class OfferedRole(NamedTuple):
    """A role of the library, fitted for a company."""

    role: Role
    department: str
    """What the library calls its department."""
    values: Mapping[str, Any]
    """What its file would say: mappings, lists, texts, and None for nothing."""
    entries: tuple[OfferedEntry, ...]
    """What it needs and the company lacks, each before what is made from it."""
    reused: tuple[ReusedEntry, ...]
    fresh: Mapping[str, str]

    @property
    def asks_owner(self) -> bool:
        """Whether somebody has to say who supplies some of the entries."""
        return any(f"owner: {OPEN_OWNER}" in entry.text for entry in self.entries)


def offered_roles(catalog: Catalog) -> Iterator[OfferedRole]:
    """Every role of the library in the company's language; each as `take_role` would take it over."""
    source = library(catalog.company.language)
    wanted = {role.id: wanted_entries(catalog, source, role) for role in source.roles.values()}
    own = {key: each for entries in wanted.values() for key, each in entries.own.items()}
    missing = [*{entry.id: entry for entries in wanted.values() for entry in entries.missing}.values()]
    fresh = dict(fresh_ids(catalog, source, missing))
    renamed = {**{key: each.entry.id for key, each in own.items()}, **fresh}
    # Fitted once for all roles: laying a file out anew takes most of the time.
    fitting = Fitting(source, catalog, own, fresh, OPEN_OWNER)
    texts = {entry.id: entry for entry in _entries(source, fitting, missing, renamed)}
    for role in source.roles.values():
        keys = [entry.id for entry in wanted[role.id].entries]
        here = [renamed.get(key, key) for key in keys]
        yield OfferedRole(
            role=role,
            department=source.departments[role.department].name,
            values=_values(fitting, role),
            entries=tuple(texts[key] for key in here if key in texts),
            reused=tuple(wanted[role.id].own.values()),
            fresh={key: fresh[key] for key in keys if key in fresh},
        )


def _entries(
    source: Catalog, fitting: Fitting, missing: list[Measure | Indicator], renamed: Mapping[str, str]
) -> Iterator[OfferedEntry]:
    """Each entry that the company lacks, with the lines of its own."""
    names = {renamed.get(entry.id, entry.id): entry.name for entry in missing}
    for file, head, text in fitted_files(fitting, missing):
        for lines in re.split(r"(?m)^(?=[a-z])", text):
            key = lines.partition(":")[0]
            if key in names:
                yield OfferedEntry(key, names[key], file, head, lines)


def _values(fitting: Fitting, role: Role) -> Mapping[str, Any]:
    data = _without_places(read_bytes(text_of(role).encode(), role.id)[0])
    above = fitting.fit(data, role, NewEntry(role.id))
    return {**data, **({"reports_to": above} if above else {})}


def _without_places(value: Any) -> Any:
    """What a file says, without its places, to be changed."""
    if isinstance(value, Located):
        return {key: _without_places(part) for key, part in value.items()}
    return [_without_places(part) for part in value] if isinstance(value, list) else value
