"""How a table is laid out: its kind, its columns, and which of them are read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from kpibook.base.problems import Problem
from kpibook.exchange.importing.titles import Titles
from kpibook.exchange.importing.vocabulary import ColumnRole, WordSort
from kpibook.reading.tables import NAME_SHOWN, Heading, Layout, column_name

SILENT = (
    *(
        ColumnRole.PREVIOUS,
        ColumnRole.TARGET,
        ColumnRole.SOURCE,
        ColumnRole.MOST,
        ColumnRole.COMMENT_UNDER,
        ColumnRole.LEVELS,
        ColumnRole.DEPARTMENT,
        ColumnRole.ABOUT,
    ),
    *(ColumnRole.POST, ColumnRole.MANAGER, ColumnRole.JOB_LEVEL, ColumnRole.FROM, ColumnRole.TO),
    ColumnRole.KIND,
)
"""What sheets tell those who fill them in, and nobody reads again."""


class SheetKind(StrEnum):
    """How a sheet is laid out."""

    LONG = "long"
    WIDE = "wide"
    RATINGS = "ratings"
    ROSTER = "roster"
    LEAVE = "leave"


BESIDE = (ColumnRole.THRESHOLD, ColumnRole.STRETCH)
"""What may stand beside a target."""
_ANY = (ColumnRole.SUBJECT, ColumnRole.NAME, ColumnRole.PERIOD, ColumnRole.WEEK, ColumnRole.NOTE, ColumnRole.LINK)
READ: Mapping[SheetKind, tuple[ColumnRole, ...]] = {
    SheetKind.WIDE: (*_ANY, ColumnRole.RELATION, ColumnRole.RATER),
    SheetKind.LONG: (
        *_ANY,
        ColumnRole.MEASURE,
        ColumnRole.MEASURE_NAME,
        ColumnRole.ACTUAL,
        ColumnRole.UNIT,
        ColumnRole.TARGET,
        *BESIDE,
    ),
    SheetKind.RATINGS: (
        *_ANY,
        ColumnRole.MEASURE,
        ColumnRole.MEASURE_NAME,
        ColumnRole.RELATION,
        ColumnRole.RATER,
        ColumnRole.LEVEL,
        ColumnRole.SCORE,
    ),
    SheetKind.ROSTER: (
        ColumnRole.SUBJECT,
        ColumnRole.NAME,
        ColumnRole.POST,
        ColumnRole.DEPARTMENT,
        ColumnRole.MANAGER,
        ColumnRole.JOB_LEVEL,
        ColumnRole.FROM,
        ColumnRole.TO,
    ),
    SheetKind.LEAVE: (
        ColumnRole.SUBJECT,
        ColumnRole.NAME,
        ColumnRole.KIND,
        ColumnRole.FROM,
        ColumnRole.TO,
        ColumnRole.NOTE,
    ),
}
"""The columns that say something about a row; all others are named as ignored."""


SAID = (ColumnRole.ACTUAL, ColumnRole.TARGET, ColumnRole.SCORE, ColumnRole.LEVEL, ColumnRole.NOTE, ColumnRole.LINK)
"""What a row says, when it is clear what about."""


class Column(NamedTuple):
    """A column of numbers of a wide table: its header, the numbers that it may mean, and the unit above them."""

    name: str
    label: str
    candidates: tuple[str, ...]
    unit: str = ""
    is_target: bool = False
    written: str = ""
    """The unit that holds for its numbers, by its header or by the title; empty where none is said."""


class Ignored(NamedTuple):
    """A column that is understood and not taken, and what it holds."""

    label: str
    sort: WordSort


class SheetHeader(NamedTuple):
    """The header of a table."""

    kind: SheetKind
    heading: Heading
    columns: tuple[Column, ...]
    """The columns of numbers of a wide table."""
    titles: tuple[int, ...]
    """The rows above the header that hold anything."""
    computed: tuple[str, ...]
    """Columns of indicators that are computed here anyway."""
    ignored: tuple[Ignored, ...] = ()
    said: Titles = Titles()
    rows: int = 1
    """Of how many rows the header is."""
    unit: str = ""
    """Of a long table: the unit in the header of its numbers."""
    target: Column | None = None
    """Of a long table: the column of targets, where they are taken."""
    beside: tuple[Column, ...] = ()
    """Likewise: those of the threshold and the stretch value."""
    unit_columns: tuple[str, ...] = ()
    """Of a wide table: the columns that hold the units of the numbers beside them."""

    @property
    def layout(self) -> Layout:
        """Which columns are read."""
        numbers = tuple(column.name for column in self.columns)
        read = (*(role.value for role in READ[self.kind]), *numbers, *self.unit_columns)
        known = tuple(dict.fromkeys(name for name in self.heading.names if name in read))
        is_roster = self.kind is SheetKind.ROSTER
        ids = () if is_roster else (ColumnRole.SUBJECT.value, ColumnRole.MEASURE.value)
        alone = numbers if self.kind is SheetKind.WIDE else tuple(role.value for role in SAID)
        counted = (*numbers, ColumnRole.ACTUAL.value)
        beside = (ColumnRole.NOTE.value, ColumnRole.LINK.value)
        return Layout(
            required=(),
            optional=known,
            ids=ids,
            numbers=counted,
            beside=beside,
            leading=(ColumnRole.SUBJECT.value, ColumnRole.NAME.value),
            alone=alone,
            takes_more=is_roster,
        )

    def is_news(self, problem: Problem) -> bool:
        """Whether a problem is not told elsewhere: what a column holds that is understood and not taken is."""
        labels = (*(each.label for each in self.ignored), *self.computed)
        return problem.values.get("name") not in (*SILENT, *(column_name(label)[:NAME_SHOWN] for label in labels))
