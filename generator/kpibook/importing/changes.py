"""What came in against what stands there: added, the same, replaced on demand, or left for people to decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from kpibook.importing.intake import RATINGS, Intake, Taken
from kpibook.importing.target import Key, Row, Target, fold, is_usable, same_value

OTHERS_NAMED = 5


class Did(StrEnum):
    """What becomes of a number."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"


class Change(NamedTuple):
    """A number that is written, or that stood there already."""

    did: Did
    target: str
    taken: Taken
    before: str = ""


@dataclass(slots=True)
class Merge:
    """Takes numbers into the files of a cycle."""

    find_target: Callable[[Taken, Intake], Target]
    unit_of: Callable[[Taken], str]
    replace: bool
    changes: list[Change] = field(default_factory=list)
    _claims: dict[tuple[str, Key], list[tuple[Taken, Intake]]] = field(default_factory=dict)

    def add(self, intake: Intake) -> None:
        """Note what a sheet says."""
        for taken in intake.taken:
            target = self.find_target(taken, intake)
            self._claims.setdefault((target.name, fold(taken.key)), []).append((taken, intake))

    def settle(self) -> None:
        """Decide what is written; two different numbers for the same thing decide nothing."""
        refused: dict[int, tuple[Intake, dict[Taken, tuple[str, Mapping[str, object]]]]] = {}
        for claims in self._claims.values():
            for taken, intake, code, values in self._decide(claims):
                refused.setdefault(id(intake), (intake, {}))[1][taken] = (code, values)
        for intake, found in refused.values():
            intake.refuse(found)

    def _decide(
        self, claims: Sequence[tuple[Taken, Intake]]
    ) -> Iterable[tuple[Taken, Intake, str, Mapping[str, object]]]:
        first, intake = claims[0]
        unit, target = self.unit_of(first), self.find_target(first, intake)
        if any(not same_value(first.text, other.text, unit) for other, _ in claims[1:]):
            return [(taken, of, "conflicting-values", _others(taken, claims)) for taken, of in claims]
        noted = next((taken for taken, _ in claims if taken.note), first)
        standing = [row for row in target.find(first.key) if row.value.strip()]
        is_same = bool(standing) and all(_agrees(row, noted, unit) for row in standing)
        if target.lossy and not is_same:
            values = {"file": target.name, "rows": ", ".join(target.lossy[:OTHERS_NAMED])}
            return [(taken, of, "import-target-unread", values) for taken, of in claims]
        if is_same:
            self._keep(target, noted, standing)
        elif self.replace or not any(_is_sound(row, first, unit) for row in standing):
            self._write(target, noted, standing)
        else:
            return [(taken, of, "value-differs", _difference(taken, standing[0], target)) for taken, of in claims]
        self.changes += (Change(Did.SAME, target.name, taken) for taken, _ in claims if taken is not noted)
        return ()

    def _keep(self, target: Target, taken: Taken, standing: Sequence[Row]) -> None:
        """The number stands there; a note that came with it is added."""
        is_new = bool(taken.note) and not target.lossy and not any(row.note.strip() for row in standing)
        if is_new:
            target.put(Row(standing[0].key, standing[0].value, taken.note))
        self.changes.append(Change(Did.ADDED if is_new else Did.SAME, target.name, taken))

    def _write(self, target: Target, taken: Taken, standing: Sequence[Row]) -> None:
        before = "; ".join(_written(row) for row in standing)
        note = taken.note or next((row.note for row in target.find(taken.key) if not row.value.strip()), "")
        target.put(Row(taken.key, taken.text, note))
        self.changes.append(Change(Did.REPLACED if standing else Did.ADDED, target.name, taken, before))


def _agrees(row: Row, taken: Taken, unit: str) -> bool:
    is_noted = not taken.note or not row.note.strip() or row.note.strip() == taken.note
    return is_noted and same_value(row.value, taken.text, unit)


def _is_sound(row: Row, taken: Taken, unit: str) -> bool:
    """Whether what stands there is worth more than a cell that cannot be used anyway."""
    return taken.table == RATINGS or is_usable(row.value, unit)


def _written(row: Row) -> str:
    return f"{row.value} ({row.note})" if row.note.strip() else row.value


def _others(taken: Taken, claims: Sequence[tuple[Taken, Intake]]) -> Mapping[str, object]:
    others = [str(other.place) for other, _ in claims if other is not taken]
    named = ", ".join(others[:OTHERS_NAMED]) + (" …" if len(others) > OTHERS_NAMED else "")
    return {"what": " ".join(filter(None, taken.key)), "others": named}


def _difference(taken: Taken, row: Row, target: Target) -> Mapping[str, object]:
    after = f"{taken.text} ({taken.note})" if taken.note else taken.text
    return {"what": " ".join(filter(None, taken.key)), "before": _written(row), "after": after, "file": target.name}
