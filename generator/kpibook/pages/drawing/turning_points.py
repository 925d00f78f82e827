"""Where the points of an item bend or jump, and how many there are at each such place, computed by the rule itself."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, ZERO
from kpibook.model import Direction, Extra, Indicator, ScorecardItem, TotalLevel, levelled
from kpibook.rules.formulas import Name
from kpibook.rules.standards import (
    AllOrNothing,
    Bands,
    ByFormula,
    Case,
    Deduct,
    Deduction,
    Excess,
    Linear,
    Proportional,
    Range,
    Shortfall,
    Standard,
    Stretch,
    Units,
    marks_beside_target,
)

MOST_STEPS = 24
FINE = 400
"""A jump is drawn between a mark and a point this many times closer than the drawing is wide."""
SAMPLES = 16
MOST_ROWS = 3
"""A deduction of more rows is drawn by none of them."""
OWN_NAMES = {Name("", name) for name in ("actual", "target", "weight", "attainment")}


class CurvePoint(NamedTuple):
    """A point of the curve."""

    actual: mpq
    points: mpq


class Axis(NamedTuple):
    """The number that moves: the item's own actual, or what a row of a deduction counts while all others are 0."""

    row: Deduct | None = None
    is_adding: bool = False


OWN_ACTUAL = Axis()


def axes(item: ScorecardItem | Extra) -> tuple[Axis, ...]:
    """The numbers of which each by itself decides points; one for most rules, one a row where events or merits count.

    Several counts that only take points off are one rule that no single number decides: it has none.
    """
    rule = item.standard
    if not isinstance(rule, Deduction):
        return (OWN_ACTUAL,)
    rows = (*(Axis(row) for row in rule.deduct), *(Axis(row, is_adding=True) for row in rule.add))
    is_wide = rule.add or any(row.each for row in rule.deduct)
    are_apart = len({row.measure for row in (*rule.deduct, *rule.add)}) == len(rows)
    return rows if are_apart and len(rows) <= (MOST_ROWS if is_wide else 1) else ()


def curve_spots(
    item: ScorecardItem | Extra,
    indicator: Indicator,
    axis: Axis | None = None,
    *,
    levels: tuple[TotalLevel, ...] = (),
    within: tuple[mpq, mpq] | None = None,
) -> Iterator[CurvePoint]:
    """The points at every actual where the rule bends or jumps, from left to right.

    Args:
        item: the item or extra; without a weight, or where no number decides, there are no points.
        indicator: what it judges.
        axis: the number that moves; the first that there is where nobody says.
        levels: those by which a total is made: the points are then what the item brings by its level.
        within: from where to where; without it a little beyond the marks.
    """
    axis = axis or next(iter(axes(item)), None)
    marks = tuple(marks_of(item, indicator, axis)) if axis else ()
    if not marks or axis is None:
        return
    low, high = within or window(marks, item.target if shows_target(item) else None)
    close = (high - low) / FINE
    points = dict(_judged(item, indicator, axis, _actuals(marks, low, high, close)))
    weight = item.weight or ZERO
    if levels and isinstance(item, ScorecardItem):
        turns = set(_level_turns(points, levels, weight, close))
        points |= dict(_judged(item, indicator, axis, sorted(turns)))
        points = {actual: levelled(levels, found, weight) for actual, found in points.items()}
    for actual in sorted(points):
        yield CurvePoint(actual, points[actual])


def _judged(
    item: ScorecardItem | Extra, indicator: Indicator, axis: Axis, actuals: Iterable[mpq]
) -> Iterator[tuple[mpq, mpq]]:
    """The points that the rule gives, within the limits of the item."""
    if item.standard is None:
        return
    for actual in actuals:
        found = item.standard.judge(_case(item, indicator, axis, actual)).points
        if found is not None:
            found = found if item.most is None else min(found, item.most)
            yield actual, found if item.least is None else max(found, item.least)


def _level_turns(points: dict[mpq, mpq], levels: tuple[TotalLevel, ...], weight: mpq, close: mpq) -> Iterator[mpq]:
    """Where the points pass the line of a level on their way between two marks, and the places right beside it."""
    lines = [each.threshold * weight / HUNDRED for each in levels]
    for (start, before), (end, after) in pairwise(sorted(points.items())):
        for line in lines:
            if end - start > close and min(before, after) < line < max(before, after):
                turn = start + (line - before) * (end - start) / (after - before)
                yield from (spot for spot in (turn - close, turn, turn + close) if start < spot < end)


def marks_of(item: ScorecardItem | Extra, indicator: Indicator, axis: Axis) -> Iterable[mpq]:
    """The actuals at which an item's points bend or jump; an extra needs no weight."""
    weight = item.weight or ZERO
    if item.standard is None or not (weight or isinstance(item, Extra)):
        return ()
    if axis.row is not None:
        return _row_marks(axis.row, _room(item, axis, weight))
    if isinstance(item.standard, Stretch):
        ends = (*marks_beside_target(item, item.target), item.target)
        return tuple(sorted(end for end in ends if end is not None))
    return _marks(item.standard, item.target, indicator, weight)


def _room(item: ScorecardItem | Extra, axis: Axis, weight: mpq) -> mpq | None:
    """How many points a row can take off, or add, until a limit is reached; None where there is none."""
    if axis.is_adding:
        return None if item.most is None else item.most - weight
    return None if item.floor is None else weight - item.floor


def _row_marks(row: Deduct, room: mpq | None) -> Iterable[mpq]:
    if row.each:
        return tuple(sorted({ZERO, *(tier.count for tier in row.each)}))
    if row.steps:
        return (ZERO, *(step.count * row.per for step in row.steps))
    if not row.points:
        return ()
    count = mpq(SAMPLES // 2) if not room or room < 0 else room / row.points
    return _unit_marks(ZERO, row.per, count, Units.COMPLETE)


def _case(item: ScorecardItem | Extra, indicator: Indicator, axis: Axis, actual: mpq) -> Case:
    """The item with this actual; of a deduction this count, and nothing of what its other rows count."""
    values = {}
    if isinstance(item.standard, Deduction) and axis.row:
        values = dict.fromkeys(item.standard.names(), ZERO) | {Name("", axis.row.measure): actual}
    weight, target = item.weight or ZERO, item.target
    marks = marks_beside_target(item, target)
    return Case(weight, indicator.direction, target=target, actual=actual, values=values, least=item.floor, marks=marks)


def shows_target(item: ScorecardItem | Extra) -> bool:
    """Whether the target stands on the axis of the drawing."""
    return item.target is not None and not isinstance(item.standard, Deduction)


def window(marks: tuple[mpq, ...], target: mpq | None) -> tuple[mpq, mpq]:
    """From where to where the drawing goes: a little beyond the marks, from 0 where they are near it."""
    known = marks if target is None else (*marks, target)
    low, high = min(known), max(known)
    margin = (high - low) / 6 or abs(high) / 2 or mpq(1)
    if 0 <= low < 3 * margin:
        return ZERO, high + margin
    return low - margin, high + margin


def _actuals(marks: Iterable[mpq], low: mpq, high: mpq, close: mpq) -> list[mpq]:
    near = {spot for mark in marks for spot in (mark - close, mark, mark + close)}
    return sorted({low, high} | {spot for spot in near if low <= spot <= high})


def _marks(standard: Standard, target: mpq | None, indicator: Indicator, weight: mpq) -> Iterable[mpq]:
    """The actuals at which a rule bends or jumps; none where it does not follow from one number."""
    match standard:
        case Linear():
            return (standard.zero, standard.full, *(() if standard.zero_from is None else (standard.zero_from,)))
        case Range():
            ends = (standard.zero_below, standard.low, standard.high, standard.zero_above)
            return tuple(end for end in ends if end is not None)
        case Bands() if standard.of == "actual":
            return _band_marks(standard)
    return () if target is None else _target_marks(standard, target, indicator, weight)


def _target_marks(standard: Standard, target: mpq, indicator: Indicator, weight: mpq) -> Iterable[mpq]:
    match standard:
        case AllOrNothing() if not standard.require:
            return (ZERO, target)
        case Shortfall() if standard.points:
            return _shortfall_marks(standard, target, indicator, weight)
        case Excess():
            per = -standard.per if standard.is_below(indicator.direction) else standard.per
            return _unit_marks(target, per, mpq(SAMPLES // 2), standard.units)
    return _ratio_marks(standard, target, indicator) if target else ()


def _ratio_marks(standard: Standard, target: mpq, indicator: Indicator) -> Iterable[mpq]:
    match standard:
        case Proportional():
            return _proportional_marks(standard, target, indicator)
        case Bands():
            return tuple(_at_attainment(mark, target, indicator) for mark in _band_marks(standard))
        case ByFormula() if OWN_NAMES.issuperset(standard.points.names):
            return (ZERO, *(target * n / (SAMPLES // 2) for n in range(1, SAMPLES)))
    return ()


def _shortfall_marks(rule: Shortfall, target: mpq, indicator: Indicator, weight: mpq) -> tuple[mpq, ...]:
    """Where each unit begins on the side that costs, on both where both do, and where a bonus adds something."""
    count = weight / rule.points if weight else mpq(SAMPLES // 2)
    is_over = rule.costs_over(indicator.direction)
    found = _unit_marks(target, rule.per if is_over else -rule.per, count, rule.units)
    if rule.side == "both":
        found += _unit_marks(target, rule.per, count, rule.units)
    if rule.bonus:
        beyond = -rule.bonus.per if is_over else rule.bonus.per
        found += _unit_marks(target, beyond, mpq(SAMPLES // 2), rule.bonus.units)
    return tuple(sorted(found))


def _at_attainment(percent: mpq, target: mpq, indicator: Indicator) -> mpq:
    """The actual at which an attainment is reached; less is better: by the straight line `2 - actual / target`."""
    ratio = percent / HUNDRED
    return target * (2 - ratio if indicator.direction is Direction.LOWER else ratio)


def _proportional_marks(rule: Proportional, target: mpq, indicator: Indicator) -> Iterable[mpq]:
    if indicator.direction is Direction.LOWER and rule.lower == "inverse":
        least = max(rule.floor or mpq(25), mpq(5))
        ratios = (least, *(least + (rule.cap - least) * n / SAMPLES for n in range(1, SAMPLES)), rule.cap)
        return tuple(target * HUNDRED / ratio for ratio in ratios)
    if rule.by == "difference":
        return (target - HUNDRED, target)
    return tuple(_at_attainment(mark, target, indicator) for mark in (ZERO, rule.floor or ZERO, rule.cap))


def _band_marks(rule: Bands) -> tuple[mpq, ...]:
    ends = (end for band in rule.bands for end in (band.lowest, band.highest))
    return tuple(sorted({end for end in ends if end is not None}))


def _unit_marks(start: mpq, per: mpq, count: mpq, units: Units) -> tuple[mpq, ...]:
    """Where each further unit begins; with many of them the ends are enough, for the eye sees a line."""
    whole = -(-count.numerator // count.denominator)
    if units is Units.EXACT or whole > MOST_STEPS:
        return (start, start + per * count)
    return tuple(start + per * n for n in range(whole + 1))
