"""What a table is read for, the columns that each kind of it must have, and why one is refused."""

from collections.abc import Sequence
from typing import NamedTuple

from kpibook.base.problems import Problem
from kpibook.exchange.importing.layouts import SheetKind
from kpibook.exchange.importing.vocabulary import ColumnRole, Vocabulary


class Refused(NamedTuple):
    """A table that is not read, and why."""

    problem: Problem
    line: int
    """Where its header begins."""
    is_final: bool = True
    """Whether nothing below may be its header."""


class Wanted(NamedTuple):
    """What a table is read for."""

    vocabulary: Vocabulary
    file: str
    others: Sequence[str] = ()
    """What else tells about a table: the names of its sheet and its file."""
    notes: Sequence[str] = ()
    """The lines below it."""
    unit_above: str = ""
    """The unit of money of a table above this one, which may hold here, too."""
    targets: bool = False
    """Whether targets are taken, and not only named."""
    says_kinds: bool = False
    """Whether a table above says which of its numbers are actuals: those of this one are, where nothing is said."""


NEEDED = {
    SheetKind.LEAVE: ((ColumnRole.SUBJECT, ColumnRole.NAME), (ColumnRole.KIND,), (ColumnRole.FROM,)),
    SheetKind.RATINGS: (
        (ColumnRole.SUBJECT, ColumnRole.NAME),
        (ColumnRole.MEASURE, ColumnRole.MEASURE_NAME),
        (ColumnRole.RELATION,),
        (ColumnRole.SCORE,),
    ),
    SheetKind.LONG: (
        (ColumnRole.SUBJECT, ColumnRole.NAME),
        (ColumnRole.MEASURE, ColumnRole.MEASURE_NAME),
        (ColumnRole.ACTUAL, ColumnRole.TARGET),
    ),
    SheetKind.WIDE: ((ColumnRole.SUBJECT, ColumnRole.NAME),),
    SheetKind.ROSTER: ((ColumnRole.SUBJECT,), (ColumnRole.NAME,), (ColumnRole.POST,), (ColumnRole.DEPARTMENT,)),
}
"""Of each group one column must be there."""
