"""What came in against what stands there: added, the same, replaced on demand, or left for people to decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from kpibook.exchange.importing.accepted import RATINGS, AcceptedCell
from kpibook.exchange.importing.progress import Progress, Steps, untold
from kpibook.exchange.importing.tally import SheetTally
from kpibook.exchange.importing.target import Key, TargetFile, TargetFileRow, fold, is_usable, same_value

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
    taken: AcceptedCell
    intake: SheetTally
    before: str = ""


class SheetNumber(NamedTuple):
    """What a sheet says, and where it belongs."""

    taken: AcceptedCell
    intake: SheetTally
    target: TargetFile
    key: Key
    """Folded."""


@dataclass(slots=True)
class Merge:
    """Takes numbers into the files of a cycle."""

    find_target: Callable[[AcceptedCell, SheetTally], TargetFile]
    unit_of: Callable[[AcceptedCell], str]
    replace: bool
    progress: Progress = untold
    changes: list[NumberChange] = field(default_factory=list)
    _first: dict[str, dict[Key, SheetNumber]] = field(default_factory=dict)
    """By the name of the target and the folded key."""
    _others: dict[tuple[str, Key], list[SheetNumber]] = field(default_factory=dict)

    def add(self, intake: SheetTally) -> None:
        """Note what a sheet says."""
        for taken in intake.taken:
            target = self.find_target(taken, intake)
            key = fold(taken.key)
            claim = SheetNumber(taken, intake, target, key)
            if self._first.setdefault(target.name, {}).setdefault(key, claim) is not claim:
                self._others.setdefault((target.name, key), []).append(claim)

    def settle(self) -> None:
        """Decide what is written; two different numbers for the same thing decide nothing."""
        refused: dict[int, tuple[SheetTally, dict[AcceptedCell, tuple[str, Mapping[str, object]]]]] = {}
        steps = Steps(self.progress, "", sum(map(len, self._first.values())))
        for claim in chain.from_iterable(map(dict.values, self._first.values())):
            steps.step()
            others = self._others.get((claim.target.name, claim.key), ())
            if not others and not claim.target.lossy and not claim.target.find(claim.key):
                self._write(claim, ())
                continue
            for taken, intake, code, values in self._decide((claim, *others)):
                refused.setdefault(id(intake), (intake, {}))[1][taken] = (code, values)
        steps.end()
        for intake, found in refused.values():
            intake.refuse(found)

    def _decide(
        self, claims: Sequence[SheetNumber]
    ) -> Iterable[tuple[AcceptedCell, SheetTally, str, Mapping[str, object]]]:
        first, _, target, key = claims[0]
        unit = self.unit_of(first)
        if any(not same_value(first.text, claim.taken.text, unit) for claim in claims[1:]):
            return [(claim.taken, claim.intake, "conflicting-values", _others(claim, claims)) for claim in claims]
        noted = next((claim for claim in claims if claim.taken.note), claims[0])
        standing = [row for row in target.find(key) if row.value.strip()]
        is_same = bool(standing) and all(_agrees(row, noted.taken, unit) for row in standing)
        if target.lossy and not is_same:
            values = {"file": target.name, "rows": ", ".join(target.lossy[:OTHERS_NAMED])}
            code = "import-target-workbook" if target.is_workbook else "import-target-unread"
            return [(claim.taken, claim.intake, code, values) for claim in claims]
        if is_same:
            self._keep(noted, standing)
        elif self.replace or not any(_is_sound(row, first, unit) for row in standing):
            self._write(noted, standing)
        else:
            return [(claim.taken, claim.intake, "value-differs", _difference(claim, standing[0])) for claim in claims]
        rest = (claim for claim in claims if claim is not noted)
        self.changes += (NumberChange(ChangeKind.SAME, target.name, claim.taken, claim.intake) for claim in rest)
        return ()

    def _keep(self, claim: SheetNumber, standing: Sequence[TargetFileRow]) -> None:
        """The number stands there; a note that came with it is added."""
        taken, intake, target, key = claim
        is_new = bool(taken.note) and not target.lossy and not any(row.note.strip() for row in standing)
        if is_new:
            target.put(key, TargetFileRow(standing[0].key, standing[0].value, taken.note))
        intake.known += 1
        self.changes.append(NumberChange(ChangeKind.ADDED if is_new else ChangeKind.SAME, target.name, taken, intake))

    def _write(self, claim: SheetNumber, standing: Sequence[TargetFileRow]) -> None:
        taken, intake, target, key = claim
        before = "; ".join(_written(row) for row in standing)
        note = taken.note or next((row.note for row in target.find(key) if not row.value.strip()), "")
        target.put(key, TargetFileRow(taken.key, taken.text, note))
        did = ChangeKind.REPLACED if standing else ChangeKind.ADDED
        self.changes.append(NumberChange(did, target.name, taken, intake, before))


def _agrees(row: TargetFileRow, taken: AcceptedCell, unit: str) -> bool:
    is_noted = not taken.note or not row.note.strip() or row.note.strip() == taken.note
    return is_noted and same_value(row.value, taken.text, unit)


def _is_sound(row: TargetFileRow, taken: AcceptedCell, unit: str) -> bool:
    """Whether what stands there is worth more than a cell that cannot be used anyway."""
    return taken.table == RATINGS or is_usable(row.value, unit)


def _written(row: TargetFileRow) -> str:
    return f"{row.value} ({row.note})" if row.note.strip() else row.value


def _others(claim: SheetNumber, claims: Sequence[SheetNumber]) -> Mapping[str, object]:
    others = [str(other.taken.place) for other in claims if other is not claim]
    named = ", ".join(others[:OTHERS_NAMED]) + (" …" if len(others) > OTHERS_NAMED else "")
    return {"what": " ".join(filter(None, claim.taken.key)), "others": named}


def _difference(claim: SheetNumber, row: TargetFileRow) -> Mapping[str, object]:
    taken, before = claim.taken, _written(row)
    after = f"{taken.text} ({taken.note})" if taken.note else taken.text
    return {"what": " ".join(filter(None, taken.key)), "before": before, "after": after, "file": claim.target.name}
