"""A cycle with what was recorded around its results, as the checks of records look at it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kpibook.base.persons import is_person
from kpibook.base.problems import Place, Problem, Said
from kpibook.model import Answer, Appeal, Confirmation, Cycle, Interview, Records, Relation
from kpibook.records.published import PublishedResults
from kpibook.records.result_states import Windows, received_on


@dataclass(frozen=True)
class RecordedCycle:
    """A cycle with its records, and what was published of it."""

    cycle: Cycle
    records: Records
    published: PublishedResults | None
    windows: Windows | None = None
    """How long people may answer and appeal; without it no record is too early or too late for that."""
    today: datetime.date | None = None
    """Without it no day is in the future."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of all people by their ids in small letters."""
        return {row.person.casefold(): row.name for row in self.cycle.people}

    def is_same(self, written: str, person: str) -> bool:
        """Whether a text that people wrote means a person."""
        return is_person(written, person, self.names.get(person.casefold(), ""))

    @cached_property
    def delivered(self) -> Mapping[tuple[str, str], datetime.date]:
        """By person and result: when it was delivered; who answered a result had it."""
        days = {key: received_on(rows, self.since(*key)) for key, rows in self.confirmations.items()}
        return {key: day for key, day in days.items() if day}

    @cached_property
    def confirmations(self) -> Mapping[tuple[str, str], Sequence[Confirmation]]:
        """By person and result: what was told of it, and said to it."""
        found: dict[tuple[str, str], list[Confirmation]] = {}
        for row in self.records.confirmations:
            found.setdefault((row.person, row.result), []).append(row)
        return found

    def is_corrected(self, row: Confirmation | Interview | Appeal) -> bool:
        """Whether a row behind it says on which day the result was delivered in fact."""
        if not isinstance(row, Confirmation) or row.answer is not Answer.DELIVERED:
            return False
        rows, since = self.confirmations[row.person, row.result], self.since(row.person, row.result)
        behind = rows[rows.index(row) + 1 :]
        return any(each.answer is Answer.DELIVERED and since is not None and each.on >= since for each in behind)

    def since(self, person: str, result: str) -> datetime.date | None:
        """The day on which a result was published first; None where it never was."""
        first = self.published.first_with(person, result) if self.published else None
        return first.on if first else None

    @cached_property
    def judges(self) -> Mapping[str, frozenset[str]]:
        """By person: the managers of the cycle and whoever rated as one; they are parties to an appeal."""
        found: dict[str, set[str]] = {}
        for row in self.cycle.people:
            found.setdefault(row.person, set()).update(filter(None, (row.manager,)))
        for (person, _), ratings in self.cycle.ratings.items():
            raters = (each.rater for each in ratings if each.relation is Relation.MANAGER and each.rater)
            found.setdefault(person, set()).update(raters)
        return {person: frozenset(each) for person, each in found.items()}


def too_early(place: Place, day: datetime.date, earlier: datetime.date, what: str) -> Problem:
    """A day that is before the one that it follows; `what` is the key of what happened then."""
    return Problem("record-too-early", place, {"day": str(day), "earlier": str(earlier), "what": Said((what,))})
