"""A role of the library taken over by a company, with the indicators and numbers that it lacks."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from kpibook.authoring.both_languages import tell_in_both
from kpibook.authoring.library import library, template
from kpibook.authoring.library_texts import ID_WORD, cases_in, drop_cases, entries_of, formulas_in, text_of
from kpibook.authoring.reused_entries import ReusedEntry, company_unit, redefined_ids, wanted_entries
from kpibook.authoring.skeletons import SCHEMA_OF_INDICATORS, CannotMake, NewEntry, NewFile
from kpibook.base.entry import KEBAB, MAX_ID
from kpibook.model import Catalog, Indicator, Measure, Role
from kpibook.reading.formatting import rewritten

SCHEMA_OF_ROLE = "# yaml-language-server: $schema=../../build/schemas/role.schema.json\n"
SCHEMA_OF_MEASURES = "# yaml-language-server: $schema=../build/schemas/measures.schema.json\n"


class AdoptedRole(NamedTuple):
    """A role taken over from the library: what to write, and what somebody has to know of it."""

    files: tuple[NewFile, ...]
    reused: tuple[ReusedEntry, ...]
    """The company's own indicators and measures that are used in place of those of the library."""
    fresh: Mapping[str, str]
    """New ids of what the library calls as the company calls something else."""
    without_owner: tuple[str, ...]
    """The measures that need a department which supplies them."""
    without_department: bool


def adopt_role(handbook: Path, catalog: Catalog, asked: NewEntry, like: str, owner: str = "") -> AdoptedRole:
    """The files of a new role made from one of the library, with the indicators and measures that it lacks.

    Those that the company has already, by id or by name, are used in place of the library's.

    Raises:
        CannotMake: the id is none or used, or there is no such template.
    """
    if not re.fullmatch(KEBAB, asked.id, re.ASCII) or len(asked.id) > MAX_ID:
        raise CannotMake("bad_kebab", id=asked.id)
    path = handbook / "roles" / f"{asked.id}.yml"
    if path.exists():
        raise CannotMake("exists", file=path.as_posix())
    source = library(catalog.company.language)
    role = template(source, like)
    wanted = wanted_entries(catalog, source, role)
    fresh = dict(fresh_ids(catalog, source, wanted.missing))
    fitting = Fitting(source, catalog, wanted.own, fresh, owner)
    text = fitting.role(role, asked)
    files = (NewFile(path, (SCHEMA_OF_ROLE + text).encode()), *_entries(handbook, fitting, wanted.missing))
    return AdoptedRole(
        files=files,
        reused=tuple(wanted.own.values()),
        fresh=fresh,
        without_owner=tuple(fitting.open),
        without_department=not fitting.department(role.department, asked),
    )


class Fitting:
    """Makes texts of the library fit a company: its ids, its departments, its superior."""

    def __init__(
        self, source: Catalog, catalog: Catalog, own: Mapping[str, ReusedEntry], fresh: Mapping[str, str], owner: str
    ) -> None:
        self._source = source
        self._catalog = catalog
        self._renamed = {**{key: each.entry.id for key, each in own.items()}, **fresh}
        self._redefined = redefined_ids(own)
        self._owner = owner
        self._other = next(iter(catalog.company.other_languages), "")
        """The other language of a handbook in two: what is taken over is told in both."""
        self.open: list[str] = []
        """The measures whose owner is not known."""

    def role(self, role: Role, asked: NewEntry) -> str:
        """A role's file."""

        def fit(data: Any) -> None:
            if above := self.fit(data, role, asked):
                data.insert(2, "reports_to", above)

        return rewritten(text_of(role), fit)

    def fit(self, data: Any, role: Role, asked: NewEntry) -> str:
        """Put name, department and ids of the company into what a role says; returns who is above it here, if any."""
        if self._other:
            tell_in_both(data, role.place_of().file, self._other)
        data["name"] = asked.name or data["name"]
        data["department"] = self.department(role.department, asked) or None
        data.pop("reports_to", None)
        drop_cases(data, self._redefined)
        self._rename(data)
        above = self._same(self._source.roles.get(role.reports_to or ""), self._catalog.roles.values())
        return above.id if above else ""

    def indicators(self, file: str, wanted: Collection[str]) -> str:
        """The wanted entries of a file of indicators."""

        def fit(data: Any) -> None:
            self._translate(data, file)
            for entry in data.values():
                if "owner" in entry:
                    known = self._owner_of(entry["owner"])
                    entry.pop("owner") if not known else entry.update(owner=known)
            self._rename(data)

        return rewritten(entries_of(file, wanted), fit)

    def measures(self, file: str, wanted: Collection[str]) -> str:
        """The wanted measures, each with an owner or with an open place for one."""

        def fit(data: Any) -> None:
            self._translate(data, file)
            for key, entry in data.items():
                entry["owner"] = self._owner_of(entry["owner"]) or None
                if entry["owner"] is None:
                    self.open.append(self._renamed.get(key, key))
            self._rename(data)

        # Nothing between the commas is what check asks for, at its place; the writer knows nothing only as a word.
        return rewritten(entries_of(file, wanted), fit).replace("owner: null", "owner: ")

    def _translate(self, data: Any, file: str) -> None:
        """Put both languages of a handbook in two, and the company's own units, into entries of the library."""
        if self._other:
            tell_in_both(data, file, self._other)
        for entry in data.values():
            entry["unit"] = self._unit(entry["unit"])

    def _unit(self, unit: Any) -> Any:
        if isinstance(unit, str):
            return company_unit(unit, self._catalog)
        for language, text in unit.items():
            unit[language] = company_unit(text, self._catalog, language)
        # Money in a currency of its own reads the same in both.
        return unit if len(set(unit.values())) > 1 else next(iter(unit.values()))

    def department(self, identifier: str, asked: NewEntry) -> str:
        """The company's department for a role: the one asked for, or the one of the same id or name; else empty."""
        known = self._same(self._source.departments.get(identifier), self._catalog.departments.values())
        return asked.department or (known.id if known else "")

    def _owner_of(self, identifier: str) -> str:
        known = self._same(self._source.departments.get(identifier), self._catalog.departments.values())
        return known.id if known else self._owner

    @staticmethod
    def _same(wanted: Any, known: Collection[Any]) -> Any:
        """What the company has under the same id, else under the same name."""
        if wanted is None:
            return None
        by_id = (entry for entry in known if entry.id == wanted.id)
        by_name = (entry for entry in known if entry.name == wanted.name)
        return next(by_id, None) or next(by_name, None)

    def _rename(self, data: Any) -> None:
        """Put the company's ids in place of the library's, in keys, formulas and references alone."""
        for place, key in enumerate([*data]):
            if self._renamed.get(key, key) != key:
                data.insert(place, self._renamed[key], data.pop(key))
        for holder, key, value in formulas_in(data):
            holder[key] = ID_WORD.sub(lambda found: self._renamed.get(found[0], found[0]), value)
        for holder in cases_in(data):
            for key in [key for key in holder if self._renamed.get(key, key) != key]:
                holder[self._renamed[key]] = holder.pop(key)


def _entries(handbook: Path, fitting: Fitting, missing: Sequence[Measure | Indicator]) -> Iterator[NewFile]:
    for file, head, text in fitted_files(fitting, missing):
        path = handbook / file
        yield NewFile(path, (text if path.exists() else head + text).encode(), is_added=path.exists())


def fitted_files(fitting: Fitting, missing: Sequence[Measure | Indicator]) -> Iterator[tuple[str, str, str]]:
    """What a company lacks, by the library's files of indicators and the one of measures.

    Each with its path below the handbook, what such a file begins with where it is new, and the entries.
    """
    groups: dict[str, list[str]] = {}
    for entry in missing:
        groups.setdefault(entry.place_of().file, []).append(entry.id)
    for file, ids in groups.items():
        name = Path(file).name
        if name == "measures.yml":
            yield name, SCHEMA_OF_MEASURES, fitting.measures(file, ids)
        else:
            yield f"indicators/{name}", SCHEMA_OF_INDICATORS, fitting.indicators(file, ids)


def fresh_ids(catalog: Catalog, source: Catalog, missing: Sequence[Measure | Indicator]) -> Iterator[tuple[str, str]]:
    """New ids for what the library calls as the company calls something else."""
    for entry in missing:
        if catalog.named(entry.id):
            names = (f"{entry.id}_{number}" for number in count(2))
            yield entry.id, next(name for name in names if not catalog.named(name) and not source.named(name))
