"""Small drawings that print in black and white and carry nothing that the text beside them does not say."""

from collections.abc import Iterator, Sequence
from functools import cache

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, ZERO

COLUMN = 40
MARGIN = 6
"""The room of one total on a line of totals, and what is kept free above and below the line."""


def points_bar(points: mpq, worth: mpq, longest: mpq) -> Markup:
    """A bar whose length is points, on one scale for all items of a card: those got, and hatched those lost.

    Points that are taken off are hatched alone; `longest` is what fills the whole width.
    """
    length = max(worth, abs(points))
    if length <= 0 or longest <= 0:
        return Markup("")
    return _bar(_per_mille(length, longest), _per_mille(max(points, ZERO), length))


def _per_mille(part: mpq, whole: mpq) -> int:
    ratio = part / whole
    return int(1000 * ratio.numerator // ratio.denominator)


@cache
def _bar(length: int, got: int) -> Markup:
    inside = f'<i style="width:{got / 10:g}%"></i>'
    return Markup(f'<span class="card-bar" style="width:{length / 10:g}%">{inside}</span>')


def delta_bar(difference: mpq, largest: mpq) -> Markup:
    """A bar from a middle line: to the right what was won, to the left what was lost."""
    kind = "up" if difference >= 0 else "down"
    return _delta(kind, _per_mille(abs(difference), largest) if largest else 0)


@cache
def _delta(kind: str, length: int) -> Markup:
    return Markup(f'<i class="card-{kind}" style="width:{length / 20:g}%"></i>')


def share_bar(count: int, most: int, hue: int, mark: int | None = None) -> Markup:
    """A bar for the people of a grade, in its hue; `most` people fill the width, at `mark` of them stands a line."""
    width = 100 * count / most if most else 0
    inside = f'<i class="kpi-grade-{hue}" style="width:{width:.3g}%"></i>'
    if mark is not None:
        inside += f'<b style="left:{100 * mark / most if most else 0:.3g}%"></b>'
    return Markup(f'<span class="cycle-bar" aria-hidden="true">{inside}</span>')


def quota_mark(percent: mpq) -> Markup:
    """A bar that stands for everybody, with a mark at so many per cent of them; the text beside it says the number."""
    place = f"left:{min(_per_mille(percent, HUNDRED), 1000) / 10:g}%"
    return Markup(f'<span class="kpi-quota" aria-hidden="true"><i style="{place}"></i></span>')


def trend_line(totals: Sequence[mpq | None]) -> Markup:
    """A line over equal columns, one for each total, with a gap where there is none; it fills whatever room it has."""
    known = [total for total in totals if total is not None]
    low, span = min(known), max(known) - min(known)
    points = [
        None if total is None else (COLUMN * at + COLUMN // 2, _height(total - low, span))
        for at, total in enumerate(totals)
    ]
    size = f'viewBox="0 0 {COLUMN * len(totals)} {COLUMN}" width="{COLUMN * len(totals)}" height="{COLUMN}"'
    dots = "".join(f"M{x} {y}h0" for x, y in filter(None, points))
    return Markup(
        f'<svg class="card-line" {size} preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="{"".join(_segments(points))}" fill="none" stroke="currentColor" stroke-opacity="0.6"'
        f' stroke-width="1.5" vector-effect="non-scaling-stroke"/>'
        f'<path d="{dots}" stroke="currentColor" stroke-width="6" stroke-linecap="round"'
        f' vector-effect="non-scaling-stroke"/></svg>'
    )


def _height(above: mpq, span: mpq) -> int:
    """How far from the top: the best total near it, the worst near the bottom, equal ones in the middle."""
    return int(COLUMN - MARGIN - above * (COLUMN - 2 * MARGIN) / span) if span else COLUMN // 2


def _segments(points: Sequence[tuple[int, int] | None]) -> Iterator[str]:
    is_drawing = False
    for point in points:
        if point:
            yield f"{'L' if is_drawing else 'M'}{point[0]} {point[1]}"
        is_drawing = point is not None
