"""A rule has the target it needs, one that can be used, and fits the direction of its indicator."""

from collections.abc import Iterator, Mapping

from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, holders_with_points, judged_items
from kpibook.model import Catalog, Direction
from kpibook.model.series import SeriesKind
from kpibook.rules.formulas import Name
from kpibook.rules.standards import (
    AllOrNothing,
    Bands,
    ByFormula,
    Excess,
    Linear,
    Proportional,
    Range,
    Rating,
    Rule,
    Shortfall,
    Stretch,
)


def check_standards_given(catalog: Catalog) -> Iterator[Problem]:
    """Each item of a scorecard that gives points says how."""
    for holder in holders_with_points(catalog):
        for item in holder.entry.items:
            if item.standard is None:
                yield Problem("standard-missing", item.place_of(), {"indicator": item.indicator})


def check_targets(catalog: Catalog) -> Iterator[Problem]:
    """A rule that compares with a target has one, and a ratio can be made with it."""
    for each in judged_items(catalog):
        if not each.rule.judges_target():
            continue
        place = each.item.place_of("target" if each.item.target is not None else "")
        values = {"indicator": each.item.indicator, "rule": _name(each)}
        if each.target is None and _has_series(catalog, each):
            continue
        if each.target is None:
            yield Problem("target-missing", place, values)
        elif _makes_ratio(each.rule) and each.indicator:
            is_lower = each.indicator.direction is Direction.LOWER
            if each.target < ZERO or (each.target == ZERO and not is_lower):
                yield Problem("target-unusable", place, {**values, "target": show(each.target)})


def check_directions(catalog: Catalog) -> Iterator[Problem]:
    """A rule for more or less does not judge an indicator of which the middle is best, nor the other way round."""
    for each in judged_items(catalog):
        if not each.indicator:
            continue
        direction = each.indicator.direction
        values = {"indicator": each.item.indicator, "rule": _name(each), "direction": str(direction)}
        place = each.rule.place_of("rule")
        if direction is Direction.RANGE and _goes_one_way(each.rule):
            yield Problem("rule-for-one-way", place, values)
        elif direction is not Direction.RANGE and _is_against(each.rule, direction):
            yield Problem("rule-against-direction", place, values, Level.WARNING)


def check_extras(catalog: Catalog) -> Iterator[Problem]:
    """An extra that gives a share has a most to share; an item that may rise above its weight says how far."""
    for each in judged_items(catalog):
        place = each.rule.place_of("rule")
        values = {"indicator": each.item.indicator, "rule": _name(each)}
        if not each.is_extra:
            yield from _most(each, values)
            continue
        shares = isinstance(each.rule, Proportional | Linear | Range | Rating | AllOrNothing)
        if shares and each.item.most is None:
            yield Problem("extra-without-max", place, values)
        most, least = each.item.most, each.item.least
        if most is not None and least is not None and most < least:
            yield Problem("extra-limits", each.item.place_of("max"), {"max": show(most), "min": show(least)})


def _has_series(catalog: Catalog, each: ScoredItem) -> bool:
    """Whether its targets stand in the file of a year."""
    kind = SeriesKind.ROLE if each.holder.kind == "role" else SeriesKind.DEPARTMENT
    return (kind, each.holder.entry.id, each.item.indicator) in catalog.series


def _most(each: ScoredItem, values: Mapping[str, object]) -> Iterator[Problem]:
    """How far an item may rise."""
    most, weight = each.item.most, each.item.weight
    if each.rule.may_rise() and most is None:
        yield Problem("item-without-max", each.rule.place_of("rule"), values)
    elif most is not None and weight is not None and most < weight:
        numbers = {"max": show(most), "weight": show(weight)}
        yield Problem("item-max-under-weight", each.item.place_of("max"), {**values, **numbers})


def check_beside_targets(catalog: Catalog) -> Iterator[Problem]:
    """Threshold, target and stretch value stand in their order, and belong to the rule that knows them."""
    for each in judged_items(catalog):
        item = each.item
        for key, value in (("threshold", item.threshold), ("stretch", item.stretch)):
            if value is None:
                continue
            values = {"indicator": item.indicator, "key": key, "value": show(value)}
            if not isinstance(each.rule, Stretch):
                yield Problem("beside-without-rule", item.place_of(key), {**values, "rule": _name(each)})
            elif item.target is not None and each.indicator:
                is_short = value > item.target if each.indicator.direction is Direction.LOWER else value < item.target
                if value == item.target or is_short is not (key == "threshold"):
                    yield Problem("beside-order", item.place_of(key), {**values, "target": show(item.target)})
        if isinstance(each.rule, Stretch) and (item.stretch is None) is not (each.rule.at_stretch is None):
            yield Problem("stretch-half", each.rule.place_of("rule"), {"indicator": item.indicator})


def _name(each: ScoredItem) -> str:
    return each.item.standard.rule if each.item.standard else ""


def _makes_ratio(rule: Rule) -> bool:
    """Whether the rule divides by the target."""
    if isinstance(rule, ByFormula):
        return Name("", "attainment") in rule.points.names
    return (isinstance(rule, Proportional) and rule.by == "ratio") or isinstance(rule, Bands)


def _goes_one_way(rule: Rule) -> bool:
    """Whether the rule knows only better and worse."""
    if isinstance(rule, ByFormula):
        return _makes_ratio(rule)
    if isinstance(rule, Shortfall) and rule.side != "bad" and rule.bonus is None:
        return False
    if isinstance(rule, Excess) and rule.side != "good":
        return False
    return isinstance(rule, Linear) or rule.judges_target()


def _is_against(rule: Rule, direction: Direction) -> bool:
    """Whether the rule rewards what the indicator calls worse."""
    is_lower = direction is Direction.LOWER
    return isinstance(rule, Linear) and rule.zero != rule.full and (rule.full < rule.zero) is not is_lower
