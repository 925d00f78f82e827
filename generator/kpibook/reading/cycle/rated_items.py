"""Who is rated on what, by which rule, as the scorecards of a catalog say."""

from collections.abc import Iterator, Sequence

from gmpy2 import mpq

from kpibook.model import COMPANY, Catalog, Company, Department, Extra, Role, ScorecardItem, Scored
from kpibook.rules.standards import Rating


def rating_rules(
    catalog: Catalog, posts: Sequence[tuple[str, str]], subject: str, indicator: str
) -> Iterator[tuple[Rating, mpq]]:
    """The rules, with their weights, by which somebody in these roles, or a unit, is rated on an indicator."""
    for item in rated_entries(catalog, posts, subject, indicator):
        if isinstance(item.standard, Rating):
            yield item.standard, item.weight or mpq(0)


def rated_entries(
    catalog: Catalog, posts: Sequence[tuple[str, str]], subject: str, indicator: str
) -> Iterator[ScorecardItem | Extra]:
    """The items and extras by which somebody in these roles, or a unit, is rated on an indicator."""
    held: list[Scored | None] = [catalog.post(*post) for post in posts]
    held += [catalog.departments.get(subject), catalog.company if subject == COMPANY else None]
    for owner in filter(None, held):
        entries: tuple[ScorecardItem | Extra, ...] = (*owner.items, *owner.extras)
        for item in entries:
            if item.indicator == indicator and isinstance(item.standard, Rating):
                yield item


def score_levels(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """The levels that each indicator is rated by, from all scorecards."""
    found: dict[str, tuple[str, ...]] = {}
    for _, indicator, standard in rated_items(catalog):
        levels = (*found.get(indicator, ()), *(level.level for level in standard.levels))
        found[indicator] = tuple(dict.fromkeys(levels))
    return found


def rated_items(catalog: Catalog) -> Iterator[tuple[str, str, Rating]]:
    """Everything that raters give points for: whose scorecard, which indicator, and its rule."""
    owners: tuple[Role | Department | Company, ...] = (
        *catalog.roles.values(),
        *catalog.departments.values(),
        catalog.company,
    )
    for owner in owners:
        rated = [(item.indicator, item.standard) for item in owner.items]
        rated += [(extra.indicator, extra.standard) for extra in owner.extras]
        for indicator, standard in rated:
            if isinstance(standard, Rating):
                yield owner.id, indicator, standard
