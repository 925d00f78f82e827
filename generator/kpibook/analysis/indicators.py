"""Indicators that tell people apart badly: all the same points, never another value, the same as another, missing."""

from typing import Any, NamedTuple

import pandas as pd

FEWEST = 5
"""Cases below which nothing is asked."""
FEWEST_CYCLES = 3
TOGETHER = 0.9
FEWEST_PAIRS = 10
"""Two indicators are compared over so many people of a role."""
OFTEN = 0.3
FULL, NOTHING = 0.999_999, 0.000_001


class IndicatorRow(NamedTuple):
    """How an indicator's items went; shares 0 to 1."""

    indicator: str
    owner: str
    items: int
    """Items of people, in all the cycles at hand."""
    scored: int
    full: float
    zero: float
    """Of the scored ones: with all their points, with none."""
    missing: float
    """Of all: without a number that was due."""
    series: int
    """People with at least `FEWEST_CYCLES` values."""
    still: int
    """Those of them whose value never was another one."""
    questions: tuple[str, ...]
    """Of all_full, all_zero, never_moves, often_missing."""


class Pair(NamedTuple):
    """Two indicators of a role whose points order people alike (1) or the other way round (-1)."""

    role: str
    first: str
    second: str
    rank_correlation: float
    people: int


class OwnerRow(NamedTuple):
    """A department that supplies numbers: how many are not there."""

    owner: str
    due: int
    missing: int


def indicator_rows(items: pd.DataFrame) -> tuple[IndicatorRow, ...]:
    """A row for each indicator with a weight, in the order of their ids.

    Args:
        items: as `frames.items` gives them, of one cycle or of several.
    """
    counted = items[(items["weight"] > 0) & ~items["extra"] & ~items["status"].isin(["excluded", "not_applicable"])]
    moving = _movement(counted)
    rows = (
        _row(str(name), group, moving.get(str(name), (0, 0)))
        for name, group in counted.groupby("indicator", observed=True)
    )
    return tuple(sorted(rows))


def _movement(counted: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """By indicator: series long enough, and those of them that never move."""
    known = counted.dropna(subset=["actual"])
    known = known[~known["rated"]]
    series = known.groupby(["indicator", "person"], observed=True)["actual"].agg(["size", "nunique"])
    long = series[series["size"] >= FEWEST_CYCLES]
    by_indicator = long.assign(still=long["nunique"] == 1).groupby("indicator", observed=True)["still"]
    return {str(name): (len(group), int(group.sum())) for name, group in by_indicator}


def _row(name: str, group: pd.DataFrame, moving: tuple[int, int]) -> IndicatorRow:
    share = group["share"].dropna()
    series, still = moving
    row = IndicatorRow(
        indicator=name,
        owner=_first_text(group["owner"]),
        items=len(group),
        scored=len(share),
        full=float((share >= FULL).mean()) if len(share) else float("nan"),
        zero=float((share <= NOTHING).mean()) if len(share) else float("nan"),
        missing=float(group["status"].isin(["missing", "set_aside"]).mean()),
        series=series,
        still=still,
        questions=(),
    )
    return row._replace(questions=tuple(_questions(row)))


def _questions(row: IndicatorRow) -> list[str]:
    found = []
    if row.scored >= FEWEST and row.full == 1:
        found.append("all_full")
    if row.scored >= FEWEST and row.zero == 1:
        found.append("all_zero")
    if row.series >= FEWEST and row.still == row.series:
        found.append("never_moves")
    if row.items >= FEWEST and row.missing >= OFTEN:
        found.append("often_missing")
    return found


def correlated_pairs(items: pd.DataFrame) -> tuple[Pair, ...]:
    """Pairs of indicators of a role that move together, by the rank correlation of their points; closest first.

    Ranks of equal values are their mean; who lacks one of the two is left out of the pair.
    """
    counted = items[(items["weight"] > 0) & ~items["extra"]].dropna(subset=["share"])
    found = list[Pair]()
    for role, group in counted.groupby("role", observed=True):
        people = group["cycle"].astype("str") + "/" + group["person"].astype("str")
        if people.nunique() < FEWEST_PAIRS:
            continue
        keyed = group.assign(who=people).drop_duplicates(["who", "indicator"])
        wide = keyed.pivot(index="who", columns="indicator", values="share").dropna(axis=1, how="all")
        found += _pairs(str(role), wide)
    return tuple(sorted(found, key=lambda pair: (-abs(pair.rank_correlation), pair)))


def _pairs(role: str, wide: pd.DataFrame) -> list[Pair]:
    correlated = wide.corr(method="spearman", min_periods=FEWEST_PAIRS)
    known = wide.notna().astype("int64")
    both = known.T @ known
    names = [str(name) for name in wide.columns]
    return [
        Pair(role, first, second, float(value), int(both.iat[at, to]))
        for at, first in enumerate(names)
        for to, second in enumerate(names[:at])
        if abs(value := correlated.iat[at, to]) >= TOGETHER
    ]


def owner_rows(actuals: pd.DataFrame) -> tuple[OwnerRow, ...]:
    """How many of the numbers that each department supplies are not there; most missing first.

    Args:
        actuals: as `frames.actuals` gives them. Of a published cycle what is missing never came.
    """
    known = actuals.dropna(subset=["owner"])
    grouped = known.assign(lacking=known["missing"].isin(["not_given", "set_aside"])).groupby("owner", observed=True)
    found = (OwnerRow(str(name), len(group), int(group["lacking"].sum())) for name, group in grouped)
    return tuple(sorted(found, key=lambda row: (-row.missing, row.owner)))


def _first_text(column: "pd.Series[Any]") -> str:
    known = column.dropna()
    return str(known.iloc[0]) if len(known) else ""
