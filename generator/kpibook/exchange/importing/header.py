"""Find the header of a sheet below its titles, and say what each of its columns is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.base.words import LANGUAGES, words
from kpibook.exchange.importing.names import Numbers
from kpibook.exchange.importing.period_words import is_of
from kpibook.reading.tables import FileHead, Heading, Layout, column_name


class ColumnRole(StrEnum):
    """What a column holds; its names stand in the locale under `importing.header`."""

    SUBJECT = "subject"
    NAME = "name"
    MEASURE = "measure"
    MEASURE_NAME = "measure_name"
    ACTUAL = "actual"
    UNIT = "unit"
    NOTE = "note"
    LINK = "link"
    RELATION = "relation"
    RATER = "rater"
    SCORE = "score"
    PREVIOUS = "previous"
    TARGET = "target"
    SOURCE = "source"
    MOST = "most"
    LEVELS = "levels"
    PERIOD = "period"
    DEPARTMENT = "department"
    ABOUT = "about"


SILENT = (
    ColumnRole.PREVIOUS,
    ColumnRole.TARGET,
    ColumnRole.SOURCE,
    ColumnRole.MOST,
    ColumnRole.LEVELS,
    ColumnRole.DEPARTMENT,
    ColumnRole.ABOUT,
)
"""What sheets tell those who fill them in, and nobody reads again."""


class SheetKind(StrEnum):
    """How a sheet is laid out."""

    LONG = "long"
    WIDE = "wide"
    RATINGS = "ratings"


_ANY = (ColumnRole.SUBJECT, ColumnRole.NAME, ColumnRole.PERIOD, ColumnRole.NOTE, ColumnRole.LINK)
READ: Mapping[SheetKind, tuple[ColumnRole, ...]] = {
    SheetKind.WIDE: _ANY,
    SheetKind.LONG: (*_ANY, ColumnRole.MEASURE, ColumnRole.MEASURE_NAME, ColumnRole.ACTUAL, ColumnRole.UNIT),
    SheetKind.RATINGS: (
        *_ANY,
        ColumnRole.MEASURE,
        ColumnRole.MEASURE_NAME,
        ColumnRole.RELATION,
        ColumnRole.RATER,
        ColumnRole.SCORE,
    ),
}
"""The columns that say something about a row; all others are named as ignored."""


SAID = (ColumnRole.ACTUAL, ColumnRole.SCORE, ColumnRole.NOTE, ColumnRole.LINK)
"""What a row says, when it is clear what about."""


class Column(NamedTuple):
    """A column of numbers of a wide table: its header, the numbers that it may mean, and a unit in the header."""

    name: str
    candidates: tuple[str, ...]
    unit: str = ""


class SheetHeader(NamedTuple):
    """The header of a sheet."""

    kind: SheetKind
    heading: Heading
    columns: tuple[Column, ...]
    """The columns of numbers of a wide table."""
    titles: tuple[int, ...]
    """The rows above the header that hold anything."""
    computed: tuple[str, ...]
    """Columns of indicators that are computed here anyway."""

    @property
    def layout(self) -> Layout:
        """Which columns are read."""
        numbers = tuple(column.name for column in self.columns)
        read = (*(role.value for role in READ[self.kind]), *numbers)
        known = tuple(dict.fromkeys(name for name in self.heading.names if name in read))
        ids = (ColumnRole.SUBJECT.value, ColumnRole.MEASURE.value)
        alone = numbers if self.kind is SheetKind.WIDE else tuple(role.value for role in SAID)
        return Layout(required=(), optional=known, ids=ids, numbers=(*numbers, ColumnRole.ACTUAL.value), alone=alone)


_BRACKETS = "()\uff08\uff09"
_THOUSANDS = "\u4e07\u4ebf"
"""Before a unit: ten thousand, a hundred million."""


class Meaning(NamedTuple):
    """A row of cells, or two, as a header."""

    kind: SheetKind
    cells: Sequence[str]
    columns: tuple[ColumnRole | Column | None, ...]


_IN_BRACKETS = re.compile(r"(?P<name>.*?)[(\uff08](?P<unit>[^()\uff08\uff09]{1,20})[)\uff09]\s*", re.DOTALL)
_NEEDED = {
    SheetKind.RATINGS: (
        (ColumnRole.SUBJECT, ColumnRole.NAME),
        (ColumnRole.MEASURE, ColumnRole.MEASURE_NAME),
        (ColumnRole.RELATION,),
        (ColumnRole.SCORE,),
    ),
    SheetKind.LONG: (
        (ColumnRole.SUBJECT, ColumnRole.NAME),
        (ColumnRole.MEASURE, ColumnRole.MEASURE_NAME),
        (ColumnRole.ACTUAL,),
    ),
    SheetKind.WIDE: ((ColumnRole.SUBJECT, ColumnRole.NAME),),
}
"""Of each group one column must be there."""


def find_header(top: FileHead, numbers: Numbers, period: Period) -> SheetHeader | None:
    """The first row of a sheet that can be a header, or the first two together; None where there is none."""
    for at, (line, cells) in enumerate(top.rows):
        below = top.rows[at + 1] if at + 1 < len(top.rows) else (0, ())
        if joined := _joined(cells, below[1], numbers, period):
            return _found(joined, top, below[0], at + 1, numbers)
        if alone := _meaning(cells, numbers, period):
            return _found(alone, top, line, at, numbers)
    return None


def _found(meaning: Meaning, top: FileHead, line: int, above: int, numbers: Numbers) -> SheetHeader:
    kind, cells, columns = meaning
    names = tuple(_column_names(cells, columns, kind))
    measured = tuple(each for each in columns if isinstance(each, Column) and kind is SheetKind.WIDE)
    computed = tuple(cell.strip() for cell in cells if _is_computed(cell, numbers)) if measured else ()
    heading = Heading(line, names, top.sheet, top.delimiter)
    return SheetHeader(kind, heading, measured, tuple(number for number, _ in top.rows[:above]), computed)


def _meaning(cells: Sequence[str], numbers: Numbers, period: Period) -> Meaning | None:
    columns = _by_period(_by_department(tuple(_columns(cells, numbers))), cells, period)
    roles = {column for column in columns if isinstance(column, ColumnRole)}
    kind = _kind(roles, [column for column in columns if isinstance(column, Column)])
    return Meaning(kind, cells, columns) if kind else None


def _joined(upper: Sequence[str], lower: Sequence[str], numbers: Numbers, period: Period) -> Meaning | None:
    """Two rows as one header: groups above their columns, or numbers above what is told of each, as merged cells do."""
    filled = [text for cell in lower if (text := cell.strip())]
    if any(text[:1].isdigit() for text in filled):
        return None
    if not any(_role(text) or _number(text, numbers) or _is_unit(text, numbers) for text in filled):
        return None
    if _meaning(lower, numbers, period):
        return None
    return _meaning(tuple(_one_header(upper, lower, numbers)), numbers, period)


def _one_header(upper: Sequence[str], lower: Sequence[str], numbers: Numbers) -> Iterator[str]:
    """For each column what its two cells say together; a cell above goes on to the right until the next."""
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above if above.strip() else group
        if not below.strip():
            yield above
        elif _is_unit(below, numbers) and _number(above, numbers):
            yield f"{above}({below.strip().strip(_BRACKETS)})"
        else:
            yield group if _role(below) is ColumnRole.ACTUAL and _number(group, numbers) else below


def _is_unit(cell: str, numbers: Numbers) -> bool:
    return cell.strip().strip(_BRACKETS).lstrip(_THOUSANDS) in numbers.units


def _kind(roles: set[ColumnRole], measured: Sequence[Column]) -> SheetKind | None:
    for kind, groups in _NEEDED.items():
        if all(roles.intersection(group) for group in groups) and (measured or kind is not SheetKind.WIDE):
            return kind
    return None


def _columns(cells: Sequence[str], numbers: Numbers) -> Iterator[ColumnRole | Column | None]:
    """What each column is: a role, a number, or nothing that is known."""
    accepted: set[ColumnRole] = set()
    for cell in cells:
        role = _role(cell)
        if role and role not in accepted:
            accepted.add(role)
            yield role
        else:
            yield _number(cell, numbers)


def _by_department(columns: tuple[ColumnRole | Column | None, ...]) -> tuple[ColumnRole | Column | None, ...]:
    """A department names its row where nothing else does."""
    if ColumnRole.SUBJECT in columns or ColumnRole.NAME in columns:
        return columns
    return tuple(ColumnRole.NAME if column is ColumnRole.DEPARTMENT else column for column in columns)


def _by_period(
    columns: tuple[ColumnRole | Column | None, ...], cells: Sequence[str], period: Period
) -> tuple[ColumnRole | Column | None, ...]:
    """A column that is named for the cycle holds its numbers where no other does; those of other periods do not."""
    named = [not cell.strip().isdigit() and is_of(cell, period) is True for cell in cells]
    if ColumnRole.ACTUAL in columns or named.count(True) != 1:
        return columns
    return tuple(ColumnRole.ACTUAL if own else column for column, own in zip(columns, named, strict=True))


def _role(cell: str) -> ColumnRole | None:
    return _roles().get(column_name(cell))


@cache
def _roles() -> Mapping[str, ColumnRole]:
    """What columns go by, in any of our languages; a name that two go by is that of the first."""
    told = (
        (role, words(language)(f"importing.header.{role}")) for role in reversed(ColumnRole) for language in LANGUAGES
    )
    named = {column_name(name): role for role, text in told for name in text.split("|")}
    return {**named, **{role.value: role for role in ColumnRole}}


def _number(cell: str, numbers: Numbers) -> Column | None:
    if found := numbers.find(cell):
        return Column(column_name(cell), found)
    bracketed = _IN_BRACKETS.fullmatch(cell)
    found = numbers.find(bracketed["name"]) if bracketed else ()
    return Column(column_name(cell), found, bracketed["unit"].strip()) if bracketed and found else None


def _is_computed(cell: str, numbers: Numbers) -> bool:
    bracketed = _IN_BRACKETS.fullmatch(cell)
    return not _number(cell, numbers) and numbers.is_computed(bracketed["name"] if bracketed else cell)


def _column_names(
    cells: Sequence[str], columns: Sequence[ColumnRole | Column | None], kind: SheetKind
) -> Iterator[str]:
    """A name for each column: that of its role, and the header's own text for all else."""
    for index, (cell, column) in enumerate(zip(cells, columns, strict=True), start=1):
        if isinstance(column, ColumnRole) and (column in READ[kind] or column in SILENT):
            yield column.value
        elif isinstance(column, Column) and kind is SheetKind.WIDE:
            yield column.name
        else:
            yield f"{cell.strip()} ({index})" if _role(cell) or isinstance(column, ColumnRole) else cell.strip()
