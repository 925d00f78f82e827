"""Which cycles a change makes different: their files and results before and after it, side by side."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kpibook.base.periods import Period
from kpibook.base.problems import Failure, Level
from kpibook.content import Content, score_cycle
from kpibook.model import CycleStatus
from kpibook.reading.cycle.folder import REVISIONS
from kpibook.reading.own_catalogs import catalog_digest
from kpibook.reviewing.differences.actual_effects import CycleSides, FileChange, file_changes
from kpibook.scoring.results import Results
from kpibook.sealing.erasures import hashes_over_time
from kpibook.sealing.input_hashes import input_hashes, row_bytes
from kpibook.sealing.revisions import CHANGED
from kpibook.sealing.seals import SEAL

SEAL_LOST = "seal_lost"
"""What is noted of a cycle that was published and whose seal is not there any more."""


class Versions(NamedTuple):
    """The content of a company before and after a change."""

    before: Content
    after: Content
    is_base_faulty: bool = False
    """Whether the older catalog cannot be scored."""


def changed_cycles(versions: Versions) -> Iterator[CycleSides]:
    """The cycles whose results a change decides, oldest first, each scored on both sides by its own rules.

    A cycle is among them if a file that decides its results differs; if it is open, has no catalog of its own and the
    handbook differs; or if it is not sealed and may look back at one of those.
    """
    before, after = versions.before, versions.after
    is_new_handbook = catalog_digest(before.handbook) != catalog_digest(after.handbook)
    is_data_changed = False
    for period in sorted({*before.cycles, *after.cycles}):
        files = _files(before, after, period)
        is_data_changed |= bool(files)
        takes = is_new_handbook and _is_open(after, period) and period not in after.own
        looks_back = is_data_changed and period in after.cycles and period not in after.seals
        if files or takes or looks_back or is_seal_lost(before, after, period):
            yield _sides(versions, period, files, takes_catalog=takes)
        elif is_new_handbook and _is_open(after, period):
            yield CycleSides(after.cycles[period], (), None, None, ("own_catalog",))


def has_unsealed_cycle(after: Content) -> bool:
    """Whether some cycle is marked as over and was never sealed, so that the handbook still decides it."""
    return any(cycle.status.is_settled and period not in after.seals for period, cycle in after.cycles.items())


def _sides(versions: Versions, period: Period, files: tuple[FileChange, ...], *, takes_catalog: bool) -> CycleSides:
    before, after = versions.before, versions.after
    cycle = after.cycles.get(period) or before.cycles[period]
    notes = list[str]()
    if period not in after.cycles:
        notes.append("gone")
    elif period not in before.cycles:
        notes.append("new")
    elif is_seal_lost(before, after, period):
        notes.append(SEAL_LOST)
    elif files and period in after.seals:
        notes.append(_of_seal(before, after, period))
    was = None if versions.is_base_faulty else _scored(before, period)
    now = _scored(after, period)
    if not notes and (was is None or now is None):
        notes.append("unknown")
    return CycleSides(cycle, files, was, now, tuple(notes), takes_catalog)


def is_seal_lost(before: Content, after: Content, period: Period) -> bool:
    """Whether a seal of the older version is gone, or another one stands in its place.

    A seal may only change by what an erasure takes out of it, and that is written down. The newer version alone cannot
    tell: who takes the seal, the row of the log and the status away leaves a cycle that looks as if it were open.
    """
    if period not in before.seals or period not in after.cycles:
        return False
    kept = after.seals.get(period)
    if kept is None or len(kept.seals) < len(before.seals[period].seals):
        return True
    pairs = zip(before.seals[period].seals, kept.seals, strict=False)
    return any(
        new.hash not in hashes_over_time(f"{REVISIONS}/{old.revision}/{SEAL}", old.hash, kept.erasures)
        for old, new in pairs
    )


def _of_seal(before: Content, after: Content, period: Period) -> str:
    """What is to say of a published cycle whose files differ: whether its newest seal knows of that."""
    above = f"{after.cycles[period].folder}/"
    if any(each.code in CHANGED and each.place.file.startswith(above) for each in after.problems):
        return "not_sealed"
    if period not in before.seals:
        return "published"
    return "sealed_anew" if after.seals[period].number > before.seals[period].number else "not_sealed"


def _scored(content: Content, period: Period) -> Results | None:
    """The results of a cycle; None where it is not there or its files have errors, so that nobody can tell."""
    cycle = content.cycles.get(period)
    if cycle is None or cycle.status is CycleStatus.PLANNED:
        return None
    faulty = any(p.level is Level.ERROR and p.place.file.startswith(f"{cycle.folder}/") for p in content.problems)
    if faulty and period not in content.seals:
        return None
    try:
        return score_cycle(content, period)
    except Failure:
        # Its sealed tables are gone: `check` tells them.
        return None


def _files(before: Content, after: Content, period: Period) -> tuple[FileChange, ...]:
    if before.scorecards == after.scorecards:
        return ()
    folders = [content.scorecards / str(period) for content in (before, after)]
    hashes = [input_hashes(folder) for folder in folders]
    differing = {path for path in {*hashes[0], *hashes[1]} if hashes[0].get(path) != hashes[1].get(path)}
    was, now = (_contents(folder, differing) for folder in folders)
    return file_changes(was, now)


def _contents(folder: Path, paths: set[str]) -> Mapping[str, bytes]:
    return {path: row_bytes(folder / path) for path in paths if (folder / path).is_file()}


def _is_open(content: Content, period: Period) -> bool:
    return period in content.cycles and content.cycles[period].status is CycleStatus.OPEN
