"""Pay lines and streaks say one thing each."""

from collections.abc import Iterator

from kpibook.base.problems import Problem
from kpibook.checking.checks.base import ReferenceEnd, check_reference
from kpibook.model import Catalog, PayLine
from kpibook.rules.formulas import Name

SHORTEST, LONGEST = 2, 36
"""How many cycles a streak may take."""


def check_pay_lines(catalog: Catalog) -> Iterator[Problem]:
    """A pay line has a formula of its own, or shares a pool."""
    for role in catalog.roles.values():
        for line in role.pay:
            has_own = line.formula is not None or bool(line.table)
            if has_own is (line.pool is not None):
                yield Problem("formula-or-pool", line.place_of(), {"name": line.name})
            uses_table = line.formula is not None and Name("", "table") in line.formula.names
            if bool(line.table) and line.formula is not None and not uses_table:
                yield Problem("pay-table-unused", line.place_of("table"), {"name": line.name})
            yield from _rows(line, catalog)
            for key in ("by", "among"):
                if line.pool is None and key in line.places:
                    yield Problem("pool-missing", line.place_of(key), {"name": line.name, "key": key})


def check_pay_sums(catalog: Catalog) -> Iterator[Problem]:
    """The sum of a role's pay is called by a name only where the role pays anything."""
    rewards = [streak for streak in catalog.company.streaks if streak.amount is not None]
    for role in catalog.roles.values():
        is_rewarded = any(not streak.roles or role.id in streak.roles for streak in rewards)
        if role.pay_total and not role.pay and not is_rewarded and ("role", role.id) not in catalog.faulty:
            yield Problem("pay-total-unused", role.place_of("pay_total"), {"name": role.pay_total, "role": role.id})


def _rows(line: PayLine, catalog: Catalog) -> Iterator[Problem]:
    """A row of a pay table names grades and roles that are there, and no row before it takes all."""
    for number, row in enumerate(line.table):
        for kind, key, ids in (("grade", "grade", row.grades), ("role", "role", row.roles)):
            for each in ids:
                yield from check_reference(catalog, kind, each, ReferenceEnd(line.name, key, row.place_of(key)))
        if number and any(not (each.threshold or each.grades or each.roles) for each in line.table[:number]):
            yield Problem("pay-row-unreached", row.place_of(), {"name": line.name})


def check_streaks(catalog: Catalog) -> Iterator[Problem]:
    """A streak takes several cycles."""
    for streak in catalog.company.streaks:
        if not SHORTEST <= streak.cycles <= LONGEST:
            values = {"cycles": streak.cycles, "shortest": SHORTEST, "longest": LONGEST}
            yield Problem("streak-cycles", streak.place_of("cycles"), values)
