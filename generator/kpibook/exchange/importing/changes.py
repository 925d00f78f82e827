"""What came in against what stands there: added, the same, replaced on demand, or left for people to decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from kpibook.exchange.importing.accepted import RATINGS, AcceptedCell
from kpibook.exchange.importing.progress import Progress, Steps, no_progress
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import SOURCE, Key, TargetFile, TargetFileRow, fold, is_usable, same_value

OTHERS_NAMED = 5


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
    changes: list[NumberChange] = field(default_factory=list)
    _first: dict[str, dict[Key, SheetNumber]] = field(default_factory=dict)
    """By the name of the target and the folded key."""
    _others: dict[tuple[str, Key], list[SheetNumber]] = field(default_factory=dict)

    def add(self, tally: SheetTally) -> None:
        """Note what a sheet says."""
        for accepted in tally.accepted:
            target = self.find_target(accepted, tally)
            key = fold(accepted.key)
            number = SheetNumber(accepted, tally, target, key)
            if self._first.setdefault(target.name, {}).setdefault(key, number) is not number:
                self._others.setdefault((target.name, key), []).append(number)

    def settle(self) -> None:
        """Decide what is written; two different numbers for the same thing decide nothing."""
        refused: dict[int, tuple[SheetTally, dict[AcceptedCell, tuple[str, Mapping[str, object]]]]] = {}
        steps = Steps(self.progress, "", sum(map(len, self._first.values())))
        for number in chain.from_iterable(map(dict.values, self._first.values())):
            steps.step()
            others = self._others.get((number.target.name, number.key), ())
            if not others and not number.target.lossy and not number.target.find(number.key):
                self._add(number)
                continue
            for accepted, tally, code, values in self._decide((number, *others)):
                refused.setdefault(id(tally), (tally, {}))[1][accepted] = (code, values)
        steps.end()
        for tally, found in refused.values():
            tally.refuse(found)

    def _add(self, number: SheetNumber) -> None:
        """A number of which nothing stands there."""
        accepted, tally, target, key = number
        target.put(key, TargetFileRow(accepted.key, accepted.text, accepted.note, _beside(accepted, {})))
        self.changes.append(NumberChange(ChangeKind.ADDED, target.name, accepted, tally))

    def _decide(
        self, numbers: Sequence[SheetNumber]
    ) -> Iterable[tuple[AcceptedCell, SheetTally, str, Mapping[str, object]]]:
        first, _, target, key = numbers[0]
        unit = self.unit_of(first)
        if any(not same_value(first.text, number.accepted.text, unit) for number in numbers[1:]):
            return [
                (number.accepted, number.tally, "conflicting-values", _others(number, numbers)) for number in numbers
            ]
        noted = next((number for number in numbers if number.accepted.note), numbers[0])
        standing = [row for row in target.find(key) if row.value.strip()]
        is_same = bool(standing) and all(_agrees(row, noted.accepted, unit) for row in standing)
        if target.lossy and not is_same:
            values = {"file": target.name, "rows": ", ".join(target.lossy[:OTHERS_NAMED])}
            code = "import-target-workbook" if target.is_workbook else "import-target-unread"
            return [(number.accepted, number.tally, code, values) for number in numbers]
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
        before = "; ".join(_written(row) for row in standing)
        note = accepted.note or next((row.note for row in target.find(key) if not row.value.strip()), "")
        rest = next((row.rest for row in target.find(key)), {})
        target.put(key, TargetFileRow(accepted.key, accepted.text, note, _beside(accepted, rest)))
        did = ChangeKind.REPLACED if standing else ChangeKind.ADDED
        self.changes.append(NumberChange(did, target.name, accepted, tally, before))


def _beside(accepted: AcceptedCell, rest: Mapping[str, str]) -> Mapping[str, str]:
    """The further cells of a row that is written: where its number came from, and what stood there besides."""
    source = accepted.source
    return {**rest, SOURCE: source} if source else rest


def _agrees(row: TargetFileRow, accepted: AcceptedCell, unit: str) -> bool:
    is_noted = not accepted.note or not row.note.strip() or row.note.strip() == accepted.note
    return is_noted and same_value(row.value, accepted.text, unit)


def _is_sound(row: TargetFileRow, accepted: AcceptedCell, unit: str) -> bool:
    """Whether what stands there is worth more than a cell that cannot be used anyway."""
    return accepted.table == RATINGS or is_usable(row.value, unit)


def _written(row: TargetFileRow) -> str:
    return f"{row.value} ({row.note})" if row.note.strip() else row.value


def _others(number: SheetNumber, numbers: Sequence[SheetNumber]) -> Mapping[str, object]:
    others = [str(other.accepted.place) for other in numbers if other is not number]
    named = ", ".join(others[:OTHERS_NAMED]) + (" …" if len(others) > OTHERS_NAMED else "")
    return {"what": " ".join(filter(None, number.accepted.key)), "others": named}


def _difference(number: SheetNumber, row: TargetFileRow) -> Mapping[str, object]:
    accepted, before = number.accepted, _written(row)
    after = f"{accepted.text} ({accepted.note})" if accepted.note else accepted.text
    return {"what": " ".join(filter(None, accepted.key)), "before": before, "after": after, "file": number.target.name}
