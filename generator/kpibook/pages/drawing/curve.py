"""A small drawing of a rule: points against the number that decides them, with the target marked."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, ZERO, show
from kpibook.base.words import Words
from kpibook.model import Extra, Indicator, Measure, ScorecardItem, TotalLevel
from kpibook.pages.drawing.turning_points import (
    OWN_ACTUAL,
    Axis,
    CurvePoint,
    axes,
    curve_spots,
    marks_of,
    shows_target,
    window,
)
from kpibook.pages.text import escape
from kpibook.rules.standards import Case, closed_up, marks_beside_target, with_unit

WIDTH, HEIGHT = 140, 54
LEFT, TOP, BOTTOM = 4, 4, 4
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - 2 * LEFT, HEIGHT - TOP - BOTTOM

Sort = ScorecardItem | Extra


def _unknown(_: str) -> Measure | Indicator | None:
    return None


class Around(NamedTuple):
    """What an item stands in, as far as its drawing needs it."""

    levels: tuple[TotalLevel, ...] = ()
    """Those by which a total is made, from the best down."""
    on_job_levels: tuple[tuple[str, Sort], ...] = ()
    """The item on each job level that has it, by the id of the level."""
    named: Callable[[str], Measure | Indicator | None] = _unknown


ALONE = Around()


class Line(NamedTuple):
    """A curve and the target that it belongs to."""

    spots: tuple[CurvePoint, ...]
    target: mpq | None = None


class Panel(NamedTuple):
    """One drawing: its lines over one stretch of numbers, and what is written below them."""

    lines: tuple[Line, ...]
    texts: tuple[str, ...]


def curve(item: Sort, indicator: Indicator, say: Words, around: Around = ALONE) -> Markup:
    """The drawings for an item, each with its numbers as text; empty where no number decides, or without a weight.

    Of an item that has other targets on other job levels there is a line for each target. Of rules that judge events
    or count merits there is a drawing for each row, as if nothing else had happened.
    """
    variants = _by_target(around.on_job_levels)
    if len(variants) > 1:
        panels = [_levelled_panel(variants, indicator, say, around)]
    else:
        panels = [_panel(item, indicator, axis, say, around) for axis in axes(item)]
    drawn = [panel for panel in panels if all(len(line.spots) > 1 for line in panel.lines)]
    inside = "".join(_drawn(panel, _heights(drawn)) for panel in drawn)
    return Markup(f'<span class="kpi-curve">{inside}</span>') if drawn else Markup("")


def _by_target(on_job_levels: tuple[tuple[str, Sort], ...]) -> list[tuple[str, Sort]]:
    """The item once for each target, with the levels that have it; none where a level has no target."""
    if any(item.target is None or not shows_target(item) for _, item in on_job_levels):
        return []
    ordered = sorted(on_job_levels, key=lambda each: each[1].target or ZERO)
    groups = [list(same) for _, same in groupby(ordered, key=lambda each: each[1].target)]
    return [(" ".join(level for level, _ in same), same[0][1]) for same in groups]


def _levelled_panel(variants: Sequence[tuple[str, Sort]], indicator: Indicator, say: Words, around: Around) -> Panel:
    """A line for each target, over one stretch of numbers."""
    marks = [tuple(marks_of(item, indicator, OWN_ACTUAL)) for _, item in variants]
    if not all(marks):
        return Panel((Line(()),), ())
    spans = [window(each, item.target) for each, (_, item) in zip(marks, variants, strict=True)]
    within = min(low for low, _ in spans), max(high for _, high in spans)
    lines, texts = [], []
    for level, item in variants:
        spots = tuple(curve_spots(item, indicator, levels=around.levels, within=within))
        lines.append(Line(spots, item.target))
        target = with_unit(item.target or ZERO, indicator.unit)
        texts.append(say("handbook.on_level", level=level, text=say("handbook.curve_target", target=target)))
    return Panel(tuple(lines), tuple(texts))


def _panel(item: Sort, indicator: Indicator, axis: Axis, say: Words, around: Around) -> Panel:
    spots = tuple(curve_spots(item, indicator, axis, levels=around.levels))
    if len(spots) < 2:
        return Panel((Line(()),), ())
    marks = tuple(marks_of(item, indicator, axis))
    if axis.row is not None and len(axes(item)) + bool(axis.row.each) > 1:
        return Panel((Line(spots),), (_row_text(axis, marks, say, around),))
    target = item.target if shows_target(item) else None
    texts = (
        _between(marks, say)
        if target is None
        else say("handbook.curve_target", target=with_unit(target, indicator.unit)),
    )
    return Panel((Line(spots, target),), (*texts, *_level_texts(item, indicator, spots, say, around)))


def _row_text(axis: Axis, marks: tuple[mpq, ...], say: Words, around: Around) -> str:
    """What a row counts, or that it judges each by itself, and between which numbers the points move."""
    if axis.row is None:
        return ""
    measure = around.named(axis.row.measure)
    name = axis.row.name or (measure.name if measure else axis.row.measure)
    key = "curve_event" if axis.row.each else "curve_merit" if axis.is_adding else "curve_row"
    first, last = show(min(marks), 2), with_unit(max(marks), measure.unit if measure else "")
    return say(f"handbook.{key}", name=name, first=first, last=last)


def _between(marks: tuple[mpq, ...], say: Words) -> str:
    """What the drawing spans, as text beside it: text within would not grow with the page."""
    first, last = min(marks), max(marks)
    if first == last:
        return show(first, 2)
    return say("handbook.curve_between", first=show(first, 2), last=show(last, 2))


def _level_texts(
    item: Sort, indicator: Indicator, spots: tuple[CurvePoint, ...], say: Words, around: Around
) -> Iterator[str]:
    """Up to which number, or from which on, an item is on each level; nothing where points fall on both sides."""
    rises = [after.points - before.points for before, after in pairwise(spots)]
    is_falling = all(rise <= 0 for rise in rises)
    if not isinstance(item, ScorecardItem) or not item.standard or not (is_falling or all(rise >= 0 for rise in rises)):
        return
    worst, weight = min(spots, key=lambda spot: spot.points).actual, item.weight or ZERO
    case = Case(weight, indicator.direction, item.target, worst, marks=marks_beside_target(item, item.target))
    for level in around.levels:
        points = level.threshold * weight / HUNDRED
        found = item.standard.reach(case, points) if 0 < points <= item.best else None
        if found is not None:
            key = {0: "upto" if is_falling else "from", 1: "over", -1: "under"}[found.side]
            value = with_unit(found.actual, indicator.unit)
            yield closed_up(say(f"handbook.curve_level_{key}", level=level.level, value=value))


def _heights(panels: Sequence[Panel]) -> tuple[mpq, mpq]:
    """The least and the most points of all drawings of an item: they have one scale."""
    points = [spot.points for panel in panels for line in panel.lines for spot in line.spots]
    return min((*points, ZERO)), max((*points, ZERO))


def _drawn(panel: Panel, heights: tuple[mpq, mpq]) -> str:
    (least, most), spots = heights, panel.lines[0].spots
    low, high = spots[0].actual, spots[-1].actual
    across, upward = PLOT_WIDTH / (high - low), PLOT_HEIGHT / ((most - least) or mpq(1))
    base = TOP + PLOT_HEIGHT - int(-least * upward)
    limits, paths = "", ""
    width = "2.5" if len(panel.lines) == 1 else "1.5"
    for line in panel.lines:
        if line.target is not None:
            at = f"M{LEFT + int((line.target - low) * across)} {TOP}V{HEIGHT - BOTTOM}"
            limits += f'<path d="{at}" stroke="currentColor" stroke-dasharray="3 3" fill="none"/>'
        path = "".join(_step(spot, low, least, across, upward) for spot in _bends(line.spots))
        paths += f'<path d="M{path[1:]}" stroke="currentColor" stroke-width="{width}" fill="none"/>'
    texts = "".join(f"<small>{escape(text)}</small>" for text in panel.texts)
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' aria-hidden="true"><path d="M{LEFT} {base}H{WIDTH - LEFT}" stroke="currentColor" stroke-opacity="0.5"'
        f' fill="none"/>{limits}{paths}</svg>{texts}'
    )


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


def _tenths(value: mpq | int) -> str:
    return show(mpq(value), 1).replace(",", "")
