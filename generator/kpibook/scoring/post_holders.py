"""Who holds a post in a cycle, and who of them rates by it."""

from collections.abc import Mapping

from kpibook.model import Cycle
from kpibook.scoring.roster import days_together


def holders(cycle: Cycle, role: str) -> Mapping[str, int]:
    """The days for which each person held a role within a cycle and was there, most first."""
    days: dict[str, int] = {}
    for row in cycle.people:
        if row.role == role:
            there = days_together([row], cycle.period, cycle.leave.get(row.person, ()))
            days[row.person] = days.get(row.person, 0) + there
    found = {person: count for person, count in days.items() if count}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def rater_by_post(cycle: Cycle, role: str, person: str) -> str:
    """Who rates somebody by holding a role: who held it longest; empty where nobody did, or two did for as long.

    Nobody rates themselves by their own post.
    """
    others = [pair for pair in holders(cycle, role).items() if pair[0] != person]
    if not others or (len(others) > 1 and others[0][1] == others[1][1]):
        return ""
    return others[0][0]
