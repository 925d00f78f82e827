"""Which cycles used an indicator, told without a word about anybody: what everybody may read."""

from collections.abc import Iterator, Mapping

from kpibook.content.loading import Content
from kpibook.model import Catalog, Cycle, Role, public
from kpibook.scoring.units import unit_roles


def used_in(content: Content) -> Mapping[str, tuple[str, ...]]:
    """By indicator of today: the names of the cycles in which somebody was scored by it, the oldest first.

    Each cycle is asked by its own catalog, without what is confidential there; renamed indicators are followed.
    """
    found: dict[str, list[str]] = {}
    for period in content.begun:
        cycle = content.cycles[period]
        renamed = content.successors(period, content.catalog).numbers
        ids = (item for owner in _scored(public(content.catalog_of(period)), cycle) for item in _judged(owner))
        for identifier in dict.fromkeys(renamed.get(each, each) for each in ids):
            found.setdefault(identifier, []).append(cycle.name)
    return {identifier: tuple(names) for identifier, names in found.items()}


def _scored(catalog: Catalog, cycle: Cycle) -> Iterator[Role]:
    """Whose scorecards a cycle fills: the posts that people hold in it, the company and its own departments."""
    posts = (catalog.post(*post) for post in dict.fromkeys(row.post for row in cycle.people))
    yield from (post for post in posts if post and not post.is_described_only)
    apart = catalog.references()
    yield from (unit for unit in unit_roles(catalog) if unit.id not in apart)


def _judged(owner: Role) -> Iterator[str]:
    yield from (item.indicator for item in owner.items)
    yield from (extra.indicator for extra in owner.extras)
