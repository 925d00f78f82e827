"""What a sheet that is filled in is made of: its rows, its columns, and what its cells may hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.base.words import Words
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.sheet_stamp import SheetStamp
from kpibook.exchange.importing.vocabulary import ColumnRole
from kpibook.exchange.needs import Needs
from kpibook.model import Catalog, Cycle
from kpibook.scoring.results import Results

Cells = Mapping[ColumnRole, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What sheets are made from."""

    needs: Needs
    results: Results
    catalog: Catalog
    history: Mapping[Period, Cycle]
    say: Words
    only_missing: bool = False

    @property
    def cycle(self) -> Cycle:
        """The cycle that they are for."""
        return self.needs.cycle


@dataclass(frozen=True, slots=True)
class CellLimits:
    """What may be written into the open cells of a row: a number between two marks, and one of some levels."""

    least: mpq | None = None
    most: mpq | None = None
    levels: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    """The words of which one is the value."""
    is_day: bool = False
    """Whether the value is a day."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row: its cells by what they are, and what may be filled in."""

    cells: Cells
    limits: CellLimits
    is_event: bool = False
    """Whether it is for one event, beside others of the same number."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A level of a rating, and what it means."""

    indicator: str
    level: str
    points: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of a workbook."""

    book: str
    """The name of its file, without an ending."""
    name: str
    title: str
    stamp: SheetStamp
    kind: SheetKind
    rows: tuple[FormRow, ...]
    anchors: tuple[Anchor, ...] = ()

    @property
    def columns(self) -> tuple[ColumnRole, ...]:
        """Its columns, in order; those for levels and for when words are asked for only where any row has them."""
        if self.kind is not SheetKind.RATINGS:
            return tuple(each for each in NUMBER_COLUMNS if each is not ColumnRole.WEEK or self.has_weeks)
        left_out = set[ColumnRole]()
        if not any(row.limits.levels for row in self.rows):
            left_out.add(ColumnRole.LEVEL)
        if not any(row.cells[ColumnRole.COMMENT_UNDER] for row in self.rows):
            left_out.add(ColumnRole.COMMENT_UNDER)
        return tuple(each for each in RATING_COLUMNS if each not in left_out)

    @property
    def has_weeks(self) -> bool:
        """Whether a row is of a week."""
        return any(row.cells.get(ColumnRole.WEEK) for row in self.rows)

    @property
    def open_columns(self) -> tuple[ColumnRole, ...]:
        """The columns to fill in; the value comes first."""
        if self.kind is not SheetKind.RATINGS:
            return (ColumnRole.ACTUAL, ColumnRole.NOTE)
        is_open = any(not row.cells[ColumnRole.RATER] for row in self.rows)
        rater = (ColumnRole.RATER,) if is_open else ()
        return (ColumnRole.SCORE, ColumnRole.LEVEL, ColumnRole.NOTE, *rater)


NUMBER_COLUMNS = (
    *(
        ColumnRole.SUBJECT,
        ColumnRole.NAME,
        ColumnRole.MEASURE,
        ColumnRole.MEASURE_NAME,
        ColumnRole.UNIT,
        ColumnRole.WEEK,
        ColumnRole.PREVIOUS,
        ColumnRole.TARGET,
    ),
    *(ColumnRole.ACTUAL, ColumnRole.NOTE, ColumnRole.SOURCE),
)


RATING_COLUMNS = (
    *(
        ColumnRole.SUBJECT,
        ColumnRole.NAME,
        ColumnRole.MEASURE,
        ColumnRole.MEASURE_NAME,
        ColumnRole.RELATION,
        ColumnRole.RATER,
        ColumnRole.MOST,
        ColumnRole.COMMENT_UNDER,
    ),
    *(ColumnRole.LEVEL, ColumnRole.SCORE, ColumnRole.NOTE, ColumnRole.LEVELS),
)
