"""How large the numbers of a formula can become: by how many factors, above and below the line of a fraction."""

from collections.abc import Callable
from typing import NamedTuple

from kpibook.rules.formulas.nodes import COMPARISON, Name, Node


class Size(NamedTuple):
    """The most factors that a numerator and a denominator are made of."""

    above: int
    below: int

    @property
    def factors(self) -> int:
        """How many factors there are above and below the line."""
        return self.above + self.below


COLLECTED = Size(1, 0)
"""A number as somebody gave it, or as it is written in a formula."""
FLAG = Size(0, 0)
"""1 or 0."""


def size(node: Node, of: Callable[[Name], Size]) -> Size:
    """The size of a part of a formula, by the sizes of its numbers."""
    if node.name:
        return of(node.name)
    if not node.parts:
        return COLLECTED
    parts = [size(part, of) for part in node.parts]
    if node.rank == COMPARISON:
        return FLAG
    match node.sign:
        case "×":
            return Size(sum(part.above for part in parts), sum(part.below for part in parts))
        case "÷":
            one, other = parts
            return Size(one.above + other.below, one.below + other.above)
        case "+" | "-":
            one, other = parts
            return Size(max(one.above + other.below, other.above + one.below), one.below + other.below)
    return Size(max(part.above for part in parts), max(part.below for part in parts))
