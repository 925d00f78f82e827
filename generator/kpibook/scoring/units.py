"""Departments and the company as holders of scorecards."""

from collections.abc import Iterable, Iterator

from kpibook.model import COMPANY, Catalog, Company, Department, Role
from kpibook.scoring.results import Card


def unit_roles(catalog: Catalog) -> Iterator[Role]:
    """Each department with a scorecard, then the company, in the form of a role under the id of the subject."""
    for department in catalog.departments.values():
        if department.scorecard or department.extras:
            yield _as_role(department.id, department.name, department)
    if catalog.company.scorecard or catalog.company.extras:
        yield _as_role(COMPANY, catalog.company.name, catalog.company)


def published_units(cards: Iterable[Card], catalog: Catalog) -> tuple[Card, ...]:
    """The scorecards of the company and of its own departments: nobody is told of what is only to draw on."""
    apart = catalog.references()
    return tuple(card for card in cards if card.person not in apart)


def _as_role(subject: str, name: str, holder: Department | Company) -> Role:
    return Role.model_construct(
        id=subject,
        name=name,
        department=subject,
        scorecard=holder.scorecard,
        extras=holder.extras,
        gates=holder.gates,
        total=holder.total,
        places=holder.places,
    )
