"""Rows of measures of which each event counts for itself: an accident, a complaint, a late delivery."""

from collections.abc import Collection, Iterable, Iterator

from gmpy2 import mpq

from kpibook.base.numbers import ZERO
from kpibook.model import Reading
from kpibook.reading.cycle.readings import Key
from kpibook.reading.tables import Table


class Events:
    """The events of a cycle, by subject and measure, in the order of the files.

    The same amount with the same note in another file is the same event, sent twice; in one file, or without a note,
    each row is an event of its own. A row of 0 says that nothing happened.
    """

    def __init__(self, measures: Iterable[str]) -> None:
        self.keys = frozenset(measures)
        self._rows: dict[Key, list[Reading]] = {}

    def add(self, key: Key, reading: Reading, table: Table) -> None:
        """Take over a row, unless another file has it already."""
        rows = self._rows.setdefault(key, [])
        first = next((row for row in rows if reading.note and _is_same(row, reading)), None)
        if first:
            table.ledger.repeat(reading.place, first.place)
        else:
            rows.append(reading)

    def added_up(self, spoilt: Collection[Key]) -> Iterator[tuple[Key, Reading]]:
        """The sum of the events of each subject, with its rows; none where a row of it cannot be used."""
        for key, rows in self._rows.items():
            if key in spoilt:
                continue
            if len(rows) == 1:
                yield key, rows[0]._replace(events=tuple(rows))
            else:
                whole: mpq = sum((row.value for row in rows), ZERO)
                raw = " + ".join(row.raw for row in rows)
                yield key, Reading(whole, rows[0].place, raw, events=tuple(rows))


def _is_same(one: Reading, other: Reading) -> bool:
    is_other_file = one.place.file != other.place.file
    return is_other_file and (one.value, one.note) == (other.value, other.note)
