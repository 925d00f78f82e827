"""How a formula grows with its numbers: which ones make it three times as large over three months, and which do not."""

from collections.abc import Callable, Sequence
from enum import Enum

from kpibook.rules.formulas.nodes import COMPARISON, NEGATIVE, Name, Node


class Odd(Enum):
    """Degrees that are no number."""

    ANY = "any"
    """Of 0, which is as large over any time."""
    MIXED = "mixed"
    """It grows in no one way: a sum of a rate and an amount, or a bonus over a fixed mark."""


Degree = int | Odd
"""0 of a rate, a level or a mean, 1 of an amount that adds up over time, 2 of their product."""


def degree(node: Node, of: Callable[[Name], Degree]) -> Degree:
    """The degree of a part of a formula, by the degrees of its numbers."""
    if node.name:
        return of(node.name)
    if not node.parts:
        return 0 if node.compute({}) else Odd.ANY
    parts = [degree(part, of) for part in node.parts]
    if node.rank == COMPARISON:
        return Odd.MIXED if _common(parts) is Odd.MIXED else 0
    match node.sign:
        case "×":
            return _product(*parts)
        case "÷":
            return _quotient(*parts)
        case "if":
            return _common(parts[1:]) if parts[0] in (0, Odd.ANY) else Odd.MIXED
        case "round" | "floor" | "ceil" | "abs":
            # Rounding moves a number by less than anybody sets a target by.
            return parts[0]
    return parts[0] if node.sign == NEGATIVE else _common(parts)


def _common(parts: Sequence[Degree]) -> Degree:
    """The one degree of what is added, compared or chosen from."""
    found = {part for part in parts if part is not Odd.ANY}
    return Odd.MIXED if len(found) > 1 else found.pop() if found else Odd.ANY


def _product(one: Degree, other: Degree) -> Degree:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return Odd.ANY if Odd.ANY in (one, other) else Odd.MIXED


def _quotient(one: Degree, other: Degree) -> Degree:
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    return Odd.ANY if one is Odd.ANY else Odd.MIXED
