"""How totals and grades are spread, and how this cycle lies beside the one before."""

from typing import Any, NamedTuple

import pandas as pd

FEWEST = 5
"""Of fewer people no spread is worth telling."""
GROUPS = ("department", "role", "level")


class DistributionRow(NamedTuple):
    """The totals of a group, in points; NaN where there is none."""

    group: str
    """The id of a department, a role or a job level; empty for the whole company."""
    people: int
    with_total: int
    mean: float
    spread: float
    """The standard deviation of a sample."""
    lowest: float
    lower: float
    middle: float
    upper: float
    highest: float
    """Quartiles between the lowest and the highest, interpolated."""
    grades: tuple[int, ...]
    """In the order that was asked for."""


def distributions(people: pd.DataFrame, by: str, grades: list[str]) -> tuple[DistributionRow, ...]:
    """A row for each group that has a total, in the order of the ids, then the whole.

    Args:
        people: as `frames.people` gives them, of one cycle.
        by: department, role or level; who has none counts in the whole alone.
        grades: the ids of grades whose holders are counted.
    """
    known = people[people["status"] != "excluded"]
    rows = [
        _row(str(name), group, grades)
        for name, group in known.groupby(by, observed=True)
        if group["total"].notna().any()
    ]
    return (*sorted(rows), _row("", known, grades))


def _row(name: str, group: pd.DataFrame, grades: list[str]) -> DistributionRow:
    totals = group["total"].dropna()
    lowest, lower, middle, upper, highest = totals.quantile([0, 0.25, 0.5, 0.75, 1]).tolist()
    counts = group["grade"].value_counts()
    held = tuple(int(counts.get(grade, 0)) for grade in grades)
    deviation = float(totals.std(ddof=1)) if len(totals) > 1 else float("nan")
    return DistributionRow(
        group=name,
        people=len(group),
        with_total=len(totals),
        mean=float(totals.mean()),
        spread=deviation,
        lowest=lowest,
        lower=lower,
        middle=middle,
        upper=upper,
        highest=highest,
        grades=held,
    )


class TotalsShift(NamedTuple):
    """How the totals of the people who are in two cycles changed between them."""

    people: int
    before: float
    after: float
    correlation: float
    """Of the totals; NaN under `FEWEST` people."""
    tops: int
    top_change: float
    """By how much the best fifth of the cycle before changed, in points."""
    bottoms: int
    bottom_change: float
    joiners: int
    joiners_mean: float
    leavers: int


def totals_shift(people: pd.DataFrame, before: pd.DataFrame) -> TotalsShift:
    """This cycle against the same people's before; who was not there before stands apart.

    The best and the last fifth of the cycle before come back to the middle in any two cycles that are not wholly
    alike: that is no change of theirs.
    """
    now, then = (_totals(frame) for frame in (people, before))
    both = pd.DataFrame({"after": now, "before": then}).dropna()
    change = both["after"] - both["before"]
    fifth = len(both) // 5
    order = both.assign(change=change).sort_values("before", kind="stable")["change"]
    joiners = now[~now.index.isin(set(before["person"].astype("str")))]
    is_enough = len(both) >= FEWEST and both["before"].nunique() > 1 and both["after"].nunique() > 1
    return TotalsShift(
        people=len(both),
        before=float(both["before"].mean()),
        after=float(both["after"].mean()),
        correlation=float(both["after"].corr(both["before"])) if is_enough else float("nan"),
        tops=fifth,
        top_change=float(order.iloc[-fifth:].mean()) if fifth else float("nan"),
        bottoms=fifth,
        bottom_change=float(order.iloc[:fifth].mean()) if fifth else float("nan"),
        joiners=len(joiners),
        joiners_mean=float(joiners.mean()),
        leavers=len(set(before["person"].astype("str")) - set(people["person"].astype("str"))),
    )


def _totals(people: pd.DataFrame) -> "pd.Series[Any]":
    known = people.dropna(subset=["total"])
    return known.assign(person=known["person"].astype("str")).set_index("person")["total"]
