"""Whose numbers count in a department or in the company, and who owes one there."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import Assignment, Catalog, Cycle
from kpibook.scoring.required_numbers import RequiredNumbers
from kpibook.scoring.roster import Member, Roster, time_in
from kpibook.scoring.sources import DayShare

ONE = mpq(1)


class GroupMembers:
    """The people of the groups of all cycles that a cycle takes numbers from."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._required = RequiredNumbers(catalog)
        self._rosters = dict[Period, Roster]()

    def roster(self, cycle: Cycle) -> Roster:
        """The people of a cycle, sorted out once."""
        if cycle.period not in self._rosters:
            self._rosters[cycle.period] = Roster(cycle, self._catalog)
        return self._rosters[cycle.period]

    def sharing(self, cycle: Cycle, group: str, key: str) -> Iterator[tuple[Member, DayShare | None]]:
        """Whose number counts in a group, and with which days of somebody who was elsewhere too.

        A number belongs to the roles whose scorecards use it; where none does, or several do, the days divide it.
        """
        for member in self.roster(cycle).members.get(group, ()):
            if member.is_whole:
                yield member, None
                continue
            rows = [row for row in member.rows if key in self._needed(cycle, row)] or member.rows
            whole = sum((time_in(row, cycle.period) for row in rows), ZERO)
            days = sum((time_in(row, cycle.period) for row in rows if row in member.inside), ZERO)
            if days:
                yield member, DayShare(member.person, days, whole) if days < whole else None

    def owes(self, cycle: Cycle, member: Member, key: str) -> bool:
        """Whether a scorecard by which somebody is appraised needs a number: a sum without it is not the sum."""
        return member.is_appraised and any(key in self._needed(cycle, row) for row in member.inside)

    def _needed(self, cycle: Cycle, row: Assignment) -> frozenset[str]:
        """What everybody in a role needs, by the rules of the cycle that the role was held in."""
        return self._required.of(row.post) if cycle.needed is None else cycle.needed.get(row.post, frozenset())


def part_of(share: DayShare | None) -> mpq:
    """How much of a number counts."""
    return share.days / share.whole if share else ONE
