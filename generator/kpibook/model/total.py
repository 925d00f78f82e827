"""How the items of a scorecard make its total."""

from typing import Annotated, Literal

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Entry, Number
from kpibook.base.numbers import HUNDRED


class Total(Entry):
    """How a total is made: what the weights add up to, and what the total is told out of.

    `by: points` adds up the points of the items. `by: sections` takes each section as its own whole, of which the
    items' weights are parts, and counts it by the section's weight.
    """

    by: Literal["points", "sections"] = "points"
    whole: Annotated[Number, Field(alias="of")] = HUNDRED
    """What the weights, or the weights of the sections, add up to."""
    told_out_of: Annotated[Number | None, Field(alias="to")] = None
    """The total is turned into one out of so many; without it, it stays as it is."""

    @property
    def turned(self) -> mpq | None:
        """By what the total is multiplied; None where it stays."""
        if self.told_out_of is None or self.told_out_of == self.whole or not self.whole:
            return None
        return self.told_out_of / self.whole


AS_POINTS = Total()
"""Points that make 100: what holds where nobody says otherwise."""
