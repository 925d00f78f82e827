"""Erase a person from the tables of a cycle: the name, what was written about them, and the records; figures stay."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kpibook.reading.cycle.folder import LOG, RECORDS

BOM = b"\xef\xbb\xbf"
ABOUT = ("person", "subject")
"""Columns that say whom a row is about."""
TEXTS = ("name", "comment", "note", "reason", "exempt", "raw", "standing", "before", "after")
"""Columns of what was written about somebody; where something stood, a mark stays: it may decide what counts."""
EMPTIED = ("login", "source")
RECORD_FILES = frozenset((*(f"{kind}.csv" for kind in RECORDS), "notices.csv"))
"""Files whose rows about somebody are taken out whole."""


class ErasedKind(StrEnum):
    """What is taken out: a key of `erasing.kinds` in the locale."""

    NAME = "name"
    TEXT = "text"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """Whom it is about: the id, and every name of theirs, longest first."""

    id: str
    names: tuple[str, ...]
    mark: str
    """What stands in place of a name and of what was written."""

    def is_meant(self, cell: str) -> bool:
        """Whether a cell is the id."""
        return cell.strip().casefold() == self.id.casefold()

    def is_named(self, cell: str) -> bool:
        """Whether a cell is one of the names."""
        return cell.strip() in self.names


@dataclass(slots=True)
class ErasedTable:
    """A table without the person, and how much of each kind was taken out of it."""

    data: bytes
    counts: dict[ErasedKind, int] = field(default_factory=dict)

    def count(self, kind: ErasedKind) -> None:
        """Count one more."""
        self.counts[kind] = self.counts.get(kind, 0) + 1


def decoded_table(data: bytes) -> tuple[str, str] | None:
    """The text of a table and its encoding; None where it is neither UTF-8 nor GB18030."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.removeprefix(BOM).decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def table_without(file: str, data: bytes, person: ErasedPerson) -> ErasedTable:
    """A table without the person; rows that say nothing of them keep every byte.

    Args:
        file: its name, by which tables of records are known.
        data: what it holds; nothing is taken out of what is no text.
        person: whom to take out.
    """
    erased = ErasedTable(data)
    found = decoded_table(data)
    if found is None:
        return erased
    text, encoding = found
    parts = list(_rows(text))
    if not parts:
        return erased
    delimiter = _delimiter(text)
    head = [cell.strip().casefold() for cell in parts[0][1]]
    kept = [parts[0][0]]
    for raw, cells in parts[1:]:
        row = _row(file, head, cells, person, erased)
        if row is None:
            continue
        kept.append(raw if row == cells else _row_text(row, raw, delimiter))
    bom = BOM if data.startswith(BOM) else b""
    erased.data = bom + "".join(kept).encode(encoding) if erased.counts else data
    return erased


def _rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each row as it stands there, and its cells."""
    lines = text.split("\n")
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    reader = csv.reader(iter(lines), delimiter=_delimiter(text))
    start = 0
    for cells in reader:
        yield "".join(lines[start : reader.line_num]), cells
        start = reader.line_num


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _row(
    file: str, head: Sequence[str], cells: list[str], person: ErasedPerson, erased: ErasedTable
) -> list[str] | None:
    """A row without the person; None where all of it is a record of theirs."""
    named = dict(zip(head, cells, strict=False))
    is_about = any(person.is_meant(named.get(column, "")) for column in ABOUT)
    # A row that was set aside stands there as it was written; a step of the cycle tells why in a sentence.
    is_about |= any(name in named.get("raw", "") for name in (*person.names, person.id))
    is_about |= file == LOG and any(name in named.get("reason", "") for name in person.names)
    if is_about and file in RECORD_FILES:
        erased.count(ErasedKind.RECORD)
        return None
    row = list(cells)
    for at, cell in enumerate(cells):
        column = head[at] if at < len(head) else ""
        new = _cell(column, cell, person, is_about=is_about)
        if new != cell:
            row[at] = new
            erased.count(ErasedKind.NAME if person.is_named(cell) or column in EMPTIED else ErasedKind.TEXT)
    return row


def _cell(column: str, cell: str, person: ErasedPerson, *, is_about: bool) -> str:
    if is_about and column in EMPTIED:
        return ""
    if is_about and column in TEXTS:
        return person.mark if cell.strip() else cell
    # Elsewhere the name says who approved, rated or led: the id says the same, and a command still knows who it was.
    return person.id if person.is_named(cell) else cell


def _row_text(row: Sequence[str], raw: str, delimiter: str) -> str:
    stream = io.StringIO()
    ending = "\r\n" if raw.endswith("\r\n") else "\n" if raw.endswith("\n") else ""
    csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerow(row)
    return stream.getvalue()


def mentions(texts: Mapping[str, str], names: Collection[str]) -> Iterator[str]:
    """The places `file:line` in which a name still stands."""
    for file, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if any(name in line for name in names):
                yield f"{file}:{number}"
