"""What a change makes different in fact: open cycles that take it over, and cycles whose data differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kpibook.model import Catalog, Cycle
from kpibook.reviewing.differences.impact import Impact, impact
from kpibook.reviewing.differences.rescoring import CycleMoves, cycle_moves
from kpibook.reviewing.differences.side import Renames
from kpibook.scoring.results import Results

NO_RENAMES: Renames = {kind: {} for kind in ("department", "measure", "indicator", "role")}


class FileChange(NamedTuple):
    """A file of a cycle that decides its results and differs; rows are told of tables of text."""

    path: str
    added: int = 0
    removed: int = 0
    is_counted: bool = False


class CycleSides(NamedTuple):
    """A cycle before and after, each scored by its own rules and files; None where it is not there or not scored."""

    cycle: Cycle
    files: tuple[FileChange, ...]
    before: Results | None
    after: Results | None
    notes: tuple[str, ...] = ()
    """What else there is to say of it, as keys of `diff.fact_note` in the locale."""
    takes_catalog: bool = False
    """Whether it is scored by the handbook that changes, so that ids may have been renamed."""


class ActualChange(NamedTuple):
    """All cycles that differ in fact."""

    sides: Iterable[CycleSides] = ()
    notes: tuple[str, ...] = ()
    """What cannot be told of them, as keys of `diff.fact_note` in the locale."""


class CycleEffect(NamedTuple):
    """What becomes different in a cycle, in counts and bands."""

    period: str
    name: str
    files: tuple[FileChange, ...]
    notes: tuple[str, ...]
    impact: Impact | None
    """None where nobody can say: one of the two sides could not be scored."""


def cycle_effects(
    sides: Iterable[CycleSides], newer: Catalog, renames: Renames
) -> tuple[tuple[CycleEffect, ...], tuple[CycleMoves, ...]]:
    """The effects in counts, which may be published, and everybody's results, which may not."""
    effects, moved = list[CycleEffect](), list[CycleMoves]()
    for side in sides:
        found = None
        if side.before and side.after:
            moves = cycle_moves(side.before, side.after, renames if side.takes_catalog else NO_RENAMES)
            moved.append(moves)
            found = impact(moves, newer)
        effects.append(CycleEffect(str(side.cycle.period), side.cycle.name, side.files, side.notes, found))
    return tuple(effects), tuple(moved)


def file_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    """The files that differ by their paths; rows are counted of CSV files, as they stand there."""
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    return tuple(_change(path, before.get(path, b""), after.get(path, b"")) for path in changed)


def _change(path: str, before: bytes, after: bytes) -> FileChange:
    if not path.endswith(".csv"):
        return FileChange(path)
    # Rows that only moved are no change of anybody's number.
    was, now = Counter(before.splitlines()), Counter(after.splitlines())
    return FileChange(path, (now - was).total(), (was - now).total(), is_counted=True)
