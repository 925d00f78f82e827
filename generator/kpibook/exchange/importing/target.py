"""The files of a cycle that import writes: their rows as they are, and with what came in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kpibook.base.numbers import plain_number
from kpibook.base.problems import Problem
from kpibook.exchange.importing.accepted import ACTUALS as NUMBERS
from kpibook.exchange.importing.accepted import LEAVE as ABSENT
from kpibook.exchange.importing.accepted import RATINGS as RATED
from kpibook.exchange.importing.accepted import TARGETS as EXPECTED
from kpibook.reading.cycle.actuals import ACTUALS
from kpibook.reading.cycle.leave import LEAVE
from kpibook.reading.cycle.ratings import RATINGS
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.cycle.targets import TARGETS
from kpibook.reading.cycle.weeks import WEEK, days_of_week, week_name
from kpibook.reading.tables import (
    CellFault,
    Layout,
    Table,
    quoted,
    read_bytes,
    read_number,
    read_table,
    text_cell,
    unguarded,
)

Key = tuple[str, ...]
SOURCE = "source"
"""The column of actuals/ that says which cell a number came from; it stands where an import wrote one."""
BESIDE = ("threshold", "stretch")
"""The columns of targets.csv that stand where a row has anything in them."""
REMEMBERED = 10_000
"""So many ids and notes are made into cells but once."""


@dataclass(frozen=True, slots=True)
class TargetColumns:
    """The columns of a kind of file: those of the key, the value and the note."""

    layout: Layout
    keys: tuple[str, ...]
    value: str
    note: str
    part: str = ""
    """A further column of the key, where a row has anything in it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which they are written."""
        return (*self.keys, self.value, self.note)


SHAPES: Mapping[str, TargetColumns] = {
    NUMBERS: TargetColumns(ACTUALS, ("subject", "measure"), "actual", "note", WEEK),
    RATED: TargetColumns(RATINGS, ("person", "indicator", "relation", "rater"), "score", "comment"),
    ABSENT: TargetColumns(LEAVE, ("person", "kind", "from"), "to", "note"),
    EXPECTED: TargetColumns(TARGETS, ("subject", "indicator"), "target", "reason"),
}


@dataclass(slots=True)
class TargetFileRow:
    """A row of a target: its key as it is written, its value and its note."""

    key: Key
    value: str
    note: str
    rest: Mapping[str, str] = field(default_factory=dict)
    """The cells of all other columns."""


@dataclass(slots=True)
class TargetFile:
    """A file of the cycle and what stands in it."""

    name: str
    path: Path
    shape: TargetColumns
    columns: tuple[str, ...] = ()
    """All columns, in the order in which they are written."""
    rows: dict[Key, list[TargetFileRow]] = field(default_factory=dict)
    """By the folded key."""
    lossy: tuple[str, ...] = ()
    """What would be lost if the file were written anew: rows and columns that cannot be read."""
    problems: tuple[Problem, ...] = ()
    _weekly: set[Key] | None = None

    @property
    def is_workbook(self) -> bool:
        """Whether people keep it as a workbook: it is compared with, and never written."""
        return self.path.suffix.lower() != ".csv"

    def find(self, folded_key: Key) -> Sequence[TargetFileRow]:
        """The rows that stand there for a key."""
        return self.rows.get(folded_key, ())

    def put(self, folded_key: Key, row: TargetFileRow) -> None:
        """Write a row in the place of those that stand there for its key."""
        self.put_all(folded_key, [row])

    def put_all(self, folded_key: Key, rows: Sequence[TargetFileRow]) -> None:
        """Write rows in the place of those that stand there for their key."""
        self.rows[folded_key] = [*rows]
        if all(name in self.columns for row in rows for name in row.rest):
            return
        for column in (WEEK, SOURCE, *BESIDE):
            if column not in self.columns and any(column in row.rest for row in rows):
                self.columns = (*self.columns, column)

    def has_weeks(self, folded_key: Key) -> bool:
        """Whether numbers of weeks stand there for a subject and a measure."""
        if self._weekly is None:
            self._weekly = {key[:2] for key in self.rows if self.shape.part and len(key) > len(self.shape.keys)}
        return folded_key in self._weekly

    def text(self) -> str:
        """The whole file, sorted."""
        return "".join(self._lines())

    def _lines(self) -> Iterator[str]:
        further = tuple(name for name in self.columns if name not in self.shape.columns)
        yield ",".join((*self.shape.columns, *further)) + "\n"
        cell, keys = lru_cache(REMEMBERED)(text_cell), len(self.shape.keys)
        cells_of = [(name, text_cell if name in (WEEK, SOURCE) else _value_cell) for name in further]
        for key in sorted(self.rows):
            for row in self.rows[key]:
                rest = [written(row.rest.get(name, "")) for name, written in cells_of]
                cells = (*map(cell, row.key[:keys]), _value_cell(row.value), cell(row.note), *rest)
                yield ",".join(cells) + "\n"


def read_target(path: Path, name: str, table: str) -> TargetFile:
    """The file as it stands; a file that is not there is an empty one."""
    target = TargetFile(name, path, SHAPES[table])
    if not path.exists() and not path.is_symlink():
        return target
    data, problems = read_bytes(path, name)
    found, more = read_table(data, name, target.shape.layout) if (data or b"").strip() and data else (None, ())
    if found is None:
        target.problems = (*problems, *more)
        target.lossy = (name,) if data is None or data.strip() else ()
        return target
    _fill(target, found)
    ignored = (str(each.values["number"]) for each in found.ledger.problems if each.code.startswith("column-"))
    target.lossy = (
        *(str(row.place) for row in found.ledger.set_aside),
        *(f"{name}:1 [{number}]" for number in ignored),
        *((name,) if target.is_workbook else ()),
    )
    return target


def _fill(target: TargetFile, table: Table) -> None:
    shape = target.shape
    target.columns = tuple(table.columns)
    for _, cells in table.rows():
        texts = {name: unguarded(cells[index]) for name, index in table.columns.items()}
        if not any(text.strip() for text in texts.values()):
            table.ledger.blank += 1
            continue
        key = tuple(texts.get(name, "").strip() for name in shape.keys)
        if part := texts.get(shape.part, "").strip():
            days = days_of_week(part)
            key = (*key, week_name(*days) if days else part)
        rest = {name: text for name, text in texts.items() if name not in shape.columns}
        target.rows.setdefault(folded_key(key), []).append(
            TargetFileRow(key, texts[shape.value], texts.get(shape.note, ""), rest)
        )


def folded_key(key: Key) -> Key:
    """A key as it is compared: ids make no difference between capitals and small letters."""
    return tuple(map(folded, key))


def same_value(one: str, other: str, unit: str) -> bool:
    """Whether two cells say the same number, or the same level."""
    if one.strip() == other.strip():
        return True
    try:
        return read_number(one, unit).value == read_number(other, unit).value
    except CellFault:
        return False


def is_usable(text: str, unit: str) -> bool:
    """Whether a cell that stands there holds a number."""
    try:
        read_number(text, unit)
    except CellFault:
        return False
    return True


def _value_cell(text: str) -> str:
    """A number as it is, though it begins with a minus; any other text is guarded."""
    is_number = plain_number(text) is not None or is_usable(text, "%")
    return quoted(text) if is_number else text_cell(text)
