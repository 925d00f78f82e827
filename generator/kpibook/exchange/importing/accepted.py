"""A number or a rating that was understood: the least that has to be kept of it, as there may be a million."""

from collections.abc import Sequence
from dataclasses import dataclass

from kpibook.base.problems import Place
from kpibook.reading.cycle.sources import written_source

ACTUALS, RATINGS, TARGETS, LEAVE = "actuals", "ratings", "targets", "leave"


@dataclass(slots=True, eq=False)
class AcceptedCell:
    """A cell that was understood, and what it says."""

    table: str
    key: tuple[str, ...]
    """(subject, measure), with the week where it is of one; (person, indicator, relation, rater); (subject, indicator);
    or (person, kind of leave, first day)."""
    text: str
    """The number as it is written into the cycle, or a level; of a leave its last day."""
    note: str
    owner: str
    """The department that supplies the number."""
    place: Place
    line: int
    """The line on which its row begins."""
    days: int = 1
    """The numbers of how many days it is the sum of."""
    parts: Sequence[Place] = ()
    """Where those numbers stand."""
    is_event: bool = False
    """Whether it is one of several events, each of which counts for itself."""
    beside: tuple[tuple[str, str], ...] = ()
    """Of a target: its threshold and its stretch value, where it has them, each behind its column."""

    @property
    def week(self) -> str:
        """The week, or the day, that a number of the cycle is of; empty for one of the whole cycle."""
        return self.key[2] if self.table == ACTUALS and len(self.key) > 2 else ""

    @property
    def source(self) -> str:
        """What is written beside a number of the cycle, so that a card can name its cell."""
        return written_source(self.parts or (self.place,), self.text) if self.table == ACTUALS else ""
