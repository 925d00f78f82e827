"""What a card took that is not its own: while that and its own rows are what they were, so is the card."""

from dataclasses import dataclass, field
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.rules.formulas import Name


class SharedNumber(NamedTuple):
    """A number of a department or of the company, as somebody's formula sees it."""

    name: Name
    department: str
    period: Period
    to_date: bool


@dataclass(slots=True)
class CardDependencies:
    """What was looked up for one card beside its own rows."""

    shared: dict[SharedNumber, None] = field(default_factory=dict)
    is_of_others: bool = False
    """Whether it is made of what single other people have, as a mean without oneself is."""
