"""What a card takes from other cycles: noted as it is looked up, or carried where the cycle is sealed."""

from collections.abc import Callable, Mapping

from kpibook.base.periods import Period
from kpibook.model import COMPANY, Catalog, Cycle
from kpibook.scoring.carried import Carried, value_text
from kpibook.scoring.collected import Collected, Gaps
from kpibook.scoring.group_members import GroupMembers
from kpibook.scoring.results import TakenKey
from kpibook.scoring.sources import Source


class OtherCycles:
    """The cycles beside the one that is scored; everything that a card takes from one of them goes through `take`."""

    def __init__(
        self,
        period: Period,
        cycles: Mapping[Period, Cycle],
        catalog: Catalog,
        members: GroupMembers,
        carried: Carried | None,
    ) -> None:
        self._period = period
        self._cycles = cycles
        self._catalog = catalog
        self._members = members
        self._carried = carried
        self._is_taking = False
        self.noted: dict[TakenKey, str] = {}
        """What was taken, as carried.csv says it."""
        self.asked = 0
        """How often anything of another cycle was asked for: what nobody asks about decides nothing."""

    def take(
        self, period: Period, subject: str, key: str, find: Callable[[], Collected | Source | Gaps]
    ) -> Collected | Source | Gaps:
        """A number of another cycle, which `find` looks up there; of a sealed cycle what was carried counts alone."""
        self.asked += 1
        at = (period, subject, key)
        if self._carried is not None and self._is_carried(at):
            return self._from_carried(self._carried, at)
        # What is looked up on the way to a number belongs to it and is not noted beside it.
        if self._is_taking:
            return find()
        self._is_taking = True
        try:
            found = find()
        finally:
            self._is_taking = False
        self.noted[at] = value_text(found, was_there=self.was_there(subject, key, period))
        return found

    def was_there(self, subject: str, key: str, period: Period) -> bool:
        """Whether a period counts for a subject: a person who was not in its cycle lacks nothing of it."""
        self.asked += period != self._period
        at = (period, subject, key)
        if self._carried is not None and period != self._period and self._is_carried(at):
            return self._carried.was_there(at)
        cycle = self._cycles.get(period)
        if cycle is None or subject == COMPANY or subject in self._catalog.departments:
            return True
        return subject in self._members.roster(cycle).rows or (subject, key) in cycle.actuals

    def _is_carried(self, key: TakenKey) -> bool:
        """Whether what was carried decides about a number."""
        return self._carried is not None and (key in self._carried or not self._carried.is_open)

    def _from_carried(self, carried: Carried, key: TakenKey) -> Collected | Gaps:
        if key in carried:
            self.noted[key] = carried.text(key)
        reading = carried.numbers.get(key)
        if reading:
            return Collected(reading.value, (reading,))
        known = self._catalog.named(key[2])
        return (carried.missing(key, (known.owner or "") if known else ""),)
