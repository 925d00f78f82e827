"""Grades that the total of a scorecard cannot reach, or that stand at another part of it than everywhere else."""

from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.base.numbers import HUNDRED, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import Holder
from kpibook.checking.lint.base import Review, complete_holders
from kpibook.model import AS_POINTS, Catalog, Role, Scored
from kpibook.scoring.maximum_points import most_points


def lint_grades_reached(review: Review) -> Iterator[Problem]:
    """The bounds of the grades fit what the totals are out of: the best grade can be reached."""
    catalog = review.catalog
    usual = (catalog.company.total or AS_POINTS).full
    for holder in complete_holders(catalog) if catalog.grades else ():
        best = catalog.grades[0]
        most, full = _most(catalog, holder.entry), catalog.total_of(holder.entry).full
        values = {"owner": holder.entry.name, "grade": best.id, "from": show(best.threshold)}
        if most is not None and most < best.threshold:
            yield Problem("lint-grade-out-of-reach", _place(holder), {**values, "most": show(most)}, Level.WARNING)
        elif full != usual:
            values |= {"full": show(full), "usual": show(usual), "percent": show(best.threshold * HUNDRED / full, 1)}
            yield Problem("lint-total-of-its-own", _place(holder), values, Level.WARNING)


def _most(catalog: Catalog, owner: Scored) -> mpq | None:
    """The most that a total can be told as, on the best of the job levels; None where nothing ends it."""
    rule = catalog.total_of(owner)
    variants = [owner]
    if isinstance(owner, Role) and owner.levels:
        variants = [owner.at_level(level.id) for level in owner.levels]
    found = [most_points(each, rule) for each in variants]
    if None in found:
        return None
    most = max(each for each in found if each is not None)
    return most if rule.turned is None else most * rule.turned


def _place(holder: Holder) -> Place:
    entry = holder.entry
    return entry.place_of("total" if entry.total is not None and "total" in entry.places else "scorecard")
