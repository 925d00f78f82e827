"""Cases that a company works out by hand: the rule has to come to the same points."""

from collections.abc import Iterator, Mapping

from gmpy2 import mpq
from pydantic import Field

from kpibook.base.entry import Entry, Number, PlainText, Text
from kpibook.rules.formulas import Name


class Example(Entry):
    """The numbers of a case, and the points that they have to give."""

    actual: Number | None = None
    target: Number | None = None
    values: Mapping[PlainText, Number] = Field(default_factory=dict)
    """By measure or indicator, as formulas write it."""
    level: PlainText = ""
    value: Number | None = None
    """The points that a rater gives."""
    votes: Mapping[PlainText, Number] = Field(default_factory=dict)
    """What each relation gives, where several rate."""
    points: Number
    note: Text = ""

    @property
    def numbers(self) -> Mapping[Name, mpq]:
        """The values by the names that formulas use."""
        return {Name.parse(text): value for text, value in self.values.items()}

    def given(self) -> Iterator[str]:
        """The keys that it gives beside its points."""
        yield from (key for key in ("actual", "target", "value") if getattr(self, key) is not None)
        yield from (key for key in ("values", "level", "votes") if getattr(self, key))
