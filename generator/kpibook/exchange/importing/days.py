"""Numbers that come day by day: a month's are added where the measure is counted up, and never in part."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from gmpy2 import mpq

from kpibook.exchange.importing.accepted import AcceptedCell
from kpibook.exchange.importing.amounts import number_text
from kpibook.exchange.importing.tally import SheetTally
from kpibook.model import Accumulate, Indicator, Measure

Key = tuple[str, ...]
Refusals = Mapping[AcceptedCell, tuple[str, Mapping[str, object]]]


@dataclass(slots=True)
class Days:
    """What came for single days, by whom and what it is about."""

    accepted: dict[Key, list[tuple[datetime.date, mpq, AcceptedCell]]] = field(default_factory=dict)
    spoilt: dict[str, int] = field(default_factory=dict)
    """By subject, the line of a row that cannot be used; under no subject, of one of which nobody knows whose it is."""
    spoilt_cells: dict[Key, int] = field(default_factory=dict)

    def add(self, day: datetime.date, value: mpq, accepted: AcceptedCell) -> None:
        """Note the number of a day."""
        self.accepted.setdefault(accepted.key, []).append((day, value, accepted))

    def note_unusable_row(self, subject: str, line: int) -> None:
        """Note a row that cannot be used."""
        self.spoilt.setdefault(subject, line)

    def note_unusable_day(self, key: Key, line: int) -> None:
        """Note a day whose number cannot be used, or is not there."""
        self.spoilt_cells.setdefault(key, line)

    def refused(self, collected: Mapping[str, Measure | Indicator]) -> Refusals:
        """The numbers of several days that make no number of the cycle, with the reason."""
        found: dict[AcceptedCell, tuple[str, Mapping[str, object]]] = {}
        for key, days in self.accepted.items():
            if reason := self._reason(key, collected[key[1]]):
                found |= {accepted: reason for _, _, accepted in days}
        return found

    def _reason(self, key: Key, measure: Measure | Indicator) -> tuple[str, Mapping[str, object]] | None:
        days = self.accepted[key]
        lacking = self.spoilt_cells.get(key) or self.spoilt.get(key[0]) or self.spoilt.get("")
        if len(days) == 1 and not self.spoilt_cells.get(key):
            return None
        values = {"what": " ".join(key), "count": len(days), "measure": measure.id}
        if measure.accumulate is not Accumulate.SUM:
            return "days-not-summed", values
        if len({day for day, _, _ in days}) < len(days):
            return "day-twice", values
        return ("days-incomplete", {**values, "line": lacking}) if lacking else None

    def sums(self, refused: Refusals) -> Iterator[tuple[tuple[AcceptedCell, ...], mpq]]:
        """The numbers of several days that are added, and what they make."""
        for days in self.accepted.values():
            if len(days) > 1 and days[0][2] not in refused:
                yield tuple(accepted for _, _, accepted in days), sum((value for _, value, _ in days), mpq(0))

    def settle(self, tally: SheetTally, collected: Mapping[str, Measure | Indicator]) -> None:
        """Add the numbers of several days to one of the cycle; a sum that lacks a day is none."""
        refused = self.refused(collected)
        tally.refuse(refused)
        for days, total in self.sums(refused):
            gone = set(map(id, days))
            first = days[0]
            notes = " ".join(dict.fromkeys(each.note for each in days if each.note))
            places = [each.place for each in days]
            whole = replace(first, text=number_text(total), note=notes, days=len(days), parts=places)
            tally.accepted = [each for each in tally.accepted if id(each) not in gone]
            tally.accepted.append(whole)
            tally.summed.append(whole)
            tally.summed_lines |= {each.line for each in days}
