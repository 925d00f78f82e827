"""Small drawings as inline SVG: they take the colour of the text, print in black and white, and say nothing that the
text beside them does not say.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import show
from kpibook.pages.text import escape

BAR_WIDTH = 640
BAR_HEIGHT = 22
GAP = 2
SHADES = ("0.9", "0.6", "0.38", "0.74", "0.22", "0.5")


class ChartShare(NamedTuple):
    """A part of a whole with its name."""

    name: str
    value: mpq


def shares_bar(shares: Sequence[ChartShare], unit: str) -> Markup:
    """A bar of all shares with its key, as one block of HTML; empty without shares."""
    whole = sum((share.value for share in shares), mpq(0))
    if not whole:
        return Markup("")
    segments, at = [], mpq(0)
    for number, share in enumerate(shares):
        segments.append(_segment(at, share.value / whole * BAR_WIDTH, SHADES[number % len(SHADES)]))
        at += share.value / whole * BAR_WIDTH
    key = "".join(_key(share, unit, SHADES[number % len(SHADES)]) for number, share in enumerate(shares))
    return Markup(
        f'<div class="kpi-shares">\n<svg class="kpi-bar" width="{BAR_WIDTH}" height="{BAR_HEIGHT}"'
        f' viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'{"".join(segments)}</svg>\n<ul class="kpi-key">{key}</ul>\n</div>'
    )


def _segment(at: mpq, width: mpq, shade: str) -> str:
    shown = max(int(width) - GAP, 1)
    return f'<rect x="{int(at)}" width="{shown}" height="{BAR_HEIGHT}" fill="currentColor" fill-opacity="{shade}"/>'


def _key(share: ChartShare, unit: str, shade: str) -> str:
    sign = (
        '<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">'
        f'<rect width="10" height="10" fill="currentColor" fill-opacity="{shade}"/></svg>'
    )
    return f"<li>{sign} {escape(share.name)} <b>{escape(show(share.value) + unit)}</b></li>"
