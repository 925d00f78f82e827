"""Small drawings that print in black and white and carry nothing that the text beside them does not say."""

from collections.abc import Iterator, Sequence
from functools import cache

from gmpy2 import mpq
from markupsafe import Markup

WIDTH = 48
HEIGHT = 7
FULL = 40
"""Where 100 % stands on a bar of attainment; what is above it fills the rest."""

COLUMN = 40
MARGIN = 6
"""The room of one total on a line of totals, and what is kept free above and below the line."""


def attainment_bar(ratio: mpq) -> Markup:
    """A bar for an attainment (0.8 is 80 %) with a mark at 100 %."""
    return _bar(min(max(int(ratio * FULL), 0), WIDTH), FULL)


def share_bar(count: int, whole: int) -> Markup:
    """A bar for a part of a whole."""
    return _bar(WIDTH * count // whole if whole else 0, 0)


@cache
def _bar(length: int, mark: int) -> Markup:
    tick = f'<path d="M{mark}.5 0V{HEIGHT}" stroke="currentColor"/>' if mark else ""
    return Markup(
        f'<svg class="card-bar" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" fill="none" stroke="currentColor"'
        f' stroke-opacity="0.35"/>'
        f'<rect y="1.5" x="1" width="{min(length, WIDTH - 2)}" height="{HEIGHT - 3}" fill="currentColor"'
        f' fill-opacity="0.75"/>{tick}</svg>'
    )


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
