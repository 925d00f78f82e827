"""What the editors of a handbook agree on: warnings that are meant for now, doubtful numbers, words."""

import datetime

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Date, Entry, Number, Text, Whole
from kpibook.model.handbook import Lines


class Limits(Entry):
    """From where on a scorecard is doubtful: `check --strict` says so."""

    rated_points: Number = mpq(40)
    fewest_items: Whole = 3
    most_items: Whole = 10
    least_weight: Number = mpq(5)
    deducted_points: Number = mpq(50)
    band_results: Whole = 12


class Waiver(Entry):
    """A warning that is meant for now: about what, why, and until which day."""

    code: Text
    where: Text
    reason: Text
    until: Date
    by: Text = ""

    def covers(self, code: str, address: str, day: datetime.date) -> bool:
        """Whether it takes back a warning about something, or about a part of it, on a day."""
        return self.code == code and f"{address}/".startswith(f"{self.where}/") and self.until >= day


class Term(Entry):
    """What the company calls something, and the words that should not be used for it."""

    use: Text
    instead_of: Lines = Field(alias="not")
