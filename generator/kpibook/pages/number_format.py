"""Numbers for reading: as few decimals as tell them, and as many as it takes to see on which side of a limit they lie.

What was computed exactly stands beside its derivation; everywhere else a number is shown, never changed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from gmpy2 import mpq
from markupsafe import Markup

from kpibook.base.numbers import HUNDRED, MONEY, SIGNS, ZERO, fixed, round_half_up, show
from kpibook.base.word_units import WordUnit
from kpibook.pages.text import escape
from kpibook.rules.standards import with_unit

WHOLE_FROM = 1000
"""Amounts of so much need no decimals."""
FEW, OF_RATES, OF_POINTS, MOST = 2, 1, 1, 6
"""Decimals: of small amounts, of rates, of points, and where a limit is so near that more are needed."""

YUAN = MONEY[:3]
"""The ways to write the unit of Chinese money, the Chinese one first."""
MINUS = "\u2212"
_BEFORE = r"[\s(\uff08=\u00d7\u00f7+\uff1a:\uff0c,\uff1b;/<>\u2264\u2265\u2248]"
_NEGATIVE = re.compile(rf"(^|{_BEFORE})-(?=[\u00a5$\u20ac\u00a3]?\d)")
"""A hyphen that stands before a number, at the start or after a blank or a sign of computing or of a sentence."""
HAS_NONE = "·"
"""Stands for what there is none of; what is not there yet is a dash."""


def short_text(value: mpq, unit: str, language: str, limits: tuple[mpq, ...] = ()) -> str:
    """A value in its unit: `269,462 元`, `85.7%`, `3.503%` beside a limit of 3.5; in English `¥269,462`."""
    return unit.told(value) if isinstance(unit, WordUnit) else _short(value, unit, language, limits)


@lru_cache(maxsize=16384)
def _short(value: mpq, unit: str, language: str, limits: tuple[mpq, ...]) -> str:
    places = 0 if abs(value) >= WHOLE_FROM else OF_RATES if unit == "%" else FEW
    rounded = rounded_beside(value, places, limits)
    sign, amount = MINUS if rounded < 0 else "", abs(rounded)
    if unit not in YUAN:
        return f"{sign}{with_unit(amount, unit)}"
    if language == "zh":
        return f"{sign}{show(amount, MOST)} {YUAN[0]}"
    return f"{sign}¥{show(amount, MOST)}"


def with_minus(text: str) -> str:
    """A derivation whose negative numbers have the true minus sign; ids, days and what is quoted stay as they are."""
    return _NEGATIVE.sub(rf"\1{MINUS}", text) if "-" in text else text


def unit_name(unit: str, language: str) -> str:
    """A unit by itself: money by its sign, `€`, `元`, `€/人`, and never by the code of a currency that has one."""
    if isinstance(unit, WordUnit):
        return unit
    currency, slash, rest = unit.partition("/")
    name = (YUAN[0] if language == "zh" else SIGNS["CNY"]) if currency in YUAN else SIGNS.get(currency, currency)
    return f"{name}{slash}{rest}"


def rounded_beside(value: mpq, places: int, limits: Sequence[mpq] = ()) -> mpq:
    """The value with so many decimals, or more where it would move onto a limit or over it."""
    for more in range(places, MOST + 1):
        rounded = round_half_up(value, more)
        if all(_side(rounded, limit) == _side(value, limit) for limit in limits):
            return rounded
    return value


def _side(value: mpq, limit: mpq) -> int:
    return (value > limit) - (value < limit)


@lru_cache(maxsize=16384)
def points(value: mpq, *limits: mpq) -> str:
    """Points with one decimal, `86.0`; with more where they would look like a limit that they do not reach."""
    rounded = rounded_beside(value, OF_POINTS, (ZERO, *limits))
    return fixed(rounded, OF_POINTS) if rounded.denominator in (1, 2, 5, 10) else show(rounded, MOST)


def share(ratio: mpq) -> str:
    """A ratio in whole per cent: 0.878 is `88%`; never 100 before it is reached."""
    value = ratio * HUNDRED
    whole = (2 * value.numerator + value.denominator) // (2 * value.denominator)
    if whole not in (0, 100):
        return f"{int(whole):,}%"
    return f"{show(rounded_beside(value, 0, (HUNDRED, ZERO)), MOST)}%"


def signed(difference: mpq, places: int = OF_POINTS) -> str:
    """A difference with its sign: `+10.4`, `−0.7`, `±0`."""
    text = fixed(abs(difference), places)
    if not round_half_up(difference, places):
        return f"±{text}" if difference else "±0"
    return f"{'+' if difference > 0 else MINUS}{text}"


def signed_in_full(difference: mpq) -> str:
    """A difference with its sign and all that `show` tells of it: `+2.25`, `−2`."""
    return f"{'+' if difference > 0 else MINUS if difference else ''}{show(abs(difference))}"


def change_class(difference: mpq, places: int = OF_POINTS) -> str:
    """The class of a difference as it is shown: `up`, `down`, or `same` where rounding leaves nothing of it."""
    rounded = round_half_up(difference, places)
    return "up" if rounded > 0 else "down" if rounded < 0 else "same"


def coloured_difference(difference: mpq, places: int = OF_POINTS) -> Markup:
    """A difference with its sign, in the colour of its side."""
    text = escape(signed(difference, places))
    return Markup('<span class="card-{}">{}</span>').format(change_class(difference, places), text)
