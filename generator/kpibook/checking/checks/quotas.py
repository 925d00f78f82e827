"""No group has more people with a grade than the company's distribution says."""

from collections.abc import Iterator

from kpibook.base.numbers import show
from kpibook.base.problems import Level, Place, Problem
from kpibook.model import COMPANY, Catalog
from kpibook.scoring.quotas import QuotaExcess, excesses
from kpibook.scoring.results import Results

LISTED = 5
"""So many small groups are named."""


def check_quotas(catalog: Catalog, results: Results) -> Iterator[Problem]:
    """No group has more people with a grade, or a better one, than its quota; who ties at the limit is told apart."""
    place = Place(f"{results.cycle.folder}/people.csv")
    for found in excesses(results.cards, catalog):
        values, is_pool = _values(found, catalog), bool(found.group.small)
        if not found.is_by_ties_alone:
            yield Problem("quota-pool-exceeded" if is_pool else "quota-exceeded", place, values, Level.WARNING)
        if found.tied:
            yield Problem("quota-pool-tied" if is_pool else "quota-tied", place, values, Level.WARNING)


def _values(found: QuotaExcess, catalog: Catalog) -> dict[str, object]:
    small = [_name(each, catalog) for each in found.group.small]
    return {
        "group": _name(found.group.id, catalog),
        "people": len(found.group.cards),
        "grade": found.quota.grade,
        "at_most": show(found.quota.at_most),
        "allowed": found.allowed,
        "count": found.holders,
        "tied": found.tied,
        "small": ", ".join(small[:LISTED]) + (" …" if len(small) > LISTED else ""),
        "under": catalog.company.distribution.pool_under,
    }


def _name(group: str, catalog: Catalog) -> str:
    """What people call a department, a role or the company."""
    if group == COMPANY:
        return catalog.company.name
    entries = catalog.roles if catalog.company.distribution.within == "role" else catalog.departments
    return entries[group].name if group in entries else group
