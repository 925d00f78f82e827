"""One type per scoring rule: the points it gives, and the sentence that states it."""

from typing import Annotated

from pydantic import Field

from kpibook.rules.standards.base import Case, Event, ReachedActual, Rule, RuleOutcome, Step, Units, Vote
from kpibook.rules.standards.beyond_target import Bonus, Excess, Shortfall
from kpibook.rules.standards.choice import AllOrNothing, Band, Bands, Requirement
from kpibook.rules.standards.counted import Deduct, Deduction, Tier
from kpibook.rules.standards.example_texts import example_text
from kpibook.rules.standards.examples import Example
from kpibook.rules.standards.rated import OF_THE_CASE, ByFormula, Rating, RatingFault, RatingLevel, Scale
from kpibook.rules.standards.ratio import Linear, Proportional, Range
from kpibook.rules.standards.stretched import Stretch
from kpibook.rules.standards.wording import (
    NO_MARKS,
    Item,
    Marks,
    Setting,
    Subject,
    closed_up,
    in_formula,
    marks_beside_target,
    number_name,
    summed_name,
    targets_by_kind,
    with_unit,
)

Standard = Annotated[
    Proportional
    | AllOrNothing
    | Bands
    | Linear
    | Range
    | Stretch
    | Deduction
    | Shortfall
    | Excess
    | Rating
    | ByFormula,
    Field(discriminator="rule"),
]

__all__ = [
    "NO_MARKS",
    "OF_THE_CASE",
    "AllOrNothing",
    "Band",
    "Bands",
    "Bonus",
    "ByFormula",
    "Case",
    "Deduct",
    "Deduction",
    "Event",
    "Example",
    "Excess",
    "Item",
    "Linear",
    "Marks",
    "Proportional",
    "Range",
    "Rating",
    "RatingFault",
    "RatingLevel",
    "ReachedActual",
    "Requirement",
    "Rule",
    "RuleOutcome",
    "Scale",
    "Setting",
    "Shortfall",
    "Standard",
    "Step",
    "Stretch",
    "Subject",
    "Tier",
    "Units",
    "Vote",
    "closed_up",
    "example_text",
    "in_formula",
    "marks_beside_target",
    "number_name",
    "summed_name",
    "targets_by_kind",
    "with_unit",
]
