"""What all lint rules share: what they look at, and the parts of it that can be judged."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kpibook.checking.checks.base import Holder, ScoredItem, holders_with_points, judged_items
from kpibook.model import Approval, Catalog, Cycle, Indicator, Role, Scored
from kpibook.rules.standards import Deduction, Excess, Proportional, Rating, Rule, Shortfall, Stretch
from kpibook.scoring.results import Results


class Review(NamedTuple):
    """What is looked at: the catalog, its cycles, and the catalog of a year ago where that is known."""

    catalog: Catalog
    cycles: tuple[Cycle, ...] = ()
    """Oldest first."""
    earlier: Catalog | None = None
    results: tuple[Results, ...] = ()
    """Those of the closed cycles of the last year, under this catalog."""
    translations: tuple[Catalog, ...] = ()
    """The catalog in its other languages."""
    prose: Mapping[str, str] = {}
    """The pages written by hand, by the paths under which places name them."""


def complete_holders(catalog: Catalog) -> Iterator[Holder]:
    """The holders of scorecards that give points and were read without a fault."""
    return (holder for holder in holders_with_points(catalog) if holder.entry.items and holder.is_whole(catalog))


def is_sketch(entry: Scored) -> bool:
    """Whether a role is only noted down: a draft whose scorecard, if any, computes nothing."""
    return isinstance(entry, Role) and entry.status is Approval.DRAFT and entry.is_described_only


def collected_indicators(catalog: Catalog) -> Iterator[Indicator]:
    """The indicators whose number somebody has to supply: points depend on it, no formula and no rater makes it."""
    needed = {
        each.item.indicator
        for each in judged_items(catalog)
        if not each.holder.entry.is_described_only and not isinstance(each.rule, Rating)
    }
    for indicator in catalog.indicators.values():
        if indicator.formula:
            needed.update(name.id for name in indicator.formula.names)
    return (each for each in catalog.indicators.values() if not each.formula and each.id in needed)


def item_name(each: ScoredItem) -> str:
    """What people call what an item judges: the indicator's name, its id where there is none."""
    return each.indicator.name if each.indicator else each.item.indicator


def only_deducts(rule: Rule | None) -> bool:
    """Whether a rule starts from the full points and can only take some off."""
    return isinstance(rule, Deduction | Shortfall) and not rule.may_rise()


def can_win_more(rule: Rule | None, *, is_extra: bool) -> bool:
    """Whether a rule can give points beyond what reaching the target gives."""
    if is_extra:
        return not only_deducts(rule) and not (isinstance(rule, Excess) and rule.points <= 0)
    if rule is not None and rule.may_rise():
        return True
    return isinstance(rule, Stretch) or (isinstance(rule, Proportional) and rule.cap > 100)
