"""One type per scoring rule: the points it gives, and the sentence that states it."""

from typing import Annotated

from pydantic import Field

from kpibook.standards.base import Case, Reach, Rule, Scored, Step, Units, Vote
from kpibook.standards.choice import AllOrNothing, Band, Bands, Requirement
from kpibook.standards.counted import Deduct, Deduction, Excess, Shortfall, Tier
from kpibook.standards.examples import Example
from kpibook.standards.rated import OF_THE_CASE, ByFormula, Rating, RatingFault, RatingLevel
from kpibook.standards.ratio import Linear, Proportional, Range
from kpibook.standards.wording import Item, Setting, Subject, named, with_unit
from kpibook.standards.worked import example_text

Standard = Annotated[
    Proportional | AllOrNothing | Bands | Linear | Range | Deduction | Shortfall | Excess | Rating | ByFormula,
    Field(discriminator="rule"),
]

__all__ = [
    "OF_THE_CASE",
    "AllOrNothing",
    "Band",
    "Bands",
    "ByFormula",
    "Case",
    "Deduct",
    "Deduction",
    "Example",
    "Excess",
    "Item",
    "Linear",
    "Proportional",
    "Range",
    "Rating",
    "RatingFault",
    "RatingLevel",
    "Reach",
    "Requirement",
    "Rule",
    "Scored",
    "Setting",
    "Shortfall",
    "Standard",
    "Step",
    "Subject",
    "Tier",
    "Units",
    "Vote",
    "example_text",
    "named",
    "with_unit",
]
