"""The numbers of plain rows, kept as columns: a million of them become values when they are asked for."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import NamedTuple, TypeVar, overload

from gmpy2 import mpq

from kpibook.model import Reading
from kpibook.tables import Slab, Table, unguarded

Key = tuple[str, str]
T = TypeVar("T")


class Rows(NamedTuple):
    """Rows of one file whose numbers need no second look: lines, columns, and what each row is about."""

    table: Table
    slab: Slab
    keys: Sequence[Key]
    actual_at: int
    note_at: int | None

    def reading(self, at: int) -> Reading:
        """The number in a row."""
        line, columns = self.slab.lines[at], self.slab.columns
        before = [column[at] for column in columns[: self.actual_at]]
        raw = columns[self.actual_at][at]
        note = columns[self.note_at][at] if self.note_at is not None else ""
        return Reading(mpq(raw), self.table.place(line, before, self.actual_at), raw, unguarded(note))


class PlainRows:
    """All plain rows of a cycle, each by its position."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._starts: list[int] = []
        self._size = 0

    def add(self, rows: Rows) -> None:
        """Take over the rows of a part of a file."""
        self._starts.append(self._size)
        self._rows.append(rows)
        self._size += len(rows.keys)

    def reading(self, position: int) -> Reading:
        """The number at a position."""
        part = bisect_right(self._starts, position) - 1
        return self._rows[part].reading(position - self._starts[part])

    def table(self, position: int) -> Table:
        """The file of a position."""
        return self._rows[bisect_right(self._starts, position) - 1].table

    def positions(self) -> dict[Key, int]:
        """The last position of each key."""
        return dict(zip(self._keys(), count(), strict=False))

    def doubled(self, last: Mapping[Key, int], others: Iterable[Key]) -> Mapping[Key, Sequence[int]]:
        """The positions of each key that comes more than once, here or among `others`."""
        found: dict[Key, list[int]] = {key: [] for key in others if key in last}
        if len(last) == self._size and not found:
            return found
        for position, key in enumerate(self._keys()):
            if last[key] != position:
                found.setdefault(key, [])
        for position, key in enumerate(self._keys()):
            if key in found:
                found[key].append(position)
        return found

    def _keys(self) -> Iterator[Key]:
        return chain.from_iterable(rows.keys for rows in self._rows)


class Readings(Mapping[Key, Reading]):
    """Numbers by what they are about; those of plain rows stand as positions until they are asked for."""

    def __init__(self, found: dict[Key, int | Reading], rows: PlainRows) -> None:
        self._found = found
        self._plain = rows

    def __getitem__(self, key: Key) -> Reading:
        found = self._found[key]
        if isinstance(found, int):
            found = self._found[key] = self._plain.reading(found)
        return found

    @overload
    def get(self, key: Key, /) -> Reading | None: ...

    @overload
    def get(self, key: Key, /, default: Reading | T) -> Reading | T: ...

    def get(self, key: Key, /, default: Reading | T | None = None) -> Reading | T | None:
        """The number for a key; `default` where there is none. Scoring asks for each number by this alone."""
        found = self._found.get(key)
        if isinstance(found, int):
            found = self._found[key] = self._plain.reading(found)
        return default if found is None else found

    def __contains__(self, key: object) -> bool:
        return key in self._found

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
