"""What a cycle uses has been approved, where the company asks for it."""

from collections.abc import Iterator, Sequence

from kpibook.base.numbers import ZERO, show
from kpibook.base.problems import Level, Place, Problem
from kpibook.checking.checks.base import with_sign
from kpibook.checking.checks.display_names import DisplayNames
from kpibook.model import ApprovalPolicy, Catalog, Cycle
from kpibook.scoring.approvals import ApprovalSubject, CycleApprovals, Lack, Unapproved

LISTED = 5
"""So many roles are named."""

CODES = {
    ApprovalSubject.TARGET: ("target-not-approved", "target-without-approver", "target-own-approval"),
    ApprovalSubject.ADJUSTMENT: ("adjustment-not-approved", "adjustment-without-approver", "adjustment-own-approval"),
}
"""What does not count, what lacks something and counts all the same, and what its own person approved."""

COLUMNS = {
    Lack.REASON: "reason",
    Lack.APPROVER: "approved_by",
    Lack.OWN: "approved_by",
    Lack.HEAD: "approved_by",
    Lack.DAY: "on",
}


def check_approvals(catalog: Catalog, cycle: Cycle) -> Iterator[Problem]:
    """Roles, targets and adjustments are approved: by somebody else, with the reason and the day."""
    found, called = CycleApprovals(catalog, cycle), DisplayNames(catalog, cycle)
    if found.roles:
        yield _of_roles(tuple(found.roles.values()), cycle)
    for lacking in (*found.targets.values(), *found.adjustments.values()):
        yield from _of_row(lacking, catalog, called)
    yield from _of_sums(catalog, cycle, called)


def check_adjustment_limit(catalog: Catalog) -> Iterator[Problem]:
    """The most points of an adjustment are not less than none."""
    approvals = catalog.company.approvals
    most = approvals.adjustment_most
    if most is not None and most < ZERO:
        yield Problem("adjustment-limit-negative", approvals.place_of("adjustment_most"), {"most": show(most)})


def _of_roles(lacking: Sequence[Unapproved], cycle: Cycle) -> Problem:
    """One problem for all roles: a company that never wrote a status would read one for each of them."""
    names = ", ".join(each.about for each in lacking[:LISTED]) + (" …" if len(lacking) > LISTED else "")
    holders = [row for row in cycle.people if row.role in {each.about for each in lacking}]
    values = {"count": len(lacking), "roles": names, "people": len({row.person for row in holders})}
    code = "roles-not-approved" if lacking[0].counts else "roles-not-counted"
    return Problem(code, holders[0].place if holders else Place(cycle.folder), values, Level.WARNING)


def _of_sums(catalog: Catalog, cycle: Cycle, called: DisplayNames) -> Iterator[Problem]:
    """The limit holds for each adjustment; that several within it are more together is told."""
    policy, most = catalog.company.approvals.adjustments, catalog.company.approvals.adjustment_most
    if most is None or policy is ApprovalPolicy.OFF:
        return
    for person, rows in cycle.adjustments.items():
        within = [row for row in rows if abs(row.points) <= most]
        together = sum((row.points for row in within), ZERO)
        if len(within) > 1 and abs(together) > most:
            told = {"person": called.subject(person), "count": len(within), "points": with_sign(together)}
            yield Problem("adjustments-over-limit", within[-1].place, {**told, "most": show(most)}, Level.WARNING)


def _of_row(lacking: Unapproved, catalog: Catalog, called: DisplayNames) -> Iterator[Problem]:
    lacks, (refused, incomplete, own) = lacking.lacks, CODES[lacking.subject]
    about = called.subject(lacking.about)
    values: dict[str, object] = {"subject": about, "indicator": called.number(lacking.key), "person": about}
    if not lacking.counts:
        values |= {"columns": ", ".join(dict.fromkeys(COLUMNS[lack] for lack in lacks if lack in COLUMNS))}
        if values["columns"]:
            yield Problem(refused, lacking.place, values, Level.WARNING)
    else:
        if {Lack.REASON, Lack.APPROVER, Lack.DAY} & {*lacks}:
            yield Problem(incomplete, lacking.place, values, Level.WARNING)
        if Lack.OWN in lacks:
            yield Problem(own, lacking.place, values, Level.WARNING)
        if Lack.HEAD in lacks:
            yield Problem("target-head-approval", lacking.place, values, Level.WARNING)
    if Lack.LIMIT in lacks:
        most, points = catalog.company.approvals.adjustment_most, lacking.value
        values |= {"points": "" if points is None else with_sign(points), "most": "" if most is None else show(most)}
        code = "adjustment-over-limit" if lacking.counts else "adjustment-refused"
        yield Problem(code, lacking.place, values, Level.WARNING)
