"""A header as a grid: merged cells spread, rows joined, so that each column has the path of words above it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kpibook.exchange.importing.vocabulary import ColumnRole, Vocabulary, WordSort
from kpibook.reading.tables import FileHead

DEEPEST = 4
"""No header has more rows."""

NAMING = (ColumnRole.SUBJECT, ColumnRole.NAME, ColumnRole.DEPARTMENT)
"""The columns that tell whom a row is about."""

Cells = Sequence[str]


class Grid(NamedTuple):
    """A header: its rows among the first of its sheet, and for each column the cells above it, top down."""

    first: int
    """The place of its first row among those of the top, counted from 0."""
    rows: int
    paths: tuple[tuple[str, ...], ...]


def grids(top: FileHead, vocabulary: Vocabulary) -> Iterator[Grid]:
    """Everything in the first rows of a sheet that may be a header, from the top."""
    rows = [(line, [_header_cell(cell, vocabulary) for cell in cells]) for line, cells in top.rows]
    at = 0
    while at < len(rows):
        depth = _depth(rows, at, vocabulary)
        if depth:
            yield Grid(at, depth, _paths(rows[at : at + depth], top, vocabulary))
        at += 1


def is_header_row(cells: Cells, vocabulary: Vocabulary) -> bool:
    """Whether a row below a table reads as the header of another one."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2 or any(_is_figure(cell.strip(), vocabulary) for cell in filled):
        return False
    return any(_names(cell, vocabulary) for cell in filled)


def names_rows(cells: Cells, vocabulary: Vocabulary) -> bool:
    """Whether a row has a word for names or ids, as the headers of tables have."""
    return len([cell for cell in cells if cell.strip()]) > 1 and any(_names(cell, vocabulary) for cell in cells)


def _header_cell(cell: str, vocabulary: Vocabulary) -> str:
    """A cell of a header; a unit that holds for the whole table is none."""
    words = vocabulary.words(cell)
    is_unit_note = words[:1] and words[0].role is ColumnRole.UNIT and len(words) > 1
    return "" if is_unit_note else cell.strip()


def _depth(rows: Sequence[tuple[int, Cells]], at: int, vocabulary: Vocabulary) -> int:
    """How many rows from here on may be one header; 0 where this row begins none."""
    first = rows[at][1]
    if not _is_heading(first, vocabulary):
        return 0
    naming = [index for index, cell in enumerate(first) if _names(cell, vocabulary)]
    depth = 1
    while depth < DEEPEST and at + depth < len(rows):
        cells = rows[at + depth][1]
        if not _continues_header(first, cells, naming, vocabulary):
            break
        naming = naming or [index for index, cell in enumerate(cells) if _names(cell, vocabulary)]
        depth += 1
    return depth if naming else 0


def _is_heading(cells: Cells, vocabulary: Vocabulary) -> bool:
    """Whether a row can be the first of a header: it names its rows, or groups of columns by words that are known."""
    filled = [cell for cell in cells if cell]
    if any(_names(cell, vocabulary) for cell in filled):
        return True
    words = (word for cell in filled for word in vocabulary.words(cell))
    return len(filled) > 1 and any(word.qualifier is not None or word.sort is WordSort.NUMBER for word in words)


def _continues_header(first: Cells, cells: Cells, naming: Sequence[int], vocabulary: Vocabulary) -> bool:
    """Whether a row still belongs to the header above it: words below words, and nothing below the names."""
    filled = [(index, cell) for index, cell in enumerate(cells) if cell]
    if not filled or any(_is_figure(cell, vocabulary) for _, cell in filled):
        return False
    if not naming:
        return any(_names(cell, vocabulary) for _, cell in filled)
    if any(index in naming and first[index : index + 1] != (cell,) for index, cell in filled):
        return False
    grouped = [index for index, _ in filled if index >= len(first) or not first[index]]
    said = (word for _, cell in filled for word in vocabulary.words(cell))
    return bool(grouped) or any(word.sort is not WordSort.UNKNOWN and word.role is not ColumnRole.NOTE for word in said)


def _is_figure(cell: str, vocabulary: Vocabulary) -> bool:
    """Whether a cell is a number or begins with one, and is no period or unit."""
    is_number_like = cell[:1].isdigit() or (cell[:1] in "+-" and cell[1:2].isdigit())
    return is_number_like and not vocabulary.is_known(cell)


def _names(cell: str, vocabulary: Vocabulary) -> bool:
    words = vocabulary.words(cell)
    return len(words) == 1 and words[0].role in NAMING


def _paths(rows: Sequence[tuple[int, Cells]], top: FileHead, vocabulary: Vocabulary) -> tuple[tuple[str, ...], ...]:
    width = max(len(cells) for _, cells in rows)
    grid = [[*cells, *[""] * (width - len(cells))] for _, cells in rows]
    lines = [line for line, _ in rows]
    is_merged = _spread_merged(grid, lines, top)
    if not is_merged:
        _spread_right(grid, vocabulary)
    columns = zip(*grid, strict=True)
    return tuple(
        tuple(cell for at, cell in enumerate(column) if cell and cell not in column[:at]) for column in columns
    )


def _spread_merged(grid: list[list[str]], lines: Sequence[int], top: FileHead) -> bool:
    """Write the text of merged cells into each of them; tells whether any are merged from left to right."""
    is_wide = False
    for rows, columns in top.merged:
        inside = [at for at, line in enumerate(lines) if line in rows]
        if not inside or rows[0] not in lines or columns[0] >= len(grid[0]):
            continue
        text = grid[inside[0]][columns[0]]
        for at in inside:
            for column in columns:
                if column < len(grid[at]):
                    grid[at][column] = text
        is_wide = is_wide or (len(columns) > 1 and bool(text))
    return is_wide


def _spread_right(grid: list[list[str]], vocabulary: Vocabulary) -> None:
    """Where nothing is merged, a cell goes on to the right above cells that stand lower, until the next."""
    for at, cells in enumerate(grid[:-1]):
        group = ""
        for column, cell in enumerate(cells):
            group = cell or group
            is_above = not cell and any(lower[column] for lower in grid[at + 1 :])
            if is_above and any(word.role is None or word.qualifier for word in vocabulary.words(group)):
                cells[column] = group
