"""A target that has stayed the same for a year is no longer one."""

import datetime
from collections.abc import Iterator, Mapping, Sequence

from gmpy2 import mpq

from kpibook.base.numbers import show
from kpibook.base.periods import MONTHS
from kpibook.base.problems import Level, Problem
from kpibook.checking.lint.base import Review, complete_holders
from kpibook.model import Catalog, Company, Cycle, Department, Role, ScorecardItem

YEAR = 12
"""Months."""

Owner = Role | Department | Company


def lint_targets_move(review: Review) -> Iterator[Problem]:
    """A target is set anew at least once a year.

    Only where a whole year of closed cycles is there can this be known. A target counts as changed if the catalog of
    a year ago had another (or no such item), if `changes:` has an entry in that year, or if targets.csv gave another
    in any cycle.
    """
    cycles = last_year(review.cycles)
    for holder in complete_holders(review.catalog) if cycles else ():
        owner = holder.entry
        for item in owner.items:
            if _is_old(item, owner, review.earlier, cycles):
                values = {"owner": owner.name, "indicator": _name(review.catalog, item), "count": len(cycles)}
                target = "-" if item.target is None else show(item.target)
                place = item.place_of("target" if item.target is not None else "")
                yield Problem("lint-target-unchanged", place, {**values, "target": target}, Level.WARNING)


def last_year(cycles: Sequence[Cycle]) -> tuple[Cycle, ...]:
    """The newest closed cycles of one kind that make a year without a gap, oldest first; empty if there are none."""
    closed = {cycle.period: cycle for cycle in cycles if cycle.status.is_settled}
    for period in sorted(closed, reverse=True):
        chain = [period]
        while len(chain) < max(YEAR // MONTHS[period.kind], 2) and chain[-1].previous in closed:
            chain.append(chain[-1].previous)
        if len(chain) == max(YEAR // MONTHS[period.kind], 2):
            return tuple(closed[each] for each in reversed(chain))
    return ()


def _is_old(item: ScorecardItem, owner: Owner, earlier: Catalog | None, cycles: Sequence[Cycle]) -> bool:
    given = [_targets_given(item.indicator, owner, cycle) for cycle in cycles]
    if item.target is None:
        always = set(given[0]).intersection(*given[1:])
        return bool(always) and all(len({row[subject] for row in given}) == 1 for subject in always)
    if any(value != item.target for row in given for value in row.values()):
        return False
    return _had_this_target(item, owner, earlier) and not _tells_change(owner, cycles[0].period.first_day)


def _targets_given(indicator: str, owner: Owner, cycle: Cycle) -> Mapping[str, mpq]:
    """The targets of a cycle for the people of a role and for its department."""
    subjects = {row.person for row in cycle.people if row.role == owner.id} if isinstance(owner, Role) else set()
    subjects.add(owner.department if isinstance(owner, Role) else owner.id)
    return {
        subject: row.value for (subject, of), row in cycle.targets.items() if of == indicator and subject in subjects
    }


def _had_this_target(item: ScorecardItem, owner: Owner, earlier: Catalog | None) -> bool:
    """Whether the item had this target a year ago; as far as nobody remembers, it had."""
    if earlier is None:
        return True
    before = _counterpart(owner, earlier)
    return any(
        each.indicator == item.indicator and each.target == item.target for each in (before.items if before else ())
    )


def _counterpart(owner: Owner, earlier: Catalog) -> Owner | None:
    if isinstance(owner, Role):
        return earlier.roles.get(owner.id)
    return earlier.departments.get(owner.id) if isinstance(owner, Department) else earlier.company


def _tells_change(owner: Owner, since: datetime.date) -> bool:
    return isinstance(owner, Role) and any(change.on >= since for change in owner.changes)


def _name(catalog: Catalog, item: ScorecardItem) -> str:
    indicator = catalog.indicators.get(item.indicator)
    return indicator.name if indicator else item.indicator
