"""What a company has already in place of the library's, and where it means something else by it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kpibook.authoring.library import needed_entries
from kpibook.base.words import Words, words
from kpibook.model import Catalog, Indicator, Lifecycle, Measure, Role
from kpibook.rules.formulas import Formula
from kpibook.rules.standards import in_formula


class ReusedEntry(NamedTuple):
    """An indicator or a measure of the company, used in place of one of the library."""

    entry: Measure | Indicator
    differences: tuple["Difference", ...] = ()
    """Where it means something else; unit and either id or name are the same."""


class Difference(NamedTuple):
    """What a key says here and in the library, in words."""

    key: str
    here: str
    there: str


class WantedEntries(NamedTuple):
    """What a role of the library needs in a company."""

    entries: tuple[Measure | Indicator, ...]
    """Of the library, each before what is made from it."""
    own: Mapping[str, ReusedEntry]
    """By id of the library: what the company has in its place."""

    @property
    def missing(self) -> list[Measure | Indicator]:
        """What the company lacks."""
        return [entry for entry in self.entries if entry.id not in self.own]


def wanted_entries(catalog: Catalog, source: Catalog, role: Role) -> WantedEntries:
    """What a company needs for a role of the library.

    Of an entry that the company computes in another way, the parts of the library's formula are not needed.
    """
    everything = {entry.id: entry for entry in needed_entries(source, role)}
    known = dict(company_entries(catalog, tuple(everything.values())))
    renamed = {key: entry.id for key, entry in known.items()}
    own = {
        key: ReusedEntry(entry, tuple(_differences((catalog, entry), (source, everything[key]), renamed)))
        for key, entry in known.items()
    }
    entries = needed_entries(source, role, known, redefined_ids(own))
    return WantedEntries(entries, {entry.id: own[entry.id] for entry in entries if entry.id in own})


def redefined_ids(own: Mapping[str, ReusedEntry]) -> frozenset[str]:
    """The ids of the library whose formula is another one in the company: its worked examples do not hold here."""
    return frozenset(key for key, each in own.items() if any(told.key == "formula" for told in each.differences))


def company_unit(unit: str, catalog: Catalog, language: str = "") -> str:
    """A unit of the library as the company writes it: money in its currency.

    `language` is that of the library, by default the company's own.
    """
    company = catalog.company
    money = words(language or company.language)("library.money")
    own = money if company.currency == "CNY" else company.currency
    return "/".join(own if part == money else part for part in unit.split("/"))


def company_entries(
    catalog: Catalog, wanted: Sequence[Measure | Indicator]
) -> Iterator[tuple[str, Measure | Indicator]]:
    """The entries that a company has in place of the library's: pairs of the library's id and the entry.

    They have the same unit, and the same id or name; a retired entry counts as none.
    """
    for entry in wanted:
        kind: Mapping[str, Measure | Indicator] = catalog.measures if isinstance(entry, Measure) else catalog.indicators
        unit = company_unit(entry.unit, catalog)
        usable = [each for each in kind.values() if each.unit == unit and each.status is not Lifecycle.RETIRED]
        by_id = (each for each in usable if each.id == entry.id)
        by_name = (each for each in usable if each.name == entry.name)
        if found := next(by_id, None) or next(by_name, None):
            yield entry.id, found


def reused_lines(own: Iterable[ReusedEntry], say: Words) -> Iterator[str]:
    """What of the company is used in place of the library's, and where it means something else."""
    everything = tuple(own)
    if everything:
        names = say("skeletons.comma").join(f"{each.entry.name} {each.entry.id}" for each in everything)
        yield say("library.reused", names=names)
    for each in everything:
        for key, here, there in each.differences:
            what = say(f"schemas.{key}")
            yield say("library.differs", name=f"{each.entry.name} {each.entry.id}", what=what, here=here, there=there)


Side = tuple[Catalog, Measure | Indicator]
"""An entry, and the catalog whose words it is told in."""


def _differences(here: Side, there: Side, renamed: Mapping[str, str]) -> Iterator[Difference]:
    """Where an own entry means something else than that of the library; silence about a text is no difference."""
    (catalog, own), (source, other) = here, there
    say = words(catalog.company.language)
    if own.name != other.name:
        yield Difference("name", own.name, other.name)
    if isinstance(own, Indicator) and isinstance(other, Indicator):
        if not _is_same_formula(own.formula, other.formula, renamed):
            yield Difference("formula", _formula_text(own.formula, catalog), _formula_text(other.formula, source))
        if own.definition and other.definition and own.definition != other.definition:
            yield Difference("definition", own.definition, other.definition)
        if own.direction is not other.direction:
            yield Difference("direction", *(say(f"schemas.meant.direction.{each.direction}") for each in (own, other)))
    is_made = isinstance(own, Indicator) and own.formula is not None
    for key in () if is_made else ("accumulate", "kind"):
        if getattr(own, key) is not getattr(other, key):
            yield Difference(key, *(say(f"schemas.meant.{key}.{getattr(each, key)}") for each in (own, other)))


def _is_same_formula(own: Formula | None, other: Formula | None, renamed: Mapping[str, str]) -> bool:
    if own is None or other is None:
        return own is other
    names = [(name.scope, renamed.get(name.id)) for name in other.names]
    return own.template == other.template and names == [(name.scope, name.id) for name in own.names]


def _formula_text(formula: Formula | None, catalog: Catalog) -> str:
    say = words(catalog.company.language)
    if formula is None:
        return say("library.supplied")
    return formula.in_words(lambda name: in_formula(name, catalog.named, say))
