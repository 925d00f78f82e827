"""set-aside.csv: rows that could not be imported, each until it was mended. Nothing is ever taken out of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kpibook.base.problems import Place
from kpibook.model import RatingRow, RatingRows, Reading, SetAside
from kpibook.reading.cycle.cells import Cells, RowFault
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.tables import Layout, Table, unguarded

NAME = "set-aside.csv"
COLUMNS = (
    *("state", "file", "sheet", "cell", "line", "column", "raw", "reason", "todo"),
    *("table", "subject", "key", "code", "supplier", "sha256", "by", "standing"),
)
WAITING = Layout(required=COLUMNS)
OPEN, CLOSED = "open", "closed"

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that could not be imported: where it stood, as it was written, why, and what to do."""

    state: str
    file: str
    sheet: str
    cell: str
    line: str
    column: str
    raw: str
    reason: str
    todo: str
    table: str
    subject: str
    key: str
    code: str
    supplier: str
    sha256: str
    by: str = ""
    """For a closed entry the file that closed it."""
    standing: str = ""
    """What stood in the cycle for the same subject and key when the row was set aside."""

    @property
    def identity(self) -> Key:
        """The content of the file and the place in it."""
        return self.sha256, self.sheet, self.cell or f"{self.line}:{self.column}"

    @property
    def place(self) -> str:
        """The place in the file, as people read it."""
        return f"{self.sheet}!{self.cell}" if self.cell else f"{self.line}:{self.column}"


def read_waiting(table: Table) -> tuple[tuple[WaitingRow, Place], ...]:
    """All entries in the order of the file, each with its place; what cannot be read goes to the table's ledger."""
    found = []
    for row in table.rows():
        cells = Cells(table, row)
        try:
            if cells.needed("state") not in (OPEN, CLOSED):
                raise RowFault("state", "waiting-state")
        except RowFault as fault:
            cells.set_aside(fault)
        else:
            values = {name: unguarded(cells.text(name)) for name in COLUMNS}
            found.append((WaitingRow(**values), cells.place("state")))
    return tuple(found)


OpenEntries = Mapping[Key, tuple[WaitingRow, Place]]


def still_open(entries: Iterable[tuple[WaitingRow, Place]]) -> OpenEntries:
    """The entries that wait: the last word on each counts."""
    last = {entry.identity: (entry, place) for entry, place in entries}
    return {key: found for key, found in last.items() if found[0].state == OPEN}


def keys_of(entries: OpenEntries) -> frozenset[tuple[str, str]]:
    """The numbers, by subject and measure, of which a row waits."""
    rows = (entry for entry, _ in entries.values())
    return frozenset((row.subject, row.key) for row in rows if row.table == "actuals" and row.key)


def people_of(entries: OpenEntries) -> Mapping[str, Place]:
    """The people, by their folded ids, whose row of the roster waits, each with the place of the first entry."""
    rows = [(folded(row.subject), place) for row, place in entries.values() if row.table == "people" and row.subject]
    return dict(reversed(rows))


class CycleNumbers(NamedTuple):
    """The numbers and the ratings of a cycle."""

    actuals: Mapping[tuple[str, str], Reading]
    ratings: RatingRows

    def of(self, entry: WaitingRow) -> Reading | RatingRow | None:
        """What stands there for an entry; a rating is known by its rater, who is named in the row as it was written."""
        about, raw = (entry.subject, entry.key), folded(entry.raw)
        if entry.table == "ratings":
            rows = self.ratings.get(about, ())
            return next((row for row in rows if row.rater and folded(row.rater) in raw), None)
        return self.actuals.get(about) if entry.table == "actuals" and entry.key else None


def supplied(entries: Iterable[WaitingRow], standing: CycleNumbers) -> Mapping[Key, Reading | RatingRow]:
    """The numbers and ratings that somebody has written into the cycle since a row for them was set aside."""
    found: dict[Key, Reading | RatingRow] = {}
    for entry in entries:
        given = standing.of(entry)
        if given is not None and given.raw != entry.standing:
            found[entry.identity] = given
    return found


def as_set_aside(entries: Iterable[tuple[WaitingRow, Place]]) -> Iterator[SetAside]:
    """Entries as rows that were set aside."""
    for entry, place in entries:
        values = {"file": entry.file, "at": entry.place, "reason": entry.reason, "todo": entry.todo}
        yield SetAside(place, entry.raw, "waiting-row", values, entry.subject, entry.key, entry.table)
