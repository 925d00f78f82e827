"""Compare two versions of a catalog: the changes, their effects on cycles, and the results under both."""

from pathlib import Path
from typing import NamedTuple

from kpibook.base.words import words
from kpibook.model import Catalog
from kpibook.reviewing.differences.actual_effects import ActualChange, cycle_effects
from kpibook.reviewing.differences.changes import catalog_changes
from kpibook.reviewing.differences.impact import impact
from kpibook.reviewing.differences.renames import find_renames
from kpibook.reviewing.differences.report import CatalogComparison
from kpibook.reviewing.differences.rescoring import CycleMoves, rescore


class Version(NamedTuple):
    """A catalog with what it is called: a revision, a folder, or nothing for the files as they lie there."""

    name: str
    catalog: Catalog
    is_faulty: bool = False
    """Whether it cannot be scored."""


class DiffResult(NamedTuple):
    """A comparison that may be published, and the people's results, which may not."""

    comparison: CatalogComparison
    in_fact: tuple[CycleMoves, ...]
    """What becomes different."""
    tried: tuple[CycleMoves, ...]
    """The last published cycles under both catalogs: what would have been."""


def compare(
    base: Version, head: Version, scorecards: Path, *, cycles: int, in_fact: ActualChange | None = None
) -> DiffResult:
    """What changed from one version to the other, what that makes different, and the last published cycles under both.

    `cycles` is how many of those are tried out; `in_fact` has the cycles that differ.
    """
    sides, notes = in_fact or ActualChange()
    older, newer = base.catalog, head.catalog
    renames = find_renames(older, newer)
    effects, moves = cycle_effects(sides, newer, renames)
    tried = () if base.is_faulty else rescore(older, newer, renames, scorecards, cycles)
    comparison = CatalogComparison(
        base=base.name,
        head=head.name,
        newer=newer,
        changes=catalog_changes(older, newer, renames, words(newer.company.language)),
        effects=effects,
        notes=notes,
        impacts=tuple(impact(each, newer) for each in tried),
        is_base_faulty=base.is_faulty,
    )
    return DiffResult(comparison, moves, tried)
