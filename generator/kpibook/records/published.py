"""What was published of a cycle, as far as records need it: which number each person's result has had."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedRevision:
    """One revision of a cycle's results."""

    number: int
    on: datetime.date
    appeal: str
    """The appeal that asked for it; empty for any other reason."""
    people: Mapping[str, str]
    """The result number of each person."""


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """The revisions of a cycle, oldest first, and who is appraised by the newest."""

    revisions: tuple[PublishedRevision, ...]
    appraised: frozenset[str]
    """Those who have a result to be told; nobody is asked to confirm that he is not appraised."""

    @property
    def numbers(self) -> Mapping[str, str]:
        """The present result number of each person who is appraised."""
        return {person: each for person, each in self.revisions[-1].people.items() if person in self.appraised}

    @property
    def appeals(self) -> frozenset[str]:
        """The appeals after which the results were corrected."""
        return frozenset(each.appeal for each in self.revisions if each.appeal)

    def first_with(self, person: str, number: str) -> PublishedRevision | None:
        """The revision in which somebody's result got a number; None where it never had it."""
        return next((each for each in self.revisions if each.people.get(person) == number), None)
