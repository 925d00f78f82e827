"""What all lint rules share: what they look at, and the parts of it that can be judged."""

from collections.abc import Iterator
from typing import NamedTuple

from kpibook.checks.base import Holder, computed, judged
from kpibook.model import Catalog, Cycle, Indicator
from kpibook.standards import Deduction, Excess, Proportional, Rating, Rule, Shortfall


class Review(NamedTuple):
    """What is looked at: the catalog, its cycles, and the catalog of a year ago where that is known."""

    catalog: Catalog
    cycles: tuple[Cycle, ...] = ()
    """Oldest first."""
    earlier: Catalog | None = None


def whole(catalog: Catalog) -> Iterator[Holder]:
    """Everybody with a scorecard that gives points and of which nothing had to be left out."""
    return (holder for holder in computed(catalog) if holder.entry.items and holder.is_whole(catalog))


def measured(catalog: Catalog) -> set[str]:
    """The ids of indicators that somebody is scored by in another way than by ratings."""
    return {each.item.indicator for each in judged(catalog) if not isinstance(each.rule, Rating)}


def rated(catalog: Catalog) -> set[str]:
    """The ids of indicators by which somebody is rated."""
    return {each.item.indicator for each in judged(catalog) if isinstance(each.rule, Rating)}


def collected(catalog: Catalog) -> Iterator[Indicator]:
    """The indicators whose number somebody has to supply: no formula makes it, and no rater gives it."""
    by_rating = rated(catalog) - measured(catalog)
    return (each for each in catalog.indicators.values() if not each.formula and each.id not in by_rating)


def takes_off(rule: Rule | None) -> bool:
    """Whether somebody begins with all points and can only lose them."""
    return isinstance(rule, Deduction | Shortfall)


def can_add(rule: Rule | None, *, is_extra: bool) -> bool:
    """Whether somebody can win points that nobody expects."""
    if is_extra:
        return not takes_off(rule) and not (isinstance(rule, Excess) and rule.points <= 0)
    return isinstance(rule, Proportional) and rule.cap > 100
