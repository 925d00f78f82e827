"""Read a handbook folder: the catalog as far as it can be read, and everything that is wrong with its files."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from kpibook.base.entry import SPOKEN, Entry, Located, LocatedList
from kpibook.base.problems import Place, Problem
from kpibook.model import COMPANY, Catalog, Company, Department, Grade, Indicator, Measure, Role, Term, Waiver
from kpibook.model.series import NO_SERIES, SeriesKey, TargetSeries, with_shared
from kpibook.reading.catalog.entries import KeptFiles, is_readable, mapping, of_many, of_one
from kpibook.reading.catalog.faults import short
from kpibook.reading.catalog.files import RESERVED, CatalogFile, entry_files, top_files
from kpibook.reading.catalog.series import KnownNames, read_series
from kpibook.reading.catalog.validation import read_entry
from kpibook.reading.catalog.word_units import use_word_units
from kpibook.reading.yamlfile import read_yaml

__all__ = ["KeptFiles", "load_catalog"]


E = TypeVar("E", bound=Entry)

KINDS: dict[type[Entry], str] = {
    Department: "department",
    Grade: "grade",
    Measure: "measure",
    Indicator: "indicator",
    Role: "role",
}
"""The words for the kinds of entries in `Catalog.faulty`."""


def load_catalog(
    folder: Path, language: str = "", kept: KeptFiles | None = None
) -> tuple[Catalog, tuple[Problem, ...]]:
    """Everything that a handbook folder holds; what cannot be read is left out and told as a problem.

    Texts that stand there in two languages are taken in `language`, by default that of the company.
    Catalogs that are read with the same `kept` share the entries of files that are alike.
    """
    reader = _Reader(folder, language, kept or KeptFiles())
    if not folder.is_dir():
        reader.problems.append(Problem("no-handbook", Place(folder.name), {"folder": folder.name}))
        return reader.catalog(), tuple(reader.problems)
    reader.read_top()
    reader.read_indicators()
    reader.read_roles()
    reader.share_scorecards()
    use_word_units(reader.measures, reader.indicators, language or reader.company.language)
    reader.read_series()
    return reader.catalog(), tuple(reader.problems)


class _Reader:
    """Collects the entries of a handbook, file after file, and the problems met on the way."""

    def __init__(self, folder: Path, language: str, kept: KeptFiles) -> None:
        self.folder = folder
        self.language = language
        self.kept = kept
        self.company = Company.build(name=folder.name, language="zh")
        self.problems: list[Problem] = []
        self.faulty: set[tuple[str, str]] = set()
        self.first: dict[tuple[str, str], tuple[str, Place]] = {}
        """By kind and folded id: the id as it is written and where."""
        self.departments: dict[str, Department] = {}
        self.grades: dict[str, Grade] = {}
        self.measures: dict[str, Measure] = {}
        self.indicators: dict[str, Indicator] = {}
        self.roles: dict[str, Role] = {}
        self.waivers: list[Waiver] = []
        self.terms: list[Term] = []
        self.sharing: dict[str, str] = {}
        """The roles that have the scorecard of another, and whose."""
        self.series: Mapping[SeriesKey, TargetSeries] = NO_SERIES

    def catalog(self) -> Catalog:
        """The catalog of all files that were read."""
        return Catalog(
            company=self.company,
            departments=self.departments,
            grades=tuple(self.grades.values()),
            measures=self.measures,
            indicators=self.indicators,
            roles=self.roles,
            waivers=tuple(self.waivers),
            terms=tuple(self.terms),
            series=self.series,
            folder=self.folder.name,
            faulty=frozenset(self.faulty),
        )

    def read_top(self) -> None:
        """company.yml, departments.yml, grades.yml, measures.yml, waivers.yml and terms.yml."""
        files, problems = top_files(self.folder)
        self.problems += problems
        if "company.yml" in files:
            self._read_company(files["company.yml"])
        else:
            name = f"{self.folder.name}/company.yml"
            self.problems.append(Problem("missing-file", Place(name), {"name": "company.yml"}))
        if "departments.yml" in files:
            self._read_list(files["departments.yml"], Department, self.departments)
        if "grades.yml" in files:
            self._read_list(files["grades.yml"], Grade, self.grades)
        if "measures.yml" in files:
            self._read_mapping(files["measures.yml"], Measure, self.measures)
        if "waivers.yml" in files:
            self._read_nameless(files["waivers.yml"], Waiver, self.waivers)
        if "terms.yml" in files:
            self._read_nameless(files["terms.yml"], Term, self.terms)

    def read_indicators(self) -> None:
        """indicators/*.yml: all files together are one dictionary."""
        files, problems = entry_files(self.folder, "indicators")
        self.problems += problems
        for file in files:
            self._read_mapping(file, Indicator, self.indicators)

    def read_roles(self) -> None:
        """roles/<id>.yml."""
        files, problems = entry_files(self.folder, "roles")
        self.problems += problems
        for file in files:
            self._read_role(file)

    def share_scorecards(self) -> None:
        """Give the scorecard of another role to those that share it; what cannot be shared is told by checks."""
        for identifier, role in self.roles.items():
            owner = self.roles.get(role.scorecard_of or "")
            if owner and owner.scorecard_of is None and not role.has_own_scorecard:
                shared = {"scorecard": owner.scorecard, "extras": owner.extras, "gates": owner.gates}
                total = {"total": owner.total} if role.total is None else {}
                self.roles[identifier] = role.model_copy(update={**shared, **total})
                self.sharing[identifier] = owner.id

    def read_series(self) -> None:
        """targets/<year>.csv; a role that shares a scorecard has its targets, too, where it has no row of its own."""
        known = KnownNames(self.indicators, self.roles, self.departments, self.faulty)
        found = read_series(self.folder, known)
        self.series = with_shared(found.series, self.sharing)
        self.problems += found.problems

    def _read_role(self, file: CatalogFile) -> None:
        found = self.kept.read(file, Role, self.language, of_one)
        self.problems += found.problems
        if not found.is_there or not file.is_well_named:
            self.faulty.add((KINDS[Role], file.path.stem))
        for each in found.entries:
            self.problems += each.problems
            if not each.is_whole:
                self.faulty.add((KINDS[Role], each.id))
            if file.is_well_named:
                self._check_unique(Role, each.id, each.at)
                if each.entry:
                    self.roles[each.id] = each.entry

    def _read_company(self, file: CatalogFile) -> None:
        value, is_read = self._read(file)
        data = self._mapping(value, Place(file.name)) if is_read else None
        if data is not None:
            asked, own = self.language, data.get("language")
            self.language = asked or (own if own in SPOKEN else "")
            mended = read_entry(data, Company, self.language)
            self.problems += mended.problems
            self.company = mended.entry or self.company
            if asked:
                self.company = self.company.model_copy(update={"language": asked})
            if not mended.is_whole:
                self.faulty.add((COMPANY, COMPANY))

    def _read_list(self, file: CatalogFile, kind: type[E], into: dict[str, E]) -> None:
        value, is_read = self._read(file)
        if not is_read or (value and value.is_cut):
            self.faulty.add((KINDS[kind], ""))
        if isinstance(value, Located):
            self.faulty.add((KINDS[kind], ""))
            self.problems.append(Problem("not-a-list", value.place, {"text": short(value)}))
        elif value is not None:
            for part, place in zip(value, value.values_at, strict=True):
                self._add_listed(part, place, kind, into)

    def _read_nameless(self, file: CatalogFile, kind: type[E], into: list[E]) -> None:
        """Entries without an id: two of them may speak of the same."""
        value, _ = self._read(file)
        if isinstance(value, Located):
            self.problems.append(Problem("not-a-list", value.place, {"text": short(value)}))
            return
        for part, place in zip(value or (), value.values_at if value else (), strict=True):
            data = self._mapping(part, place)
            if data is not None:
                mended = read_entry(data, kind, self.language)
                self.problems += mended.problems
                into += [mended.entry] if mended.entry else []

    def _add_listed(self, part: object, place: Place, kind: type[E], into: dict[str, E]) -> None:
        data = self._mapping(part, place)
        identifier = data.get("id") if data is not None else None
        if not isinstance(identifier, str):
            self.faulty.add((KINDS[kind], ""))
        if data is None:
            return
        entry = self._entry(data, kind, str(identifier))
        if isinstance(identifier, str):
            self._check_unique(kind, identifier, data.values_at["id"])
            if entry:
                into.setdefault(identifier, entry)

    def _read_mapping(self, file: CatalogFile, kind: type[E], into: dict[str, E]) -> None:
        found = self.kept.read(file, kind, self.language, of_many)
        self.problems += found.problems
        if not found.is_whole:
            self.faulty.add((KINDS[kind], ""))
        for each in found.entries:
            self._check_unique(kind, each.id, each.at)
            self.problems += each.problems
            if not each.is_whole:
                self.faulty.add((KINDS[kind], each.id))
            if each.entry:
                into.setdefault(each.id, each.entry)

    def _entry(self, data: Located, kind: type[E], identifier: str) -> E | None:
        """Validate an entry; one that is not whole is noted as faulty."""
        mended = read_entry(data, kind, self.language)
        self.problems += mended.problems
        if not mended.is_whole:
            self.faulty.add((KINDS[kind], identifier))
        return mended.entry

    def _check_unique(self, kind: type[Entry], identifier: str, place: Place) -> None:
        """An id is used once, and no two ids differ only in case or width of their letters."""
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", identifier).casefold())
        other, first = self.first.setdefault((KINDS[kind], folded), (identifier, place))
        if first is not place:
            self.faulty.add((KINDS[kind], identifier))
            code = "duplicate-id" if other == identifier else "similar-id"
            self.problems.append(Problem(code, place, {"id": identifier, "other": other, "first": str(first)}))
        elif folded in RESERVED or (kind is Department and folded == COMPANY):
            self.problems.append(Problem("reserved-id", place, {"id": identifier}))

    def _read(self, file: CatalogFile) -> tuple[Located | LocatedList | None, bool]:
        value, problems = read_yaml(file.path, file.name)
        self.problems += problems
        return value, is_readable(value, problems)

    def _mapping(self, value: object, place: Place) -> Located | None:
        """The value as a mapping; nothing at all is an empty one."""
        data, problems = mapping(value, place)
        self.problems += problems
        return data
