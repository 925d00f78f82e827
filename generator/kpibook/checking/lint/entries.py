"""Entries that are valid and still leave a question open: what is it, whose is it, from where, to whom."""

from collections.abc import Iterator

from kpibook.base.problems import Level, Problem
from kpibook.checking.lint.base import Review, collected_indicators, is_sketch
from kpibook.model import Catalog, Indicator, Measure, Role


def lint_definitions(review: Review) -> Iterator[Problem]:
    """Each indicator says what it is."""
    for indicator in review.catalog.indicators.values():
        if not indicator.definition.strip():
            place = indicator.place_of("id")
            yield Problem("lint-no-definition", place, {"indicator": indicator.name}, Level.WARNING)


def lint_owners(review: Review) -> Iterator[Problem]:
    """Each number that has to be supplied has a department that supplies it; a formula's measures have theirs."""
    for indicator in collected_indicators(review.catalog):
        if indicator.owner is None:
            place = indicator.place_of("id")
            yield Problem("lint-no-owner", place, {"indicator": indicator.name}, Level.WARNING)


def lint_sources(review: Review) -> Iterator[Problem]:
    """Each number that has to be supplied says from which system, register or count it comes."""
    entries: tuple[Measure | Indicator, ...] = (
        *review.catalog.measures.values(),
        *collected_indicators(review.catalog),
    )
    for entry in entries:
        if not entry.source.strip():
            yield Problem("lint-no-source", entry.place_of("id"), {"name": entry.name}, Level.WARNING)


def lint_reporting_lines(review: Review) -> Iterator[Problem]:
    """Each role reports to another, but for the one at the head of everything."""
    catalog = review.catalog
    for role in catalog.roles.values():
        is_reported = ("role", role.id) in catalog.faulty or is_sketch(role)
        if role.reports_to is None and not is_reported and not _is_at_the_top(role, catalog):
            yield Problem("lint-no-reporting-line", role.place_of(), {"role": role.name}, Level.WARNING)


def _is_at_the_top(role: Role, catalog: Catalog) -> bool:
    return any(each.head == role.id and each.parent is None for each in catalog.departments.values())
