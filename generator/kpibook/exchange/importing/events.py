"""Rows of events against those that stand there: the same event counts once, a changed one is for people to decide."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from kpibook.base.numbers import ZERO
from kpibook.exchange.importing.accepted import AcceptedCell
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import SOURCE, TargetFileRow, same_value
from kpibook.model import Reading
from kpibook.reading.tables import CellFault, read_number

DIFFERS, UNCLEAR = "event-differs", "event-unclear"


class SentEvent(NamedTuple):
    """An event of a sheet."""

    accepted: AcceptedCell
    tally: SheetTally


class EventRow(NamedTuple):
    """An event that stands there: its row, and the file of the cycle that it stands in."""

    row: TargetFileRow
    file: str
    is_elsewhere: bool = False
    """Whether that file is not the one that is written."""


class EventOutcome(NamedTuple):
    """What becomes of an event that was sent."""

    sent: SentEvent
    standing: EventRow | None = None
    """The same event as it stands there; None for a new one."""
    doubt: str = ""
    """Why it is not clear that it is the same; empty where it is."""

    @property
    def is_same(self) -> bool:
        """Whether it stands there just so."""
        return self.standing is not None and not self.doubt

    def values(self, file: str) -> Mapping[str, object]:
        """What the message tells."""
        accepted, standing = self.sent.accepted, self.standing
        before = _event_text(standing.row.value, standing.row.note) if standing else ""
        where = standing.file if standing else file
        after = _event_text(accepted.text, accepted.note)
        return {"what": " ".join(accepted.key[:2]), "before": before, "after": after, "file": where}


def compare_events(
    events: Sequence[SentEvent], standing: Sequence[EventRow], unit: str
) -> tuple[tuple[EventOutcome, ...], ...]:
    """What becomes of the events of each sheet, sheet by sheet; those of one are new beside what stands there.

    Two rows of one sheet are two events, whatever they say. A row that stands there is met once at most by each sheet.
    """
    found = []
    for _, group in groupby(events, key=lambda each: id(each.tally)):
        sheet = tuple(group)
        outcomes = tuple(_outcomes(sheet, list(standing), unit))
        found.append(outcomes)
        new = (outcome.sent.accepted for outcome in outcomes if outcome.standing is None)
        standing = (*standing, *(EventRow(row_of(each, {}), each.place.file, is_elsewhere=True) for each in new))
    return tuple(found)


def events_elsewhere(reading: Reading | None, folder: str, file: str) -> tuple[EventRow, ...]:
    """The events of a number that stand in other files of the cycle."""
    rows = (row for row in (reading.events if reading else ()) if row.place.file != file)
    return tuple(
        EventRow(
            TargetFileRow((), row.raw, row.note, {SOURCE: f"{row.source}="} if row.source else {}), row.place.file, True
        )
        for row in rows
        if row.place.file.startswith(f"{folder}/")
    )


def row_of(accepted: AcceptedCell, rest: Mapping[str, str]) -> TargetFileRow:
    """The row that is written for an event."""
    return TargetFileRow(accepted.key, accepted.text, accepted.note, {**rest, SOURCE: accepted.source})


def _outcomes(sheet: Sequence[SentEvent], left: list[EventRow], unit: str) -> Iterable[EventOutcome]:
    """Exact matches go first, so that a row in the midst of others may be new."""
    waiting, found = list[SentEvent](), list[EventOutcome]()
    for event in sheet:
        same = next(
            (each for each in _of_same_amount(event, left, unit) if each.row.note.strip() == event.accepted.note), None
        )
        if same is None:
            waiting.append(event)
            continue
        left.remove(same)
        is_known = event.accepted.note or event.tally.stamp or _is_of_file(same, event.accepted)
        found.append(EventOutcome(event, same, "" if is_known else UNCLEAR))
    for event in waiting:
        rival = next((each for each in left if _may_be(each, event, unit)), None)
        if rival:
            left.remove(rival)
        found.append(EventOutcome(event, rival, DIFFERS if rival else ""))
    return found


def _of_same_amount(event: SentEvent, rows: Sequence[EventRow], unit: str) -> Iterable[EventRow]:
    """The rows of the same amount; those of the same cell first."""
    equal = [each for each in rows if same_value(each.row.value, event.accepted.text, unit)]
    return sorted(equal, key=lambda each: not _is_of_cell(each, event.accepted))


def _may_be(each: EventRow, event: SentEvent, unit: str) -> bool:
    """Whether a row may be the event that was sent, and has been changed."""
    accepted = event.accepted
    note = each.row.note.strip()
    if note and note == accepted.note:
        return True
    is_as_much = same_value(each.row.value, accepted.text, unit)
    if is_as_much and not (note and accepted.note):
        return True
    if event.tally.stamp and (is_as_much or not note):
        # Our own sheet has all events that stood there: a row beside them was changed, or is new.
        return True
    return _is_zero(each.row.value, unit) or _is_zero(accepted.text, unit) or _is_of_cell(each, accepted)


def _is_zero(text: str, unit: str) -> bool:
    """Whether a row says that nothing happened."""
    try:
        return read_number(text, unit).value == ZERO
    except CellFault:
        return False


def _is_of_cell(each: EventRow, accepted: AcceptedCell) -> bool:
    source = each.row.rest.get(SOURCE, "").rpartition("=")[0]
    return bool(source) and source == accepted.source.rpartition("=")[0]


def _is_of_file(each: EventRow, accepted: AcceptedCell) -> bool:
    source, file = each.row.rest.get(SOURCE, ""), accepted.place.file
    return source.startswith((f"{file}!", f"{file}:"))


def _event_text(value: str, note: str) -> str:
    return f"{value} ({note.strip()})" if note.strip() else value
