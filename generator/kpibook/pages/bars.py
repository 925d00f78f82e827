"""Small drawings that print in black and white and carry nothing that the text beside them does not say."""

from functools import cache

from gmpy2 import mpq
from markupsafe import Markup

WIDTH = 48
HEIGHT = 7
FULL = 40
"""Where 100 % stands on a bar of attainment; what is above it fills the rest."""


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
