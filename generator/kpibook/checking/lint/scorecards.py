"""Scorecards that are valid and still do not steer anybody."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import Holder, holders
from kpibook.checking.lint.base import Review, can_win_more, complete_holders, is_sketch, only_deducts
from kpibook.model import ScorecardItem
from kpibook.rules.standards import ByFormula, Rating


def lint_targets_named(review: Review) -> Iterator[Problem]:
    """Each item says what is expected: by a target, or by the marks of its rule."""
    for holder in holders(review.catalog):
        for item in holder.entry.items if not is_sketch(holder.entry) else ():
            if item.target is None and _needs_target(item):
                values = {"owner": holder.entry.name, "indicator": _name(review, item)}
                yield Problem("lint-no-target", item.place_of(), values, Level.WARNING)


def lint_number_of_items(review: Review) -> Iterator[Problem]:
    """A scorecard has enough items to be just, and few enough to be remembered."""
    limits = review.catalog.company.limits
    for holder in complete_holders(review.catalog):
        count, place = sum(bool(item.weight) for item in holder.entry.items), _place(holder)
        values = {"owner": holder.entry.name, "count": count}
        if count < limits.fewest_items:
            yield Problem("lint-few-items", place, {**values, "limit": limits.fewest_items}, Level.WARNING)
        if count > limits.most_items:
            yield Problem("lint-many-items", place, {**values, "limit": limits.most_items}, Level.WARNING)


def lint_weights_felt(review: Review) -> Iterator[Problem]:
    """An item weighs enough to be felt."""
    limit = review.catalog.company.limits.least_weight
    for holder in complete_holders(review.catalog):
        counts = {item.indicator: points for item, points in _items_with_weights(review, holder)}
        for item in holder.entry.items:
            if item.weight and ZERO < counts[item.indicator] < limit:
                values = {"owner": holder.entry.name, "indicator": _name(review, item)}
                numbers = {"weight": show(counts[item.indicator]), "limit": show(limit)}
                yield Problem("lint-small-weight", item.place_of("weight"), {**values, **numbers}, Level.WARNING)


def lint_quantified(review: Review) -> Iterator[Problem]:
    """Most points are measured and not given by impression."""
    limit = review.catalog.company.limits.rated_points
    for holder in complete_holders(review.catalog):
        points = _weights(
            points for item, points in _items_with_weights(review, holder) if isinstance(item.standard, Rating)
        )
        if points > limit:
            values = {"owner": holder.entry.name, "points": show(points), "limit": show(limit)}
            yield Problem("lint-unquantified", _place(holder), values, Level.WARNING)


def lint_rewards(review: Review) -> Iterator[Problem]:
    """Who can lose points for what goes wrong can also win some for what goes well."""
    limit = review.catalog.company.limits.deducted_points
    for holder in complete_holders(review.catalog):
        items, extras = holder.entry.items, holder.entry.extras
        bonuses = [can_win_more(item.standard, is_extra=False) for item in items]
        bonuses += [can_win_more(extra.standard, is_extra=True) for extra in extras]
        points = _weights(points for item, points in _items_with_weights(review, holder) if only_deducts(item.standard))
        if not any(bonuses) and (points > limit or extras):
            values = {"owner": holder.entry.name, "points": show(points), "extras": len(extras)}
            yield Problem("lint-all-deduction", _place(holder), values, Level.WARNING)


def _needs_target(item: ScorecardItem) -> bool:
    """Whether nothing else states what is expected; a rule that compares with a target is checked elsewhere."""
    return item.standard is None or (isinstance(item.standard, ByFormula) and not item.standard.judges_target())


def _items_with_weights(review: Review, holder: Holder) -> Iterator[tuple[ScorecardItem, mpq]]:
    """Each item with what it counts of a hundred."""
    rule = review.catalog.total_of(holder.entry)
    for section in holder.entry.scorecard:
        for item in section.items:
            yield item, (item.weight or ZERO) * section.per_mark(item, rule) * HUNDRED / rule.whole


def _weights(points: Iterator[mpq]) -> mpq:
    return min(sum(points, ZERO), HUNDRED)


def _place(holder: Holder) -> Place:
    return holder.entry.place_of("scorecard")


def _name(review: Review, item: ScorecardItem) -> str:
    indicator = review.catalog.indicators.get(item.indicator)
    return indicator.name if indicator else item.indicator
