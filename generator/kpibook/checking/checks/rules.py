"""The numbers inside a scoring rule make sense together."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from gmpy2 import mpq

from kpibook.base.entry import Entry
from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Problem
from kpibook.checking.checks.base import ScoredItem, judged_items
from kpibook.model import Catalog, ScorecardItem
from kpibook.rules.standards import (
    AllOrNothing,
    Bands,
    Deduction,
    Excess,
    Linear,
    Proportional,
    Range,
    Rating,
    RatingLevel,
    Requirement,
    Shortfall,
    Stretch,
)
from kpibook.rules.standards.counted import Deduct


def check_proportions(catalog: Catalog) -> Iterator[Problem]:
    """Floor and cap, zero and full, and the marks of a range stand in their order."""
    for each in judged_items(catalog):
        rule = each.rule
        if isinstance(rule, Proportional):
            yield from _positive(rule, "cap", rule.cap)
            if rule.floor is not None and not ZERO <= rule.floor < rule.cap:
                values = {"floor": show(rule.floor), "cap": show(rule.cap)}
                yield Problem("floor-over-cap", rule.place_of("floor"), values)
        elif isinstance(rule, Linear) and rule.zero == rule.full:
            yield Problem("linear-flat", rule.place_of("full"), {"zero": show(rule.zero)})
        elif isinstance(rule, Linear) and rule.zero_from is not None:
            if not min(rule.zero, rule.full) < rule.zero_from < max(rule.zero, rule.full):
                values = {"edge": show(rule.zero_from), "zero": show(rule.zero), "full": show(rule.full)}
                yield Problem("cliff-off-the-line", rule.place_of("zero_from"), values)
        elif isinstance(rule, Range):
            marks = [mark for mark in (rule.zero_below, rule.low, rule.high, rule.zero_above) if mark is not None]
            if marks != sorted(marks) or rule.zero_below == rule.low or rule.zero_above == rule.high:
                yield Problem("range-order", rule.place_of(), {"marks": ", ".join(show(mark) for mark in marks)})


def check_units(catalog: Catalog) -> Iterator[Problem]:
    """Points go by units of some size; a deduction has either points or steps."""
    for each in judged_items(catalog):
        rule = each.rule
        if isinstance(rule, Shortfall | Excess):
            yield from _positive(rule, "per", rule.per)
        if isinstance(rule, Shortfall):
            yield from _positive(rule, "points", rule.points)
            if rule.bonus:
                yield from _positive(rule.bonus, "per", rule.bonus.per)
                yield from _positive(rule.bonus, "points", rule.bonus.points)
                if rule.side == "both":
                    yield Problem("bonus-on-both-sides", rule.place_of("bonus"), {})
        if isinstance(rule, Deduction):
            yield from _filled(rule, "deduct", rule.deduct)
            for row in (*rule.deduct, *rule.add):
                yield from _deduct(row, catalog)


def check_points(catalog: Catalog) -> Iterator[Problem]:
    """No rule gives more than the weight, or less than nothing; an item on trial gives nothing yet."""
    for each in judged_items(catalog):
        weight = each.item.weight
        if not weight:
            continue
        given: list[tuple[Entry, str, mpq]] = []
        if isinstance(each.rule, Bands):
            given = [(band, "points", band.points) for band in each.rule.bands]
        elif isinstance(each.rule, AllOrNothing):
            given = [(each.rule, "otherwise", each.rule.otherwise)]
        elif isinstance(each.rule, Rating):
            given = [(level, "to", level.highest) for level in each.rule.levels]
            given += [(level, "from", level.lowest) for level in each.rule.levels if level.lowest < each.rule.least]
            weight = each.rule.most(weight)
        elif isinstance(each.rule, Stretch):
            given = [(each.rule, "at_threshold", each.rule.at_threshold)]
        if (
            isinstance(each.item, ScorecardItem)
            and each.item.given_most is not None
            and not isinstance(each.rule, Rating)
        ):
            weight = max(weight, each.item.given_most)
        for entry, key, points in given:
            if points > weight or (points < _least(each) and not each.is_extra):
                values = {"key": key, "points": show(points), "weight": show(weight)}
                yield Problem("points-beyond-weight", entry.place_of(key), values)


def check_levels(catalog: Catalog) -> Iterator[Problem]:
    """The levels of a rating have names of their own and ranges that do not overlap."""
    for each in judged_items(catalog):
        if not isinstance(each.rule, Rating):
            continue
        for level in each.rule.levels:
            if level.lowest > level.highest:
                values = {"level": level.level, "from": show(level.lowest), "to": show(level.highest)}
                yield Problem("level-order", level.place_of("from"), values)
        for one, other in combinations(each.rule.levels, 2):
            if one.level.casefold() == other.level.casefold():
                yield Problem("level-twice", other.place_of("level"), {"level": other.level})
            elif _overlap(one, other):
                yield Problem("levels-overlap", other.place_of(), {"level": other.level, "other": one.level})


def check_scales(catalog: Catalog) -> Iterator[Problem]:
    """The marks of a scale stand in their order."""
    for each in judged_items(catalog):
        scale = each.rule.scale if isinstance(each.rule, Rating) else None
        if scale and not (scale.lowest < scale.highest and scale.zero < scale.highest):
            values = {"least": show(scale.lowest), "most": show(scale.highest), "zero": show(scale.zero)}
            yield Problem("scale-order", scale.place_of("to"), values)


def check_requirements(catalog: Catalog) -> Iterator[Problem]:
    """Each requirement asks for something that can be."""
    for each in judged_items(catalog):
        for requirement in each.rule.require if isinstance(each.rule, AllOrNothing) else ():
            yield from _requirement(requirement)


def _least(each: ScoredItem) -> mpq:
    """The least that a rule may give: what raters may give where that is on a scale."""
    return each.rule.least if isinstance(each.rule, Rating) else ZERO


def _overlap(one: RatingLevel, other: RatingLevel) -> bool:
    """Whether two levels share more than a mark at which they meet."""
    return max(one.lowest, other.lowest) < min(one.highest, other.highest)


def _requirement(requirement: Requirement) -> Iterator[Problem]:
    least, most = requirement.at_least, requirement.at_most
    if least is None and most is None:
        yield Problem("requirement-open", requirement.place_of(), {"measure": requirement.measure})
    elif least is not None and most is not None and least > most:
        values = {"measure": requirement.measure, "least": show(least), "most": show(most)}
        yield Problem("requirement-impossible", requirement.place_of(), values)


def _deduct(row: Deduct, catalog: Catalog) -> Iterator[Problem]:
    yield from _positive(row, "per", row.per)
    measure = catalog.measures.get(row.measure)
    if row.each and (measure is None or not measure.each):
        yield Problem("events-of-no-measure", row.place_of("each"), {"measure": row.measure})
    if sum((row.points is not None, bool(row.steps), bool(row.each))) != 1:
        yield Problem("points-or-steps", row.place_of(), {"measure": row.measure})
    elif row.points is not None:
        yield from _positive(row, "points", row.points)
    for step in row.steps:
        yield from _positive(step, "from", step.count)
    for step in (*row.steps, *row.each):
        yield from _positive(step, "points", step.points)
    by_size = sorted(row.each, key=lambda tier: tier.count)
    for before, step in pairwise(row.steps or by_size):
        if step.count <= before.count:
            values = {"count": show(step.count), "before": show(before.count)}
            yield Problem("steps-order", step.place_of("from"), values)
        elif step.points < before.points:
            values = {"count": show(step.count), "points": show(step.points), "before": show(before.points)}
            yield Problem("steps-falling", step.place_of("points"), values, Level.WARNING)


def _positive(entry: Entry, key: str, value: mpq) -> Iterator[Problem]:
    if value <= 0:
        yield Problem("not-positive", entry.place_of(key), {"key": key, "value": show(value)})


def _filled(entry: Entry, key: str, rows: tuple[Entry, ...]) -> Iterator[Problem]:
    if not rows:
        yield Problem("empty-list", entry.place_of(key), {"key": key})
