"""The numbers of plain rows, kept as columns: a million of them become values when they are asked for."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from operator import add
from typing import NamedTuple, TypeVar, overload

from gmpy2 import mpq

from kpibook.base.problems import Place
from kpibook.model import Reading
from kpibook.reading.cycle.sources import source_of
from kpibook.reading.tables import PlainBatch, Table, unguarded

Key = tuple[str, str]
NO_CODE = -1
"""The code of a row that is not plain and only stands between others."""
ABSENT = -1
DENSE = 20
"""Where one code of so many has a number, an array of all takes less than a dictionary of those."""
T = TypeVar("T")


class Rows(NamedTuple):
    """Rows of one file whose numbers need no second look: lines, columns, and the code of what each is about."""

    file: str
    plain: PlainBatch
    codes: "array[int]"
    """NO_CODE where the row is read elsewhere."""
    actual_at: int
    note_at: int | None
    source_at: int | None

    def reading(self, at: int) -> Reading:
        """The number in a row."""
        columns = self.plain.columns
        raw = columns[self.actual_at][at]
        note = columns[self.note_at][at] if self.note_at is not None else ""
        # Plain rows stand in their lines as they are: a cell begins behind all before it and their delimiters.
        column = self.actual_at + 1
        for before in columns[: self.actual_at]:
            column += len(before[at])
        place = Place(self.file, self.plain.lines[at], column)
        value = mpq(raw)
        source = source_of(columns[self.source_at][at], value) if self.source_at is not None else ""
        return Reading(value, place, raw, unguarded(note) if note else "", source=source)


class PairCodes:
    """A number for each subject and measure together: a million of them are compared faster than pairs of texts."""

    def __init__(self, subjects: Iterable[str], measures: Iterable[str]) -> None:
        self._measures = tuple(measures)
        self._subjects = list(subjects)
        self.of_measure = {each: at for at, each in enumerate(self._measures)}
        self.of_subject = {each: at * len(self._measures) for at, each in enumerate(self._subjects)}

    def find(self, key: Key) -> int | None:
        """The code of a subject and a measure."""
        subject, measure = self.of_subject.get(key[0]), self.of_measure.get(key[1])
        return None if subject is None or measure is None else subject + measure

    @property
    def size(self) -> int:
        """How many codes each subject has."""
        return len(self._measures)

    @property
    def all(self) -> int:
        """How many codes there are."""
        return len(self._subjects) * len(self._measures)

    def subject(self, number: int) -> str:
        """The subject of this number, by which its codes begin: number * size."""
        return self._subjects[number]

    def key(self, code: int) -> Key:
        """What a code stands for."""
        subject, measure = divmod(code, len(self._measures))
        return self._subjects[subject], self._measures[measure]

    @staticmethod
    def together(subjects: Sequence[int], measures: Sequence[int]) -> "array[int]":
        """The codes of many rows."""
        return array("q", map(add, subjects, measures))


class Positions:
    """Where the number of each code stands.

    Most codes have one, and a million numbers as objects would fill the memory, in each process that looks at them.
    """

    def __init__(self, found: Mapping[int, int], codes: int) -> None:
        """`found` are they, of so many codes that there are."""
        self.count = len(found)
        self._sparse = found if self.count * DENSE < codes else None
        self._dense = array("q")
        if self._sparse is None:
            self._dense = array("q", [ABSENT]) * codes
            for code, position in found.items():
                self._dense[code] = position

    def of(self, code: int) -> int:
        """The position; ABSENT where there is none."""
        return self._dense[code] if self._sparse is None else self._sparse.get(code, ABSENT)


class PlainRows:
    """All plain rows of a cycle, each by its position."""

    def __init__(self, codes: PairCodes) -> None:
        self.codes = codes
        self._rows: list[Rows] = []
        self._tables: list[Table] = []
        self._starts: list[int] = []
        self._size = 0
        self._others = 0

    def add(self, rows: Rows, others: int, table: Table) -> None:
        """Take over the rows of a part of a file; so many `others` among them have no code."""
        self._tables.append(table)
        self._starts.append(self._size)
        self._rows.append(rows)
        self._size += len(rows.codes)
        self._others += others

    def reading(self, position: int) -> Reading:
        """The number at a position."""
        part = bisect_right(self._starts, position) - 1
        return self._rows[part].reading(position - self._starts[part])

    def table(self, position: int) -> Table:
        """The file of a position, until it is closed."""
        return self._tables[bisect_right(self._starts, position) - 1]

    def close(self) -> None:
        """Let go of the files, and with them of their bytes."""
        self._tables.clear()

    def positions(self) -> dict[int, int]:
        """The last position of each code."""
        found = dict(zip(self._codes(), count(), strict=False))
        found.pop(NO_CODE, None)
        return found

    def doubled(self, last: Mapping[int, int], others: Iterable[Key]) -> Mapping[int, Sequence[int]]:
        """The positions of each code that comes more than once, here or among `others`."""
        codes = (self.codes.find(key) for key in others)
        found: dict[int, list[int]] = {code: [] for code in codes if code in last and code is not None}
        if len(last) == self._size - self._others and not found:
            return found
        for position, code in enumerate(self._codes()):
            if last.get(code, position) != position:
                found.setdefault(code, [])
        for position, code in enumerate(self._codes()):
            if code in found:
                found[code].append(position)
        return found

    def in_order(self, positions: Positions) -> Iterator[int]:
        """The codes that have a position, in the order of these."""
        return (code for at, code in enumerate(self._codes()) if code != NO_CODE and positions.of(code) == at)

    def _codes(self) -> Iterator[int]:
        return chain.from_iterable(rows.codes for rows in self._rows)

    def by_subject(self) -> Mapping[str, Sequence[object]]:
        """By subject: its rows as they stand there, each with its file and its line; plain values alone."""
        found: dict[int, list[object]] = {}
        size = self.codes.size
        for rows in self._rows:
            head = (rows.file, rows.actual_at, rows.note_at, rows.source_at)
            for code, line, cells in zip(
                rows.codes, rows.plain.lines, zip(*rows.plain.columns, strict=True), strict=True
            ):
                if code != NO_CODE:
                    subject, measure = divmod(code, size)
                    found.setdefault(subject, []).append((head, measure, line, cells))
        return {self.codes.subject(number): own for number, own in found.items()}


class Readings(Mapping[Key, Reading]):
    """Numbers by what they are about; those of plain rows are made when they are asked for."""

    def __init__(self, kept: Mapping[Key, Reading], positions: Mapping[int, int], rows: PlainRows) -> None:
        self._kept = kept
        self._positions = Positions(positions, rows.codes.all)
        self._plain = rows
        self._made: dict[int, Reading] = {}

    def __getitem__(self, key: Key) -> Reading:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    @overload
    def get(self, key: Key, /) -> Reading | None: ...

    @overload
    def get(self, key: Key, /, default: Reading | T) -> Reading | T: ...

    def get(self, key: Key, /, default: Reading | T | None = None) -> Reading | T | None:
        """The number for a key; `default` where there is none. Scoring asks for each number by this alone."""
        found = self._kept.get(key)
        if found is not None:
            return found
        # The code is put together here and not by `find`: it is asked for as often as there are numbers.
        codes = self._plain.codes
        subject, measure = codes.of_subject.get(key[0]), codes.of_measure.get(key[1])
        if subject is None or measure is None or (position := self._positions.of(subject + measure)) == ABSENT:
            return default
        found = self._made.get(position)
        if found is None:
            found = self._made[position] = self._plain.reading(position)
        return found

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, tuple):
            return False
        code = self._plain.codes.find(key)
        return key in self._kept or (code is not None and self._positions.of(code) != ABSENT)

    def __iter__(self) -> Iterator[Key]:
        return chain(map(self._plain.codes.key, self._plain.in_order(self._positions)), self._kept)

    def __len__(self) -> int:
        return self._positions.count + len(self._kept)

    @property
    def plain_rows(self) -> Mapping[str, Sequence[object]]:
        """By subject: the plain rows as they stand there, which say the same while they are equal."""
        return self._plain.by_subject()

    @property
    def others(self) -> Mapping[Key, Reading]:
        """The numbers of all other rows."""
        return self._kept

    def forget(self) -> None:
        """Make the numbers anew when they are asked for again: of a year of them, few are asked for at a time."""
        self._made.clear()
