"""What came in against what stands there: added, the same, replaced on demand, or left for people to decide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from kpibook.exchange.importing.accepted import ACTUALS, LEAVE, RATINGS, AcceptedCell
from kpibook.exchange.importing.events import UNCLEAR, EventOutcome, EventRow, SentEvent, compare_events, row_of
from kpibook.exchange.importing.progress import Progress, Steps, no_progress
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import (
    BESIDE,
    SOURCE,
    Key,
    TargetFile,
    TargetFileRow,
    folded_key,
    is_usable,
    same_value,
)
from kpibook.reading.cycle.weeks import WEEK

OTHERS_NAMED = 5
Refused = tuple[AcceptedCell, SheetTally, str, Mapping[str, object]]
"""A number that is not taken: code and values say why."""


class ChangeKind(StrEnum):
    """What becomes of a number."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"


class NumberChange(NamedTuple):
    """A number that is written, or that stood there already."""

    did: ChangeKind
    target: str
    accepted: AcceptedCell
    tally: SheetTally
    before: str = ""


class SheetNumber(NamedTuple):
    """What a sheet says, and where it belongs."""

    accepted: AcceptedCell
    tally: SheetTally
    target: TargetFile
    key: Key
    """Folded."""


@dataclass(slots=True)
class Merge:
    """Takes numbers into the files of a cycle."""

    find_target: Callable[[AcceptedCell, SheetTally], TargetFile]
    unit_of: Callable[[AcceptedCell], str]
    replace: bool
    progress: Progress = no_progress
    standing_elsewhere: Callable[[AcceptedCell, TargetFile], Sequence[EventRow]] = lambda *_: ()
    """The events of a number that stand in other files."""
    changes: list[NumberChange] = field(default_factory=list)
    _first: dict[str, dict[Key, SheetNumber]] = field(default_factory=dict)
    """By the name of the target and the folded key."""
    _weekly: set[Key] = field(default_factory=set)
    """The subjects and measures of which numbers of weeks came in."""
    _others: dict[tuple[str, Key], list[SheetNumber]] = field(default_factory=dict)

    def add(self, tally: SheetTally) -> None:
        """Note what a sheet says."""
        for accepted in tally.accepted:
            target = self.find_target(accepted, tally)
            key = folded_key(accepted.key)
            number = SheetNumber(accepted, tally, target, key)
            if accepted.week:
                self._weekly.add(key[:2])
            if self._first.setdefault(target.name, {}).setdefault(key, number) is not number:
                self._others.setdefault((target.name, key), []).append(number)

    def settle(self) -> None:
        """Decide what is written; two different numbers for the same thing decide nothing."""
        refused: dict[int, tuple[SheetTally, dict[AcceptedCell, tuple[str, Mapping[str, object]]]]] = {}
        steps = Steps(self.progress, "", sum(map(len, self._first.values())))
        for number in chain.from_iterable(map(dict.values, self._first.values())):
            steps.step()
            others = self._others.get((number.target.name, number.key), ())
            if number.accepted.is_event:
                verdicts = self._decide_events((number, *others))
            elif not others and self._is_plain(number):
                self._add(number)
                continue
            else:
                verdicts = self._decide((number, *others))
            for accepted, tally, code, values in verdicts:
                refused.setdefault(id(tally), (tally, {}))[1][accepted] = (code, values)
        steps.end()
        for tally, found in refused.values():
            tally.refuse(found)

    def _is_plain(self, number: SheetNumber) -> bool:
        """Whether nothing stands in the way of a number that is said but once."""
        return not (number.target.lossy or number.target.find(number.key) or self._other_part(number))

    def _other_part(self, number: SheetNumber) -> Mapping[str, object]:
        """Where weeks stand beside a number of the whole cycle, or come with it: what the message tells."""
        accepted, _, target, key = number
        if accepted.table != ACTUALS:
            return {}
        sent = self._first[target.name]
        if accepted.week:
            rows = target.find(key[:2])
            is_told = any(row.value.strip() for row in rows) or key[:2] in sent
        else:
            is_told = target.has_weeks(key) or key in self._weekly
        return {"what": " ".join(accepted.key[:2]), "file": target.name} if is_told else {}

    def _add(self, number: SheetNumber) -> None:
        """A number of which nothing stands there."""
        accepted, tally, target, key = number
        target.put(key, TargetFileRow(accepted.key, accepted.text, accepted.note, _further_cells(accepted, {})))
        self.changes.append(NumberChange(ChangeKind.ADDED, target.name, accepted, tally))

    def _decide_events(self, numbers: Sequence[SheetNumber]) -> Sequence[Refused]:
        """Events of a subject: new ones are added; of one that may stand there already people decide."""
        first, _, target, key = numbers[0]
        unit, rows = self.unit_of(first), [row for row in target.find(key) if row.value.strip()]
        standing = (*(EventRow(row, target.name) for row in rows), *self.standing_elsewhere(first, target))
        sent = [SentEvent(number.accepted, number.tally) for number in numbers]
        changes, refused = list[NumberChange](), list[Refused]()
        for outcome in (each for sheet in compare_events(sent, standing, unit) for each in sheet):
            change = self._event(outcome, rows, target)
            if isinstance(change, NumberChange):
                changes.append(change)
            else:
                refused.append(change)
        if target.lossy and any(each.did is not ChangeKind.SAME for each in changes):
            return [(each.accepted, each.tally, *_unwritable(target)) for each in numbers]
        self.changes += changes
        if any(each.did is not ChangeKind.SAME for each in changes):
            target.put_all(key, rows)
        return refused

    def _event(self, outcome: EventOutcome, rows: list[TargetFileRow], target: TargetFile) -> "NumberChange | Refused":
        """Take an event into the rows of its file, or leave it for people to decide."""
        (accepted, tally), standing = outcome.sent, outcome.standing
        if standing is None:
            rows.append(row_of(accepted, {}))
            return NumberChange(ChangeKind.ADDED, target.name, accepted, tally)
        if outcome.is_same or (self.replace and outcome.doubt == UNCLEAR):
            tally.known += 1
            return NumberChange(ChangeKind.SAME, target.name, accepted, tally)
        if not self.replace or standing.is_elsewhere:
            return accepted, tally, outcome.doubt, outcome.values(target.name)
        at = next(at for at, row in enumerate(rows) if row is standing.row)
        rows[at] = row_of(accepted, standing.row.rest)
        return NumberChange(ChangeKind.REPLACED, target.name, accepted, tally, _written_value(standing.row))

    def _decide(self, numbers: Sequence[SheetNumber]) -> Sequence[Refused]:
        first, _, target, key = numbers[0]
        unit = self.unit_of(first)
        if any(
            first.beside != number.accepted.beside or not same_value(first.text, number.accepted.text, unit)
            for number in numbers[1:]
        ):
            return [
                (number.accepted, number.tally, "conflicting-values", _other_values(number, numbers))
                for number in numbers
            ]
        noted = next((number for number in numbers if number.accepted.note), numbers[0])
        # A leave without a last day goes on.
        standing = [row for row in target.find(key) if row.value.strip() or first.table == LEAVE]
        is_same = bool(standing) and all(_agrees(row, noted.accepted, unit) for row in standing)
        if target.lossy and not is_same:
            return [(number.accepted, number.tally, *_unwritable(target)) for number in numbers]
        if part := self._other_part(numbers[0]):
            return [(number.accepted, number.tally, "week-beside-whole", part) for number in numbers]
        if is_same:
            self._keep(noted, standing)
        elif self.replace or not any(_is_sound(row, first, unit) for row in standing):
            self._write(noted, standing)
        else:
            return [
                (number.accepted, number.tally, "value-differs", _difference(number, standing[0])) for number in numbers
            ]
        rest = (number for number in numbers if number is not noted)
        self.changes += (NumberChange(ChangeKind.SAME, target.name, number.accepted, number.tally) for number in rest)
        return ()

    def _keep(self, number: SheetNumber, standing: Sequence[TargetFileRow]) -> None:
        """The number stands there; a note that came with it is added."""
        accepted, tally, target, key = number
        is_new = bool(accepted.note) and not target.lossy and not any(row.note.strip() for row in standing)
        if is_new:
            target.put(key, TargetFileRow(standing[0].key, standing[0].value, accepted.note, standing[0].rest))
        tally.known += 1
        self.changes.append(NumberChange(ChangeKind.ADDED if is_new else ChangeKind.SAME, target.name, accepted, tally))

    def _write(self, number: SheetNumber, standing: Sequence[TargetFileRow]) -> None:
        accepted, tally, target, key = number
        before = "; ".join(_written_value(row) for row in standing)
        note = accepted.note or next((row.note for row in target.find(key) if not row.value.strip()), "")
        rest = next((row.rest for row in target.find(key)), {})
        target.put(key, TargetFileRow(accepted.key, accepted.text, note, _further_cells(accepted, rest)))
        did = ChangeKind.REPLACED if standing else ChangeKind.ADDED
        self.changes.append(NumberChange(did, target.name, accepted, tally, before))


def _unwritable(target: TargetFile) -> tuple[str, Mapping[str, object]]:
    """Why a file is not written anew."""
    code = "import-target-workbook" if target.is_workbook else "import-target-unread"
    return code, {"file": target.name, "rows": ", ".join(target.lossy[:OTHERS_NAMED])}


def _further_cells(accepted: AcceptedCell, rest: Mapping[str, str]) -> Mapping[str, str]:
    """The further cells of a row that is written: where its number came from, and what stood there besides."""
    week = {WEEK: accepted.week} if accepted.week else {}
    source = accepted.source
    rest = {**rest, **dict(accepted.beside)} if accepted.beside else rest
    return {**rest, **week, SOURCE: source} if source else rest


def _agrees(row: TargetFileRow, accepted: AcceptedCell, unit: str) -> bool:
    is_noted = not accepted.note or not row.note.strip() or row.note.strip() == accepted.note
    pairs = [(row.value, accepted.text), *((row.rest.get(key, ""), text) for key, text in accepted.beside)]
    return is_noted and all(same_value(*pair, unit) for pair in pairs)


def _is_sound(row: TargetFileRow, accepted: AcceptedCell, unit: str) -> bool:
    """Whether what stands there is worth more than a cell that cannot be used anyway."""
    return accepted.table in (RATINGS, LEAVE) or is_usable(row.value, unit)


def _written_value(row: TargetFileRow) -> str:
    return _value_text(row.value, row.rest, row.note)


def _value_text(value: str, beside: Mapping[str, str], note: str) -> str:
    """A value with what stands beside it, and its note."""
    further = [f"{key} {text}" for key in BESIDE if (text := beside.get(key, "").strip())]
    whole = ", ".join((value, *further))
    return f"{whole} ({note})" if note.strip() else whole


def _other_values(number: SheetNumber, numbers: Sequence[SheetNumber]) -> Mapping[str, object]:
    others = [str(other.accepted.place) for other in numbers if other is not number]
    named = ", ".join(others[:OTHERS_NAMED]) + (" …" if len(others) > OTHERS_NAMED else "")
    return {"what": " ".join(filter(None, number.accepted.key)), "others": named}


def _difference(number: SheetNumber, row: TargetFileRow) -> Mapping[str, object]:
    accepted, before = number.accepted, _written_value(row)
    after = _value_text(accepted.text, dict(accepted.beside), accepted.note)
    return {"what": " ".join(filter(None, accepted.key)), "before": before, "after": after, "file": number.target.name}
