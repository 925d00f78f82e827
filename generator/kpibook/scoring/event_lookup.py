"""The single events behind a number, of this cycle or of those that make it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.base.periods import Period
from kpibook.model import COMPANY, Catalog, Cycle
from kpibook.rules.standards import Event
from kpibook.scoring.collected import Collected
from kpibook.scoring.group_members import GroupMembers
from kpibook.scoring.other_cycles import OtherCycles
from kpibook.scoring.sources import Source


class EventLookup:
    """Finds events as `NumberLookup` finds numbers."""

    def __init__(
        self,
        catalog: Catalog,
        cycles: Mapping[Period, Cycle],
        others: OtherCycles,
        members: GroupMembers,
        has_any: Callable[[str, str, Iterable[Period]], bool],
    ) -> None:
        self._catalog = catalog
        self._cycles = cycles
        self._others = others
        self._members = members
        self._has_any = has_any
        """Whether any of some periods gives a number of a subject."""

    def of(self, subject: str, key: str, period: Period) -> Iterator[Event]:
        """The events of a number in a period, in the order of their rows; of a group those of its people."""
        cycle = self._cycles.get(period)
        reading = cycle.actuals.get((subject, key)) if cycle else None
        if reading:
            yield from (Event(row.value, row.note) for row in reading.rows)
            return
        parts = next((parts for parts in period.parts if self._has_any(subject, key, parts)), None)
        if parts:
            for part in parts:
                yield from self._taken_events(subject, key, part)
        elif cycle and (subject == COMPANY or subject in self._catalog.departments):
            for member, _ in self._members.sharing(cycle, subject, key):
                yield from self.of(member.person, key, period)

    def _taken_events(self, subject: str, key: str, period: Period) -> Iterator[Event]:
        """The events of another cycle: how many, and each, are noted as taken from there."""
        found: list[Event] | None = None

        def find(at: int) -> Collected:
            nonlocal found
            found = list(self.of(subject, key, period)) if found is None else found
            return Collected(mpq(len(found)) if at < 0 else found[at].value, ())

        def take(at: int) -> mpq:
            name = f"events.{key}" if at < 0 else f"events.{key}.{at + 1}"
            taken = self._others.take(period, subject, name, lambda: find(at))
            return taken.value if isinstance(taken, Collected | Source) else ZERO

        for at in range(int(take(-1))):
            value = take(at)
            yield Event(value, found[at].note if found else "")
