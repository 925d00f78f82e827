"""Two versions of a catalog: what changed, in sentences, and what that does to the cycles that are closed."""

from pathlib import Path
from typing import NamedTuple

from kpibook.base.words import Words
from kpibook.model import Catalog
from kpibook.reviewing.differences.changes import catalog_changes
from kpibook.reviewing.differences.impact import impact
from kpibook.reviewing.differences.renames import find_renames
from kpibook.reviewing.differences.report import CatalogComparison, as_json, comment, people_csv
from kpibook.reviewing.differences.rescoring import CycleMoves, rescore

__all__ = ["CatalogComparison", "DiffResult", "Version", "as_json", "comment", "compare", "people_csv"]


class Version(NamedTuple):
    """A catalog with what it is called: a revision, a folder, or nothing for the files as they lie there."""

    name: str
    catalog: Catalog
    is_faulty: bool = False
    """Whether it cannot be scored."""


class DiffResult(NamedTuple):
    """A comparison that may be published, and the people's results, which may not."""

    comparison: CatalogComparison
    cycles: tuple[CycleMoves, ...]


def compare(base: Version, head: Version, scorecards: Path, *, cycles: int, say: Words) -> DiffResult:
    """What changed from one version to the other, and the last closed cycles under both."""
    older, newer = base.catalog, head.catalog
    renames = find_renames(older, newer)
    scored = () if base.is_faulty else rescore(older, newer, renames, scorecards, cycles)
    impacts = tuple(impact(each, newer) for each in scored)
    changes = catalog_changes(older, newer, renames, say)
    return DiffResult(CatalogComparison(base.name, head.name, newer, changes, impacts, base.is_faulty), scored)
