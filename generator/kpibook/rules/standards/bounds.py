"""The most that a formula for points can give, by what its numbers can be."""

from collections.abc import Callable, Mapping

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.rules.formulas import COMPARISON, Name, Node

Span = tuple[mpq | None, mpq | None]
"""The least and the most; None where there is no end."""

OPEN: Span = (None, None)
FLAG: Span = (ZERO, mpq(1))


def most_of(node: Node, of: Callable[[Name], Span]) -> mpq | None:
    """The upper bound of a formula's value; None where it has none, or none that follows from those of its numbers."""
    return value_bounds(node, of)[1]


def value_bounds(node: Node, of: Callable[[Name], Span]) -> Span:
    """The least and the most of a part of a formula."""
    if node.name:
        return of(node.name)
    if not node.parts:
        value = node.compute({})
        return value, value
    if node.rank == COMPARISON:
        return FLAG
    parts = [value_bounds(part, of) for part in node.parts]
    if node.sign in ("min", "max", "if"):
        return _bounds_of_choice(node.sign, parts)
    if node.sign in PAIRS:
        return PAIRS[node.sign](parts[0], parts[1])
    if node.sign == "abs":
        return ZERO, _larger(parts[0][1], _negative(parts[0])[1])
    return _rounded(parts[0]) if node.sign in ("round", "floor", "ceil") else _negative(parts[0])


def _rounded(part: Span) -> Span:
    """What rounding can make of a number: at most a whole one more or less."""
    low, high = part
    return None if low is None else low - 1, None if high is None else high + 1


def _bounds_of_choice(sign: str, parts: list[Span]) -> Span:
    if sign == "if":
        return _smaller(parts[1][0], parts[2][0]), _larger(parts[1][1], parts[2][1])
    lows = [low for low, _ in parts]
    highs = [high for _, high in parts]
    if sign == "min":
        return None if None in lows else min(_known_values(lows)), min(_known_values(highs), default=None)
    return max(_known_values(lows), default=None), None if None in highs else max(_known_values(highs))


def _known_values(values: list[mpq | None]) -> list[mpq]:
    """The values that are there."""
    return [value for value in values if value is not None]


def _smaller(one: mpq | None, other: mpq | None) -> mpq | None:
    return None if one is None or other is None else min(one, other)


def _larger(one: mpq | None, other: mpq | None) -> mpq | None:
    return None if one is None or other is None else max(one, other)


def _negative(part: Span) -> Span:
    low, high = part
    return None if high is None else -high, None if low is None else -low


def _sum(one: Span, other: Span) -> Span:
    low = None if one[0] is None or other[0] is None else one[0] + other[0]
    return low, None if one[1] is None or other[1] is None else one[1] + other[1]


def _product(one: Span, other: Span) -> Span:
    """The bounds of a product; where both factors may be negative, only if all their bounds are known."""
    for positive, any_sign in ((one, other), (other, one)):
        if positive[0] is not None and positive[0] >= 0:
            low, high = any_sign
            least = None if low is None else _end(low, positive[0] if low >= 0 else positive[1])
            return least, None if high is None else _end(high, positive[1] if high >= 0 else positive[0])
    ends = _known_values([*one, *other])
    if len(ends) < 4:
        return OPEN
    corners = [first * second for first in _known_values([*one]) for second in _known_values([*other])]
    return min(corners), max(corners)


def _end(value: mpq, factor: mpq | None) -> mpq | None:
    """An end of a product; 0 times anything is 0."""
    if not value:
        return ZERO
    return None if factor is None else value * factor


def _quotient(one: Span, other: Span) -> Span:
    """The bounds of a quotient: by a fixed number they are known; by another positive one only the sign is."""
    if other[0] is not None and other[0] == other[1] and other[0]:
        return _scaled(one, 1 / other[0])
    if other[0] is not None and other[0] >= 0:
        low = ZERO if one[0] is not None and one[0] >= 0 else None
        return low, ZERO if one[1] is not None and one[1] <= 0 else None
    return OPEN


def _scaled(part: Span, factor: mpq) -> Span:
    low, high = part if factor >= 0 else (part[1], part[0])
    return None if low is None else low * factor, None if high is None else high * factor


def _difference(one: Span, other: Span) -> Span:
    return _sum(one, _negative(other))


PAIRS: Mapping[str, Callable[[Span, Span], Span]] = {
    "+": _sum,
    "-": _difference,
    "\u00d7": _product,
    "\u00f7": _quotient,
}
"""What two numbers come to, by the sign between them."""
