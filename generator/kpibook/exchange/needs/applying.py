"""Items that may not apply: before that is known, their numbers are asked for like all others."""

from dataclasses import replace
from typing import TypeVar

from kpibook.model import Catalog, ScorecardItem, Scored, Section
from kpibook.scoring.results import Results, Status

S = TypeVar("S", bound=Scored)


def where_all_applies(catalog: Catalog) -> Catalog:
    """A catalog in which every item applies; the same one where that is so already."""
    owners: tuple[Scored, ...] = (*catalog.roles.values(), *catalog.departments.values(), catalog.company)
    if not any(item.exempt for owner in owners for item in owner.items):
        return catalog
    return replace(
        catalog,
        roles={key: _applying(role) for key, role in catalog.roles.items()},
        departments={key: _applying(department) for key, department in catalog.departments.items()},
        company=_applying(catalog.company),
    )


def exempted_items(results: Results) -> frozenset[tuple[str, str]]:
    """Whose item does not apply: the person or unit of the card, and the indicator."""
    return frozenset(
        (card.person, item.indicator.id)
        for card in (*results.cards, *results.units)
        for part in card.spans
        for item in part.items
        if item.status is Status.NOT_APPLICABLE
    )


def _applying(owner: S) -> S:
    return owner.model_copy(update={"scorecard": tuple(map(_section, owner.scorecard))})


def _section(section: Section) -> Section:
    return section.model_copy(update={"items": tuple(map(_item, section.items))})


def _item(item: ScorecardItem) -> ScorecardItem:
    return item.model_copy(update={"exempt": None}) if item.exempt else item
