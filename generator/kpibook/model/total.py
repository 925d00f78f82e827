"""How the items of a scorecard make its total."""

from typing import Annotated, Literal

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Entry, Number, PlainText
from kpibook.base.numbers import HUNDRED, ZERO


class TotalLevel(Entry):
    """A level that an item reaches by its points, and the part of its weight that it then brings."""

    level: PlainText
    threshold: Annotated[Number, Field(alias="from")]
    """From so many % of the most that the item's rule gives."""
    factor: Number


class Total(Entry):
    """How a total is made: what the weights add up to, and what the total is told out of.

    `by: points` adds up the points of the items. `by: sections` takes each section as its own whole, of which the
    items' weights are parts, and counts it by the section's weight. `by: levels` turns the points of each item into a
    level, and the item brings its weight times the factor of the level.
    """

    by: Literal["points", "sections", "levels"] = "points"
    whole: Annotated[Number, Field(alias="of")] = HUNDRED
    """What the weights, or the weights of the sections, add up to."""
    told_out_of: Annotated[Number | None, Field(alias="to")] = None
    """The total is turned into one out of so many; without it, it stays as it is."""

    levels: tuple[TotalLevel, ...] = ()
    """From the best down, where the total is made by levels."""

    @property
    def item_levels(self) -> tuple[TotalLevel, ...]:
        """The levels that items reach; none where points count as they are."""
        return self.levels if self.by == "levels" else ()

    @property
    def full(self) -> mpq:
        """What the total is out of, before anything is added."""
        return self.whole if self.told_out_of is None else self.told_out_of

    @property
    def turned(self) -> mpq | None:
        """By what the total is multiplied; None where it stays."""
        if self.told_out_of is None or self.told_out_of == self.whole or not self.whole:
            return None
        return self.told_out_of / self.whole


def level_at(levels: tuple[TotalLevel, ...], points: mpq, weight: mpq) -> TotalLevel | None:
    """The best level that so many points of an item's weight reach; None below the lowest."""
    return next((each for each in levels if points * HUNDRED >= each.threshold * weight), None)


def levelled(levels: tuple[TotalLevel, ...], points: mpq, weight: mpq) -> mpq:
    """What an item brings by the level that its points reach; its points where there are no levels."""
    if not levels:
        return points
    level = level_at(levels, points, weight)
    return weight * level.factor if level else ZERO


def unlevelled(levels: tuple[TotalLevel, ...], wanted: mpq, weight: mpq) -> mpq | None:
    """The fewest points of an item's rule that bring so much by their level; None where no level does."""
    if not levels:
        return wanted
    enough = [each.threshold for each in levels if weight * each.factor >= wanted]
    return min(enough) * weight / HUNDRED if enough else None


AS_POINTS = Total()
"""Points that make 100: what holds where nobody says otherwise."""
