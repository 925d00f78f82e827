"""Which columns a file has: by name, in any order; nothing that is there goes unnamed."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpibook.base.problems import Level, Place, Problem

MAX_COLUMNS = 1_000
NAME_SHOWN = 40

_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)
_DELIMITERS = {";": ";", "；": "；", "\t": "Tab", "|": "|"}
"""Signs that look as if they divided the columns, and how they are named."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that a kind of file must have and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """Columns of ids: text, also in a workbook."""
    numbers: tuple[str, ...] = ()
    """Columns of numbers."""
    dates: tuple[str, ...] = ()
    """Columns of dates."""
    takes_more: bool = False
    """Whether further columns with snake_case names belong to it."""
    beside: tuple[str, ...] = ()
    """Columns of remarks: one that is merged over several rows costs none of them."""
    leading: tuple[str, ...] = ()
    """Columns that say by a name whom a row is about; ids do so by themselves."""
    alone: tuple[str, ...] = ()
    """Columns whose cells stand for themselves: a faulty one costs itself and not its row."""
    days: tuple[str, frozenset[str]] = ("", frozenset())
    """A column, and what in it says that the number of a row is a day: there a cell may be a date."""
    flags: tuple[str, frozenset[str]] = ("", frozenset())
    """The same of a number that is one of two words: there a cell may be TRUE or FALSE."""

    @property
    def known(self) -> tuple[str, ...]:
        """All columns with a meaning of their own."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the header of a file stands that does not begin with it, and what its columns mean."""

    line: int
    names: tuple[str, ...]
    """A name for each column: one of the layout's, or for a column that is not read its own."""
    sheet: str = ""
    delimiter: str = ""
    labels: tuple[str, ...] = ()
    """What people call each column, where a header of several rows says more than its last one."""
    until: int = 0
    """The line on which something else begins; 0 where the table goes on to the end."""


def column_name(text: str) -> str:
    """A column's name as it is compared: full-width, case and surrounding space make no difference."""
    return "_".join(unicodedata.normalize("NFKC", text).casefold().split())


def find_columns(
    header: Sequence[str], layout: Layout, place_of: Callable[[int], Place]
) -> tuple[Mapping[str, int] | None, tuple[Problem, ...]]:
    """Where each column stands that is read, and what is wrong with the header; None where it cannot be used."""
    if len(header) > MAX_COLUMNS:
        return None, (Problem("too-many-columns", place_of(0), {"count": len(header), "limit": MAX_COLUMNS}),)
    names = [column_name(text) for text in header]
    problems = tuple(_header_problems(header, names, layout, place_of))
    if any(problem.level is Level.ERROR for problem in problems):
        return None, problems
    return {name: index for index, name in enumerate(names) if _is_read(name, layout)}, problems


def _is_read(name: str, layout: Layout) -> bool:
    return name in layout.known or (layout.takes_more and _SNAKE.fullmatch(name) is not None)


def other_delimiter(rows: Sequence[Sequence[str]]) -> str:
    """The sign that seems to divide the columns where a comma does not; nothing where there is none."""
    lines = [",".join(cells) for cells in rows]
    return next((name for sign, name in _DELIMITERS.items() if sum(sign in line for line in lines) > 1), "")


def _header_problems(
    header: Sequence[str], names: Sequence[str], layout: Layout, place_of: Callable[[int], Place]
) -> Iterator[Problem]:
    missing = [name for name in layout.required if name not in names]
    delimiter = next((sign for sign in _DELIMITERS if sign in header[0]), "") if len(names) == 1 else ""
    if missing and delimiter:
        yield Problem("other-delimiter", place_of(0), {"found": _DELIMITERS[delimiter]})
        return
    if missing:
        found = ", ".join(filter(None, names[:20])) or "-"
        yield Problem("missing-columns", place_of(0), {"missing": ", ".join(missing), "found": found[:200]})
    yield from _column_problems(names, layout, place_of)


def _column_problems(names: Sequence[str], layout: Layout, place_of: Callable[[int], Place]) -> Iterator[Problem]:
    first_of: dict[str, int] = {}
    for index, name in enumerate(names):
        if any(unicodedata.category(character) in ("Cf", "Cc") for character in name):
            yield Problem("invisible-in-header", place_of(index), {"name": ascii(name)})
        elif not _is_read(name, layout):
            yield _ignored(name, layout, place_of(index), index)
        elif name in first_of:
            yield Problem("duplicate-column", place_of(index), {"name": name, "first": first_of[name] + 1})
        first_of.setdefault(name, index)


def _ignored(name: str, layout: Layout, place: Place, index: int) -> Problem:
    near = difflib.get_close_matches(name, layout.known, n=1)
    values = {"name": name[:NAME_SHOWN], "number": index + 1, "known": ", ".join(near or layout.known)}
    return Problem("column-ignored" if name else "column-unnamed", place, values, Level.WARNING)
