"""How an indicator did in past cycles: a row and a small drawing for each, with nobody's own value in it."""

from collections.abc import Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.model import Indicator
from kpibook.numbers import show
from kpibook.pages.book import NONE, Book
from kpibook.spreads import CycleSpreads, Spread
from kpibook.standards import with_unit

STEP = 44
HEIGHT = 96
MARGIN = 8
HALF_BOX = 9


class SpreadRow(NamedTuple):
    """A closed cycle with its figures; dashes where they would tell of people."""

    cycle: str
    low: str
    middle: str
    high: str


class SpreadView(NamedTuple):
    """The past cycles of an indicator, oldest first; no rows where there is nothing to tell."""

    rows: tuple[SpreadRow, ...]
    chart: Markup
    is_share: bool


def spread_view(book: Book, indicator: Indicator, past: Sequence[CycleSpreads]) -> SpreadView:
    """The newest cycles of one kind in which the indicator was used."""
    used = [cycle for cycle in past if indicator.id in cycle.spreads]
    alike = [cycle for cycle in used if cycle.period.kind is used[-1].period.kind]
    spreads = [cycle.spreads[indicator.id] for cycle in alike]
    told = [spread for spread in spreads if spread]
    if not told:
        return SpreadView((), Markup(""), is_share=False)
    is_share = told[-1].is_share
    shown = [spread if spread and spread.is_share is is_share else None for spread in spreads]
    unit = "%" if is_share else indicator.unit
    rows = tuple(_row(cycle.name, spread, unit) for cycle, spread in zip(alike, shown, strict=True))
    return SpreadView(rows, spread_chart(shown, book.say("handbook.spread.chart")), is_share)


def _row(cycle: str, spread: Spread | None, unit: str) -> SpreadRow:
    if spread is None:
        return SpreadRow(cycle, NONE, NONE, NONE)
    low, middle, high = (with_unit(value, unit) for value in spread[:3])
    return SpreadRow(cycle, low, middle, high)


def spread_chart(spreads: Sequence[Spread | None], title: str) -> Markup:
    """A box from quartile to quartile for each cycle with a line in the middle; nothing for fewer than two."""
    told = [spread for spread in spreads if spread]
    if len(told) < 2:
        return Markup("")
    least, most = min(spread.low for spread in told), max(spread.high for spread in told)
    boxes = "".join(_box(number, spread, least, most) for number, spread in enumerate(spreads) if spread)
    width = STEP * len(spreads) + MARGIN
    labels = f'<text x="0" y="12">{show(most)}</text><text x="0" y="{HEIGHT - 4}">{show(least)}</text>'
    left = 8 * max(len(show(most)), len(show(least)))
    return Markup(
        f'<svg class="kpi-spread" width="{left + width}" height="{HEIGHT}" viewBox="0 0 {left + width} {HEIGHT}"'
        f' role="img" aria-label="{title}" font-size="11" fill="currentColor">{labels}'
        f'<g transform="translate({left} 0)"><path d="M0 {MARGIN}V{HEIGHT - MARGIN}H{width}" fill="none"'
        f' stroke="currentColor" stroke-opacity="0.4"/>{boxes}</g></svg>'
    )


def _box(number: int, spread: Spread, least: mpq, most: mpq) -> str:
    x = STEP * number + STEP // 2
    low, middle, high = (_y(value, least, most) for value in spread[:3])
    return (
        f'<rect x="{x - HALF_BOX}" y="{high}" width="{2 * HALF_BOX}" height="{max(low - high, 1)}" fill-opacity="0.25"'
        f' stroke="currentColor"/><path d="M{x - HALF_BOX} {middle}h{2 * HALF_BOX}" stroke="currentColor"'
        ' stroke-width="3"/>'
    )


def _y(value: mpq, least: mpq, most: mpq) -> int:
    whole = HEIGHT - 4 * MARGIN
    return HEIGHT - 2 * MARGIN - int((value - least) / ((most - least) or 1) * whole)
