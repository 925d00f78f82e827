"""Counts that may be published: no group of fewer than five people can be read or worked out."""

from collections.abc import Mapping
from typing import TypeVar

LEAST = 5
"""The smallest group whose number is shown."""

Cell = TypeVar("Cell")


def shown(cells: Mapping[Cell, int]) -> Mapping[Cell, int | None]:
    """The counts of groups that together make a total which is known; None for those that stay hidden.

    A group of 1 to 4 is hidden. If its number followed from the total and the others, the next smallest group is
    hidden too, until the hidden ones are several and together at least five. An empty group tells nothing and is shown.
    """
    hidden = {cell for cell, count in cells.items() if 0 < count < LEAST}
    rest = sorted((count, number, cell) for number, (cell, count) in enumerate(cells.items()) if count >= LEAST)
    while hidden and rest and (len(hidden) < 2 or sum(cells[cell] for cell in hidden) < LEAST):
        hidden.add(rest.pop(0)[2])
    return {cell: None if cell in hidden else count for cell, count in cells.items()}


def is_small(count: int) -> bool:
    """Whether a group is too small for its number to be shown."""
    return 0 < count < LEAST
