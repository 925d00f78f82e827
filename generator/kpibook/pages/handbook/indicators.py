"""The KPI dictionary: one table of all indicators, and a page for each."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.model import Department, Indicator, Measure, Role
from kpibook.pages.changelog import happenings
from kpibook.pages.context import NONE, HandbookContext, PageLinks
from kpibook.pages.handbook.distributions import spread_view
from kpibook.pages.handbook.scorecard import ScorecardRow, item_row
from kpibook.pages.lookup import ScorecardUse
from kpibook.pages.paths import INDICATORS, MEASURES, indicator_page
from kpibook.scoring.distributions import CycleDistributions


class DictionaryRow(NamedTuple):
    """An indicator in the dictionary."""

    link: Markup
    definition: str
    perspective: str
    owner: str
    direction: str
    unit: str
    used_by: Markup
    departments: str
    """Those whose roles use it, as the owners are listed."""


class MeasureRow(NamedTuple):
    """A number that somebody supplies."""

    name: Markup | str
    unit: str
    owner: str
    source: str
    frequency: str
    accumulate: str
    used_for: Markup
    note: str


class UseRow(NamedTuple):
    """The roles and departments that are scored alike by an indicator."""

    owner: Markup
    is_extra: bool
    is_reference: bool
    row: ScorecardRow


class Supplier(NamedTuple):
    """A department with the numbers that it supplies."""

    name: str
    anchor: str
    rows: tuple[MeasureRow, ...]


def indicator_pages(book: HandbookContext, past: Sequence[CycleDistributions] = ()) -> Iterator[tuple[str, str]]:
    """The dictionary, each indicator's page with what the `past` cycles brought, and who supplies what."""
    at = book.at(INDICATORS)
    rows = tuple(_dictionary_row(book, indicator, at) for group in book.by_perspective.values() for indicator in group)
    yield book.render("indicators", INDICATORS, source=book.file("indicators/"), rows=rows)
    for indicator in book.catalog.indicators.values():
        yield _indicator(book, indicator, past)
    yield book.render("measures", MEASURES, source=book.file("measures.yml"), suppliers=tuple(_suppliers(book)))


def measure_row(book: HandbookContext, entry: Measure | Indicator, at: PageLinks) -> MeasureRow:
    """A measure, or an indicator that is itself collected."""
    return MeasureRow(
        name=at.supplied(entry) if isinstance(entry, Indicator) else entry.name,
        unit=entry.unit,
        owner=book.department_name(entry.owner),
        source=entry.source,
        frequency=book.word("frequency", entry.frequency),
        accumulate=book.word("accumulate", entry.accumulate),
        used_for=at.listed(map(at.indicator, book.lookup.measure_uses.get(entry.id, ()))),
        note=entry.note,
    )


def _owner(book: HandbookContext, indicator: Indicator) -> str:
    """Who answers for an indicator; without an owner those who supply its numbers."""
    if indicator.owner:
        return book.department_name(indicator.owner)
    owners = dict.fromkeys(measure.owner for measure in book.lookup.measures_of(indicator) if measure.owner)
    return book.say("handbook.comma").join(map(book.department_name, owners)) or NONE


def _dictionary_row(book: HandbookContext, indicator: Indicator, at: PageLinks) -> DictionaryRow:
    uses = book.lookup.uses.get(indicator.id, ())
    departments = dict.fromkeys(_department(use.owner) for use in uses)
    return DictionaryRow(
        link=at.indicator(indicator),
        definition=indicator.definition,
        perspective=book.perspective(indicator),
        owner=_owner(book, indicator),
        direction=book.word("direction", indicator.direction),
        unit=indicator.unit,
        used_by=at.listed(dict.fromkeys(at.owner(use.owner) for use in uses)),
        departments=book.say("handbook.comma").join(map(book.department_name, departments)),
    )


def _department(owner: Role | Department) -> str:
    return owner.department if isinstance(owner, Role) else owner.id


def _indicator(book: HandbookContext, indicator: Indicator, past: Sequence[CycleDistributions]) -> tuple[str, str]:
    path = indicator_page(indicator.id)
    at = book.at(path)
    measures = book.lookup.measures_of(indicator)
    return book.render(
        "indicator",
        path,
        source=book.source(indicator, "indicators/"),
        owner=_owner(book, indicator).replace(NONE, ""),
        indicator=indicator,
        facts=tuple(_facts(book, indicator)),
        in_words=book.in_words(indicator.formula) if indicator.formula else "",
        compares=tuple((book.in_words(each.when), each.says) for each in indicator.compares),
        is_rated=book.lookup.is_rated(indicator),
        measures=tuple(measure_row(book, measure, at) for measure in measures),
        uses=tuple(_uses(book, book.lookup.uses.get(indicator.id, ()), at)),
        past=spread_view(book, indicator, past),
        happenings=happenings(book, indicator, {}),
    )


def _facts(book: HandbookContext, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What is said of an indicator in a word or two."""
    say = book.say
    yield say("handbook.direction_is"), book.word("direction", indicator.direction)
    yield say("handbook.unit"), indicator.unit
    yield say("handbook.perspective_is"), book.perspective(indicator)
    yield say("handbook.owner"), _owner(book, indicator)
    if indicator.source:
        yield say("handbook.data_source"), indicator.source
    yield say("handbook.frequency_is"), book.word("frequency", indicator.frequency)
    if not indicator.formula:
        yield say("handbook.accumulate_is"), book.word("accumulate", indicator.accumulate)


def _uses(book: HandbookContext, uses: Sequence[ScorecardUse], at: PageLinks) -> Iterator[UseRow]:
    """A row for each weight, target and rule, with all who are scored alike."""
    owners: dict[tuple[bool, bool, ScorecardRow], list[Markup]] = {}
    for use in uses:
        alike = (use.is_extra, book.lookup.is_reference(use.owner), item_row(book, use.item, at))
        owners.setdefault(alike, []).append(at.owner(use.owner))
    for (is_extra, is_reference, row), links in owners.items():
        yield UseRow(at.listed(links), is_extra, is_reference, row)


def _suppliers(book: HandbookContext) -> Iterator[Supplier]:
    """The departments that supply numbers, in the order of the organisation."""
    at = book.at(MEASURES)
    for department in (*book.lookup.departments_in_order, *book.lookup.references_in_order):
        if supplied := book.lookup.supplied_by(department.id):
            rows = tuple(measure_row(book, entry, at) for entry in supplied)
            yield Supplier(department.name, f"department-{department.id}", rows)
