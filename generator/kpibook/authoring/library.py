"""The library packed with the program: roles to begin from, with the indicators and numbers that they need."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from kpibook.authoring.skeletons import SCHEMA_OF_INDICATORS, CannotMake, NewEntry, NewFile
from kpibook.base.entry import KEBAB, MAX_ID
from kpibook.base.problems import nearest
from kpibook.base.words import words
from kpibook.model import Catalog, Department, Indicator, Measure, Role
from kpibook.reading.catalog import load_catalog
from kpibook.reading.formatting import rewritten
from kpibook.reading.yamlfile import read_bytes

LIBRARY = Path(__file__).parents[1] / "templates" / "authoring" / "library"
BEGINNING = LIBRARY.with_name("company")
SCHEMA_OF_ROLE = "# yaml-language-server: $schema=../../build/schemas/role.schema.json\n"
SCHEMA_OF_MEASURES = "# yaml-language-server: $schema=../build/schemas/measures.schema.json\n"
SCHEMA_OF_DEPARTMENTS = "# yaml-language-server: $schema=../build/schemas/departments.schema.json\n"

FORMULAS = {"indicator", "measure", "formula", "when", "pool", "points", "count"}
"""The keys whose values name indicators and measures; all others are words or numbers."""
_ID = re.compile(r"\b[a-z][a-z0-9_]*\b")


class Taken(NamedTuple):
    """A role taken over from the library: what to write, and what somebody has to know of it."""

    files: tuple[NewFile, ...]
    reused: tuple[Measure | Indicator, ...]
    """The company's own indicators and measures that are used in place of those of the library."""
    fresh: Mapping[str, str]
    """New ids of what the library calls as the company calls something else."""
    without_owner: tuple[str, ...]
    """The measures that need a department which supplies them."""
    without_department: bool


@lru_cache(2)
def library(language: str) -> Catalog:
    """The library in a language; it is a handbook like any other."""
    catalog, _ = load_catalog(LIBRARY / language)
    return catalog


def found_templates(catalog: Catalog, word: str) -> tuple[Role, ...]:
    """The roles of a library that a word fits: their id, name, department, purpose, or an indicator's name."""
    if word in catalog.roles:
        return (catalog.roles[word],)
    wanted = word.casefold()
    return tuple(role for role in catalog.roles.values() if wanted in " ".join(_words(catalog, role)).casefold())


def needed(catalog: Catalog, role: Role) -> tuple[Measure | Indicator, ...]:
    """The indicators and measures that a role needs, each before what is made from it."""
    return tuple(_closed(catalog, _ids(_raw(role), catalog)))


def numbers_needed(catalog: Catalog, role: Role) -> tuple[Measure | Indicator, ...]:
    """What somebody has to supply for a role: measures, and indicators that are themselves collected."""
    rated = {item.indicator for item in role.items if item.standard and not item.standard.judges_actual()}
    return tuple(
        entry
        for entry in needed(catalog, role)
        if isinstance(entry, Measure) or (not entry.formula and entry.id not in rated)
    )


def template(catalog: Catalog, identifier: str) -> Role:
    """A role of the library.

    Raises:
        CannotMake: there is none.
    """
    if role := catalog.roles.get(identifier):
        return role
    near = nearest(identifier, catalog.roles, 3)
    raise CannotMake("no_template", id=identifier, near=", ".join(near) or "-")


def take_role(handbook: Path, catalog: Catalog, asked: NewEntry, like: str, owner: str = "") -> Taken:
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
    wanted = needed(source, role)
    own = dict(known_here(catalog, wanted))
    missing = [entry for entry in wanted if entry.id not in own]
    fresh = dict(fresh_ids(catalog, source, missing))
    fitting = Fitting(source, catalog, {**{key: entry.id for key, entry in own.items()}, **fresh}, owner)
    text = fitting.role(role, asked)
    files = (NewFile(path, (SCHEMA_OF_ROLE + text).encode()), *_entries(handbook, fitting, missing))
    return Taken(files, tuple(own.values()), fresh, tuple(fitting.open), not fitting.department(role.department, asked))


class Fitting:
    """Makes texts of the library fit a company: its ids, its departments, its superior."""

    def __init__(self, source: Catalog, catalog: Catalog, renamed: Mapping[str, str], owner: str) -> None:
        self._source = source
        self._catalog = catalog
        self._renamed = renamed
        self._owner = owner
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
        data["name"] = asked.name or data["name"]
        data["department"] = self.department(role.department, asked) or None
        data.pop("reports_to", None)
        self._rename(data)
        above = self._same(self._source.roles.get(role.reports_to or ""), self._catalog.roles.values())
        return above.id if above else ""

    def indicators(self, file: str, wanted: Collection[str]) -> str:
        """The wanted entries of a file of indicators."""

        def fit(data: Any) -> None:
            for entry in data.values():
                entry["unit"] = unit_here(entry["unit"], self._catalog)
                if "owner" in entry:
                    known = self._owner_of(entry["owner"])
                    entry.pop("owner") if not known else entry.update(owner=known)
            self._rename(data)

        return rewritten(_of_file(file, wanted), fit)

    def measures(self, file: str, wanted: Collection[str]) -> str:
        """The wanted measures, each with an owner or with an open place for one."""

        def fit(data: Any) -> None:
            for key, entry in data.items():
                entry["unit"] = unit_here(entry["unit"], self._catalog)
                entry["owner"] = self._owner_of(entry["owner"]) or None
                if entry["owner"] is None:
                    self.open.append(self._renamed.get(key, key))
            self._rename(data)

        # Nothing between the commas is what check asks for, at its place; the writer knows nothing only as a word.
        return rewritten(_of_file(file, wanted), fit).replace("owner: null", "owner: ")

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
        for holder, key, value in _formulas(data):
            holder[key] = _ID.sub(lambda found: self._renamed.get(found[0], found[0]), value)
        for holder in _cases(data):
            for key in [key for key in holder if self._renamed.get(key, key) != key]:
                holder[self._renamed[key]] = holder.pop(key)


def fits_beginning(language: str, chosen: Sequence[str]) -> None:
    """Whether a new company can begin with these roles of the library.

    Raises:
        CannotMake: there is no such template, or the beginning has a role of that id already.
    """
    beginning, _ = load_catalog(BEGINNING / language / "handbook")
    for identifier in chosen:
        template(library(language), identifier)
        if identifier in beginning.roles:
            raise CannotMake("in_beginning", id=identifier)


def lacking_departments(catalog: Catalog, like: Sequence[str]) -> tuple[Department, ...]:
    """The departments of the library that hold templates or supply their numbers, and that a company has not."""
    source = library(catalog.company.language)
    wanted: dict[str, None] = {}
    for identifier in like:
        role = template(source, identifier)
        numbers = (entry.owner or "" for entry in needed(source, role) if isinstance(entry, Measure))
        wanted.update(dict.fromkeys((role.department, *numbers)))
    names = {each.name for each in catalog.departments.values()}
    found = (source.departments[key] for key in wanted if key in source.departments)
    return tuple(each for each in found if each.id not in catalog.departments and each.name not in names)


def add_departments(handbook: Path, catalog: Catalog, departments: Sequence[Department]) -> NewFile:
    """The departments at the end of departments.yml, below the company's first."""
    top = next(iter(catalog.departments), "")
    lines = []
    for each in departments:
        parent = f"  parent: {top}\n" if top else ""
        lines.append(f"- id: {each.id}\n  name: {each.name}\n{parent}  purpose: {each.purpose}\n")
    path = handbook / "departments.yml"
    head = "" if path.exists() else SCHEMA_OF_DEPARTMENTS
    return NewFile(path, (head + "".join(lines)).encode(), is_added=path.exists())


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


def unit_here(unit: str, catalog: Catalog) -> str:
    """A unit of the library as the company writes it: money in its own currency."""
    company = catalog.company
    money = words(company.language)("library.money")
    own = money if company.currency == "CNY" else company.currency
    return "/".join(own if part == money else part for part in unit.split("/"))


def known_here(catalog: Catalog, wanted: Sequence[Measure | Indicator]) -> Iterator[tuple[str, Measure | Indicator]]:
    """By id of the library: what the company has in its place, under that id or under that name."""
    for entry in wanted:
        kind: Mapping[str, Measure | Indicator] = catalog.measures if isinstance(entry, Measure) else catalog.indicators
        unit = unit_here(entry.unit, catalog)
        by_id = kind.get(entry.id)
        alike = (each for each in kind.values() if (each.name, each.unit) == (entry.name, unit))
        if found := by_id if by_id and by_id.unit == unit else next(alike, None):
            yield entry.id, found


def fresh_ids(catalog: Catalog, source: Catalog, missing: Sequence[Measure | Indicator]) -> Iterator[tuple[str, str]]:
    """New ids for what the library calls as the company calls something else."""
    for entry in missing:
        if catalog.named(entry.id):
            names = (f"{entry.id}_{number}" for number in count(2))
            yield entry.id, next(name for name in names if not catalog.named(name) and not source.named(name))


def _closed(catalog: Catalog, ids: Collection[str]) -> Iterator[Measure | Indicator]:
    """What these ids name, with everything that they are made from, which comes first."""
    done: set[str] = set()

    def walk(identifier: str) -> Iterator[Measure | Indicator]:
        entry = catalog.named(identifier)
        if entry is None or identifier in done:
            return
        done.add(identifier)
        if isinstance(entry, Indicator):
            below = [name.id for name in entry.formula.names] if entry.formula else []
            below += [name.id for each in entry.compares for name in each.when.names]
            for name in below:
                yield from walk(name)
        yield entry

    for identifier in ids:
        yield from walk(identifier)


def _ids(data: Any, catalog: Catalog) -> tuple[str, ...]:
    """The indicators and measures that a role's text names."""
    texts = [value for _, _, value in _formulas(data)]
    keys = [key for holder in _cases(data) for key in holder]
    found = (name for text in (*texts, *keys) for name in _ID.findall(text))
    return tuple(dict.fromkeys(name for name in found if catalog.named(name)))


def _formulas(data: Any) -> Iterator[tuple[Any, str, str]]:
    """Each value that names indicators or measures: what holds it, its key, and its text."""
    if isinstance(data, list):
        for part in data:
            yield from _formulas(part)
    if not isinstance(data, dict):
        return
    for key, value in list(data.items()):
        if key in FORMULAS and isinstance(value, str):
            yield data, key, value
        else:
            yield from _formulas(value)


def _cases(data: Any) -> Iterator[Any]:
    """The numbers of worked examples by their ids."""
    parts = data if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else ()
    if isinstance(data, dict) and isinstance(data.get("values"), dict):
        yield data["values"]
    for part in parts:
        yield from _cases(part)


def _raw(role: Role) -> Any:
    return read_bytes(text_of(role).encode(), role.id)[0]


def text_of(role: Role) -> str:
    """The text of a role's file in the library."""
    return _read(role.place_of().file)


def _of_file(file: str, wanted: Collection[str]) -> str:
    """The wanted entries of a file, each with all its lines: to read hundreds and keep five took most of the time."""
    entries = re.split(r"(?m)^(?=[a-z])", _read(file))
    return "".join(entry for entry in entries if entry.partition(":")[0] in wanted)


def _read(file: str) -> str:
    return (LIBRARY.joinpath(*Path(file).parts)).read_text(encoding="utf-8")


def _words(catalog: Catalog, role: Role) -> Iterator[str]:
    department = catalog.departments.get(role.department)
    yield from (role.id, role.name, department.name if department else "", role.purpose)
    yield from (catalog.indicators[item.indicator].name for item in role.items if item.indicator in catalog.indicators)
