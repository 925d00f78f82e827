"""Which cell of a table that came in a number of actuals/ was taken from: `sales.xlsx!10月!F6=55000`."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from gmpy2 import mpq

from kpibook.base.names import stripped
from kpibook.base.numbers import plain_number
from kpibook.base.problems import Place
from kpibook.base.visible import visible
from kpibook.reading.tables import unguarded


def written_source(places: Sequence[Place], number: str) -> str:
    """What `import` writes beside a number: its cells, all of one table, and the number that they gave.

    What the name of a file must not bring into a table, such as ESC or a mark of direction, is written out.
    """
    return f"{visible(_cells(places))}={number}"


def source_of(cell: str, value: mpq) -> str:
    """The cell that a number came from; nothing where the number is no longer the one that stood there."""
    text = stripped(unguarded(cell))
    place, _, number = text.rpartition("=")
    given = plain_number(number) if place else None
    if given is None:
        return text
    return place if given == value else ""


def _cells(places: Sequence[Place]) -> str:
    """`sales.xlsx!10月!F6`, for the numbers of several days `sales.xlsx!10月!F6:F9,F12`; of a CSV file the lines."""
    first = places[0]
    if len(places) == 1:  # nearly always: an import may bring hundreds of thousands
        return str(first) if first.cell else f"{first.file}:{first.line}"
    head, _, cell = first.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    spans = ",".join(_span(letters, *ends) for ends in _runs(sorted({place.line for place in places})))
    return f"{first.file}!{head}!{spans}" if cell else f"{first.file}:{spans}"


def _span(letters: str, first: int, last: int) -> str:
    if first == last:
        return f"{letters}{first}"
    return f"{letters}{first}:{letters}{last}" if letters else f"{first}-{last}"


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of lines without a gap."""
    for _, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        found = [line for _, line in run]
        yield found[0], found[-1]
