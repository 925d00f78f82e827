"""How an indicator did in past cycles: a row and a small drawing for each, with nobody's own value in it."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import round_half_up, show
from kpibook.base.periods import Period, PeriodKind
from kpibook.base.words import Words
from kpibook.model import Indicator
from kpibook.pages.context import NONE, HandbookContext
from kpibook.pages.text import escape
from kpibook.rules.standards import with_unit
from kpibook.scoring.distributions import CycleDistributions, Quartiles

HEIGHT = 176
TOP, BOTTOM = 22, 138
"""Where the highest and the lowest mark stand."""
ROOM = 288
"""What the columns share, so that the whole fits a phone."""
NARROW, WIDE = 24, 64
HALF_BOX = 11
LEAST_DRAWN = 6
"""With fewer cycles the table says at a glance what a drawing would."""
LARGE = 1000
"""From here on no decimals are told."""
LETTER, GAP = 8, 6


class DistributionRow(NamedTuple):
    """A closed cycle with its figures; dashes where they would tell of people."""

    cycle: str
    low: str
    middle: str
    high: str


class DistributionView(NamedTuple):
    """The past cycles of an indicator, oldest first; no rows where there is nothing to tell."""

    rows: tuple[DistributionRow, ...]
    chart: Markup
    is_share: bool


def distribution_view(
    context: HandbookContext, indicator: Indicator, past: Sequence[CycleDistributions]
) -> DistributionView:
    """The newest cycles of one kind in which the indicator was used."""
    used = [cycle for cycle in past if indicator.id in cycle.distributions]
    alike = [cycle for cycle in used if cycle.period.kind is used[-1].period.kind]
    distributions = [cycle.distributions[indicator.id] for cycle in alike]
    told = [quartiles for quartiles in distributions if quartiles]
    if not told:
        return DistributionView((), Markup(""), is_share=False)
    is_share = told[-1].is_share
    shown = [quartiles if quartiles and quartiles.is_share is is_share else None for quartiles in distributions]
    unit = "%" if is_share else indicator.unit
    rows = tuple(_row(cycle.name, quartiles, unit) for cycle, quartiles in zip(alike, shown, strict=True))
    periods = [cycle.period for cycle in alike]
    chart = distribution_chart(shown, periods, unit, context.say) if len(told) >= LEAST_DRAWN else Markup("")
    return DistributionView(rows, chart, is_share)


def _row(cycle: str, quartiles: Quartiles | None, unit: str) -> DistributionRow:
    if quartiles is None:
        return DistributionRow(cycle, NONE, NONE, NONE)
    low, middle, high = (with_unit(_rounded(value), unit) for value in quartiles[:3])
    return DistributionRow(cycle, low, middle, high)


def _rounded(value: mpq) -> mpq:
    return round_half_up(value, 0 if abs(value) >= LARGE else 1)


def distribution_chart(
    distributions: Sequence[Quartiles | None], periods: Sequence[Period], unit: str, say: Words
) -> Markup:
    """A box from quartile to quartile for each cycle with a line in the middle; nothing for fewer than two."""
    told = [quartiles for quartiles in distributions if quartiles]
    if len(told) < 2:
        return Markup("")
    marks = nice_marks(min(quartiles.low for quartiles in told), max(quartiles.high for quartiles in told))
    texts = [show(mark) for mark in marks]
    left = LETTER * max(map(len, texts)) + GAP
    column = max(NARROW, min(WIDE, ROOM // len(distributions)))
    width = left + column * len(distributions)
    lines = "".join(_line(mark, text, marks, left, width) for mark, text in zip(marks, texts, strict=True))
    drawn = zip(distributions, _centres(left, column), strict=False)
    boxes = "".join(_box(quartiles, x, column, marks) for quartiles, x in drawn if quartiles)
    names = "".join(_names(periods, left, column, say))
    return Markup(
        f'<svg class="kpi-spread" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" role="img"'
        f' aria-label="{escape(say("handbook.spread.chart"))}" font-size="13" fill="currentColor">'
        f'<text x="{left - GAP}" y="11" text-anchor="end">{escape(unit)}</text>{lines}{boxes}{names}</svg>'
    )


def nice_marks(least: mpq, most: mpq) -> tuple[mpq, ...]:
    """Round values at equal distances, two to six of them, from under the least to over the most."""
    span = most - least or abs(most) or mpq(1)
    step = mpq(1)
    while step * 10 <= span:
        step *= 10
    while step > span:
        step /= 10
    step = next(step * times for times in (mpq(1, 5), mpq(1, 2), mpq(1), mpq(2), mpq(5)) if step * times * 4 >= span)
    first, last = least // step, -(-most // step)
    return tuple(step * number for number in range(int(first), int(max(last, first + 1)) + 1))


def _centres(left: int, column: int) -> Iterator[int]:
    return count(left + column // 2, column)


def _line(mark: mpq, text: str, marks: Sequence[mpq], left: int, width: int) -> str:
    y, opacity = _y(mark, marks), "0.45" if mark == marks[0] else "0.15"
    return (
        f'<path d="M{left} {y}H{width}" stroke="currentColor" stroke-opacity="{opacity}"/>'
        f'<text x="{left - GAP}" y="{y + 4}" text-anchor="end">{text}</text>'
    )


def _box(quartiles: Quartiles, x: int, column: int, marks: Sequence[mpq]) -> str:
    half = min(HALF_BOX, column // 3)
    low, middle, high = (_y(value, marks) for value in quartiles[:3])
    return (
        f'<rect x="{x - half}" y="{high}" width="{2 * half}" height="{max(low - high, 1)}" fill-opacity="0.25"'
        f' stroke="currentColor"/><path d="M{x - half} {middle}h{2 * half}" stroke="currentColor" stroke-width="3"/>'
    )


def _names(periods: Sequence[Period], left: int, column: int, say: Words) -> Iterator[str]:
    """The cycles below their boxes: the number in the year, and the year where it begins."""
    year = 0
    for period, x in zip(periods, _centres(left, column), strict=False):
        is_year = period.kind is PeriodKind.YEAR
        if not is_year:
            text = (
                say("handbook.spread.month", number=period.number)
                if period.kind is PeriodKind.MONTH
                else str(period)[5:]
            )
            yield f'<text x="{x}" y="{BOTTOM + 16}" text-anchor="middle">{text}</text>'
        if period.year != year:
            yield f'<text x="{x}" y="{BOTTOM + (16 if is_year else 30)}" text-anchor="middle">{period.year}</text>'
        year = period.year


def _y(value: mpq, marks: Sequence[mpq]) -> int:
    return BOTTOM - int((value - marks[0]) / (marks[-1] - marks[0]) * (BOTTOM - TOP))
