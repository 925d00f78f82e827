"""The library packed with the program: roles to begin from, with the indicators and numbers that they need."""

from collections.abc import Collection, Container, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from kpibook.authoring.library_texts import LIBRARY, drop_cases, ids_in, parsed_role
from kpibook.authoring.skeletons import CannotMake, NewFile
from kpibook.base.problems import nearest
from kpibook.model import Catalog, Department, Indicator, Measure, Role
from kpibook.reading.catalog import load_catalog

BEGINNING = LIBRARY.with_name("company")
SCHEMA_OF_DEPARTMENTS = "# yaml-language-server: $schema=../build/schemas/departments.schema.json\n"


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


def needed_entries(
    catalog: Catalog, role: Role, known: Container[str] = (), redefined: Container[str] = ()
) -> tuple[Measure | Indicator, ...]:
    """The indicators and measures that a role needs, each before what is made from it.

    Of what is `known` elsewhere nothing is needed that it is made from, and of what is `redefined` no worked example.
    """
    data = parsed_role(role)
    drop_cases(data, redefined)
    return tuple(_with_parts(catalog, ids_in(data, catalog), known))


def numbers_needed(catalog: Catalog, role: Role) -> tuple[Measure | Indicator, ...]:
    """What somebody has to supply for a role: measures, and indicators that are themselves collected."""
    rated = {item.indicator for item in role.items if item.standard and not item.standard.judges_actual()}
    return tuple(
        entry
        for entry in needed_entries(catalog, role)
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


def check_beginning(language: str, chosen: Sequence[str]) -> None:
    """Check that a new company can begin with these roles of the library.

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
        numbers = (entry.owner or "" for entry in needed_entries(source, role) if isinstance(entry, Measure))
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


def _with_parts(catalog: Catalog, ids: Collection[str], known: Container[str]) -> Iterator[Measure | Indicator]:
    """What these ids name, with everything that they are made from, which comes first."""
    done: set[str] = set()

    def walk(identifier: str) -> Iterator[Measure | Indicator]:
        entry = catalog.named(identifier)
        if entry is None or identifier in done:
            return
        done.add(identifier)
        if isinstance(entry, Indicator) and identifier not in known:
            below = [name.id for name in entry.formula.names] if entry.formula else []
            below += [name.id for each in entry.compares for name in each.when.names]
            for name in below:
                yield from walk(name)
        yield entry

    for identifier in ids:
        yield from walk(identifier)


def _words(catalog: Catalog, role: Role) -> Iterator[str]:
    department = catalog.departments.get(role.department)
    yield from (role.id, role.name, department.name if department else "", role.purpose)
    yield from (catalog.indicators[item.indicator].name for item in role.items if item.indicator in catalog.indicators)
