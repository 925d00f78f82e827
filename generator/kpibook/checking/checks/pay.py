"""Pay lines and streaks say one thing each."""

from collections.abc import Iterator

from kpibook.base.problems import Problem
from kpibook.model import Catalog

SHORTEST, LONGEST = 2, 36
"""How many cycles a streak may take."""


def check_pay_lines(catalog: Catalog) -> Iterator[Problem]:
    """A pay line has a formula of its own, or shares a pool."""
    for role in catalog.roles.values():
        for line in role.pay:
            if (line.formula is None) is (line.pool is None):
                yield Problem("formula-or-pool", line.place_of(), {"name": line.name})
            for key in ("by", "among"):
                if line.pool is None and key in line.places:
                    yield Problem("pool-missing", line.place_of(key), {"name": line.name, "key": key})


def check_streaks(catalog: Catalog) -> Iterator[Problem]:
    """A streak takes several cycles."""
    for streak in catalog.company.streaks:
        if not SHORTEST <= streak.cycles <= LONGEST:
            values = {"cycles": streak.cycles, "shortest": SHORTEST, "longest": LONGEST}
            yield Problem("streak-cycles", streak.place_of("cycles"), values)
