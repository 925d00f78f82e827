"""set-aside.csv and import-log.csv of a cycle: what waits to be mended, what came in and what was replaced."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kpibook.base.problems import Place, Problem, similarity
from kpibook.base.visible import visible_lines
from kpibook.base.words import Words
from kpibook.exchange.importing.accepted import RATINGS, AcceptedCell
from kpibook.exchange.importing.arrivals import arrival_rows
from kpibook.exchange.importing.changes import ChangeKind, NumberChange
from kpibook.exchange.importing.names import relations
from kpibook.exchange.importing.people_file import PEOPLE, RosterRow
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import folded_key
from kpibook.model import Cycle, SetAside
from kpibook.reading.cycle import manifest
from kpibook.reading.cycle import waiting_rows as waiting
from kpibook.reading.cycle.subjects import folded
from kpibook.reading.cycle.waiting_rows import CLOSED, COLUMNS, OPEN, CycleNumbers, Key, WaitingRow
from kpibook.reading.tables import Layout, Table, read_bytes, read_table, text_cell

ALIKE = 50
"""A row that is at least so much like what it was, of 100, is the same row, mended."""


@dataclass(frozen=True, slots=True)
class SetAsideJournal:
    """The entries of set-aside.csv, as far as they wait."""

    waiting: Mapping[Key, WaitingRow]
    standing: CycleNumbers
    """What stood in the cycle before this import."""

    def rows(self, tallies: Iterable[SheetTally], say: Words) -> Iterator[WaitingRow]:
        """The entries to add: what was set aside now, and what is closed."""
        tallies = tuple(tallies)
        new = {row.identity: row for each in tallies for row in self._new_rows(each, say)}
        yield from self.closed(tallies)
        for identity, row in new.items():
            if identity not in self.waiting:
                yield row

    def closed(self, tallies: Sequence[SheetTally]) -> Iterator[WaitingRow]:
        """The entries that this import closes, and those whose number somebody has written into the cycle by hand."""
        if not self.waiting:
            return
        again = {_identity(row, each) for each in tallies for row in each.set_aside}
        supplied, again_in = self._supplied(tallies), self._sent_again(tallies)
        by_hand = waiting.supplied(self.waiting.values(), self.standing)
        for identity, entry in self.waiting.items():
            mended = next((sha for sha, each in supplied.get(_about(entry), ()) if _answers(each, entry)), "")
            by = mended or again_in.get(identity, "") or (str(by_hand[identity].place) if identity in by_hand else "")
            if identity not in again and by:
                yield replace(entry, state=CLOSED, by=by)

    def _sent_again(self, tallies: Sequence[SheetTally]) -> Mapping[Key, str]:
        """The entries whose file came in once more, each with the content of the file."""
        found: dict[Key, str] = {}
        for tally in tallies:
            name = "" if tally.left_out else visible_lines(tally.file)
            entries = [e for e in self.waiting.values() if (e.file, e.supplier) == (name, _supplier(tally))]
            found |= {entry.identity: tally.sha256 for entry in _sent_again(entries, tally)}
        return found

    def _supplied(self, tallies: Sequence[SheetTally]) -> Mapping[tuple[str, ...], list[tuple[str, AcceptedCell]]]:
        """What came in of what waits, each with the content of its file."""
        found: dict[tuple[str, ...], list[tuple[str, AcceptedCell]]] = {
            _about(entry): [] for entry in self.waiting.values() if entry.key
        }
        for tally in tallies:
            for accepted in tally.accepted:
                if (about := (accepted.table, *folded_key(accepted.key[:2]))) in found:
                    found[about].append((tally.sha256, accepted))
        return found

    def _new_rows(self, tally: SheetTally, say: Words) -> Iterator[WaitingRow]:
        for row in tally.set_aside:
            entry = _entry(row, tally, Problem(row.code, row.place, row.values), say)
            standing = self.standing.of(entry)
            yield replace(entry, standing=standing.raw) if standing else entry


def _about(entry: WaitingRow) -> tuple[str, ...]:
    return entry.table, *folded_key((entry.subject, entry.key))


def _answers(accepted: AcceptedCell, entry: WaitingRow) -> bool:
    """Whether a number or a rating is the one that waits: a rating by its relation and its rater, too."""
    if accepted.table != RATINGS:
        # Another week, or another event, says nothing of the row that waits.
        return not accepted.is_event and not accepted.week
    _, _, relation, rater = accepted.key
    raw = folded(entry.raw)
    return folded(rater) in raw and any(name in raw for name, known in relations().items() if known == relation)


def _sent_again(entries: Sequence[WaitingRow], tally: SheetTally) -> Iterator[WaitingRow]:
    """The entries of a file that came in mended, and not of one that another department calls alike.

    Our own sheets say whose they are; of others some number must stand in the cycle already, or the row of the entry
    must look much as it did.
    """
    if not entries or tally.table is None:
        return
    if tally.stamp or tally.known:
        yield from entries
        return
    raws = tally.table.raw_rows({int(entry.line) for entry in entries if entry.line.isdecimal()})
    rows = {str(line): raw for line, raw in raws.items()}
    yield from (entry for entry in entries if similarity(entry.raw, visible_lines(rows.get(entry.line, ""))) >= ALIKE)


def open_journal(folder: Path, cycle: Cycle) -> tuple[SetAsideJournal, tuple[Problem, ...]]:
    """What waits in a cycle."""
    table, problems = _table(folder, cycle, waiting.NAME, waiting.WAITING)
    entries = waiting.read_waiting(table) if table else ()
    found = {key: entry for key, (entry, _) in waiting.still_open(entries).items()}
    return SetAsideJournal(found, CycleNumbers(cycle.actuals, cycle.ratings)), problems


def read_controls(folder: Path, cycle: Cycle) -> tuple[Mapping[str, tuple[manifest.Control, ...]], tuple[Problem, ...]]:
    """The control totals of the cycle's manifest, by file."""
    table, problems = _table(folder, cycle, manifest.NAME, manifest.MANIFEST)
    return (manifest.read_manifest(table) if table else {}), problems


def _table(folder: Path, cycle: Cycle, name: str, layout: Layout) -> tuple[Table | None, tuple[Problem, ...]]:
    path, place = folder / name, f"{cycle.folder}/{name}"
    if not path.is_file():
        return None, ()
    data, problems = read_bytes(path, place)
    if data is None or not data.strip():
        return None, problems
    table, more = read_table(data, place, layout)
    return table, (*problems, *more)


def _supplier(tally: SheetTally) -> str:
    return tally.stamp.sheet.partition("/")[0] if tally.stamp else ""


def _identity(row: SetAside, tally: SheetTally) -> Key:
    """What the entry of a row goes by."""
    sheet, _, cell = row.place.cell.rpartition("!")
    return tally.sha256, visible_lines(sheet), cell or f"{row.place.line}:{row.place.column}"


def _entry(row: SetAside, tally: SheetTally, problem: Problem, say: Words) -> WaitingRow:
    sheet, _, cell = row.place.cell.rpartition("!")
    return WaitingRow(
        state=OPEN,
        file=visible_lines(tally.file),
        sheet=visible_lines(sheet),
        cell=cell,
        line=str(row.place.line),
        column=str(row.place.column),
        raw=visible_lines(row.raw),
        reason=problem.message(say),
        todo=problem.hint(say),
        table=row.table,
        subject=row.subject,
        key=row.key,
        code=row.code,
        supplier=_supplier(tally),
        sha256=tally.sha256,
    )


def waiting_text(rows: Iterable[WaitingRow]) -> str:
    """Entries as lines of set-aside.csv."""
    return "".join(",".join(text_cell(getattr(row, name)) for name in COLUMNS) + "\n" for row in rows)


def log_text(changes: Iterable[NumberChange], tallies: Iterable[SheetTally], today: datetime.date) -> str:
    """What came in and what was replaced, as lines of import-log.csv."""
    changes = tuple(changes)
    digests = {each.file: each.sha256 for each in tallies}
    replaced = (_log_line(each, digests, today) for each in changes if each.did is ChangeKind.REPLACED)
    return "".join((*map(_log_cells, arrival_rows(changes, today)), *replaced))


def _log_cells(cells: Iterable[str]) -> str:
    """A line of import-log.csv; what steers a terminal is written out, as the line could not be read again."""
    return ",".join(text_cell(visible_lines(cell)) for cell in cells) + "\n"


def people_log_text(
    replaced: Iterable[tuple[RosterRow, str]], tallies: Iterable[SheetTally], today: datetime.date
) -> str:
    """What a roster changed in people.csv, as lines of import-log.csv."""
    digests = {each.file: each.sha256 for each in tallies}
    lines = []
    for row, before in replaced:
        file = row.place.file
        cells = (today.isoformat(), file, digests[file], ChangeKind.REPLACED.value, PEOPLE, row.person, "")
        lines.append(_log_cells((*cells, before, "", _place(row.place))))
    return "".join(lines)


def _log_line(change: NumberChange, digests: Mapping[str, str], today: datetime.date) -> str:
    accepted, place = change.accepted, _place(change.accepted.place)
    subject, key = accepted.key[0], " ".join(filter(None, accepted.key[1:]))
    file = accepted.place.file
    cells = (today.isoformat(), file, digests[file], change.did.value, accepted.table, subject, key)
    return _log_cells((*cells, change.before, accepted.text, place))


def _place(place: Place) -> str:
    return place.cell or f"{place.line}:{place.column}"
