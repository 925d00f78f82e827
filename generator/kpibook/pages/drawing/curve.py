"""A small drawing of a rule: points against actual, with the target marked, computed by the rule itself."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.words import Words
from kpibook.model import Direction, Extra, Indicator, ScorecardItem
from kpibook.pages.text import escape
from kpibook.rules.formulas import Name
from kpibook.rules.standards import (
    AllOrNothing,
    Bands,
    ByFormula,
    Case,
    Deduction,
    Excess,
    Linear,
    Proportional,
    Range,
    Shortfall,
    Standard,
    Stretch,
    Units,
    beside,
    with_unit,
)

WIDTH, HEIGHT = 140, 54
LEFT, TOP, BOTTOM = 4, 4, 4
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - 2 * LEFT, HEIGHT - TOP - BOTTOM
MOST_STEPS = 24
FINE = 400
"""A jump is drawn between a mark and a point this many times closer than the drawing is wide."""
SAMPLES = 16
OWN_NAMES = {Name("", name) for name in ("actual", "target", "weight", "attainment")}


class _Named(NamedTuple):
    """What is written below the axis: the target in its unit, or else the actuals between which the points move."""

    target: mpq | None
    text: str
    marks: tuple[mpq, ...] = ()


class CurvePoint(NamedTuple):
    """A point of the curve."""

    actual: mpq
    points: mpq


def curve(item: ScorecardItem | Extra, indicator: Indicator, say: Words) -> Markup:
    """The drawing for an item; empty where points do not follow from one number, or without a weight."""
    spots = tuple(curve_spots(item, indicator))
    if len(spots) < 2:
        return Markup("")
    if _shows_target(item) and item.target is not None:
        named = _Named(item.target, with_unit(item.target, indicator.unit))
    else:
        named = _Named(None, "", tuple(_marks_of(item, indicator)))
    return _drawn(spots, named, say)


def curve_spots(item: ScorecardItem | Extra, indicator: Indicator) -> Iterator[CurvePoint]:
    """The points at every actual where the rule bends or jumps, from left to right."""
    marks = tuple(_marks_of(item, indicator))
    if not marks or item.standard is None:
        return
    low, high = _window(marks, item.target if _shows_target(item) else None)
    for actual in _actuals(marks, low, high):
        points = item.standard.judge(_case(item, indicator, item.weight or ZERO, actual)).points
        if points is not None:
            yield CurvePoint(actual, _within(points, item))


def _marks_of(item: ScorecardItem | Extra, indicator: Indicator) -> Iterable[mpq]:
    """The actuals at which an item's points bend or jump; an extra needs no weight."""
    weight = item.weight or ZERO
    if item.standard is None or not (weight or isinstance(item, Extra)):
        return ()
    if isinstance(item.standard, Stretch):
        ends = (*beside(item, item.target), item.target)
        return tuple(sorted(end for end in ends if end is not None))
    return _marks(item.standard, item.target, indicator, weight)


def _case(item: ScorecardItem | Extra, indicator: Indicator, weight: mpq, actual: mpq) -> Case:
    values = {}
    if isinstance(item.standard, Deduction):
        values = {Name("", item.standard.deduct[0].measure): actual}
    least = None if isinstance(item, Extra) else ZERO
    target, marks = item.target, beside(item, item.target)
    return Case(weight, indicator.direction, target=target, actual=actual, values=values, least=least, marks=marks)


def _within(points: mpq, item: ScorecardItem | Extra) -> mpq:
    points = points if item.most is None else min(points, item.most)
    return points if item.least is None else max(points, item.least)


def _shows_target(item: ScorecardItem | Extra) -> bool:
    return item.target is not None and not isinstance(item.standard, Deduction)


def _window(marks: tuple[mpq, ...], target: mpq | None) -> tuple[mpq, mpq]:
    """From where to where the drawing goes: a little beyond the marks, from 0 where they are near it."""
    known = marks if target is None else (*marks, target)
    low, high = min(known), max(known)
    margin = (high - low) / 6 or abs(high) / 2 or mpq(1)
    if 0 <= low < 3 * margin:
        return ZERO, high + margin
    return low - margin, high + margin


def _actuals(marks: Iterable[mpq], low: mpq, high: mpq) -> list[mpq]:
    close = (high - low) / FINE
    beside = {spot for mark in marks for spot in (mark - close, mark, mark + close)}
    return sorted({low, high} | {spot for spot in beside if low <= spot <= high})


def _marks(standard: Standard, target: mpq | None, indicator: Indicator, weight: mpq) -> Iterable[mpq]:
    """The actuals at which a rule bends or jumps; none where it does not follow from one number."""
    match standard:
        case Linear():
            return (standard.zero, standard.full, *filter(None, (standard.zero_from,)))
        case Range():
            ends = (standard.zero_below, standard.low, standard.high, standard.zero_above)
            return tuple(end for end in ends if end is not None)
        case Deduction():
            return _deduction_marks(standard, weight)
        case Bands() if standard.of == "actual":
            return _band_marks(standard)
    return () if not target else _target_marks(standard, target, indicator, weight)


def _target_marks(standard: Standard, target: mpq, indicator: Indicator, weight: mpq) -> Iterable[mpq]:
    match standard:
        case Proportional():
            return _proportional_marks(standard, target, indicator)
        case Bands():
            return tuple(_at_attainment(mark, target, indicator) for mark in _band_marks(standard))
        case AllOrNothing() if not standard.require:
            return (ZERO, target)
        case Shortfall() if standard.points:
            return _shortfall_marks(standard, target, indicator, weight)
        case Excess():
            per = -standard.per if standard.side == "under" else standard.per
            return _unit_marks(target, per, mpq(SAMPLES // 2), standard.units)
        case ByFormula() if OWN_NAMES.issuperset(standard.points.names):
            return (ZERO, *(target * n / (SAMPLES // 2) for n in range(1, SAMPLES)))
    return ()


def _shortfall_marks(rule: Shortfall, target: mpq, indicator: Indicator, weight: mpq) -> tuple[mpq, ...]:
    """Where each unit begins on the side that costs, on both where both do, and where a bonus adds something."""
    count = weight / rule.points
    is_over = rule.side == "over"
    found = _unit_marks(target, rule.per if is_over else -rule.per, count, rule.units)
    if rule.side == "both":
        found += _unit_marks(target, rule.per, count, rule.units)
    if rule.bonus:
        beyond = -rule.bonus.per if is_over or _is_below(rule, indicator) else rule.bonus.per
        found += _unit_marks(target, beyond, mpq(SAMPLES // 2), rule.bonus.units)
    return tuple(sorted(found))


def _is_below(rule: Shortfall, indicator: Indicator) -> bool:
    return rule.side == "bad" and indicator.direction is Direction.LOWER


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


def _deduction_marks(rule: Deduction, weight: mpq) -> Iterable[mpq]:
    if len(rule.deduct) != 1 or rule.add:
        return ()
    row = rule.deduct[0]
    if row.each:
        return ()
    if row.steps:
        return (ZERO, *(step.count * row.per for step in row.steps))
    if not row.points:
        return ()
    return _unit_marks(ZERO, row.per, weight / row.points, Units.COMPLETE)


def _unit_marks(start: mpq, per: mpq, count: mpq, units: Units) -> tuple[mpq, ...]:
    """Where each further unit begins; with many of them the ends are enough, for the eye sees a line."""
    whole = -(-count.numerator // count.denominator)
    if units is Units.EXACT or whole > MOST_STEPS:
        return (start, start + per * count)
    return tuple(start + per * n for n in range(whole + 1))


def _drawn(spots: tuple[CurvePoint, ...], named: _Named, say: Words) -> Markup:
    low, high = spots[0].actual, spots[-1].actual
    most = max(max(spot.points for spot in spots), ZERO)
    least = min(min(spot.points for spot in spots), ZERO)
    across, upward = PLOT_WIDTH / (high - low), PLOT_HEIGHT / ((most - least) or mpq(1))
    path = "".join(_step(spot, low, least, across, upward) for spot in _bends(spots))
    base = TOP + PLOT_HEIGHT - _whole(-least * upward)
    limit = _limit(named, lambda actual: LEFT + _whole((actual - low) * across))
    return Markup(
        f'<span class="kpi-curve"><svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' aria-hidden="true"><path d="M{LEFT} {base}H{WIDTH - LEFT}" stroke="currentColor" stroke-opacity="0.5"'
        f' fill="none"/>{limit}<path d="M{path[1:]}" stroke="currentColor" stroke-width="2.5" fill="none"/></svg>'
        f"<small>{escape(_caption(named, say))}</small></span>"
    )


def _limit(named: _Named, across: Callable[[mpq], int]) -> str:
    """A line from the target up to the curve."""
    if named.target is None:
        return ""
    line = f"M{across(named.target)} {TOP}V{HEIGHT - BOTTOM}"
    return f'<path d="{line}" stroke="currentColor" stroke-dasharray="3 3" fill="none"/>'


def _caption(named: _Named, say: Words) -> str:
    """What the drawing spans, as text beside it: text within would not grow with the page."""
    if named.target is not None:
        return say("handbook.curve_target", target=named.text)
    first, last = min(named.marks), max(named.marks)
    if first == last:
        return show(first, 2)
    return say("handbook.curve_between", first=show(first, 2), last=show(last, 2))


def _step(spot: CurvePoint, low: mpq, least: mpq, across: mpq, upward: mpq) -> str:
    x = _tenths(LEFT + (spot.actual - low) * across)
    return f"L{x} {_tenths(TOP + PLOT_HEIGHT - (spot.points - least) * upward)}"


def _bends(spots: tuple[CurvePoint, ...]) -> Iterator[CurvePoint]:
    """The curve without the points that lie on the straight line between their neighbours."""
    yield spots[0]
    for (before, here), (_, after) in pairwise(pairwise(spots)):
        rise = (here.points - before.points) * (after.actual - here.actual)
        if rise != (after.points - here.points) * (here.actual - before.actual):
            yield here
    yield spots[-1]


def _whole(value: mpq) -> int:
    return int(value)


def _tenths(value: mpq | int) -> str:
    return show(mpq(value), 1).replace(",", "")
